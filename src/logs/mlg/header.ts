/** The head of an MLG log: what fields there are, where the samples begin. */
import { RevsyncError } from '../../core/errors.ts';
import { type LogField, MAX_FIELDS } from '../../core/logs/port.ts';

export interface MlgField extends LogField {
  /** 0 U08, 1 S08, 2 U16, 3 S16, 4 U32, 5 S32, 6 S64, 7 F32; 16, 17, 18: U08, U16, U32 of bits (TunerStudio writes these, other programs 10, 11, 12). */
  type: number;
  /** Bytes from the start of a sample's data. */
  offset: number;
  /** physical = (raw + transform) * scale */
  scale: number;
  transform: number;
}

export interface MlgHeader {
  version: 1 | 2;
  fields: MlgField[];
  /** Bytes of the data of one sample. */
  recordBytes: number;
  /** Place of the first block. */
  dataAt: number;
  signature: string;
}

const BYTES: Record<number, number> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 8,
  7: 4,
  10: 1,
  11: 2,
  12: 4,
  16: 1,
  17: 2,
  18: 4,
};
const NAME_BYTES = 34;
const UNIT_BYTES = 10;

/**
 * Null: more bytes are needed.
 * @throws RevsyncError LOG_DAMAGED | LOG_VERSION
 */
export function readHeader(bytes: Uint8Array): MlgHeader | null {
  if (bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text(bytes, 0, 6) !== 'MLVLG') throw damaged('it does not begin with MLVLG');
  const version = view.getUint16(6);
  if (version !== 1 && version !== 2) {
    throw new RevsyncError(
      'LOG_VERSION',
      `MLG version ${version} is not known; 1 and 2 are`,
      'Export the log as MSL or CSV.',
    );
  }
  const wide = version === 2;
  const infoAt = wide ? view.getUint32(12) : view.getUint16(12);
  const dataAt = view.getUint32(wide ? 16 : 14);
  const recordBytes = view.getUint16(wide ? 20 : 18);
  const count = view.getUint16(wide ? 22 : 20);
  const fieldsAt = wide ? 24 : 22;
  const fieldBytes = wide ? 89 : 55;
  const fieldsEnd = fieldsAt + count * fieldBytes;
  if (count === 0 || count > MAX_FIELDS) throw damaged(`it states ${count} fields`);
  if (dataAt < fieldsEnd) throw damaged('its samples begin inside its own head');
  if (bytes.length < dataAt) return { version, fields: [], recordBytes, dataAt, signature: '' };
  const fields: MlgField[] = [];
  let offset = 0;
  for (let at = fieldsAt; at < fieldsEnd; at += fieldBytes) {
    const type = bytes[at]!;
    const size = BYTES[type];
    if (size === undefined) throw damaged(`field ${fields.length + 1} has type ${type}, which is not known`);
    const isBits = type >= 10;
    fields.push({
      name: text(bytes, at + 1, NAME_BYTES),
      unit: text(bytes, at + 1 + NAME_BYTES, UNIT_BYTES),
      type,
      offset,
      scale: isBits ? 1 : view.getFloat32(at + 46),
      transform: isBits ? 0 : view.getFloat32(at + 50),
    });
    offset += size;
  }
  if (recordBytes < offset) throw damaged(`a sample is said to have ${recordBytes} bytes, its fields have ${offset}`);
  const info = infoAt >= fieldsEnd && infoAt < dataAt ? text(bytes, infoAt, Math.min(dataAt - infoAt, 1_024)) : '';
  return {
    version,
    fields,
    recordBytes,
    dataAt,
    signature: (info.split(/[\r\n]/)[0] ?? '').replaceAll('"', '').trim(),
  };
}

/** Up to the first zero byte. UTF-8 where it is, else Latin-1: the degree sign comes either way. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length);
  const zero = part.indexOf(0);
  const own = zero < 0 ? part : part.subarray(0, zero);
  const utf8 = new TextDecoder('utf-8').decode(own);
  return (utf8.includes('\uFFFD') ? new TextDecoder('latin1').decode(own) : utf8).trim();
}

const damaged = (why: string): RevsyncError =>
  new RevsyncError(
    'LOG_DAMAGED',
    `this MLG log is damaged: ${why}`,
    'Save it again from TunerStudio, or export it as MSL or CSV.',
  );
