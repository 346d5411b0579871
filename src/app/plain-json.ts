/** Lists as the documents that scripts rely on: one object with one array, or one record a line. */
import { SCHEMA_VERSION } from '../core/report.ts';

/** @param name of the array in the document */
export function plainJson(
  format: string,
  name: string,
  records: unknown[],
  more: Record<string, unknown> = {},
): string {
  if (format === 'ndjson') return records.map((r) => `${JSON.stringify(r)}\n`).join('');
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...more, [name]: records, errors: [] }, null, 2)}\n`;
}
