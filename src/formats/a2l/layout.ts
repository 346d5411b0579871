/** RECORD_LAYOUT: which element stands where after the address of an AXIS_PTS or a CHARACTERISTIC. */
import { packedRows, readRaw } from '../../core/bytes.ts';
import type { ByteOrder, Image, Storage } from '../../core/model.ts';
import { type Block, numberOf } from './blocks.ts';

interface ElementType {
  bytes: 1 | 2 | 4;
  signed: boolean;
  float: boolean;
}

const TYPES: Record<string, ElementType> = {
  UBYTE: { bytes: 1, signed: false, float: false },
  SBYTE: { bytes: 1, signed: true, float: false },
  UWORD: { bytes: 2, signed: false, float: false },
  SWORD: { bytes: 2, signed: true, float: false },
  ULONG: { bytes: 4, signed: false, float: false },
  SLONG: { bytes: 4, signed: true, float: false },
  FLOAT32_IEEE: { bytes: 4, signed: true, float: true },
};

const SIZES: Record<string, number> = {
  UBYTE: 1,
  SBYTE: 1,
  BYTE: 1,
  UWORD: 2,
  SWORD: 2,
  WORD: 2,
  FLOAT16_IEEE: 2,
  ULONG: 4,
  SLONG: 4,
  LONG: 4,
  FLOAT32_IEEE: 4,
  A_UINT64: 8,
  A_INT64: 8,
  FLOAT64_IEEE: 8,
};

/** Words after each component, its name left out. */
const COMPONENTS: Record<string, number> = {
  FNC_VALUES: 4,
  AXIS_PTS_X: 4,
  AXIS_PTS_Y: 4,
  AXIS_PTS_Z: 4,
  AXIS_RESCALE_X: 5,
  AXIS_RESCALE_Y: 5,
  NO_AXIS_PTS_X: 2,
  NO_AXIS_PTS_Y: 2,
  NO_AXIS_PTS_Z: 2,
  NO_RESCALE_X: 2,
  NO_RESCALE_Y: 2,
  IDENTIFICATION: 2,
  RESERVED: 2,
  SRC_ADDR_X: 2,
  SRC_ADDR_Y: 2,
  RIP_ADDR_W: 2,
  RIP_ADDR_X: 2,
  RIP_ADDR_Y: 2,
  OFFSET_X: 2,
  OFFSET_Y: 2,
  DIST_OP_X: 2,
  DIST_OP_Y: 2,
  SHIFT_OP_X: 2,
  SHIFT_OP_Y: 2,
};

interface Component {
  name: string;
  position: number;
  type: string;
  /** FNC_VALUES: ROW_DIR …; axes: INDEX_INCR …. */
  mode: string;
  addressing: string;
}

/** Where the parts of one record are. */
export interface Placed {
  values: { storage: Storage; mode: string } | null;
  x: { storage: Storage; count: number } | null;
  y: { storage: Storage; count: number } | null;
  /** Points stated in the record or fixed by the layout; null: as many as the description allows. */
  counts: { x: number | null; y: number | null };
  problem: string | null;
}

export class RecordLayout {
  readonly #components: Component[] = [];
  readonly #fixed = { x: null as number | null, y: null as number | null };
  readonly #static: boolean;
  readonly #aligned: Record<number, number> = {};

