/**
 * MLG, the binary log of TunerStudio, MegaLogViewer, rusEFI: header, field descriptions, then blocks of one sample each.
 * Big-endian. Layout: "MLG Binary LogFormat" 1.0 and 2.0 of EFI Analytics. Checked against an independent decoder (docs/logs.md).
 */
import { RevsyncError } from '../../core/errors.ts';
import { appended } from '../../core/logs/append.ts';
import type { LogEnd, LogFormat, LogReader, LogSink } from '../../core/logs/port.ts';
import { type MlgField, type MlgHeader, readHeader } from './header.ts';

/** Header, descriptions and info text together; TunerStudio puts a whole project of some 100 KB into the info. */
const MAX_HEAD_BYTES = 16 * 1024 * 1024;
const BLOCK_PREFIX_BYTES = 4;
/** Bytes that are added up in search of the next block, in all: a file made to be searched for ever ends here. */
const SEARCH_BYTES = 400_000_000;
const MARKER_BYTES = BLOCK_PREFIX_BYTES + 50;

class MlgReader implements LogReader {
  readonly #sink: LogSink;
  /** What was not used up yet: less than a head, then less than a block. */
  #rest = new Uint8Array(0);
  #header: MlgHeader | null = null;
  #wanted: MlgField[] = [];
  #values = new Float64Array(0);
  readonly #end: LogEnd = { samples: 0, skipped: 0, markers: 0 };
  /** Looking for the next block after a damaged one. */
  #lost = false;
  #searched = 0;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    const all = appended(this.#rest, bytes);
    let at = 0;
    if (this.#header === null) {
      const header = readHeader(all);
      if (header === null || header.dataAt > all.length) {
        if (all.length > MAX_HEAD_BYTES || (header?.dataAt ?? 0) > MAX_HEAD_BYTES) throw damaged('its head has no end');
        this.#rest = all.slice();
        return;
      }
      this.#header = header;
      const indexes = this.#sink.start({ fields: header.fields, signature: header.signature });
      this.#wanted = indexes.map((i) => header.fields[i]!);
      this.#values = new Float64Array(indexes.length);
      at = header.dataAt;
    }
    this.#rest = all.slice(this.#blocks(all, at, this.#header.recordBytes));
  }

  end(): LogEnd {
    if (this.#header === null) throw damaged('it ends inside its head');
    if (this.#rest.length > 0) this.#end.skipped++;
    return this.#end;
  }

  /** Uses up whole blocks; returns the place of the first byte that is left. */
  #blocks(all: Uint8Array, from: number, recordBytes: number): number {
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const dataBytes = BLOCK_PREFIX_BYTES + recordBytes + 1;
    let at = from;
    for (;;) {
      if (this.#searched > SEARCH_BYTES) return all.length;
      const type = all[at];
      if (type === 0 && at + dataBytes <= all.length && sumsUp(all, at + BLOCK_PREFIX_BYTES, recordBytes)) {
        this.#sample(view, at + BLOCK_PREFIX_BYTES);
        at += dataBytes;
      } else if (type === 1 && !this.#lost) {
        if (at + MARKER_BYTES > all.length) return at;
        this.#end.markers++;
        at += MARKER_BYTES;
      } else {
        if (at + dataBytes > all.length) return at;
        if (!this.#lost) this.#end.skipped++;
        this.#lost = true;
        this.#searched += type === 0 ? recordBytes : 1;
        at++;
      }
    }
  }

  #sample(view: DataView, at: number): void {
    this.#lost = false;
    this.#end.samples++;
    for (let i = 0; i < this.#wanted.length; i++) {
      const field = this.#wanted[i]!;
      this.#values[i] = (rawOf(view, at + field.offset, field.type) + field.transform) * field.scale;
    }
    this.#sink.sample(this.#values);
  }
}

/** The last byte of a block is the sum of its data. */
function sumsUp(bytes: Uint8Array, at: number, length: number): boolean {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += bytes[i]!;
  return (sum & 255) === bytes[at + length];
}

function rawOf(view: DataView, at: number, type: number): number {
  switch (type) {
    case 1:
      return view.getInt8(at);
    case 2:
    case 11:
    case 17:
      return view.getUint16(at);
    case 3:
      return view.getInt16(at);
    case 4:
    case 12:
    case 18:
      return view.getUint32(at);
    case 5:
      return view.getInt32(at);
    case 6:
      return Number(view.getBigInt64(at));
    case 7:
      return view.getFloat32(at);
    default:
      return view.getUint8(at);
  }
}

const damaged = (why: string): RevsyncError =>
  new RevsyncError(
    'LOG_DAMAGED',
    `this MLG log is damaged: ${why}`,
    'Save it again from TunerStudio, or export it as MSL or CSV.',
  );

export const log: LogFormat = {
  id: 'mlg',
  title: 'MLG binary log (TunerStudio, MegaLogViewer, rusEFI)',
  extensions: ['.mlg'],
  detect(head) {
    if (new TextDecoder('latin1').decode(head.subarray(0, 6)) !== 'MLVLG\0') return null;
    const version = (head[6]! << 8) | head[7]!;
    return { confidence: 1, because: `begins with MLVLG, version ${version}` };
  },
  open: (sink) => new MlgReader(sink),
};
