/** Lists as the documents that scripts rely on: one object with one array, or one record a line. */
import { SCHEMA_VERSION } from '../core/report.ts';

/** @param name of the array in the document */
export function plainJson(
  format: string,
  name: string,
  records: unknown[],
  more: Record<string, unknown> = {},
): string {
  if (format === 'ndjson') return records.map((r) => `${JSON.stringify(r, bytesAsHex)}\n`).join('');
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...more, [name]: records, errors: [] }, bytesAsHex, 2)}\n`;
}

/** Ids and patches are bytes: as hex, not as an object with numbered fields. */
function bytesAsHex(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex').toUpperCase() : value;
}
