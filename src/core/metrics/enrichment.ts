/** Corrections that multiply the fuel (air temperature, barometer, battery) and closed loop, where a self-describing tune holds them. */
import { barometricFactors } from '../barometer.ts';
import type { Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  nearZero: 'correction.nearZero.count',
  airFallsLittle: 'correction.airTemperature.fall.min',
  airFallsMuch: 'correction.airTemperature.fall.max',
  barometric: 'correction.barometric.span',
  crankingRising: 'enrichment.cranking.rising.max',
  accelerationLeast: 'enrichment.acceleration.least',
  authority: 'closedLoop.authority',
  narrowbandLoad: 'closedLoop.narrowband.load',
} as const;

/** A factor below this takes most of the fuel away; no tune at hand goes under 65 % up to 15 V. */
const NEAR_ZERO_PERCENT = 25;
/** A charging system does not go above. */
const HIGHEST_VOLTS = 15;

function measure({ tune }: MeasureInput): Metric[] {
  const live = tune.maps.filter((m) => m.kind === 'curve' && isLive(m));
  return [
    ...live.filter((m) => isFactor(m, tune)).map((m) => nearZero(m, tune)),
    ...live.filter((m) => isRole(m, 'correction.airTemperature') && isFactor(m, tune)).flatMap(airTemperature),
    ...live.filter((m) => isRole(m, 'correction.barometric') && isFactor(m, tune)).map((m) => barometric(m, tune)),
    ...live.filter((m) => isRole(m, 'enrichment.cranking') && m.unit === '%').flatMap(cranking),
    ...acceleration(live, tune),
    ...closedLoop(tune),
  ];
}

/** Percent around 100 that the fuel is multiplied by; tables of the difference alone are something else. All zero counts: it was 100 once. */
function isFactor(map: TuneMap, tune: Tune): boolean {
  if (!['airTemperature', 'barometric', 'battery'].some((r) => isRole(map, `correction.${r}`)) || map.unit !== '%') {
    return false;
  }
  const most = Math.max(...barometricFactors(map, tune).filter(Number.isFinite));
  return most === 0 || most >= 60;
}

function nearZero(map: TuneMap, tune: Tune): Metric {
  // A battery table may end near nothing at 24 V, where no motorcycle runs.
  const volts = map.axes.find((a) => a.quantity === 'batteryVoltage' && a.known);
  const met = (index: number): boolean => volts === undefined || (volts.breakpoints[index] ?? 0) <= HIGHEST_VOLTS;
  const cells = barometricFactors(map, tune)
    .map((measure, index) => ({ index, measure }))
    .filter((m) => m.measure < NEAR_ZERO_PERCENT && met(m.index));
  return {
    ...worstCell(
      ID.nearZero,
      'cells',
      map,
      cells.map((m) => ({ ...m, measure: 1 })),
      { worse: 'above', atEase: 0 },
    ),
    value: cells.length,
  };
}

/** Density falls with absolute temperature: 10 K of 298 K are 3.4 %, so the factor falls by about 3.2 points around 25 °C. */
function airTemperature(map: TuneMap): Metric[] {
  const axis = map.axes.find((a) => /Temperature$/.test(a.quantity) && a.known);
  const celsius = axis?.breakpoints.map((t) => (/f/i.test(axis.unit) ? ((t - 32) * 5) / 9 : t)) ?? [];
  const points = celsius
    .map((t, index) => ({ t, factor: map.cells[index] ?? Number.NaN, index }))
    .filter((p) => p.t >= 0 && p.t <= 60 && Number.isFinite(p.factor))
    .sort((a, b) => a.t - b.t);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.t - first.t < 15) {
    const reason = 'the table has too few points between 0 and 60 °C';
    return [ID.airFallsLittle, ID.airFallsMuch].map((id) => unmeasured(id, '%/10 K', map, reason));
  }
  const fall = ((first.factor - last.factor) / (last.t - first.t)) * 10;
  return [ID.airFallsLittle, ID.airFallsMuch].map((id) =>
    single(id, '%/10 K', map, fall, { index: last.index, facts: { from: first.t, to: last.t } }),
  );
}

