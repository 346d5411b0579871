/** Pieces of memory, in the order in which a file states them, joined to segments: gaps stay gaps, contradictions are errors. */
import { RevsyncError } from './errors.ts';
import type { Segment } from './model.ts';

/** Real files have a handful: program, calibration, a few blocks of configuration. */
const MAX_SEGMENTS = 4_096;
/** Addresses have 32 bits. */
export const ADDRESS_SPACE = 0x1_0000_0000;

interface Run {
  address: number;
  start: number;
  length: number;
}

/** Collects data records; allocates once, by the length of the text that holds them. */
export class SegmentBuilder {
  readonly #bytes: Uint8Array;
  #used = 0;
  readonly #runs: Run[] = [];

  /** @param textBytes length of the file: two digits a byte bound what it can hold */
  constructor(textBytes: number) {
    this.#bytes = new Uint8Array(Math.ceil(textBytes / 2));
  }

  /** Room for one more byte at an address; successive addresses join. */
  push(address: number, byte: number): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && last.address + last.length === address) last.length++;
    else this.#runs.push({ address, start: this.#used, length: 1 });
    this.#bytes[this.#used++] = byte;
  }

  /** How many bytes there are so far. */
  get length(): number {
    return this.#used;
  }

  /**
   * @returns segments in ascending order; where an address is stated twice with the same byte, once
   * @throws RevsyncError ADDRESS_TWICE | TOO_MANY_SEGMENTS
   */
  segments(): Segment[] {
    const runs = [...this.#runs].sort((a, b) => a.address - b.address || a.start - b.start);
    const groups: { address: number; end: number; runs: Run[] }[] = [];
    for (const run of runs) {
      const last = groups.at(-1);
      if (last !== undefined && run.address <= last.end) {
        last.end = Math.max(last.end, run.address + run.length);
        last.runs.push(run);
      } else groups.push({ address: run.address, end: run.address + run.length, runs: [run] });
    }
    if (groups.length > MAX_SEGMENTS) {
      throw new RevsyncError(
        'TOO_MANY_SEGMENTS',
        `the file has ${groups.length} pieces of memory with gaps between them`,
        'No ECU image is that torn: read it again.',
      );
    }
    return groups.map(({ address, end, runs: parts }) => this.#join(address, end - address, parts));
  }

  #join(address: number, length: number, parts: Run[]): Segment {
    const bytes = new Uint8Array(length);
    let covered = 0;
    for (const run of parts) {
      const at = run.address - address;
      const twice = Math.max(0, Math.min(covered - at, run.length));
      for (let i = 0; i < twice; i++) {
        if (bytes[at + i] !== this.#bytes[run.start + i]) {
          throw new RevsyncError(
            'ADDRESS_TWICE',
            `address 0x${(run.address + i).toString(16).toUpperCase()} is stated twice with different bytes`,
            'Two files were joined, or the export is damaged: export it again.',
          );
        }
      }
      bytes.set(this.#bytes.subarray(run.start, run.start + run.length), at);
      covered = Math.max(covered, at + run.length);
    }
    return { address, bytes };
  }
}

/** Reads lines of ASCII without making strings of the whole file. */
export class AsciiLines {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Number of the line that `next` gave last, from 1. */
  line = 0;
  #previousWasReturn = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Start and end of the next line without its blanks; null at the end. Lines end in LF, CRLF or CR. */
  next(): { from: number; to: number } | null {
    if (this.#at >= this.#bytes.length) return null;
    let from = this.#at;
    let to = from;
    while (to < this.#bytes.length && this.#bytes[to] !== 0x0a && this.#bytes[to] !== 0x0d) to++;
    // LF right after CR ends the same line.
    const isRest = this.#previousWasReturn && to === from && this.#bytes[to] === 0x0a;
    this.#previousWasReturn = this.#bytes[to] === 0x0d;
    this.#at = to + 1;
    if (isRest) return this.next();
    this.line++;
    while (from < to && isBlank(this.#bytes[from]!)) from++;
    while (to > from && isBlank(this.#bytes[to - 1]!)) to--;
    return { from, to };
  }
}

// 0x1A ends texts of CP/M and DOS tools, 0x00 pads blocks of some programmers.
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x1a || byte === 0;

/** Value of two hex digits, -1 where they are none. */
export function hexByteAt(bytes: Uint8Array, at: number): number {
  const high = digit(bytes[at] ?? 0);
  const low = digit(bytes[at + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}
