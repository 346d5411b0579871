/** Sensors: what stands in for a failed one, curves and scales against stock. */
import type { Tune, TuneMap } from '../model.ts';
import { finiteCells, isLive, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  throttle: 'sensor.throttle.span',
  curve: 'sensor.curve.offStock.K',
  scale: 'sensor.scale.offStock.percent',
  hot: 'sensor.default.hot',
  axis: 'axis.coolant.max',
} as const;

function measure(input: MeasureInput): Metric[] {
  const { tune, stock } = input;
  const metrics: Metric[] = [...throttle(tune), ...coolantAxes(tune)];
  for (const map of tune.maps.filter((m) => isRole(m, 'sensor.default') && isLive(m) && isTemperature(m))) {
    if (!/engine|coolant|water|clt|ect|air|iat/i.test(map.title)) continue;
    metrics.push(single(ID.hot, '°C', map, toCelsius(map, Math.max(...finiteCells(map)))));
  }
  if (stock === null) return metrics;
  for (const map of tune.maps.filter(
    (m) => isRole(m, 'sensor') && m.kind === 'curve' && isLive(m) && isTemperature(m),
  )) {
    const known = stock.maps.get(map.id);
    if (known === undefined) continue;
    if (!known.equal && known.map === null) {
      metrics.push(
        unmeasured(ID.curve, '°C', map, 'this curve was changed, and only a hash of its factory version is known'),
      );
      continue;
    }
    const scale = /f/i.test(map.unit) ? 5 / 9 : 1;
    const measured: Measured[] = (known.map === null ? [] : (known.changed ?? [])).map((index) => ({
      index,
      measure: Math.abs(map.cells[index]! - known.map!.cells[index]!) * scale,
    }));
    metrics.push(worstCell(ID.curve, '°C', map, measured, { worse: 'above', atEase: 0, reference: stock.kind }));
  }
  return [...metrics, ...scales(input)];
}

const isTemperature = (map: TuneMap): boolean =>
  /^°?[cf]$|celsius|fahrenheit/i.test(map.unit.trim()) && map.unitFrom !== 'none';
const toCelsius = (map: TuneMap, value: number): number => (/f/i.test(map.unit) ? ((value - 32) * 5) / 9 : value);

const scalar = (tune: Tune, title: string): TuneMap | undefined =>
  tune.maps.find((m) => m.title === title && m.kind === 'scalar' && !m.unset && Number.isFinite(m.cells[0]));

/** Counts of a converter of ten bits over five volts. */
const COUNTS_PER_VOLT = 1_023 / 5;

/** Closed against wide open, in counts of the converter (rusEFI states volts): too near each other means that the throttle is never read. */
function throttle(tune: Tune): Metric[] {
  const [closed, open] = [scalar(tune, 'tpsMin'), scalar(tune, 'tpsMax')];
  if (closed === undefined || open === undefined) return [];
  const facts = { closed: closed.cells[0]!, open: open.cells[0]! };
  const span = Math.abs(facts.open - facts.closed) * (open.unit === 'V' ? COUNTS_PER_VOLT : 1);
  return [single(ID.throttle, 'counts', open, span, { facts })];
}

/** What the sensor reads at its ends: Speeduino, MegaSquirt, rusEFI. */
const LOW = ['mapMin', 'map0', 'map_sensor_lowValue'];
const HIGH = ['mapMax', 'mapmax', 'map_sensor_highValue'];

/** Slope of the pressure sensor against the stock project's. */
function scales({ tune, stock }: MeasureInput): Metric[] {
  if (stock?.tune == null) return [];
  const span = (of: Tune): number | null => {
    const [low, high] = [LOW, HIGH].map((names) => names.map((n) => scalar(of, n)).find((m) => m !== undefined));
    return low === undefined || high === undefined ? null : high.cells[0]! - low.cells[0]!;
  };
  const [now, was] = [span(tune), span(stock.tune)];
  if (now === null || was === null || was === 0) return [];
  const map = HIGH.map((n) => scalar(tune, n)).find((m) => m !== undefined) ?? null;
  return [
    single(ID.scale, '%', map, Math.abs(now / was - 1) * 100, {
      reference: 'stockFile',
      facts: { tune: now, stock: was },
    }),
  ];
}

/** A coolant axis that ends over 160 °C is in another unit, or reads something else. */
function coolantAxes(tune: Tune): Metric[] {
  return tune.maps
    .filter((m) => isLive(m) && m.confidence !== 'guessed')
    .flatMap((map) => {
      const axis = map.axes.find((a) => a.quantity === 'coolantTemperature' && a.known && /^°?c|celsius/i.test(a.unit));
      if (axis === undefined) return [];
      const top = Math.max(...axis.breakpoints.filter(Number.isFinite));
      return Number.isFinite(top) ? [single(ID.axis, '°C', map, top)] : [];
    });
}

export const family: MetricFamily = {
  id: 'sensors',
  metrics: [
    { id: ID.throttle, unit: 'counts', title: 'Throttle sensor from closed to open', worse: 'below' },
    { id: ID.curve, unit: '°C', title: 'Temperature sensor curve against stock', worse: 'above' },
    { id: ID.scale, unit: '%', title: 'Slope of the pressure sensor against stock', worse: 'above' },
    { id: ID.hot, unit: '°C', title: 'Temperature that stands in for a failed sensor', worse: 'above' },
    { id: ID.axis, unit: '°C', title: 'Last breakpoint of a coolant axis', worse: 'above' },
  ],
  measure,
};
