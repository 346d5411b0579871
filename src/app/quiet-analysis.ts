/** An analysis by the rules alone that nobody watches or is asked about: spread first, then what the caller wants otherwise. */
import type { AnalyzeHooks, AnalyzeRequest } from './analyze-request.ts';

export const RULES_ALONE: Omit<AnalyzeRequest, 'paths' | 'cwd'> = {
  env: {},
  flags: { store: false },
  definition: null,
  shiftBytes: 0,
  bike: null,
  stock: null,
  conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
  rulesFolders: [],
  roles: [],
  failOn: 'never',
  minScore: 0,
  engine: 'rules',
  all: true,
  databasePath: null,
};

/** A fixed clock, nothing on standard input. */
export const NOBODY: AnalyzeHooks = {
  now: () => new Date(0),
  warn: () => undefined,
  readStdin: async () => new Uint8Array(0),
  started: () => undefined,
  done: async () => undefined,
  ask: null,
  askBike: null,
};
