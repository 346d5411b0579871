/** Everything a command may touch of its surroundings, as one object that a test can replace. */
export interface Io {
  /** stdout: data only. */
  out(text: string): void;
  /** stderr: talk only. */
  err(text: string): void;
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  stderrIsTty: boolean;
  /** Columns of the terminal, 100 where there is none or it says 0. */
  width: number;
  env: Record<string, string | undefined>;
  cwd: string;
  readStdin(limitBytes: number): Promise<Uint8Array>;
  /** Standard input as it comes, for what is too large to hold. */
  stdin(): AsyncIterable<Uint8Array>;
  /** Settles when stdout takes more: a slow pipe must not fill the memory. */
  drained(): Promise<void>;
  setExitCode(code: number): void;
  /** Calls back at the first Ctrl-C (or a polite kill); the second one ends the process as usual. Returns how to stop listening. */
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
    cwd: process.cwd(),
    readStdin: async (limitBytes) => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of process.stdin) {
        const bytes = chunk as Uint8Array;
        length += bytes.length;
        chunks.push(bytes);
        if (length > limitBytes) break;
      }
      return new Uint8Array(Buffer.concat(chunks));
    },
    stdin: () => process.stdin,
    drained: async () => {
      if (!process.stdout.writableNeedDrain) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          process.stdout.off('drain', done).off('close', done);
          resolve();
        };
        process.stdout.on('drain', done).on('close', done);
      });
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
    onInterrupt: (handler) => {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      const stop = (): void => {
        for (const signal of signals) process.off(signal, once);
      };
      const once = (): void => {
        stop();
        handler();
      };
      for (const signal of signals) process.on(signal, once);
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