/** With throttle as load nothing else knows the height; a tune that multiplies by pressure anyway may leave the table flat. */
function barometric(map: TuneMap, tune: Tune): Metric {
  const multiplies = tune.facts.settings['multiplyMAP'] ?? null;
  if (tune.facts.loadAlgorithm !== 'alphaN')
    return unmeasured(ID.barometric, '%', map, 'the load itself is a pressure');
  if (multiplies === null)
    return unmeasured(ID.barometric, '%', map, 'whether the tune multiplies by pressure is not said');
  if (!/^(no|off)$/i.test(multiplies))
    return unmeasured(ID.barometric, '%', map, 'the tune multiplies by pressure itself');
  const values = barometricFactors(map, tune).filter(Number.isFinite);
  return single(ID.barometric, '%', map, Math.max(...values) - Math.min(...values));
}

function cranking(map: TuneMap): Metric[] {
  const axis = map.axes.find((a) => /Temperature$/.test(a.quantity) && a.known);
  if (axis === undefined || axis.breakpoints.length !== map.cells.length) return [];
  const measured: Measured[] = [];
  for (let index = 1; index < map.cells.length; index++) {
    if (axis.breakpoints[index]! > axis.breakpoints[index - 1]!)
      measured.push({ index, measure: map.cells[index]! - map.cells[index - 1]! });
  }
  return measured.length === 0 ? [] : [worstCell(ID.crankingRising, '%', map, measured, { worse: 'above', atEase: 0 })];
}

/** Only the table of the mode in use: the one over throttle rate is dead where the mode is pressure. */
function acceleration(live: TuneMap[], tune: Tune): Metric[] {
  if (!/^tps$/i.test(tune.facts.settings['aeMode'] ?? '')) return [];
  return live
    .filter((m) => isRole(m, 'enrichment.acceleration') && finiteCells(m).length > 0)
    .map((m) => single(ID.accelerationLeast, '%', m, Math.max(...finiteCells(m))));
}

function closedLoop(tune: Tune): Metric[] {
  const { egoType = '', egoAlgorithm = '' } = tune.facts.settings;
  const scalar = (...titles: string[]): TuneMap | undefined =>
    tune.maps.find((m) => m.kind === 'scalar' && titles.includes(m.title) && Number.isFinite(m.cells[0]));
  if (egoType === '' || /disabled|off/i.test(egoType) || /no correction|invalid/i.test(egoAlgorithm)) return [];
  const metrics: Metric[] = [];
  const limit = scalar('egoLimit');
  if (limit !== undefined) metrics.push(single(ID.authority, '%', limit, limit.cells[0]!));
  const load = scalar('egoTPSMax', 'TPSOXLimit');
  if (load !== undefined && /narrow/i.test(egoType)) metrics.push(single(ID.narrowbandLoad, '%', load, load.cells[0]!));
  return metrics;
}

export const family: MetricFamily = {
  id: 'enrichment',
  metrics: [
    {
      id: ID.nearZero,
      unit: 'cells',
      title: 'Cells of a fuel correction that take most of the fuel away',
      worse: 'above',
    },
    { id: ID.airFallsLittle, unit: '%/10 K', title: 'How much the air-temperature correction falls', worse: 'below' },
    { id: ID.airFallsMuch, unit: '%/10 K', title: 'How much the air-temperature correction falls', worse: 'above' },
    { id: ID.barometric, unit: '%', title: 'Span of the barometric correction with throttle as load', worse: 'below' },
    { id: ID.crankingRising, unit: '%', title: 'Cranking enrichment that rises with temperature', worse: 'above' },
    { id: ID.accelerationLeast, unit: '%', title: 'Largest acceleration enrichment', worse: 'below' },
    { id: ID.authority, unit: '%', title: 'How far closed loop may correct', worse: 'above' },
    { id: ID.narrowbandLoad, unit: '%', title: 'Throttle up to which a narrowband probe corrects', worse: 'above' },
  ],
  measure,
};
