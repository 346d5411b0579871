/** Builds the target sheet. Nothing is claimed for a value that the data of the motorcycle do not support. */
import type { Motorcycle } from '../model.ts';
import { NO_FACTS } from '../no-facts.ts';
import { meanPistonSpeed } from '../performance/engine.ts';
import { fuelOf, fuelVolumeFactor } from '../performance/fuels.ts';
import type { Rider } from '../rider.ts';
import type { ConditionScope } from '../rules/condition.ts';
import { conditionsScope, engineScope } from '../rules/scope.ts';
import { limitOf, type RangeInput, rangesOf, target } from './ranges.ts';
import type { StockNumbers, Target } from './target.ts';

export interface SheetInput extends RangeInput {
  motorcycle: Motorcycle;
  rider: Rider;
  /** Parts that the ranking knows, and which of them change the engine. */
  breathing: string[];
  engineParts: string[];
  stock: StockNumbers | null;
}

/** Factory calibrations are for fuel up to about E10. */
const PUMP_ETHANOL_PERCENT = 15;

export function targetSheet(input: SheetInput): Target[] {
  const scope = scopeFor(input);
  return [
    ...lambdaRows(input, scope),
    fuelAgainstStock(input),
    sparkAtFullLoad(input, scope),
    sparkAtCruise(input, scope),
    ...rangesOf(input, scope, 'spark'),
    limiter(input, scope),
    ...rangesOf(input, scope, 'injector duty'),
    dwell(input, scope),
    ...fan(input, scope),
    idle(input),
    throttle(input, scope),
    ...boost(input, scope),
    octane(input),
    ...ethanol(input),
  ];
}

function scopeFor({ motorcycle, rider, stock }: SheetInput): ConditionScope {
  return {
    engine: engineScope(motorcycle, NO_FACTS),
    table: {},
    stock: { known: stock !== null, file: false },
    conditions: conditionsScope({ ...rider }),
    facts: {
      boosted: motorcycle.aspiration === 'na' ? 0 : 1,
      narrowband: 0,
      stoichiometric: 0,
      read: 1,
      blockCells: 9,
      change: 1,
    },
  };
}

function lambdaRows(input: SheetInput, scope: ConditionScope): Target[] {
  const ethanolPercent = input.rider.ethanolPercent ?? 0;
  const { stoichiometric } = fuelOf(ethanolPercent);
  return rangesOf(input, scope, 'lambda').map((row) => {
    const { low, high } = row;
    if (low === null || high === null) return row;
    const span = (ratio: number): string => `${(low * ratio).toFixed(1)} to ${(high * ratio).toFixed(1)}`;
    const own = row.region.startsWith('full') ? input.stock?.fullLoadLambda : null;
    const notes = [
      row.note,
      `Air-fuel ratio ${span(14.7)} on a gauge scaled for petrol${ethanolPercent === 0 ? '' : `, ${span(stoichiometric)} true on E${ethanolPercent}`}.`,
      own == null ? null : `Stock: ${own.low.toFixed(2)} to ${own.high.toFixed(2)} (${input.stock!.source}).`,
    ];
    return { ...row, note: notes.filter((n) => n !== null).join(' ') };
  });
}

/** Without a factory map there is nothing to hold a map against. */
const hadCarburettor = ({ motorcycle, stock }: SheetInput): boolean =>
  stock === null && /^carb/i.test(motorcycle.fuelSystem ?? '');

// ---------------------------------------------------------------- against stock

