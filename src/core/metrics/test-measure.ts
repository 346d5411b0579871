/** What tests of metric families share: hand-made maps, and all metrics of a tune with or without stock. */
import { metricFamilies } from '../../generated/metrics.ts';
import type { Conditions, Motorcycle, Tune, TuneMap } from '../model.ts';
import { computeRegions } from '../regions.ts';
import { testAxis, testMap } from '../roles/test-maps.ts';
import { type StockReference, stockFromTune } from '../stock.ts';
import { cellOf, LOADS, roadTune, SPEEDS, testMotorcycle } from '../test-tune.ts';
import type { Metric } from './metric.ts';

/** A tune and what is known about it. */
export interface Case {
  tune: Tune;
  stock?: Tune | null;
  bike?: Partial<Motorcycle> | null;
  conditions?: Partial<Conditions>;
}

/** All metrics, those about the others included. */
export function measured({ tune, stock = null, bike = {}, conditions = {} }: Case): Metric[] {
  const motorcycle = bike === null ? null : testMotorcycle(bike);
  let reference: StockReference | null = null;
  if (stock !== null) {
    const check = stockFromTune(tune, stock, 'test', { identical: false, sameDefinition: true });
    if (check.kind === 'refused') throw new Error(check.reason);
    reference = check.stock;
  }
  const input = {
    tune,
    motorcycle,
    stock: reference,
    conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [], ...conditions },
    regions: computeRegions(tune, motorcycle, reference),
  };
  const own = metricFamilies.flatMap((f) => f.measure(input));
  return [...own, ...metricFamilies.flatMap((f) => f.after?.(input, own) ?? [])];
}

/** Worst value of a metric; undefined: none was given, null: it could not be measured. */
export function worstOf(given: Case, id: string): number | null | undefined {
  const found = measured(given).filter((m) => m.id === id);
  if (found.length === 0) return undefined;
  const values = found.map((m) => m.value).filter((v) => v !== null);
  const below = metricFamilies.flatMap((f) => f.metrics).find((m) => m.id === id)?.worse === 'below';
  return values.length === 0 ? null : below ? Math.min(...values) : Math.max(...values);
}

/** What a map for tests may be given. */
export type Extra = Parameters<typeof testMap>[0];
/** The tune with more maps. */
export const add = (base: Tune, ...maps: Extra[]): Tune => ({
  ...base,
  maps: [...base.maps, ...maps.map((m) => testMap(m))],
});
/** One number. */
export const scalar = (title: string, value: number, given: Partial<TuneMap> = {}): Extra => ({
  title,
  cells: Float64Array.of(value),
  ...given,
});
/** A row of numbers. */
export const curve = (title: string, values: number[], given: Partial<TuneMap> = {}): Extra => ({
  title,
  columns: values.length,
  cells: Float64Array.from(values),
  ...given,
});
/** The tune with settings and facts of its own. */
export const settings = (base: Tune, said: Record<string, string>, facts: Partial<Tune['facts']> = {}): Tune => ({
  ...base,
  facts: { ...base.facts, ...facts, settings: said },
});
/** Four high-load cells side by side. */
export const HIGH = [cellOf(5000, 90), cellOf(5000, 100), cellOf(6000, 90), cellOf(6000, 100)];
/** The road tune with some cells of one map changed. */
export const changed = (title: string, by: (v: number) => number, cells = HIGH): Tune =>
  roadTune((maps) => {
    for (const i of cells) maps[title]!.cells[i] = by(maps[title]!.cells[i]!);
  });
/** A target table of one lambda throughout. */
export const lambda = (value: number): Extra => ({
  title: 'target',
  role: 'lambdaTarget',
  unit: 'λ',
  rows: SPEEDS.length,
  columns: LOADS.length,
  axes: [testAxis('x', LOADS, 'throttle', '%'), testAxis('y', SPEEDS, 'engineSpeed', 'rpm')],
  cells: new Float64Array(SPEEDS.length * LOADS.length).fill(value),
});
/** A throttle map over grip and speed. */
export const grip = (title: string, gear: string, by: (grip: number, rpm: number) => number, unit = '%'): Extra => ({
  title,
  role: 'throttle',
  family: 'throttle',
  variant: { gear },
  unit,
  rows: SPEEDS.length,
  columns: LOADS.length,
  axes: [testAxis('x', LOADS, 'grip', '%'), testAxis('y', SPEEDS, 'engineSpeed', 'rpm')],
  cells: Float64Array.from(SPEEDS.flatMap((rpm) => LOADS.map((g) => by(g, rpm)))),
});
/** A switch. */
export const flag = (title: string, role: TuneMap['role'], state: boolean): Extra =>
  scalar(title, state ? 1 : 0, { kind: 'flag', role, state });
/** An axis of battery voltage. */
export const volts = (values: number[]): TuneMap['axes'] => [testAxis('x', values, 'batteryVoltage', 'V')];
/** The same map for another cylinder. */
export const twin = (title: string, cylinder: string, of: TuneMap): Extra => ({
  ...of,
  id: title,
  title,
  variant: { cylinder },
});
/** The spark map of the road tune. */
export const spark = (): TuneMap => roadTune().maps[0]!;
/** The map with every cell moved. */
export const plus = (map: TuneMap, by: number): TuneMap => ({ ...map, cells: map.cells.map((v) => v + by) });
/** A curve of bytes with raw elements, so that the end of its number range is known. */
export const bytes = (title: string, raw: number[], given: Partial<TuneMap>): Extra => ({
  ...curve(title, raw, given),
  raw: Float64Array.from(raw),
  at: {
    offsetBytes: 0,
    elementBytes: 1,
    byteOrder: 'big',
    signed: false,
    float: false,
    layout: 'row',
    elementStepBytes: 1,
    lineStepBytes: 1,
  },
});

/** The road tune as it is. */
export const road = (): Tune => roadTune();
