/** Logs as CSV: TunerStudio, RomRaider, EvoScan, SD cards; comma or semicolon, decimal point or comma, units in brackets or in a line. */
import type { LogFormat } from '../../core/logs/port.ts';
import { TableReader, tableHead } from '../../core/logs/table-reader.ts';

const SEPARATORS = [59, 44] as const;

export const log: LogFormat = {
  id: 'csv',
  title: 'CSV log (TunerStudio, RomRaider, EvoScan and others)',
  extensions: ['.csv', '.txt'],
  detect(head) {
    const table = tableHead(head, SEPARATORS);
    if (table === null) return null;
    const separator = table.separator === 59 ? 'semicolon' : 'comma';
    return { confidence: 0.5, because: `${separator}-separated table of ${table.fields.length} fields` };
  },
  open: (sink) => new TableReader(sink, SEPARATORS),
};
