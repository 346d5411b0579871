/** Injectors, volumetric efficiency and everything that meters fuel besides the main map. */
import type { TuneMap } from '../model.ts';
import { isLive, isMain, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  duty: 'injector.duty.max',
  dutyCap: 'injector.dutyLimit',
  deadTime: 'injector.deadTime',
  deadTimeLong: 'injector.deadTime.long',
  deadTimeRising: 'injector.deadTime.rising.count',
  deadTimeSlope: 'injector.deadTime.fallPerVolt',
  required: 'injector.requiredFuel.ratio',
  stoich: 'fuel.stoich.ethanolMismatch',
  ve: 've.fullLoad.max',
  veHole: 've.fullLoad.min',
  cylinderSplit: 'fuel.cylinderSplit.max',
  dry: 'fuel.cylinderDry.count',
} as const;

function measure(input: MeasureInput): Metric[] {
  const { tune, conditions } = input;
  const metrics: Metric[] = [...duty(input), ...deadTime(tune.maps), ...ve(input), ...cylinders(input)];
  for (const map of tune.maps.filter((m) => isRole(m, 'injector.dutyLimit') && isLive(m))) {
    metrics.push(single(ID.dutyCap, '%', map, map.cells[0] ?? Number.NaN));
  }
  const required = requiredFuelRatio(input);
  if (required !== null) {
    metrics.push(single(ID.required, '1', required.map, required.ratio, { facts: requiredFuelFacts(required) }));
  }
  const { stoichiometricAfr } = tune.facts;
  const { ethanolPercent } = conditions;
  if (stoichiometricAfr !== null && ethanolPercent !== null) {
    // 14.7 for petrol, 9.0 for ethanol, between them by share: physics section 12.
    const wanted = 14.7 - (5.7 * ethanolPercent) / 100;
    metrics.push(
      single(ID.stoich, '%', null, Math.abs(stoichiometricAfr / wanted - 1) * 100, {
        facts: { tune: stoichiometricAfr, wanted, ethanol: ethanolPercent },
      }),
    );
  }
  return metrics;
}

interface RequiredFuel {
  map: TuneMap;
  ratio: number;
  wanted: number;
  /** Part of the fuel of a cycle that one squirt is. */
  share: number;
  product: number | null;
}

export const requiredFuelFacts = ({ map, ratio, wanted, share, product }: RequiredFuel): Metric['facts'] => ({
  tune: map.cells[0]!,
  wanted,
  oneSquirt: ratio * share,
  ...(product === null ? {} : { product }),
});

/**
 * Required fuel of the file over what engine and injectors need, ms; null where the file or its engine does not say.
 * `product` is that ratio times the volumetric efficiency at full load, percent: what the cylinder is given, whoever makes up for whom.
 */
export function requiredFuelRatio({ tune, motorcycle, regions }: MeasureInput): RequiredFuel | null {
  const map = tune.maps.find((m) => isRole(m, 'injector.requiredFuel') && isLive(m));
  const flow = tune.facts.injectorCcMin;
  const size = motorcycle?.displacementCc ?? tune.facts.displacementCc;
  const cylinderCount = motorcycle?.cylinders ?? tune.facts.cylinders;
  if (map === undefined || flow === null || flow <= 0 || size === null || cylinderCount === null) return null;
  // Air of one cylinder at 100 kPa and 20 °C (1.19 g/l), petrol 0.745 g/cc: physics section 8.
  const air = (size / cylinderCount / 1_000) * 1.19;
  const fuelCc = air / (tune.facts.stoichiometricAfr ?? 14.7) / 0.745;
  // The file holds the time of one squirt: all cylinders have so many in a cycle, and where two banks alternate each has every other one.
  const { squirtsPerCycle, settings } = tune.facts;
  const share =
    squirtsPerCycle === null ? 1 : (/^alternating$/i.test(settings['alternate'] ?? '') ? 2 : 1) / squirtsPerCycle;
  const wanted = (fuelCc / flow) * 60_000 * share;
  const ratio = map.cells[0]! / wanted;
  const ve = fullLoadEfficiency(tune.maps, regions);
  return { map, ratio, wanted, share, product: ve === null ? null : ratio * ve };
}

/** Median of the volumetric efficiency at full load, percent. */
function fullLoadEfficiency(maps: readonly TuneMap[], regions: MeasureInput['regions']): number | null {
  const values: number[] = [];
  for (const map of maps.filter((m) => isMain(m, 've') && m.kind === 'map' && m.unit === '%' && isLive(m))) {
    const high = regions.byMap.get(map.id)?.highLoad;
    for (const [i, v] of map.cells.entries()) if (high?.[i] === 1 && v > 0) values.push(v);
  }
  return values.sort((a, b) => a - b)[values.length >> 1] ?? null;
}

