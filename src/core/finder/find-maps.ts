/**
 * Maps in an image that nobody has defined. What is found is a guess to be looked at, never scored.
 * Order of work: two axes with a surface behind them; blocks of rows that repeat with a width, begun by an axis; maps that follow
 * a found one in the same shape; what is left of the blocks, cut where rows jump. The best reading of each byte wins.
 */
import { afterOneAxis, afterTwoAxes, followers, isBeyondDoubt } from './after-axes.ts';
import { findBlocks, type Reading, readingFor, readingsOf } from './blocks.ts';
import { RampIndex } from './ramps.ts';
import { type RecordedMap, recordedMaps } from './records.ts';
import { endOf, pickApart, type Shape, startOf, Trials } from './shapes.ts';
import { smoothness } from './surface.ts';
import { type KnownRows, tiles } from './tiles.ts';

export interface FoundMap extends Shape {
  offsetBytes: number;
  byteLength: number;
  confidence: 'high' | 'medium' | 'low';
  because: string;
  /** Byte of the record that points at the map and its axes; null where none is known. */
  recordBytes: number | null;
}

/** Every candidate, in ascending order, none overlapping another. */
export function findMaps(bytes: Uint8Array): FoundMap[] {
  const ramps = new RampIndex(bytes);
  const readings = readingsOf(bytes);
  const blocks = findBlocks(readings);
  const trials = new Trials(readings);
  const afterTwo = afterTwoAxes(bytes, ramps, readings, trials);
  const chainedTwo = followers(pickApart(afterTwo), readings, trials);
  const certain = pickApart([...afterTwo, ...chainedTwo]).filter(isBeyondDoubt);
  const anchored = [...afterTwo, ...chainedTwo, ...blocks.flatMap((b) => afterOneAxis(b, ramps, certain, trials))];
  const chained = followers(pickApart(anchored), readings, trials);
  const picked = pickApart([...anchored, ...chained]);
  const known = rowsByWidth(picked);
  const sure = picked.filter((s) => s.x !== null && s.y !== null);
  const tiled = blocks.flatMap((block) => tiles(block, known, sure, trials));
  const shapes = [...anchored, ...chained, ...tiled];
  const best = pickApart([...shapes, ...followers(pickApart(shapes), readings, trials)]);
  const shared = sharedShapes(best);
  const found = best.map(
    (s): FoundMap => ({
      ...s,
      offsetBytes: startOf(s),
      byteLength: endOf(s) - startOf(s),
      ...grade(s, shared.has(`${s.rows}x${s.columns}`)),
      recordBytes: null,
    }),
  );
  return withRecorded(bytes, found, readings);
}

/** Cells of a map whose surface alone is evidence enough to learn from. */
const SURE_CELLS = 100;

/** What records of the image name stands for what was found over the same bytes. */
function withRecorded(bytes: Uint8Array, found: readonly FoundMap[], readings: readonly Reading[]): FoundMap[] {
  const sure = found.filter((m) => m.confidence !== 'low' && m.rows * m.columns >= SURE_CELLS);
  const { layout, maps } = recordedMaps(bytes, sure, readings);
  if (layout === null) return [...found];
  const recorded = maps.map((m) => recordedMap(m, readings, layout.witnesses));
  const free = found.filter(
    (f) =>
      !recorded.some(
        (r) => r.offsetBytes < f.offsetBytes + f.byteLength && f.offsetBytes < r.offsetBytes + r.byteLength,
      ),
  );
  return [...free, ...recorded].sort((a, b) => a.offsetBytes - b.offsetBytes);
}

function recordedMap(map: RecordedMap, readings: readonly Reading[], witnesses: number): FoundMap {
  const { offsetBytes, rows, columns, type, x, y, recordBytes } = map;
  const reading = readingFor(readings, type, offsetBytes)!;
  const from = (offsetBytes - reading.parity) / type.elementBytes;
  const smooth = smoothness(reading.v, from, rows, columns);
  return {
    ...{ reading, from, rows, columns, x, y, smooth, loudest: 0, begins: 1, ends: 1, worth: 0 },
    offsetBytes,
    byteLength: rows * columns * type.elementBytes,
    confidence: 'high',
    because: `a record at 0x${recordBytes.toString(16).toUpperCase()} points at it and at both axes, as for ${witnesses} maps that were found by their surface`,
    recordBytes,
  };
}

/** By width, the most worth first. */
function rowsByWidth(shapes: readonly Shape[]): Map<number, KnownRows[]> {
  const known = new Map<number, Map<number, { worth: number; best: Shape }>>();
  for (const s of shapes) {
    const rows = known.get(s.columns) ?? new Map<number, { worth: number; best: Shape }>();
    const before = rows.get(s.rows);
    const best = before === undefined || s.worth > before.best.worth ? s : before.best;
    rows.set(s.rows, { worth: (before?.worth ?? 0) + s.worth, best });
    known.set(s.columns, rows);
  }
  return new Map(
    [...known].map(([width, rows]) => [
      width,
      [...rows]
        .sort((a, b) => b[1].worth - a[1].worth || a[0] - b[0])
        .slice(0, 6)
        .map(([count, { best }]) => ({ rows: count, x: best.x, y: best.y })),
    ]),
  );
}

/** Maps of one shape that vouch for another one of it: an ECU keeps fuel and spark over the same engine speeds. */
const SISTERS = 2;

/** "29x22": shapes that several maps have by their own surface. */
function sharedShapes(shapes: readonly Shape[]): Set<string> {
  const count = new Map<string, number>();
  for (const s of shapes) {
    const shape = `${s.rows}x${s.columns}`;
    if (grade(s, false).confidence !== 'low') count.set(shape, (count.get(shape) ?? 0) + 1);
  }
  return new Set([...count].filter(([, n]) => n >= SISTERS).map(([shape]) => shape));
}

/** @param hasSisters other maps of the image have its shape, which is as good as an axis */
function grade(s: Shape, hasSisters: boolean): Pick<FoundMap, 'confidence' | 'because'> {
  const axes = Number(s.x !== null) + Number(s.y !== null);
  const { smooth, rows, columns } = s;
  const cells = rows * columns;
  const axesWanted = axes === 2 ? 1.5 : axes === 1 || hasSisters ? 1.2 : 1;
  const confidence =
    axes === 2 && cells >= 100 && smooth.down < 0.3 && smooth.across < 0.4 && smooth.turns < 0.32
      ? 'high'
      : smooth.down < 0.26 * axesWanted &&
          smooth.across < 0.4 * axesWanted &&
          smooth.turns < 0.32 * axesWanted &&
          cells >= 100 / axesWanted &&
          rows >= 5
        ? 'medium'
        : 'low';
  const beside = ['no axis was found beside it', 'one axis stands before it', 'both axes stand before it'][axes]!;
  return {
    confidence,
    because: `rows repeat every ${columns} elements; ${beside}; steps down the rows ${smooth.down.toFixed(2)} and along them ${smooth.across.toFixed(2)} of chance, ${Math.round(100 * smooth.turns)} % turns`,
  };
}
