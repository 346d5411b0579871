/** What setup and doctor touch of the computer, as one object that a test can replace. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { freemem, homedir, totalmem } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface Machine {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  totalMemoryBytes(): number;
  /** What a new program can have without swapping. */
  availableMemoryBytes(): number;
  exists(path: string): boolean;
  /** Path of a program, null where PATH has none. */
  onPath(program: string): string | null;
  /** Runs a program to its end, 10 s at most. Code null: it could not be run. */
  run(file: string, args: string[]): Promise<{ code: number | null; out: string }>;
  /** Starts a program that outlives this one, its output in a file. `exited` settles should it end. */
  startDetached(
    file: string,
    args: string[],
    env: Record<string, string>,
    logPath: string,
  ): Promise<{ exited: Promise<void> }>;
}

/** The real one. */
export function thisMachine(env: Record<string, string | undefined>): Machine {
  return {
    platform: process.platform,
    env,
    home: env['HOME'] ?? homedir(),
    totalMemoryBytes: () => limited(totalmem()),
    // libuv reads MemAvailable on Linux; a container's limit is lower.
    availableMemoryBytes: () => Math.min(freemem(), process.availableMemory?.() || Number.POSITIVE_INFINITY),
    exists: existsSync,
    onPath: (program) => searchPath(program, env),
    run: async (file, args) => {
      const { execa } = await import('execa');
      const result = await execa(file, args, { reject: false, timeout: 10_000, stdin: 'ignore', all: true });
      return { code: result.exitCode ?? null, out: result.all ?? '' };
    },
    startDetached: async (file, args, more, logPath) => {
      mkdirSync(dirname(logPath), { recursive: true });
      const log = openSync(logPath, 'a');
      try {
        // Node's own spawn: execa would read the output itself, and a server has to write on when this program has ended.
        const child = spawn(file, args, {
          detached: true,
          stdio: ['ignore', log, log],
          env: { ...env, ...more } as NodeJS.ProcessEnv,
          windowsHide: true,
        });
        const exited = new Promise<void>((resolve) => {
          child.once('exit', () => resolve());
          child.once('error', () => resolve());
        });
        child.unref();
        return { exited };
      } finally {
        closeSync(log);
      }
    },
  };
}

function limited(bytes: number): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < bytes ? limit : bytes;
}

function searchPath(program: string, env: Record<string, string | undefined>): string | null {
  const endings = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue;
    for (const ending of endings) {
      const path = join(folder, program + ending.toLowerCase());
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  return null;
}
