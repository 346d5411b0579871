import { RevsyncError } from '../core/errors.ts';

/** Everything a command may touch of its surroundings, as one object that a test can replace. */
export interface Io {
  /** stdout: data only. */
  out(text: string): void;
  /** stderr: talk only. `coloured`: the escapes in it are those of a view of ours. */
  err(text: string, coloured?: boolean): void;
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  stderrIsTty: boolean;
  /** Columns of the terminal, 100 where there is none or it says 0. */
  width: number;
  env: Record<string, string | undefined>;
  cwd: string;
  /** `signal` ends the wait with an AbortError. */
  readStdin(limitBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Standard input as it comes, for what is too large to hold. */
  stdin(): AsyncIterable<Uint8Array>;
  /** Settles when stdout takes more: a slow pipe must not fill the memory. */
  drained(): Promise<void>;
  setExitCode(code: number): void;
  /**
   * Calls back at the first Ctrl-C, polite kill or closed terminal, and when nobody reads stdout any more; the second one ends the
   * process as usual. Returns how to stop listening.
   */
  onInterrupt?(handler: () => void): () => void;
}

/** The real surroundings. */
export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdinIsTty: process.stdin.isTTY === true,
    stdoutIsTty: process.stdout.isTTY === true,
    stderrIsTty: process.stderr.isTTY === true,
    width: process.stdout.columns || Number(process.env['COLUMNS']) || 100,
    env: process.env,
    get cwd() {
      try {
        return process.cwd();
      } catch (error) {
        throw new RevsyncError(
          'FOLDER_GONE',
          'the folder that you are in was deleted',
          'Change into one that is there: cd.',
          error,
        );
      }
    },
    readStdin: async (limitBytes, signal) => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      const stop = (): void =>
        void process.stdin.destroy(Object.assign(new Error('cancelled'), { name: 'AbortError' }));
      signal?.addEventListener('abort', stop, { once: true });
      for await (const chunk of process.stdin) {
        const bytes = chunk as Uint8Array;
        length += bytes.length;
        chunks.push(bytes);
        if (length > limitBytes) break;
      }
      signal?.removeEventListener('abort', stop);
      return new Uint8Array(Buffer.concat(chunks));
    },
    stdin: () => process.stdin,
    drained: async () => {
      if (!process.stdout.writableNeedDrain) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          process.stdout.off('drain', done).off('close', done).off('gone', done);
          resolve();
        };
        process.stdout.on('drain', done).on('close', done).on('gone', done);
      });
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
    onInterrupt: (handler) => {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      const stop = (): void => {
        process.stdout.off('gone', once);
        for (const signal of signals) process.off(signal, once);
      };
      const once = (): void => {
        stop();
        handler();
      };
      for (const signal of signals) process.on(signal, once);
      process.stdout.on('gone', once);
      return stop;
    },
  };
}

/** Colour wanted on a stream: NO_COLOR beats FORCE_COLOR beats the terminal. */
export function wantsColour(io: Io, isTty: boolean): boolean {
  if ((io.env['NO_COLOR'] ?? '') !== '') return false;
  const force = io.env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTty && io.env['TERM'] !== 'dumb';
}

/** May a question be asked? Only where a person sits at both ends and did not say --no-input. */
export function mayAsk(io: Io, noInput: boolean): boolean {
  return !noInput && io.stdinIsTty && io.stderrIsTty && (io.env['CI'] ?? '') === '';
}
