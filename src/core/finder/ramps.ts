/** Runs of elements that rise strictly: what the breakpoints of an axis look like. Most are none; one whose length fits a map is evidence. */
import { ELEMENT_TYPES, type ElementType } from './elements.ts';

export interface Ramp {
  offsetBytes: number;
  /** Exclusive. */
  endBytes: number;
  count: number;
  type: ElementType;
  /** Elements before its largest step: where what stands before an axis rises too, the axis begins here. */
  jump: number;
  /** Is that step far larger than the others? */
  leaps: boolean;
}

/** Fewest breakpoints of an axis that is looked for. */
const MIN_COUNT = 4;
/** A run may go on into the map behind it. */
const MAX_COUNT = 128;

/** A step of so many mean steps of its run stands out. */
const LEAP = 5;

const NONE: readonly Ramp[] = [];

function push(index: Map<number, Ramp[]>, key: number, ramp: Ramp): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [ramp]);
  else list.push(ramp);
}

/** All maximal runs that rise (or, where asked, fall) strictly, by the byte where they end. */
export class RampIndex {
  readonly #byEnd = new Map<number, Ramp[]>();
  readonly #byStart = new Map<number, Ramp[]>();
  readonly #sortedEnds: number[];

  /** @param direction 1 rising, -1 falling: pressure axes of Suzuki fall */
  constructor(bytes: Uint8Array, direction: 1 | -1 = 1) {
    for (const type of ELEMENT_TYPES)
      for (let parity = 0; parity < type.elementBytes; parity++) this.#scan(bytes, type, parity, direction);
    this.#sortedEnds = [...this.#byEnd.keys()].sort((a, b) => a - b);
  }

  #scan(bytes: Uint8Array, type: ElementType, parity: number, direction: 1 | -1): void {
    const size = type.elementBytes;
    const [high, low] = size === 1 ? [0, 0] : type.byteOrder === 'big' ? [0, 1] : [1, 0];
    const read = (at: number): number => (size === 1 ? bytes[at]! : (bytes[at + high]! << 8) | bytes[at + low]!);
    let start = parity;
    let before = bytes.length >= parity + size ? read(parity) : 0;
    let first = before;
    let largest = 0;
    let jumpAt = parity;
    const close = (end: number): void => {
      const count = (end - start) / size;
      if (count >= MIN_COUNT && count <= MAX_COUNT) {
        const leaps = largest * (count - 1) > LEAP * (before - first) * direction;
        const ramp = { offsetBytes: start, endBytes: end, count, type, jump: (jumpAt - start) / size, leaps };
        push(this.#byEnd, end, ramp);
        push(this.#byStart, start, ramp);
      }
    };
    let at = parity + size;
    for (; at + size <= bytes.length; at += size) {
      const value = read(at);
      const step = (value - before) * direction;
      if (step <= 0) {
        close(at);
        start = at;
        first = value;
        jumpAt = at;
        largest = 0;
      } else if (step > largest) {
        largest = step;
        jumpAt = at;
      }
      before = value;
    }
    close(at);
  }

  /** Ramps that end at a byte, or up to `slack` bytes before it. */
  endingAt(end: number, slack = 0): Ramp[] {
    const found: Ramp[] = [];
    for (let e = end; e >= end - slack; e--) found.push(...(this.#byEnd.get(e) ?? []));
    return found;
  }

  /** Ramps that begin at a byte. */
  beginningAt(start: number): readonly Ramp[] {
    return this.#byStart.get(start) ?? NONE;
  }

  /** Every ramp, in order of its end. */
  *all(): Generator<Ramp> {
    for (const end of this.#sortedEnds) yield* this.#byEnd.get(end)!;
  }

  /** Ramps that end in a range of bytes, nearest to its end first. */
  endingWithin(from: number, to: number): Ramp[] {
    const found: Ramp[] = [];
    for (let i = this.#firstAfter(to) - 1; i >= 0 && this.#sortedEnds[i]! >= from; i--)
      found.push(...this.#byEnd.get(this.#sortedEnds[i]!)!);
    return found;
  }

  #firstAfter(value: number): number {
    let [low, high] = [0, this.#sortedEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sortedEnds[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
