/** Surroundings of a command that keep what it says: for programs that run thousands of commands in one process. */
import type { Io } from '../../cli/io.ts';

export interface CapturedIo extends Io {
  stdout: string;
  stderr: string;
  exitCode: number;
}

export function captureIo(cwd: string, env: Record<string, string | undefined>): CapturedIo {
  const io: CapturedIo = {
    stdout: '',
    stderr: '',
    exitCode: 0,
    out: (text) => {
      io.stdout += text;
    },
    err: (text) => {
      io.stderr += text;
    },
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    width: 100,
    env,
    cwd,
    readStdin: async () => new Uint8Array(0),
    async *stdin() {},
    drained: async () => undefined,
    setExitCode: (code) => {
      io.exitCode = code;
    },
  };
  return io;
}
