/** Writes an MLG log from the published layout (EFI Analytics, "MLG Binary LogFormat" 1.0 and 2.0): for fixtures and tests. */

export interface MlgColumn {
  name: string;
  unit: string;
  type: 'U08' | 'S08' | 'U16' | 'S16' | 'U32' | 'S32' | 'S64' | 'F32' | 'bits8';
  scale?: number;
  transform?: number;
}

const TYPES = { U08: 0, S08: 1, U16: 2, S16: 3, U32: 4, S32: 5, S64: 6, F32: 7, bits8: 16 } as const;
const SIZES = { U08: 1, S08: 1, U16: 2, S16: 2, U32: 4, S32: 4, S64: 8, F32: 4, bits8: 1 } as const;

/** @param rows physical values, or the text of a marker */
export function writeMlg(version: 1 | 2, columns: MlgColumn[], rows: (number[] | string)[], info: string): Uint8Array {
  const wide = version === 2;
  const fieldsAt = wide ? 24 : 22;
  const fieldBytes = wide ? 89 : 55;
  const infoAt = fieldsAt + columns.length * fieldBytes;
  const dataAt = infoAt + info.length + 1;
  const recordBytes = columns.reduce((sum, c) => sum + SIZES[c.type], 0);
  const total = rows.reduce((sum, r) => sum + (typeof r === 'string' ? 54 : recordBytes + 5), dataAt);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void =>
    bytes.set(
      Uint8Array.from(value, (c) => c.charCodeAt(0)),
      at,
    );
  text(0, 'MLVLG');
  view.setUint16(6, version);
  if (wide) view.setUint32(12, infoAt);
  else view.setUint16(12, infoAt);
  view.setUint32(wide ? 16 : 14, dataAt);
  view.setUint16(wide ? 20 : 18, recordBytes);
  view.setUint16(wide ? 22 : 20, columns.length);
  for (const [i, c] of columns.entries()) {
    const at = fieldsAt + i * fieldBytes;
    bytes[at] = TYPES[c.type];
    text(at + 1, c.name);
    text(at + 35, c.unit);
    if (c.type === 'bits8') continue;
    view.setFloat32(at + 46, c.scale ?? 1);
    view.setFloat32(at + 50, c.transform ?? 0);
  }
  text(infoAt, info);
  let at = dataAt;
  let count = 0;
  for (const row of rows) {
    bytes[at] = typeof row === 'string' ? 1 : 0;
    bytes[at + 1] = count++ & 255;
    if (typeof row === 'string') {
      text(at + 4, row.slice(0, 50));
      at += 54;
      continue;
    }
    const from = at + 4;
    let to = from;
    for (const [k, c] of columns.entries()) {
      put(view, to, c, row[k]!);
      to += SIZES[c.type];
    }
    let sum = 0;
    for (let i = from; i < to; i++) sum += bytes[i]!;
    bytes[to] = sum & 255;
    at = to + 1;
  }
  return bytes;
}

function put(view: DataView, at: number, { type, scale = 1, transform = 0 }: MlgColumn, value: number): void {
  const raw = value / scale - transform;
  if (type === 'F32') view.setFloat32(at, raw);
  else if (type === 'S64') view.setBigInt64(at, BigInt(Math.round(raw)));
  else if (type === 'U08' || type === 'bits8') view.setUint8(at, Math.round(raw));
  else if (type === 'S08') view.setInt8(at, Math.round(raw));
  else if (type === 'U16') view.setUint16(at, Math.round(raw));
  else if (type === 'S16') view.setInt16(at, Math.round(raw));
  else if (type === 'U32') view.setUint32(at, Math.round(raw));
  else view.setInt32(at, Math.round(raw));
}
