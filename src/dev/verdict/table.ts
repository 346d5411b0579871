/** The tally as a page. No time and no machine in it: the same rules and files give the same bytes. */
import { faults, harmlessEdits } from './catalogue.ts';
import { SEED } from './run-subject.ts';
import type { FaultRow, Rate, Side, Tally } from './tally.ts';

const share = ({ n, hits }: Rate): string => (n === 0 ? '-' : `${((hits / n) * 100).toFixed(1)} % (${hits}/${n})`);
const line = (cells: (string | number | null)[]): string => `| ${cells.map((c) => c ?? '-').join(' | ')} |`;

const BARS: {
  text: string;
  of: (side: { with: Side; without: Side; harmless: Rate; untouched: Rate; monotone: Rate }) => Rate;
  bar: string;
}[] = [
  { text: 'With stock: found at the right map', of: (s) => s.with.rightMap, bar: '>= 98 %' },
  { text: 'With stock: at the right cell', of: (s) => s.with.rightCell, bar: '>= 95 %' },
  { text: 'With stock: least severity met', of: (s) => s.with.severityMet, bar: 'all' },
  { text: 'Without: found at the right map', of: (s) => s.without.rightMap, bar: '>= 70 %' },
  { text: 'Without: at the right cell', of: (s) => s.without.rightCell, bar: '' },
  { text: 'Without: least severity met', of: (s) => s.without.severityMet, bar: '' },
  { text: 'Without: of the faults that need no reference', of: (s) => s.without.needsNoReference, bar: 'all' },
  { text: 'High and critical faults that score 60 or more, with stock', of: (s) => s.with.scoredTooWell, bar: '0' },
  { text: 'The same without', of: (s) => s.without.scoredTooWell, bar: '0' },
  { text: 'Untouched factory files with a finding above medium', of: (s) => s.untouched, bar: '<= 1 %' },
  { text: 'Harmless edits with a finding above low', of: (s) => s.harmless, bar: '<= 4 %' },
  { text: 'A larger fault is no milder and scores no higher', of: (s) => s.monotone, bar: 'all' },
];

export function summary(t: Tally): string {
  return [
    line(['', 'bar', 'looked at', 'held out', 'all']),
    line(['---', '---', '---', '---', '---']),
    ...BARS.map(({ text, of, bar }) =>
      line([text, bar, share(of(t.sides.looked)), share(of(t.sides.heldOut)), share(of(t.sides.all))]),
    ),
  ].join('\n');
}

function faultTable(rows: FaultRow[], side: 'with' | 'without'): string {
  return [
    line([
      'fault',
      'n',
      'not possible',
      'found',
      'right map',
      'right cell',
      'severity met',
      'scores 60+ though high',
      'score before',
      'after',
    ]),
    line(Array(10).fill('---')),
    ...rows
      .filter((r) => r.side === side)
      .map((r) =>
        line([
          r.id,
          r.n,
          r.excluded,
          r.found,
          r.rightMap,
          r.rightCell,
          r.severityMet,
          r.scoredTooWell,
          r.scoreBefore,
          r.scoreAfter,
        ]),
      ),
  ].join('\n');
}

function missedTable(missed: Tally['missed']): string {
  if (missed.length === 0) return 'Nothing.';
  return [
    line(['bar', 'fault', 'looked at', 'held out']),
    line(Array(4).fill('---')),
    ...missed.map((m) => line([m.bar, m.id, m.looked, m.heldOut])),
  ].join('\n');
}

/** @param ruleIds of all rules in force, so that those which never fired are named */
export function page(t: Tally, ruleIds: readonly string[]): string {
  const silent = ruleIds.filter((id) => (t.rules[id]?.injected ?? 0) + (t.rules[id]?.untouchedAny ?? 0) === 0);
  return `# The verdict, proven

Written by \`npm run verdict\` over the public tune files beside the project: ${t.subjects.judged} files of
${t.families.looked.length + t.families.heldOut.length} ECU families, ${t.injectedCases} faults, seed \`${SEED}\`. The injector
(\`src/dev/verdict\`) knows nothing of the rules. Families in the column *held out* are not looked at while rules are tuned.
Two of them were opened at the end, for one fault each: the Ducati 900SS (a false alarm of the step along load) and the B-King (a
transposed spark map in raw counts); the limits touched by that are \`spark-load-step\`, \`spark-counts-over-stock-below-full-load\` and
\`spark-counts-under-stock-at-full-load\`.

${summary(t)}

With stock: half of the cases over the factory file, half over a file that was tuned with care before. Without: half judged by nothing
at all, half by the facts that ship about the family's factory files, where there are any; a fault that only a comparison can show counts
as missed there.

Held out: ${t.families.heldOut.join(', ')}.
Looked at: ${t.families.looked.join(', ')}.

## What misses a bar

${missedTable(t.missed)}

## Faults, with stock

${faultTable(t.rows, 'with')}

## Faults, without stock

${faultTable(t.rows, 'without')}

## What an expert says of them

${faults.map((f) => `- \`${f.id}\` ${f.title}. ${f.reason}`).join('\n')}

## Harmless edits

${harmlessEdits.map((e) => `- \`${e.id}\` ${e.title}. ${e.reason}`).join('\n')}

Amplitudes of faults that come out below their lowest band are counted here too.

## Alarms above low by rule

${[
  line(['rule', 'untouched files', 'harmless edits']),
  line(['---', '---', '---']),
  ...Object.entries(t.alarms)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, a]) => line([id, a.untouched, a.harmless])),
].join('\n')}

## Not possible

Stated before judging, and counted:

${Object.entries(t.exclusions)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([because, n]) => `- ${n}: ${because}`)
  .join('\n')}

Files that take no part:

${t.subjects.passedOver.map((p) => `- ${p.subject}: ${p.because}`).join('\n')}

## Rules that never fired

${silent.length === 0 ? 'None.' : silent.map((id) => `- ${id}`).join('\n')}
`;
}
