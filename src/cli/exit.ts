/** The one place where an error becomes a line on stderr and an exit code. */
import { RevsyncError } from '../core/errors.ts';
import type { Io } from './io.ts';

/** 0 acceptable, 1 findings, 2 could not judge or wrong usage, 130 cancelled. */
export const EXIT = { ok: 0, findings: 1, cannotJudge: 2, cancelled: 130 } as const;

/** Prints an error as a tool that people like would, and sets the exit code. */
export function reportError(error: unknown, io: Io): void {
  if (error instanceof RevsyncError) {
    io.err(`revsync: ${error.code}: ${error.message}\n`);
    if (error.hint !== '') io.err(`  ${error.hint}\n`);
    io.setExitCode(EXIT.cannotJudge);
    return;
  }
  if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortError')) {
    io.err('revsync: cancelled\n');
    io.setExitCode(EXIT.cancelled);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`revsync: INTERNAL: this is a bug in revsync, please report it with the lines below\n${text}\n`);
  io.setExitCode(EXIT.cannotJudge);
}

/** `--format json` without an own document: stdout is still one valid document that holds the error. */
export function errorDocument(error: unknown): string {
  const e =
    error instanceof RevsyncError
      ? { code: error.code, message: error.message, hint: error.hint }
      : { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), hint: '' };
  return `${JSON.stringify({ errors: [e] }, null, 2)}\n`;
}
