/** How a score came about, for a person: one line a step with what is left, then what would change it. */
import type { ExplainStep, Explanation, RulePoints } from '../../core/explain.ts';
import { plainNumber } from '../../core/rules/message.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { cut, padStart, painter, wrap } from '../terminal/layout.ts';

interface Look {
  width: number;
  colour: boolean;
}

const signed = (points: number): string => (points === 0 ? '0' : `${points > 0 ? '-' : '+'}${Math.abs(points)}`);

function stepLines(steps: readonly ExplainStep[], width: number): string[] {
  return steps.flatMap(({ points, reason, running, findingId, kind }) => {
    const numbers = ` ${padStart(signed(points), 7)} ${padStart(running === null ? '' : String(running), 7)}  `;
    const map =
      kind === 'deduction' && findingId?.includes(':') ? `  [${findingId.slice(findingId.indexOf(':') + 1)}]` : '';
    return wrap(`${reason}${map}`, width - 19, '').map((l, i) => (i === 0 ? numbers : ' '.repeat(18)) + l);
  });
}

/** Best first; what alone changes nothing is one line. */
function changes({ ifFixed, value: now, steps }: Explanation): string[] {
  const titleOf = (id: string): string => {
    const said = steps.find((s) => s.kind === 'deduction' && s.findingId === id)?.reason;
    const alike = steps.filter((s) => s.kind === 'deduction' && s.reason === said).length;
    const title = said?.replace(/^\w+: /, '') ?? id;
    return `"${title}"${alike > 1 ? ` [${id.slice(id.indexOf(':') + 1)}]` : ''}`;
  };
  const name = (ids: readonly string[]): string =>
    ids.length === 1 ? titleOf(ids[0]!) : `all ${ids.length} critical and high findings`;
  const idle = ifFixed.filter((f) => f.value === now).map((f) => name(f.findingIds));
  return [
    ...ifFixed
      .filter((f) => f.value !== now)
      .map(({ findingIds, value, level }) => `${value} ${level} with ${name(findingIds)} put right`),
    ...(idle.length === 0 ? [] : [`still ${now} with ${idle.join(' or ')} alone put right`]),
  ];
}

/** One report. */
export function explanationCard(e: Explanation, look: Look): string {
  const width = Math.max(40, look.width);
  const paint = painter(look.colour);
  const lines = [paint.bold(cut(` ${e.path}`, width)), ''];
  const title = e.value === null ? 'SAFETY: no number' : `SAFETY ${e.value} / 100 ${e.level ?? ''}`;
  lines.push(paint.bold(` ${title}`));
  if (e.value === null) {
    lines.push(...wrap(e.reason, width - 3, '').map((l) => `   ${l}`));
    if (e.steps.length > 0) lines.push('', ...wrap('What was found all the same:', width - 2, '').map((l) => ` ${l}`));
  } else lines.push(`${padStart('points', 8)}${padStart('left', 8)}`, `${' '.repeat(8)} ${padStart('100', 7)}`);
  lines.push(...stepLines(e.steps, width));
  if (e.value !== null && e.steps.length === 0)
    lines.push(...wrap(e.reason, width - 19, '').map((l) => `${' '.repeat(18)}${l}`));
  if (e.ifFixed.length > 0) {
    lines.push('', paint.bold(' WHAT WOULD CHANGE IT'));
    for (const text of changes(e)) lines.push(...wrap(text, width - 4, '  ').map((l) => `   ${l}`));
  }
  for (const { findingId, reason } of e.suppressed)
    lines.push(...wrap(`suppressed, takes nothing: ${findingId} (${reason})`, width - 2, '  ').map((l) => ` ${l}`));
  const { compatibility: c } = e;
  lines.push('', paint.bold(` COMPATIBILITY ${c.value === null ? 'unknown' : `${c.value} / 100 ${c.level ?? ''}`}`));
  if (c.value === null || c.steps.length === 0) lines.push(...wrap(c.reason, width - 3, '').map((l) => `   ${l}`));
  lines.push(...stepLines(c.steps, width));
  return `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
}

/** What a rule takes: to be read below its card. */
export function rulePoints(rule: Rule, points: readonly RulePoints[], version: string, look: Look): string {
  const width = Math.max(40, look.width);
  const paint = painter(look.colour);
  const over = rule.limits.worse === 'above' ? 'over' : 'under';
  const lines = [paint.bold(` Points it takes (score ${version})`)];
  for (const {
    severity,
    limit,
    unit,
    points: [from, to],
    cap,
  } of points) {
    const range = from === to ? `${from}` : `${from} at the limit, up to ${to} at the next`;
    const text = `${severity}, ${over} ${plainNumber(limit)} ${unit}: ${range}${cap === null ? '' : `; the score is ${cap} at most`}`;
    lines.push(...wrap(text, width - 5, '  ').map((l, i) => ` ${i === 0 ? '- ' : '  '}${l}`));
  }
  return `${lines.map((l) => l.trimEnd()).join('\n')}\n`;
}
