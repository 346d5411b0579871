import type { Command } from 'commander';
import type { CommandModule, GlobalFlags } from '../command.ts';
import type { Io } from '../io.ts';

interface Flags extends GlobalFlags {
  root?: string;
}

const EXAMPLES = `
A program that speaks the Model Context Protocol starts it and talks to it over standard input and output; it ends when that program
closes its end. The tools read files and the database, and change no file: docs/agents.md lists them.

Examples:
  revsync mcp                        any file that you may read; analyses are kept in your history
  revsync mcp --root ~/tunes         only files below this folder, wherever links lead
  revsync mcp --no-store             nothing is kept, and every tool is read-only

In the settings of an agent: {"mcpServers": {"revsync": {"command": "revsync", "args": ["mcp", "--root", "/home/me/tunes"]}}}`;

/** The same capabilities as tools for local agents. */
export const command: CommandModule = {
  order: 70,
  register(program: Command, io: Io): void {
    program
      .command('mcp')
      .description('Serve the same capabilities as MCP tools for a local agent, over standard input and output.')
      .option('--root <folder>', 'read only files below this folder; relative paths begin there')
      .addHelpText('after', EXAMPLES)
      .action(async (_local: unknown, self: Command) => {
        const flags = self.optsWithGlobals<Flags>();
        if (io.stdinIsTty && flags.quiet !== true)
          io.err(
            'An agent is meant to start this and to talk to it here, in the Model Context Protocol. Ctrl-D ends it.\n',
          );
        const { resolve } = await import('node:path');
        const { serve } = await import('../../mcp/server.ts');
        await serve({
          env: io.env,
          cwd: io.cwd,
          db: flags.db ?? null,
          store: flags.store,
          root: flags.root === undefined ? null : resolve(io.cwd, flags.root),
          err: (text) => io.err(text),
          onInterrupt: (handler) => io.onInterrupt?.(handler) ?? (() => undefined),
        });
      });
  },
};
