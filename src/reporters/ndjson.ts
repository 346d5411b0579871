import type { Reporter } from '../core/ports.ts';

/** One report a line, as each file is done: for streams. Run, ruleset and schema version stand on every line. */
export const reporter: Reporter = {
  id: 'ndjson',
  title: 'NDJSON',
  extension: 'ndjson',
  render({ schemaVersion, tool, run, ruleset, reports, errors }) {
    const records = [
      ...reports.map((report) => ({ schemaVersion, tool, run, ruleset, ...report })),
      ...(errors.length > 0 ? [{ schemaVersion, errors }] : []),
    ];
    return records.map((record) => `${JSON.stringify(record)}\n`).join('');
  },
};
