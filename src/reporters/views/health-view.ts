/** What setup and doctor found, as a table, worst last so that it stands above the prompt. */
import { printable } from '../../core/rules/message.ts';
import { wrap } from '../terminal/layout.ts';

export interface HealthLine {
  id: string;
  status: string;
  message: string;
  hint: string | null;
}

/** One block a check: status, id, what was found, and what to do. */
export function healthView(checks: HealthLine[], next: string, width: number): string {
  const idWidth = Math.max(0, ...together(checks).map((c) => c.id.length));
  const room = Math.max(30, Math.min(width, 120) - idWidth - 13);
  const lines: string[] = [];
  for (const { id, status, message, hint } of together(checks)) {
    const body = wrap(printable(message), room);
    const help = hint === null || status === 'ok' ? [] : wrap(printable(hint), room);
    for (const [i, text] of [...body, ...help].entries()) {
      const head = i === 0 ? ` ${status.padEnd(8)} ${id.padEnd(idWidth)}  ` : ' '.repeat(idWidth + 12);
      lines.push(`${head}${i >= body.length ? '  ' : ''}${text}`.trimEnd());
    }
  }
  const count = (status: string): number => checks.filter((c) => c.status === status).length;
  const sums = ['ok', 'warning', 'failed', 'skipped'].filter((s) => count(s) > 0).map((s) => `${count(s)} ${s}`);
  const failed = checks.filter((c) => c.status === 'failed');
  // Nobody should think that nothing works where only the model is missing.
  if (failed.length > 0 && failed.every((c) => /^(ollama|model)\./.test(c.id)))
    lines.push('', ...wrap(WITHOUT_MODEL, Math.min(width, 120) - 2).map((l) => ` ${l}`));
  return `${lines.join('\n')}\n\n ${sums.join(', ')} · next: ${next}\n`;
}

const WITHOUT_MODEL =
  'What failed is the second opinion of a local model alone. Everything else works now, without it: revsync analyze TUNE.bin';

/** Checks that were skipped for one and the same reason are one line. */
function together(checks: HealthLine[]): HealthLine[] {
  const skipped = new Map<string, HealthLine[]>();
  for (const c of checks) if (c.status === 'skipped') skipped.set(c.message, [...(skipped.get(c.message) ?? []), c]);
  return checks.flatMap((c) => {
    const alike = c.status === 'skipped' ? skipped.get(c.message)! : [c];
    if (alike.length < 3) return [c];
    if (alike[0] !== c) return [];
    return [{ ...c, id: `${alike.length} checks`, message: `${c.message} (${alike.map((a) => a.id).join(', ')})` }];
  });
}
