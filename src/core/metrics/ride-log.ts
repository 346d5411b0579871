/** What ride logs measured: the mixture that the engine got, knock, duty, heat, voltage. Nothing without a log. */
import type { RideCell } from '../logs/ride-log.ts';
import type { TuneMap } from '../model.ts';
import { cellAt, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  lean: 'log.lambda.highLoad.max',
  overTarget: 'log.lambda.overTarget.max',
  underTarget: 'log.lambda.underTarget.max',
  knock: 'log.knock.count',
  duty: 'log.duty.max',
  coolant: 'log.coolant.max',
  intakeAir: 'log.intakeAir.max',
  battery: 'log.battery.min',
  railed: 'log.lambda.railed.percent',
  unseen: 'log.highLoad.unseen.percent',
  overspeed: 'log.rpm.overLimiter.percent',
} as const;

const NO_PROBE = 'the log has no reading of a wideband probe';

function measure({ tune, motorcycle, log, regions }: MeasureInput): Metric[] {
  if (log == null) return [];
  const map = tune.maps.find((m) => m.id === log.map?.id) ?? null;
  const { extremes } = log;
  const held = (id: string, unit: string, value: number | null, what: string): Metric =>
    value === null ? unmeasured(id, unit, null, `the log has no ${what}`) : single(id, unit, null, value);
  return [
    ...mixture(map, log, motorcycle?.aspiration),
    ...knock(map, log),
    extremes.dutyPercent === null
      ? unmeasured(ID.duty, '%', null, 'the log has neither duty nor pulse width of the injectors')
      : single(ID.duty, '%', null, extremes.dutyPercent, { facts: { from: extremes.dutyFrom ?? '' } }),
    held(ID.coolant, '°C', extremes.coolantC, 'coolant temperature'),
    held(ID.intakeAir, '°C', extremes.intakeAirC, 'intake air temperature'),
    held(ID.battery, 'V', extremes.batteryV, 'battery voltage'),
    log.probe === null || log.samples.used === 0
      ? unmeasured(ID.railed, '%', null, NO_PROBE)
      : single(ID.railed, '%', null, Math.max(log.probe.atLeanEndPercent, log.probe.atRichEndPercent), {
          facts: {
            end: log.probe.atLeanEndPercent >= log.probe.atRichEndPercent ? 'lean' : 'rich',
            lambda:
              (log.probe.atLeanEndPercent >= log.probe.atRichEndPercent ? log.probe.leanEnd : log.probe.richEnd) ?? 0,
          },
        }),
    log.coverage.ratio === null
      ? unmeasured(ID.unseen, '%', null, log.coverage.reason)
      : single(ID.unseen, '%', null, (1 - log.coverage.ratio) * 100, {
          facts: { measured: log.coverage.measured, of: log.coverage.highLoadCells },
        }),
    extremes.rpm === null || regions.limiterRpm === null
      ? unmeasured(
          ID.overspeed,
          '%',
          null,
          extremes.rpm === null ? 'the log has no engine speed' : 'no limiter is known',
        )
      : single(ID.overspeed, '%', null, (extremes.rpm / regions.limiterRpm - 1) * 100, {
          facts: { held: Math.round(extremes.rpm), limiterRpm: Math.round(regions.limiterRpm) },
        }),
  ];
}

function mixture(map: TuneMap | null, log: NonNullable<MeasureInput['log']>, aspiration: string | undefined): Metric[] {
  const none = (reason: string): Metric[] => [
    unmeasured(ID.lean, 'λ', null, reason),
    unmeasured(ID.overTarget, '%', null, reason),
    unmeasured(ID.underTarget, '%', null, reason),
  ];
  if (map === null) return none(log.reason);
  if (log.probe === null) return none(NO_PROBE);
  const claimed = log.cells.filter((c) => c.claimed);
  if (claimed.length === 0) return none('no cell has hits enough to claim anything');
  const at = (c: RideCell): number => c.row * map.columns + c.column;
  const high = claimed.filter((c) => c.highLoad);
  // Full load has limits of its own: one cause is one finding.
  const placed = claimed.filter((c) => c.deviationPercent !== null);
  const below = placed.filter((c) => !c.highLoad);
  const facts = (cells: RideCell[]) => (worst: { index: number } | null) => {
    const cell = cells.find((c) => at(c) === worst?.index);
    return cell === undefined
      ? { hits: 0 }
      : {
          hits: cell.hits,
          lambda: cell.lambda,
          spread: cell.spread,
          ...(cell.target === null ? {} : { target: cell.target }),
          highLoad: cell.highLoad ? 1 : 0,
          boosted: aspiration !== undefined && aspiration !== 'na' ? 1 : 0,
        };
  };
  const worst = (id: string, unit: string, cells: RideCell[], value: (c: RideCell) => number, atEase: number): Metric =>
    worstCell(
      id,
      unit,
      map,
      cells.map((c) => ({ index: at(c), measure: value(c) })),
      {
        worse: 'above',
        atEase,
        facts: facts(cells),
      },
    );
  return [
    high.length === 0
      ? unmeasured(ID.lean, 'λ', map, log.coverage.reason)
      : worst(ID.lean, 'λ', high, (c) => c.lambda, 0),
    ...(placed.length === 0
      ? [ID.overTarget, ID.underTarget].map((id) =>
          unmeasured(id, '%', map, 'no target is known where the engine was measured'),
        )
      : [
          worst(ID.overTarget, '%', below, (c) => c.deviationPercent!, 0),
          worst(ID.underTarget, '%', placed, (c) => -c.deviationPercent!, 0),
        ]),
  ];
}

function knock(map: TuneMap | null, log: NonNullable<MeasureInput['log']>): Metric[] {
  if (log.knock === null) return [unmeasured(ID.knock, 'events', null, 'the log has no knock field')];
  const { events, cells } = log.knock;
  const retard = Math.max(0, ...cells.map((c) => c.retardDeg ?? 0));
  const facts = { retardDeg: retard, cells: cells.length };
  if (map === null) return [single(ID.knock, 'events', null, events, { facts })];
  return [
    {
      id: ID.knock,
      mapId: map.id,
      value: events,
      reason: null,
      unit: 'events',
      reference: 'absolute',
      // By cell each is a part of the count: all of them are shown.
      cells: cells.map((c) => cellAt(map, c.row * map.columns + c.column, c.events)),
      facts,
    },
  ];
}

export const family: MetricFamily = {
  id: 'ride-log',
  metrics: [
    { id: ID.lean, unit: 'λ', title: 'Lambda measured at full load', worse: 'above' },
    { id: ID.overTarget, unit: '%', title: 'Measured leaner than the target below full load', worse: 'above' },
    { id: ID.underTarget, unit: '%', title: 'Measured richer than the target', worse: 'above' },
    { id: ID.knock, unit: 'events', title: 'Knock counted on the ride', worse: 'above' },
    { id: ID.duty, unit: '%', title: 'Injector duty on the ride', worse: 'above' },
    { id: ID.coolant, unit: '°C', title: 'Coolant temperature on the ride', worse: 'above' },
    { id: ID.intakeAir, unit: '°C', title: 'Intake air temperature on the ride', worse: 'above' },
    { id: ID.battery, unit: 'V', title: 'Battery voltage on the ride', worse: 'below' },
    { id: ID.railed, unit: '%', title: 'Probe at its own end', worse: 'above' },
    { id: ID.unseen, unit: '%', title: 'High-load cells that the ride did not reach', worse: 'above' },
    { id: ID.overspeed, unit: '%', title: 'Engine speed over the limiter', worse: 'above' },
  ],
  measure,
};
