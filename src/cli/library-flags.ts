/** Flags that search and similar share. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { BOUNDS } from '../core/bounds.ts';
import { numberBetween, within } from './flags.ts';

export interface LibraryFlags {
  bike?: string;
  ecu?: string;
  minScore?: number;
  since?: string;
  until?: string;
  role?: string;
  tag?: string;
  limit: number;
  format: string;
}

/** A day, or a day and a time, as ISO 8601. */
function isoDate(text: string): string {
  if (!/^\d{4}(-\d{2}(-\d{2}(T[\d:.]+Z?)?)?)?$/.test(text))
    throw new InvalidArgumentError('Expected a date such as 2026-05-01.');
  return text;
}

/** Adds the filters and --limit, --format. */
export function addLibraryFlags(command: Command): Command {
  return command
    .option('-b, --bike <text>', 'only tunes for this motorcycle')
    .option('--ecu <text>', 'only tunes whose ECU or definition contains it')
    .option('--min-score <number>', 'only tunes of at least this safety score', within(BOUNDS.score))
    .option('--since <date>', 'only analysed on or after this day', isoDate)
    .option('--until <date>', 'only analysed on or before this day', isoDate)
    .addOption(new Option('--role <role>', 'only such files').choices(['stock', 'tuned']))
    .option('--tag <tag>', 'only tunes that bear it')
    .option('-n, --limit <number>', 'how many at most', numberBetween(1, 1000, ''), 10)
    .addOption(
      new Option('-f, --format <format>', 'how to print').choices(['terminal', 'json', 'ndjson']).default('terminal'),
    );
}

/** As the use cases want it. */
export function libraryFilter(flags: LibraryFlags) {
  return {
    bike: flags.bike ?? null,
    ecu: flags.ecu ?? null,
    minScore: flags.minScore ?? null,
    since: flags.since ?? null,
    until: flags.until ?? null,
    role: flags.role ?? null,
    tag: flags.tag ?? null,
  };
}
