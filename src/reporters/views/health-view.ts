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
  const idWidth = Math.max(0, ...checks.map((c) => c.id.length));
  const room = Math.max(30, Math.min(width, 120) - idWidth - 13);
  const lines: string[] = [];
  for (const { id, status, message, hint } of checks) {
    const body = wrap(printable(message), room);
    const help = hint === null || status === 'ok' ? [] : wrap(printable(hint), room);
    for (const [i, text] of [...body, ...help].entries()) {
      const head = i === 0 ? ` ${status.padEnd(8)} ${id.padEnd(idWidth)}  ` : ' '.repeat(idWidth + 12);
      lines.push(`${head}${i >= body.length ? '  ' : ''}${text}`.trimEnd());
    }
  }
  const count = (status: string): number => checks.filter((c) => c.status === status).length;
  const sums = ['ok', 'warning', 'failed', 'skipped'].filter((s) => count(s) > 0).map((s) => `${count(s)} ${s}`);
  return `${lines.join('\n')}\n\n ${sums.join(', ')} · next: ${next}\n`;
}