function fuelAgainstStock(input: SheetInput): Target {
  if ((input.rider.ethanolPercent ?? 0) > PUMP_ETHANOL_PERCENT)
    return target('fuel against stock', 'full load', '%', {
      reason: 'the factory fuel is that of petrol: see the volume that your fuel needs, at the end',
    });
  if (hadCarburettor(input))
    return target('fuel against stock', 'full load', '%', {
      reason: 'the factory fitted a carburettor: there is no factory fuel map, a logged lambda decides',
    });
  const parts = [...input.engineParts, ...input.breathing];
  if (parts.length > 0)
    return target('fuel against stock', 'full load', '%', {
      reason: `how much more air ${parts.join(', ')} let in is in no data: a logged lambda decides, cell by cell`,
    });
  return target('fuel against stock', 'full load', '%', {
    low: -2,
    high: 5,
    sources: ['rule fuel-leaner-than-stock: over 2%', 'rule fuel-richer-than-stock: a note over 5%'],
    note: 'With the parts that the factory fitted the factory fuel is right; a change needs a log that shows why.',
  });
}

function sparkAtFullLoad(input: SheetInput, scope: ConditionScope): Target {
  const { motorcycle, rider, stock } = input;
  const row = (given: Partial<Target>): Target => target('spark against stock', 'full load', '°', given);
  const own = stock?.fullLoadSpark;
  const has = own == null ? '' : ` Stock: ${own.low} to ${own.high}° (${stock!.source}).`;
  if (input.engineParts.length > 0)
    return row({
      reason: `with ${input.engineParts.join(', ')} the factory map is no reference: best timing and knock limit are found on a dynamometer`,
    });
  if (hadCarburettor(input))
    return row({
      reason: 'the factory fitted a carburettor and an ignition of its own: there is no factory map to hold it against',
    });
  const { fuelRonMin } = motorcycle;
  const limit = limitOf('spark-over-stock-at-full-load', input, scope);
  const most = limit?.at ?? 0;
  if (fuelRonMin === null)
    return row({
      high: 0,
      sources: ['the factory map'],
      note: `The least octane of this motorcycle is not known here, so none is counted as spare.${has}`,
    });
  if (rider.ron === null)
    return row({
      high: 0,
      sources: ['the factory map'],
      note: `Which fuel you use is not said, so no octane is counted as spare.${has}`,
    });
  const spare = rider.ron - fuelRonMin;
  const sources = [
    `maker's least octane RON ${fuelRonMin}, yours RON ${rider.ron}`,
    'physics 9: about one octane number for each degree, good to four numbers',
  ];
  if (spare < 0)
    return row({
      high: spare,
      sources,
      note: `Your fuel is ${-spare} octane numbers short: so many degrees less, or better fuel.${has}`,
    });
  const high = Math.min(most, spare);
  return row({
    low: -2,
    high,
    sources: [
      ...sources,
      ...(limit === null ? [] : [limit.source]),
      'physics 3: two degrees near best timing are under 1 % of torque',
    ],
    note: `${high === 0 ? 'No octane to spare: none more than stock.' : `More is worth under 1 % of torque here.`}${has}`,
  });
}

function sparkAtCruise(input: SheetInput, scope: ConditionScope): Target {
  if (input.engineParts.length > 0)
    return target('spark against stock', 'cruise', '°', {
      reason: `with ${input.engineParts.join(', ')} the factory map is no reference`,
    });
  if (hadCarburettor(input))
    return target('spark against stock', 'cruise', '°', { reason: 'there is no factory map to hold it against' });
  const limit = limitOf('spark-over-stock-below-full-load', input, scope);
  return target('spark against stock', 'cruise', '°', {
    high: limit === null ? 0 : Math.min(3, limit.at),
    sources: [...(limit === null ? ['the factory map'] : [limit.source]), 'catalogue R45'],
    note: 'Factory maps have plenty of advance here already.',
  });
}

// ---------------------------------------------------------------- limiter, dwell, heat, idle, throttle

