/** Stretches of all readings to blocks: one reading of the bytes for each stretch of rows. */
import { ELEMENT_TYPES, type ElementType, readElements } from './elements.ts';
import { scanLags } from './lag-scan.ts';
import { smoothness } from './surface.ts';

/** The image read as one element type from byte 0 or 1 on. */
export interface Reading {
  type: ElementType;
  parity: number;
  /** The image read byte by byte. One array type for all keeps the inner loops fast. */
  bytes: Int32Array;
  v: Int32Array;
}

/** Rows of one width under one reading. Elements of that reading, `to` exclusive. */
export interface Block {
  reading: Reading;
  width: number;
  from: number;
  to: number;
  /** Mean difference of any two cells. */
  spread: number;
}

export function readingsOf(bytes: Uint8Array): Reading[] {
  const readings: Reading[] = [];
  const plain = Int32Array.from(bytes);
  for (const type of ELEMENT_TYPES) {
    for (let parity = 0; parity < type.elementBytes; parity++) {
      const v = type.elementBytes === 1 ? plain : readElements(bytes, parity, bytes.length, type);
      readings.push({ type, parity, bytes: plain, v });
    }
  }
  return readings;
}

/** The reading whose elements begin at a byte. */
export function readingFor(readings: readonly Reading[], type: ElementType, offsetBytes: number): Reading | undefined {
  const { elementBytes, byteOrder } = type;
  return readings.find(
    (r) =>
      r.type.elementBytes === elementBytes &&
      (elementBytes === 1 || r.type.byteOrder === byteOrder) &&
      offsetBytes % elementBytes === r.parity,
  );
}

interface Cluster {
  /** Bytes from one row to the next. */
  period: number;
  from: number;
  to: number;
  readings: Set<Reading>;
}

/** Blocks of all widths; several may lie over the same bytes. */
export function findBlocks(readings: readonly Reading[]): Block[] {
  const stretches = readings.flatMap((reading) =>
    scanLags(reading.v).map((s) => {
      const size = reading.type.elementBytes;
      return {
        period: s.width * size,
        from: reading.parity + s.from * size,
        to: reading.parity + s.to * size,
        reading,
      };
    }),
  );
  stretches.sort((a, b) => a.period - b.period || a.from - b.from);
  const clusters: Cluster[] = [];
  for (const s of stretches) {
    const last = clusters.at(-1);
    if (last !== undefined && last.period === s.period && s.from <= last.to) {
      last.to = Math.max(last.to, s.to);
      last.readings.add(s.reading);
    } else {
      clusters.push({ period: s.period, from: s.from, to: s.to, readings: new Set([s.reading]) });
    }
  }
  return clusters.flatMap((c) => elect(c));
}

/** The reading under which the rows are smoothest over the whole cluster: ghosts are smooth only where one of their bytes rests. */
function elect({ period, from, to, readings }: Cluster): Block[] {
  let best: { block: Block; cost: number } | null = null;
  for (const reading of readings) {
    const size = reading.type.elementBytes;
    const width = period / size;
    const first = Math.max(0, Math.ceil((from - reading.parity) / size));
    const rows = Math.floor((Math.min(reading.v.length, Math.floor((to - reading.parity) / size)) - first) / width);
    if (rows < 4) continue;
    const smooth = smoothness(reading.v, first, rows, width);
    if (smooth.spread < 0.5) continue;
    // A map of bytes is as smooth when two cells are read as one; a map of words is noise when read as bytes.
    const bytewise = size === 1 && smooth.across < 0.5 && smooth.down < 0.5 ? 0.5 : 1;
    // Words read in the other order a byte further on are as smooth in the large, and turn at every other cell.
    const cost = (smooth.down + 0.3 * smooth.across + 0.3 * smooth.turns) * bytewise;
    if (best === null || cost < best.cost)
      best = { cost, block: { reading, width, from: first, to: first + rows * width, spread: smooth.spread } };
  }
  return best === null ? [] : [best.block];
}
