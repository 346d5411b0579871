/** Changes cells of a raw image through its definition: physical change in, raw elements out, rounded as the ECU stores them. */
import type { Conversion, Definition, TuneMap } from '../../core/model.ts';
import { loadAxisOf } from '../../core/regions.ts';
import type { RecipeChange } from './library-data.ts';

export interface Change extends RecipeChange {
  /** Factor on the recipe's amount. */
  amount: number;
}

/** Counts for a degree where a map's unit is not known: the Suzuki and Honda maps that are known hold 2 to 3 of them. */
const COUNTS_PER_DEGREE = 2.5;

export function changeImage(
  bytes: Uint8Array,
  { maps, definition }: { maps: TuneMap[]; definition: Definition },
  changes: Change[],
): Uint8Array {
  const out = new Uint8Array(bytes);
  for (const change of changes) {
    for (const map of maps.filter((m) => isMeant(m, change.role))) {
      const conversion = definition.items.find((i) => i.title === map.title)?.conversion ?? { kind: 'identity' };
      for (let row = 0; row < map.rows; row++) {
        for (let column = 0; column < map.columns; column++) {
          if (inPlace(map, row, column, change.where ?? 'all')) writeCell(out, map, row, column, conversion, change);
        }
      }
    }
  }
  return out;
}

function isMeant(map: TuneMap, role: string): boolean {
  if (map.unset || map.at === null || map.raw === null || map.at.float) return false;
  if (role === 'revLimiter') return /^revLimiter(\.(cut|resume|hard|soft|gear))?$/.test(map.role);
  return map.role === role;
}

function inPlace(map: TuneMap, row: number, column: number, where: 'all' | 'upper' | 'lower'): boolean {
  const load = loadAxisOf(map);
  if (where === 'all' || load === null) return true;
  const low = Math.min(...load.breakpoints);
  const high = Math.max(...load.breakpoints);
  const share = (load.breakpoints[load.axis === 'x' ? column : row]! - low) / (high - low || 1);
  return where === 'upper' ? share >= 0.55 : share <= 0.45;
}

function writeCell(
  bytes: Uint8Array,
  map: TuneMap,
  row: number,
  column: number,
  conversion: Conversion,
  change: Change,
): void {
  const at = map.at!;
  const index = row * map.columns + column;
  const raw = map.raw![index]!;
  const from = map.cells[index]!;
  // A limiter that is switched off stays so.
  if (change.rpm !== undefined && (from < 2_500 || from > 20_000)) return;
  const wanted = changed(from, map, change);
  const bits = 8 * at.elementBytes;
  const [low, high] = at.signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const next = Math.min(high, Math.max(low, Math.round(rawOf(wanted, from, raw, conversion))));
  const step = at.layout === 'row' ? [at.lineStepBytes, at.elementStepBytes] : [at.elementStepBytes, at.lineStepBytes];
  const offset = at.offsetBytes + row * step[0]! + column * step[1]!;
  for (let b = 0; b < at.elementBytes; b++) {
    const shift = at.byteOrder === 'big' ? at.elementBytes - 1 - b : b;
    bytes[offset + b] = Math.floor((next < 0 ? next + 2 ** bits : next) / 2 ** (8 * shift)) & 0xff;
  }
}

function changed(from: number, map: TuneMap, change: Change): number {
  if (change.percent !== undefined) return from * (1 + (change.percent * change.amount) / 100);
  if (change.rpm !== undefined) return from + change.rpm * change.amount;
  const degrees = (change.degrees ?? 0) * change.amount;
  return from + (map.unit === '°' ? degrees : degrees * COUNTS_PER_DEGREE);
}

function rawOf(wanted: number, from: number, raw: number, conversion: Conversion): number {
  if (conversion.kind === 'linear') return (wanted - conversion.offset) / conversion.factor;
  if (conversion.kind === 'reciprocal') return conversion.numerator / wanted;
  if (conversion.kind === 'identity') return wanted;
  // Equations of bundled definitions for these roles are proportional.
  return from === 0 ? raw : (raw * wanted) / from;
}