  constructor(block: Block) {
    const { tokens } = block;
    this.#static = tokens.some((t) => t.text === 'STATIC_RECORD_LAYOUT');
    for (let i = 1; i < tokens.length; i++) {
      const name = tokens[i]!.text;
      const words = COMPONENTS[name];
      if (words !== undefined) {
        const at = tokens.slice(i + 1, i + 1 + words);
        // AXIS_RESCALE states a number of pairs between its type and its order.
        const [mode, addressing] = words === 5 ? [at[3], at[4]] : [at[2], at[3]];
        this.#components.push({
          name,
          position: numberOf(at[0]),
          type: at[1]?.text ?? '',
          mode: mode?.text ?? '',
          addressing: addressing?.text ?? 'DIRECT',
        });
        i += words;
      } else if (name === 'FIX_NO_AXIS_PTS_X' || name === 'FIX_NO_AXIS_PTS_Y') {
        this.#fixed[name.endsWith('X') ? 'x' : 'y'] = numberOf(tokens[i + 1]);
        i++;
      } else if (name.startsWith('ALIGNMENT_')) {
        const bytes = SIZES[name.slice(10)] ?? SIZES[name.slice(10).replace('FLOAT', 'FLOAT')];
        const alignment = numberOf(tokens[i + 1]);
        if (bytes !== undefined && alignment >= 1 && alignment <= 8) this.#aligned[bytes] = alignment;
        i++;
      }
    }
    this.#components.sort((a, b) => a.position - b.position);
  }

  /**
   * @param most points that the description allows along each axis
   * @param image read for stored numbers of points; without one the most are taken
   */
  place(address: number, most: { x: number; y: number }, order: ByteOrder, image: Image | null): Placed {
    const counts = { ...this.#fixed };
    const placed: Placed = { values: null, x: null, y: null, counts, problem: null };
    let at = address;
    for (const { name, type, mode, addressing } of this.#components) {
      const bytes = SIZES[type];
      if (bytes === undefined)
        return { ...placed, problem: `elements of the type "${type.slice(0, 40)}" are not known` };
      const step = this.#aligned[bytes] ?? 1;
      at = Math.ceil(at / step) * step;
      const element = TYPES[type];
      const nx = counts.x ?? most.x;
      const ny = counts.y ?? most.y;
      const room = { x: this.#static ? most.x : nx, y: this.#static ? most.y : ny };
      if (placed.x !== null && mode === 'ALTERNATE_WITH_X') continue;
      if (name === 'NO_AXIS_PTS_X' || name === 'NO_AXIS_PTS_Y') {
        const axis = name.endsWith('X') ? 'x' : 'y';
        if (image !== null && element !== undefined) {
          const stated = readRaw(image, storageOf(at, element, order, 1), 1, 1)?.[0] ?? Number.NaN;
          if (!(stated >= 1 && stated <= most[axis]))
            return {
              ...placed,
              problem: `it states ${Number.isNaN(stated) ? 'no' : stated} breakpoints where at most ${most[axis]} are allowed: the image is another one`,
            };
          counts[axis] = stated;
        }
        at += bytes;
      } else if (name === 'AXIS_PTS_X' || name === 'AXIS_PTS_Y') {
        const axis = name.endsWith('X') ? 'x' : 'y';
        const count = axis === 'x' ? nx : ny;
        if (element === undefined || addressing !== 'DIRECT') return { ...placed, problem: reasonOf(type, addressing) };
        const pairs = axis === 'x' ? this.#alternating() : undefined;
        if (pairs !== undefined) {
          // x1 v1 x2 v2 …: only a curve's order is certain, and only where both have one size.
          if (TYPES[pairs.type]?.bytes !== bytes || ny !== 1 || mode === 'INDEX_DECR')
            return {
              ...placed,
              problem: 'values that alternate with axis points of another size, or in a map, are not read',
            };
          const step = { elementStepBytes: 2 * bytes, lineStepBytes: 2 * bytes * count };
          const value = storageOf(at + bytes, TYPES[pairs.type]!, order, count);
          placed.x = { count, storage: { ...storageOf(at, element, order, count), ...step } };
          placed.values = { storage: { ...value, ...step }, mode: pairs.mode };
          at += 2 * bytes * room.x;
          continue;
        }
        const storage = storageOf(at, element, order, count);
        placed[axis] = {
          count,
          storage:
            mode === 'INDEX_DECR'
              ? { ...storage, address: at + (count - 1) * element.bytes, elementStepBytes: -element.bytes }
              : storage,
        };
        at += bytes * room[axis];
      } else if (name === 'FNC_VALUES') {
        if (element === undefined || addressing !== 'DIRECT') return { ...placed, problem: reasonOf(type, addressing) };
        if (mode !== 'ROW_DIR' && mode !== 'COLUMN_DIR')
          return { ...placed, problem: `values in the order ${mode.slice(0, 40)} are not read` };
        const column = mode === 'COLUMN_DIR';
        const storage = storageOf(at, element, order, column ? ny : nx);
        placed.values = { storage: { ...storage, layout: column ? 'column' : 'row' }, mode };
        at += bytes * room.x * room.y;
      } else if (name === 'AXIS_PTS_Z' || name.startsWith('AXIS_RESCALE'))
        return { ...placed, problem: 'axes of more than two inputs and rescale axes are not read' };
      else at += bytes;
    }
    return placed;
  }

  /** The values, where they stand one by one between the points of the x axis. */
  #alternating(): Component | undefined {
    return this.#components.find((c) => c.name === 'FNC_VALUES' && c.mode === 'ALTERNATE_WITH_X');
  }
}

const reasonOf = (type: string, addressing: string): string =>
  TYPES[type] === undefined
    ? `elements of the type ${type.slice(0, 40)} are not read`
    : `values behind pointers (${addressing.slice(0, 20)}) are not read`;

const storageOf = (address: number, element: ElementType, byteOrder: ByteOrder, perLine: number): Storage =>
  packedRows(address, perLine, { ...element, elementBytes: element.bytes, byteOrder });
