/** A page of docs/ that a measuring command prints, and writes with `--write`. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export class Page {
  readonly #lines: string[] = [];
  readonly #file: string;

  /** @param file its place in docs/ */
  constructor(file: string) {
    this.#file = file;
  }

  add(...lines: string[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      console.log(line);
    }
  }

  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    this.add('', `| ${head.join(' | ')} |`, `|${head.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`);
    for (const row of rows) this.add(`| ${row.join(' | ')} |`);
    this.add('');
  }

  finish(): void {
    if (process.argv.includes('--write')) writeFileSync(`docs/${this.#file}`, `${this.#lines.join('\n').trimEnd()}\n`);
  }
}

/** How busy the machine was: times are CPU times, but a busy machine makes them longer. */
export const machine = (): string =>
  `${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`;

/** What a call returns, and its CPU time in user mode, seconds: the first one, and the median of some more. */
export function timed<T>(work: () => T, times: number): { value: T; first: number; median: number } {
  const seconds: number[] = [];
  let value: T | undefined;
  for (let i = 0; i <= times; i++) {
    const started = process.cpuUsage().user;
    value = work();
    seconds.push((process.cpuUsage().user - started) / 1e6);
  }
  const [first, ...more] = seconds;
  more.sort((a, b) => a - b);
  return { value: value!, first: first!, median: more[more.length >> 1] ?? first! };
}