function limiter(input: SheetInput, scope: ConditionScope): Target {
  const { motorcycle, stock } = input;
  const row = (given: Partial<Target>): Target => target('rev limiter', 'normal running', 'rpm', given);
  const low = motorcycle.peakPowerRpm;
  const lowSource = low === null ? [] : [`peak power stands at ${low} rpm (motorcycle data)`];
  const speed = (rpm: number): string =>
    `Mean piston speed there ${meanPistonSpeed(motorcycle.strokeMm, rpm).toFixed(1)} m/s.`;
  if (input.engineParts.length > 0)
    return row({
      reason: `with ${input.engineParts.join(', ')} the factory limiter is no reference: whoever made the parts says what they stand`,
    });
  const known = stock?.limiterRpm ?? motorcycle.revLimitRpm;
  if (known !== null && known !== undefined) {
    const limit = limitOf('limiter-over-stock', input, scope);
    const high = Math.round(known * (1 + Math.max(0, limit?.at ?? 0) / 100));
    const from = stock?.limiterRpm == null ? 'read from ECU images of this motorcycle (motorcycle data)' : stock.source;
    return row({
      low: low !== null && low < high ? low : null,
      high,
      sources: [
        `stock limiter ${Math.round(known)} rpm: ${from}`,
        ...(limit === null ? [] : [limit.source]),
        ...lowSource,
      ],
      note: `${speed(high)} Above peak power a higher limiter adds load and no power.`,
    });
  }
  if (motorcycle.redlineRpm !== null)
    return row({
      low: low !== null && low < motorcycle.redlineRpm ? low : null,
      high: motorcycle.redlineRpm,
      sources: [`redline of the motorcycle data (confidence ${motorcycle.confidence})`, ...lowSource],
      note: `${speed(motorcycle.redlineRpm)} The redline stands in for a limiter that is not known: your own factory read says more.`,
    });
  return row({
    reason: `neither the limiter nor the redline of this motorcycle is known here: keep the one of your own factory read${low === null ? '' : ` (peak power stands at ${low} rpm)`}`,
  });
}

function dwell(input: SheetInput, scope: ConditionScope): Target {
  const { stock } = input;
  const row = (given: Partial<Target>): Target => target('coil dwell', '13 to 14 V', 'ms', given);
  if (stock?.dwellMs != null)
    return row({
      low: Math.round(stock.dwellMs * 90) / 100,
      high: Math.round(stock.dwellMs * 110) / 100,
      sources: [
        `stock ${stock.dwellMs} ms: ${stock.source}`,
        'a tenth more or less: what coils of one kind differ by (general engineering knowledge)',
      ],
    });
  const limit = limitOf('dwell-long', input, scope);
  return row({
    high: limit?.at ?? null,
    sources: limit === null ? [] : [limit.source],
    reason:
      'which coils this motorcycle has is not in its data: only the ceiling of any coil is claimed (stick coils want 1.5 to 3.0 ms, separate ones 2.5 to 4.5); stay with stock',
  });
}

function fan(input: SheetInput, scope: ConditionScope): Target[] {
  const { motorcycle, stock } = input;
  if (motorcycle.cooling !== 'liquid' && stock?.fanOnC == null)
    return [
      target('fan on', 'coolant', '°C', {
        reason: `${motorcycle.cooling === 'air' ? 'this engine is air-cooled and has no coolant' : `this engine is cooled by ${motorcycle.cooling.replace('/', ' and ')}`}: head or oil temperatures are held against your own factory read alone`,
      }),
    ];
  if (stock?.fanOnC != null)
    return [
      target('fan on', motorcycle.cooling === 'liquid' ? 'coolant' : 'head', '°C', {
        low: stock.fanOnC - 10,
        high: stock.fanOnC,
        sources: [
          `stock ${stock.fanOnC} °C: ${stock.source}`,
          'rule fan-later-than-stock: later is a risk, earlier is harmless',
        ],
        note: stock.fanOffC === null ? null : `Stock switches off at ${stock.fanOffC} °C.`,
      }),
    ];
  const limit = limitOf('fan-late', input, scope);
  return [
    target('fan on', 'coolant', '°C', {
      low: 95,
      high: 105,
      sources: [
        'catalogue R62: on between 90 and 108 °C; Hayabusa Gen3 105',
        ...(limit === null ? [] : [limit.source]),
      ],
      note: 'Off 2 to 10 °C below.',
    }),
  ];
}

