/** What a file of src/cli/commands exports. It may import types and this folder only: everything else is loaded when the command runs. */
import type { Command } from 'commander';
import type { Io } from './io.ts';

export interface CommandModule {
  /** Position in the help text: main jobs first. */
  order: number;
  register(program: Command, io: Io): void;
}

/** Flags every command has. */
export interface GlobalFlags {
  db?: string;
  /** --no-store makes it false. */
  store: boolean;
  /** --no-input makes it false. */
  input: boolean;
  quiet?: boolean;
}

/** Collects a repeatable flag. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