/** Pulse width against the time of one engine cycle, for factory maps that hold milliseconds. */
function duty({ tune, regions, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter(
    (m) => isMain(m, 'fuel') && m.unit === 'ms' && m.unitFrom !== 'none' && isLive(m),
  )) {
    const region = regions.byMap.get(map.id);
    const speed = map.axes.find((a) => a.axis === region?.speedAxis);
    // A map that does not govern full load must not pass there.
    if (region?.known !== true || speed === undefined || !region.highLoad.includes(1)) continue;
    const equal = stock?.maps.get(map.id)?.equal === true;
    const measured: Measured[] = [];
    for (let index = 0; index < map.cells.length; index++) {
      if (region.highLoad[index] !== 1) continue;
      const n = speed.breakpoints[speed.axis === 'x' ? index % map.columns : Math.floor(index / map.columns)]!;
      measured.push({ index, measure: (map.cells[index]! / (120_000 / n)) * 100 });
    }
    // A factory map that would ask for more than all the time there is holds no milliseconds: a factor is unknown.
    if (equal && measured.some((m) => m.measure > 100)) {
      metrics.push(unmeasured(ID.duty, '%', map, 'the milliseconds of this definition cannot be whole ones'));
      continue;
    }
    metrics.push(
      worstCell(ID.duty, '%', map, measured, {
        worse: 'above',
        atEase: 0,
        reference: equal ? stock!.kind : 'absolute',
      }),
    );
  }
  return metrics;
}

/** Volts of a running charging system at which dead time is judged. */
const RUNNING_VOLTS = 13.5;

function deadTime(maps: TuneMap[]): Metric[] {
  const metrics: Metric[] = [];
  for (const map of maps.filter((m) => m.role === 'correction.battery' && m.kind === 'curve' && isLive(m))) {
    // Speeduino: the dead time, or the whole pulse, times a percentage.
    const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known)?.breakpoints ?? [];
    const points = volts.map((v, index) => ({ v, index })).sort((a, b) => a.v - b.v);
    if (points.length < 3 || points.length !== map.cells.length || map.unitFrom === 'none') continue;
    const up = points.filter((p, i) => i > 0 && map.cells[p.index]! > map.cells[points[i - 1]!.index]!);
    metrics.push(single(ID.deadTimeRising, 'steps', map, up.length, { index: up[0]?.index ?? 0 }));
  }
  for (const map of maps.filter((m) => m.role === 'injector.deadTime' && isLive(m) && m.unitFrom !== 'none')) {
    const scale = /µs|us/i.test(map.unit) ? 0.001 : 1;
    const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known);
    if (map.cells.length > 1 && (volts === undefined || volts.breakpoints.length !== map.cells.length)) {
      metrics.push(unmeasured(ID.deadTime, 'ms', map, 'which cell is 13 to 14 V is not known'));
      continue;
    }
    // Sorted by voltage: an axis may descend.
    const points = Array.from(map.cells, (ms, index) => ({
      volts: volts?.breakpoints[index] ?? RUNNING_VOLTS,
      ms: ms * scale,
      index,
    }))
      .filter((p) => Number.isFinite(p.volts) && Number.isFinite(p.ms))
      .sort((a, b) => a.volts - b.volts);
    const at = deadTimeAt(points);
    if (at === null) continue;
    metrics.push(single(ID.deadTime, 'ms', map, at.ms, { index: at.index }));
    metrics.push(single(ID.deadTimeLong, 'ms', map, at.ms, { index: at.index }));
    const [first, last] = [points[0], points.at(-1)];
    if (points.length < 3 || first === undefined || last === undefined || last.volts - first.volts < 2) continue;
    const steps = points.map((p, i) => (i > 0 && p.ms > points[i - 1]!.ms ? p : null)).filter((p) => p !== null);
    metrics.push(single(ID.deadTimeRising, 'steps', map, steps.length, { index: steps[0]?.index ?? 0 }));
    metrics.push(single(ID.deadTimeSlope, 'ms/V', map, (first.ms - last.ms) / (last.volts - first.volts)));
  }
  return metrics;
}

/** Between the breakpoints as the ECU itself does; the index is that of the nearer one. */
function deadTimeAt(points: { volts: number; ms: number; index: number }[]): { ms: number; index: number } | null {
  const above = points.findIndex((p) => p.volts >= RUNNING_VOLTS);
  const upper = points[above];
  const lower = above < 0 ? points.at(-1) : points[above - 1];
  if (upper === undefined || lower === undefined) return upper ?? lower ?? null;
  const share = (RUNNING_VOLTS - lower.volts) / (upper.volts - lower.volts);
  return { ms: lower.ms + (upper.ms - lower.ms) * share, index: share < 0.5 ? lower.index : upper.index };
}

