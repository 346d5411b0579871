/** For tests: a log read whole, in pieces of a given size. */
import type { LogEnd, LogField, LogFormat } from './port.ts';

export interface ReadLog {
  fields: LogField[];
  signature: string;
  rows: number[][];
  end: LogEnd;
}

export function readLog(format: LogFormat, bytes: Uint8Array, pieceBytes = 65_536): ReadLog {
  const read: Omit<ReadLog, 'end'> = { fields: [], signature: '', rows: [] };
  const reader = format.open({
    start({ fields, signature }) {
      read.fields = fields;
      read.signature = signature;
      return fields.map((_, i) => i);
    },
    sample: (values) => void read.rows.push([...values]),
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  const end = reader.end();
  return { ...read, end };
}
