/** What the breakpoints of an unnamed axis mean, where unit, values and title leave no doubt. A stated quantity is never renamed. */
import type { Axis, Quantity, Tune, TuneMap } from '../model.ts';
import { wordsOf } from './words.ts';

const BY_UNIT: [RegExp, Quantity][] = [
  // Definitions label the grip of a throttle-by-wire map by what it asks for.
  [/\betv ?%/i, 'grip'],
  [/\brpm\b|engine speed|drehzahl|u\/min|1\/min/i, 'engineSpeed'],
  [/(throttle|tps).*deg|deg.*(throttle|tps)/i, 'throttleAngle'],
  [/% ?tps|tps ?%|\btps\b|throttle|drosselklappe/i, 'throttle'],
  [/\bload\b|\blast\b/i, 'load'],
  [/\bgear\b|\bgang\b/i, 'gear'],
];

/** Names the axes of a tune that its decoder left unknown. */
export function inferAxes(tune: Tune): Tune {
  return { ...tune, maps: tune.maps.map(nameAxes) };
}

function nameAxes(map: TuneMap): TuneMap {
  if (map.axes.every((a) => a.quantity !== 'unknown' || !a.known)) return map;
  // The speed axis first: what else an axis may be depends on it.
  let axes = map.axes.map((axis) => withQuantity(axis, speedOf(axis)));
  if (axes.filter((a) => a.quantity === 'engineSpeed').length > 1) axes = map.axes;
  const overSpeed = axes.some((a) => a.quantity === 'engineSpeed');
  const words = [...wordsOf(map.title), ...map.categories.flatMap(wordsOf)];
  axes = axes.map((axis) => withQuantity(axis, otherOf(axis, words, overSpeed)));
  return { ...map, axes };
}

/** The unit of a throttle that runs from 0 to 100 is percent; of an engine speed, rpm. */
function withQuantity(axis: Axis, quantity: Quantity | null): Axis {
  if (quantity === null || axis.quantity !== 'unknown' || !axis.known) return axis;
  let unit = axis.unit;
  if (unit === '' && quantity === 'engineSpeed') unit = 'rpm';
  const last = Math.max(...axis.breakpoints.filter(Number.isFinite));
  if (unit === '' && quantity === 'throttle' && last >= 75 && last <= 101) unit = '%';
  return { ...axis, quantity, unit };
}

function speedOf(axis: Axis): Quantity | null {
  const byUnit = unitQuantity(axis);
  if (byUnit !== null) return byUnit === 'engineSpeed' ? byUnit : null;
  const range = monotonicRange(axis);
  if (range === null || axis.unit !== '' || axis.breakpoints.length < 8) return null;
  // No 12-bit reading (4095) and no air pressure in mbar comes that far; from 0 up to 5120 may still be anything.
  const far = range.high >= 6000 || (range.high >= 5000 && range.low >= 300);
  return far && range.low >= 0 && range.low <= 2500 && range.high <= 20_000 ? 'engineSpeed' : null;
}

function otherOf(axis: Axis, words: readonly string[], overSpeed: boolean): Quantity | null {
  const byUnit = unitQuantity(axis);
  if (byUnit !== null) return byUnit;
  const range = monotonicRange(axis);
  if (range === null || axis.unit !== '' || axis.labels !== null) return null;
  const temperature = range.low >= -60 && range.low <= 40 && range.high >= 50 && range.high <= 200;
  if (temperature && words.includes('temp')) {
    if (words.includes('engine') || words.includes('coolant') || words.includes('water')) return 'coolantTemperature';
    if (words.includes('air') || words.includes('intake')) return 'airTemperature';
  }
  if (!overSpeed || axis.breakpoints.length < 8) return null;
  const percent = range.low >= 0 && range.low <= 3 && range.high >= 50 && range.high <= 140;
  if (words.includes('iap') || words.some((w, i) => w === 'map' && /^(vs|or|based)$/.test(words[i + 1] ?? ''))) {
    return range.high >= 80 ? 'intakePressure' : null;
  }
  // Said to be the throttle, but in counts: a load, and no percentage to compare with one.
  if (!percent) return words.includes('tps') && range.low >= 0 && range.high > 140 ? 'load' : null;
  const grip = words.includes('etv') || words.includes('tbw');
  if (grip) return 'grip';
  const mixtureOrSpark = words.some((w) => /^(tps|throttle|ign|ignition|spark|timing|zundung)/.test(w));
  return mixtureOrSpark ? 'throttle' : null;
}

function unitQuantity(axis: Axis): Quantity | null {
  if (axis.unit === '') return null;
  return BY_UNIT.find(([pattern]) => pattern.test(axis.unit))?.[1] ?? null;
}

/** Null: not monotonic (in either direction) or not numbers. */
function monotonicRange(axis: Axis): { low: number; high: number } | null {
  const b = axis.breakpoints;
  const first = b[0];
  const last = b[b.length - 1];
  if (!axis.known || first === undefined || last === undefined || b.length < 2) return null;
  const sign = Math.sign(last - first);
  for (let i = 1; i < b.length; i++) {
    if (!(((b[i] ?? Number.NaN) - (b[i - 1] ?? Number.NaN)) * sign > 0)) return null;
  }
  return { low: Math.min(first, last), high: Math.max(first, last) };
}
