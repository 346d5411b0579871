/** Which constants are the breakpoints of a table, and what they mean. */
import type { Axis, Quantity } from '../../core/model.ts';
import type { Bins, KnownName } from './known-names.ts';
import type { Ini } from './read-ini.ts';
import type { MsqConstant } from './read-xml.ts';
import { plainUnit } from './units.ts';

/** What is known of a file while its tables are put together. */
export interface Project {
  constants: ReadonlyMap<string, MsqConstant>;
  /** Numbers by name; null where it holds words. */
  numbers: ReadonlyMap<string, Float64Array | null>;
  /** Enumerations and texts without quotes, by name. */
  words: Readonly<Record<string, string>>;
  ini: Ini | null;
}

/** The axes of a curve or map, and the names of the constants that they came from. */
export function axesOf(
  name: string,
  kind: 'curve' | 'map',
  rows: number,
  columns: number,
  known: KnownName | null,
  project: Project,
): { axes: Axis[]; bins: string[] } {
  const stated: Bins[] = (project.ini?.tables.get(name) ?? []).map((t) =>
    t.y === null ? { x: t.x } : { x: t.x, y: t.y },
  );
  const fits = (bins: string | undefined, count: number): boolean =>
    bins !== undefined && bins !== name && project.numbers.get(bins)?.length === count;
  // Firmwares that keep a table in three arrays call them so.
  const stem = /^(.+)_[yz]$/.exec(name)?.[1];
  const sisters: Bins[] = stem === undefined ? [] : [{ x: `${stem}_x`, ...(kind === 'map' ? { y: `${stem}_y` } : {}) }];
  const choice = [...stated, ...(known?.bins ?? []), ...sisters].find(
    (c) => fits(c.x, columns) && (kind === 'curve' || fits(c.y, rows)),
  );
  const axes = [axisOf('x', choice?.x, columns, kind === 'curve' ? (known?.quantity ?? null) : null, project)];
  if (kind === 'map') axes.push(axisOf('y', choice?.y, rows, null, project));
  const bins = choice === undefined ? [] : kind === 'map' ? [choice.x, choice.y!] : [choice.x];
  return { axes, bins };
}

function axisOf(
  axis: 'x' | 'y',
  bins: string | undefined,
  count: number,
  stated: Quantity | null,
  project: Project,
): Axis {
  const constant = bins === undefined ? undefined : project.constants.get(bins);
  const values = bins === undefined ? undefined : project.numbers.get(bins);
  const rest = { axis, labels: null, raw: null, at: null };
  if (constant === undefined || values == null) {
    const breakpoints = Array.from({ length: count }, (_, i) => i + 1);
    return { ...rest, quantity: 'unknown', unit: '', breakpoints, known: false, digits: null };
  }
  const written = constant.units !== '' ? constant.units : (project.ini?.constants.get(constant.name)?.units ?? '');
  return {
    ...rest,
    quantity: quantityOf(written, constant.name, project.words) ?? stated ?? 'unknown',
    unit: plainUnit(written),
    breakpoints: Array.from(values),
    known: true,
    digits: constant.digits,
  };
}

/** By its unit where that is clear, else by its name. Null: neither tells. */
function quantityOf(unit: string, name: string, words: Readonly<Record<string, string>>): Quantity | null {
  if (/\/ ?s(ec)?$|\bdot\b/i.test(unit) || /delta/i.test(name)) return null;
  const plain = plainUnit(unit);
  if (plain === 'rpm') return 'engineSpeed';
  if (/tps/i.test(unit)) return 'throttle';
  if (plain === '°C' || plain === '°F') return temperatureOf(name);
  if (plain === 'kPa') return /baro/i.test(name) ? 'barometricPressure' : 'intakePressure';
  if (plain === 'V') return /bat|brv|dwell|volt/i.test(name) ? 'batteryVoltage' : null;
  if (/pedal/i.test(name)) return 'grip';
  if (/rpm/i.test(name) && unit === '') return 'engineSpeed';
  if (/^tps|tps_?bins/i.test(name)) return 'throttle';
  if (/load|^[fsa]map_|mapBins/i.test(name)) return loadOf(words);
  return null;
}

function temperatureOf(name: string): Quantity {
  return /air|iat|mat(?!orclt)|intake/i.test(name) ? 'airTemperature' : 'coolantTemperature';
}

/** A load axis without a telling unit: what the project says its load is. */
function loadOf(words: Readonly<Record<string, string>>): Quantity {
  const algorithm = words['algorithm'] ?? words['fuelAlgorithm'] ?? '';
  if (/tps|alpha/i.test(algorithm)) return 'throttle';
  return /^(map|speed density)$/i.test(algorithm) ? 'intakePressure' : 'load';
}
