/** What setup and doctor share: how checks are shown, what a download looks like, how Ctrl-C ends it. */
import type { Health } from '../app/health/check.ts';
import type { Io } from './io.ts';

/** A signal that ends with Ctrl-C. Call `stop` when the work is done. */
export function cancelled(io: Io): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const stop = io.onInterrupt?.(() => controller.abort(new DOMException('cancelled', 'AbortError')));
  return { signal: controller.signal, stop: () => stop?.() };
}

/** The result on stdout: JSON, or a table and one next command. Exit code 1 where something failed. */
export async function printHealth(health: Health, json: boolean, io: Io): Promise<void> {
  if (json) io.out(`${JSON.stringify({ ...health, errors: [] }, null, 2)}\n`);
  else {
    const { healthView } = await import('../app/views.ts');
    io.out(healthView(health.checks, health.next, io.width));
  }
  io.setExitCode(health.ready ? 0 : 1);
}

export interface DownloadBar {
  show(progress: { doneBytes: number; totalBytes: number; status: string } | null): void;
}

/** A bar over all layers on a terminal's stderr; a line every tenth in a pipe. */
export async function downloadBar(io: Io, quiet: boolean): Promise<DownloadBar> {
  if (quiet) return { show: () => undefined };
  if (!io.stderrIsTty) return linesOfTenths(io);
  const { default: progress } = await import('cli-progress');
  let bar: InstanceType<typeof progress.SingleBar> | null = null;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  return {
    show(at) {
      if (at === null) {
        bar?.stop();
        bar = null;
        return;
      }
      bar ??= start();
      bar.setTotal(Math.max(1, at.totalBytes));
      bar.update(at.doneBytes, {
        done: megabytes(at.doneBytes),
        all: megabytes(at.totalBytes),
        status: at.status.replace(/[^\x20-\x7e]/g, '?'),
      });
    },
  };
  function start(): InstanceType<typeof progress.SingleBar> {
    const fresh = new progress.SingleBar({
      format: ' {bar} {percentage} %  {done} of {all}  {eta_formatted} left  {status}',
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 200,
      barsize: 24,
    });
    fresh.start(1, 0, { done: '', all: '', status: '' });
    return fresh;
  }
}

function linesOfTenths(io: Io): DownloadBar {
  let shown = -1;
  return {
    show(at) {
      const tenth = at === null || at.totalBytes === 0 ? -1 : Math.floor((at.doneBytes / at.totalBytes) * 10);
      if (at !== null && tenth > shown) io.err(`${tenth * 10} % of ${(at.totalBytes / 1e6).toFixed(0)} MB\n`);
      shown = at === null ? -1 : Math.max(shown, tenth);
    },
  };
}