function idle({ motorcycle }: SheetInput): Target {
  if (motorcycle.idleRpm === null)
    return target('idle speed', 'warm', 'rpm', {
      reason: 'the idle speed of this motorcycle is not known here: keep that of your own factory read',
    });
  return target('idle speed', 'warm', 'rpm', {
    low: motorcycle.idleRpm - 100,
    high: motorcycle.idleRpm + 150,
    sources: [
      `idle ${motorcycle.idleRpm} rpm (motorcycle data)`,
      'catalogue R71: 150 under or 300 over stock is too far',
    ],
  });
}

function throttle(input: SheetInput, scope: ConditionScope): Target {
  const row = (given: Partial<Target>): Target => target('throttle plates over stock', 'below full grip', '%', given);
  const { motorcycle, rider } = input;
  if (motorcycle.throttle === null) return row({ reason: 'whether this motorcycle is ride-by-wire is not known here' });
  if (!/wire/i.test(motorcycle.throttle)) return row({ reason: 'the throttle is pulled by cables: no map opens it' });
  const limit = limitOf('throttle-opens-further-than-stock', input, scope);
  const careful = rider.skill === 'beginner' || rider.goals.includes('smoothness');
  return row({
    high: careful ? 0 : (limit?.at ?? 0),
    sources: [
      ...(limit === null ? ['the factory map'] : [limit.source]),
      ...(careful ? [rider.skill === 'beginner' ? 'your skill: beginner' : 'your goal: smoothness'] : []),
    ],
    note: 'The factory holds the lower gears back on purpose.',
  });
}

/** Octane that five percent more boost costs on an engine of this kind, about: it counts as compression. */
const OCTANE_OF_MORE_BOOST = 3;

function boost({ motorcycle, rider, ...input }: SheetInput, scope: ConditionScope): Target[] {
  if (motorcycle.aspiration === 'na') return [];
  const limit = limitOf('boost-over-stock', input, scope);
  const spare = rider.ron === null || motorcycle.fuelRonMin === null ? 0 : rider.ron - motorcycle.fuelRonMin;
  const allowed = spare >= OCTANE_OF_MORE_BOOST && limit !== null;
  return [
    target('boost over stock', 'full load', '%', {
      high: allowed ? Math.max(0, limit.at) : 0,
      sources: [
        ...(allowed ? [limit.source] : ['the factory target']),
        'physics 9: boost counts as compression, about 3 octane numbers for 5% more',
      ],
      note: `${allowed ? '' : 'No octane is known to spare. '}The boost of this motorcycle is not in its data: only the change against your own factory read is claimed.`,
    }),
  ];
}

function octane({ motorcycle, rider }: SheetInput): Target {
  if (motorcycle.fuelRonMin === null)
    return target('fuel octane', 'always', 'RON', {
      reason: 'the least octane of this motorcycle is not known here: its manual says it',
    });
  const short = rider.ron !== null && rider.ron < motorcycle.fuelRonMin;
  return target('fuel octane', 'always', 'RON', {
    low: motorcycle.fuelRonMin,
    sources: ["maker's minimum (motorcycle data)"],
    note: short
      ? `Yours is RON ${rider.ron}: too little for this engine on any tune.`
      : 'RON; an American pump shows about 4 less (AKI).',
  });
}

function ethanol({ rider }: SheetInput): Target[] {
  const percent = rider.ethanolPercent ?? 0;
  if (percent <= PUMP_ETHANOL_PERCENT) return [];
  const factor = (fuelVolumeFactor(percent) - 1) * 100;
  return [
    target('fuel volume over pure petrol', `everywhere, for E${percent}`, '%', {
      low: Math.round(factor * 0.7),
      high: Math.round(factor * 1.05),
      sources: ['physics 12: E85 needs 1.428 times the volume at equal lambda, less with winter blends (1.30 to 1.45)'],
      note: 'Injectors and pump must deliver it: look at duty first.',
    }),
  ];
}
