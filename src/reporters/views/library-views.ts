/** Results of search and similar for a person. */
import type { Outlier } from '../../core/outliers.ts';
import { printable } from '../../core/rules/message.ts';
import { cut, cutStart, painter, wrap } from '../terminal/layout.ts';
import { alignedTable } from './aligned-table.ts';

/** What a result shows. */
export interface ShownResult {
  analysisId: string;
  path: string;
  motorcycle: string | null;
  score: number;
  because: string;
  safety: { value: number | null; level: string | null; worst: string | null };
  role: string | null;
  title: string | null;
  notes: string | null;
  changes: string;
}

/** The number, its class, and what that means to somebody who wants to ride it. */
function safetyText({ value, level, worst }: ShownResult['safety']): string {
  const isGrave = worst === 'critical' || worst === 'high' || level === 'RISKY' || level === 'DANGEROUS';
  const what = isGrave ? 'do not ride it as it is' : level === 'MODERATE' || worst === 'medium' ? 'with care' : '';
  const number = value === null ? 'safety not judged' : `safety ${value} ${level ?? ''}`.trim();
  return `${number}${what === '' ? (value === null ? ': unknown' : '') : `: ${what}`}`;
}

/** @param options.plain tab-separated, one line a result */
export function resultsList(
  results: readonly ShownResult[],
  options: { width: number; plain: boolean; colour?: boolean },
): string {
  const paint = painter(options.colour === true);
  if (options.plain) {
    return alignedTable(
      ['id', 'score', 'safety', 'level', 'role', 'motorcycle', 'file', 'changes', 'because'],
      results.map((r) => [
        r.analysisId.slice(0, 8),
        r.score.toFixed(3),
        r.safety.value === null ? '-' : String(r.safety.value),
        r.safety.level ?? '',
        r.role ?? '',
        r.motorcycle ?? '',
        r.path,
        r.changes,
        r.because,
      ]),
      options,
    );
  }
  const lines: string[] = [];
  for (const [i, r] of results.entries()) {
    const head = ` ${String(i + 1).padStart(2)}  ${r.analysisId.slice(0, 8)}  ${safetyText(r.safety)}`;
    lines.push(paint.bold(cut(head, options.width)), `     ${cutStart(printable(r.path), options.width - 5)}`);
    for (const text of [
      [r.motorcycle ?? 'motorcycle not known', r.role ?? '', `likeness ${r.score.toFixed(2)}`]
        .filter((t) => t !== '')
        .join(' · '),
      r.title,
      r.notes === null ? null : `"${r.notes.replace(/\s+/g, ' ')}"`,
      r.changes === '' ? null : r.changes,
      r.because === '' ? null : `why: ${r.because}`,
    ]) {
      if (text !== null) lines.push(...wrap(printable(text), options.width - 5, '  ').map((l) => `     ${l}`));
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** What is unlike the family, as information. */
export function outliersList(outliers: readonly Outlier[], width: number): string {
  if (outliers.length === 0) return 'UNLIKE ITS PEERS   nothing: every map lies where its family has it\n';
  const number = (n: number): string =>
    Math.abs(n) >= 100 ? n.toFixed(0) : Math.abs(n) >= 10 ? n.toFixed(1) : n.toFixed(2);
  const lines = outliers.map(({ map, maps, difference, usual, unit, tunes }) =>
    cut(
      `  ${printable(map.title)}${maps > 1 ? ` and ${maps - 1} more of its kind` : ''}: ${difference > 0 ? '+' : ''}${number(difference)}${unit === '' ? ' raw' : ` ${printable(unit)}`} from the median of ${tunes} tunes (usual: within ${number(usual)})`,
      width,
    ),
  );
  return `UNLIKE ITS PEERS   information, not a judgement: the many may be wrong\n${lines.join('\n')}\n`;
}

/** Words of a file and of the user, as they are shown. */
interface ShownWords {
  title: string | null;
  notes: string | null;
  role: string | null;
  motorcycle: string | null;
  ron: number | null;
  ethanolPercent: number | null;
  mods: string[];
  tags: string[];
}

/** What is said of one tune. */
export function noteCard(note: { analysisId: string; path: string; own: ShownWords | null; said: ShownWords }): string {
  const lines = [`${note.analysisId.slice(0, 8)}  ${printable(note.path)}`];
  for (const [who, words] of [
    ['you say', note.own],
    ['the file says', note.said],
  ] as const) {
    const fields = wordLines(words);
    lines.push(`  ${who}${fields.length === 0 ? ' nothing' : ''}`, ...fields.map((f) => `    ${f}`));
  }
  return `${lines.join('\n')}\n`;
}

function wordLines(words: ShownWords | null): string[] {
  if (words === null) return [];
  const { title, notes, role, motorcycle, ron, ethanolPercent, mods, tags } = words;
  const fields: [string, string | null][] = [
    ['title', title],
    ['notes', notes],
    ['role', role],
    ['motorcycle', motorcycle],
    ['fuel', ron === null ? null : `${ron} RON`],
    ['ethanol', ethanolPercent === null ? null : `${ethanolPercent} %`],
    ['mods', mods.length === 0 ? null : mods.join(', ')],
    ['tags', tags.length === 0 ? null : tags.join(', ')],
  ];
  return fields.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(11)}${printable(value)}`]));
}