function ve({ tune, regions, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter((m) => isMain(m, 've') && m.kind === 'map' && isLive(m))) {
    const region = regions.byMap.get(map.id);
    if (region?.known !== true) continue;
    const cells = Array.from(map.cells, (measure, index) => ({ index, measure })).filter(
      (m) => region.highLoad[m.index] === 1,
    );
    if (cells.length === 0) continue;
    // A hole that stock has too is the change of nobody: with its cells at hand only what lies lower counts.
    const was = stock?.maps.get(map.id)?.map?.cells ?? null;
    const lower = was === null ? cells : cells.filter((c) => c.measure < was[c.index]! * 0.98);
    metrics.push(worstCell(ID.ve, '%', map, cells, { worse: 'above', atEase: 100 }));
    metrics.push(
      worstCell(ID.veHole, '%', map, lower, {
        worse: 'below',
        atEase: 100,
        facts: (w) => ({ least: w?.measure ?? Number.NaN }),
      }),
    );
  }
  return metrics;
}

/** Twin fuel maps of cylinders: how far they differ at high load; with a stock file, beyond stock's own split. */
function cylinders({ tune, regions, stock }: MeasureInput): Metric[] {
  const groups = new Map<string, TuneMap[]>();
  for (const map of tune.maps.filter((m) => isMain(m, 'fuel', 've') && m.kind === 'map' && isLive(m))) {
    const which = map.variant.cylinder ?? map.variant.bank;
    if (which === undefined) continue;
    const { gear = '', mode = '', load = '' } = map.variant;
    const key = `${map.family}|${gear}|${mode}|${load}`;
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  const metrics: Metric[] = [];
  for (const maps of groups.values()) {
    const first = maps[0]!;
    const region = regions.byMap.get(first.id);
    if (maps.length < 2 || region?.known !== true || !region.highLoad.includes(1)) continue;
    const allEqual = stock !== null && maps.every((m) => stock.maps.get(m.id)?.equal === true);
    const measured: Measured[] = [];
    const dry: Measured[] = [];
    for (let index = 0; !allEqual && index < first.cells.length; index++) {
      if (region.highLoad[index] !== 1) continue;
      const values = maps.map((m) => m.cells[index] ?? Number.NaN);
      if (Math.min(...values) <= 0 && Math.max(...values) > 0) dry.push({ index, measure: 1 });
      const split = splitAt(values);
      const was = splitAt(maps.map((m) => stock?.maps.get(m.id)?.map?.cells[index] ?? Number.NaN));
      const measure = Number.isFinite(was) ? split - was : split;
      if (Number.isFinite(measure) && measure > 0) measured.push({ index, measure });
    }
    const factory = allEqual && stock !== null ? stock.kind : 'absolute';
    metrics.push({
      ...worstCell(ID.dry, 'cells', first, dry, { worse: 'above', atEase: 0, reference: factory }),
      value: dry.length,
    });
    const file = stock?.kind === 'stockFile' || allEqual;
    metrics.push(
      worstCell(ID.cylinderSplit, '%', first, measured, {
        worse: 'above',
        atEase: 0,
        reference: file ? stock!.kind : 'absolute',
        facts: () => ({ againstStock: file ? 1 : 0 }),
      }),
    );
  }
  return metrics;
}

function splitAt(values: number[]): number {
  const least = Math.min(...values);
  return least > 0 ? (Math.max(...values) / least - 1) * 100 : Number.NaN;
}

export const family: MetricFamily = {
  id: 'injection',
  metrics: [
    { id: ID.duty, unit: '%', title: 'Injector duty at high load', worse: 'above' },
    { id: ID.dutyCap, unit: '%', title: 'Injector duty limit', worse: 'above' },
    { id: ID.deadTime, unit: 'ms', title: 'Injector dead time at 13 to 14 V', worse: 'below' },
    { id: ID.deadTimeLong, unit: 'ms', title: 'Injector dead time at 13 to 14 V', worse: 'above' },
    { id: ID.deadTimeRising, unit: 'steps', title: 'Steps where dead time rises with voltage', worse: 'above' },
    { id: ID.deadTimeSlope, unit: 'ms/V', title: 'How much dead time falls with each volt', worse: 'below' },
    {
      id: ID.required,
      unit: '1',
      title: 'Required fuel against what the engine and its injectors need',
      worse: 'above',
    },
    { id: ID.stoich, unit: '%', title: 'Stoichiometric ratio against the declared fuel', worse: 'above' },
    { id: ID.ve, unit: '%', title: 'Largest volumetric efficiency at high load', worse: 'above' },
    { id: ID.veHole, unit: '%', title: 'Least volumetric efficiency at high load', worse: 'below' },
    { id: ID.cylinderSplit, unit: '%', title: 'Fuel of one cylinder against another at high load', worse: 'above' },
    { id: ID.dry, unit: 'cells', title: 'High-load cells where one cylinder gets no fuel', worse: 'above' },
  ],
  measure,
};
