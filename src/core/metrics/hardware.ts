/** Parts that were declared against what the file does about them, and what the injectors can feed. */
import type { TuneMap } from '../model.ts';
import { isLive, isMain, isRole, single, unmeasured } from './cells.ts';
import { requiredFuelFacts, requiredFuelRatio } from './injection.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';
import { compressionIn } from './octane.ts';

const ID = {
  capacity: 'injector.capacity.ratio',
  requiredLow: 'injector.requiredFuel.ratio.min',
  ethanol: 'fuel.ethanol.shortfall.percent',
  partsUnfuelled: 'parts.fuelUnchanged.count',
  displacement: 'parts.displacement.mismatch.percent',
} as const;

/** Grams for a kilowatt-hour at rich full load, kilograms a litre of petrol, duty that leaves an injector time to close: physics 8. */
const BSFC_G_PER_KWH = 304;
const PETROL_KG_PER_L = 0.745;
const DUTY = 0.85;
/** Ethanol needs this much more volume at equal lambda for each percent in the fuel: physics 12, E85 1.428. */
const VOLUME_PER_ETHANOL_PERCENT = 0.428 / 85;

const BREATHING = /exhaust|slip.?on|header|muffler|silencer|filter|airbox|velocity stack|pod|auspuff|ram air|cam/i;
const BIG_BORE = /big.?bore|stroker|bored|\d{3,4}\s*ccm?\b/i;
const CC = /\b(\d{3,4})\s*ccm?\b/i;

/** Does a rule know this part and what it asks for? */
export const isKnownPart = (mod: string): boolean =>
  BREATHING.test(mod) || BIG_BORE.test(mod) || compressionIn({ mods: [mod] }) !== null;

function measure(input: MeasureInput): Metric[] {
  return [...capacity(input), ...required(input), ...ethanol(input), ...parts(input)];
}

/** kW that the injectors can feed with 5 % to spare, over what the maker claims. */
function capacity({ tune, motorcycle }: MeasureInput): Metric[] {
  const flow = tune.facts.injectorCcMin;
  if (flow === null || motorcycle === null) return [];
  const claimed = motorcycle.peakPowerKw;
  if (claimed === null) return [unmeasured(ID.capacity, '1', null, 'the power of this motorcycle is not known')];
  const gramsPerHour = motorcycle.cylinders * flow * 60 * PETROL_KG_PER_L * DUTY;
  const kw = gramsPerHour / BSFC_G_PER_KWH;
  return [
    single(ID.capacity, '1', null, (kw * 1.05) / claimed, { reference: 'motorcycle', facts: { flow, kw, claimed } }),
  ];
}

function required(input: MeasureInput): Metric[] {
  const found = requiredFuelRatio(input);
  if (found === null) return [];
  return [single(ID.requiredLow, '1', found.map, found.ratio, { facts: requiredFuelFacts(found) })];
}

const isFuel = (map: TuneMap): boolean => isMain(map, 'fuel', 've') && map.kind === 'map' && isLive(map);

/** Median of the high-load fuel against stock, 1 where every fuel map is stock's own; null where it cannot be told. */
function fuelAgainstStock({ tune, stock, regions }: MeasureInput): number | null {
  const maps = tune.maps.filter((m) => isFuel(m) && stock?.maps.has(m.id));
  if (stock === null || maps.length === 0) return null;
  if (maps.every((m) => stock.maps.get(m.id)?.equal)) return 1;
  const ratios: number[] = [];
  for (const map of maps) {
    const was = stock.maps.get(map.id)?.map?.cells;
    const region = regions.byMap.get(map.id);
    if (was === undefined || region?.known !== true) continue;
    for (let i = 0; i < was.length; i++)
      if (region.highLoad[i] === 1 && was[i]! > 0) ratios.push(map.cells[i]! / was[i]!);
  }
  return ratios.length === 0 ? null : (ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? null);
}

/** Declared ethanol against the fuel that the file gives over stock. A project with a stoichiometric ratio has a rule of its own. */
function ethanol(input: MeasureInput): Metric[] {
  const { conditions, tune, motorcycle } = input;
  if (conditions.ethanolPercent === null || tune.facts.stoichiometricAfr !== null) return [];
  const given = fuelAgainstStock(input);
  if (given === null)
    return [unmeasured(ID.ethanol, '%', null, 'the fuel of its stock is not known cell by cell (--stock)')];
  // Makers allow for E10 already.
  const wanted = 1 + VOLUME_PER_ETHANOL_PERCENT * Math.max(0, conditions.ethanolPercent - 10);
  const map = tune.maps.find(isFuel) ?? null;
  return [
    single(ID.ethanol, '%', map, Math.max(0, (1 - given / wanted) * 100), {
      reference: input.stock!.kind,
      facts: {
        ethanol: conditions.ethanolPercent,
        wanted: (wanted - 1) * 100,
        given: (given - 1) * 100,
        fuel: motorcycle?.fuelRonMin ?? 0,
      },
    }),
  ];
}

/** "full exhaust" with the factory's own fuel; another displacement with the factory's required fuel. */
function parts(input: MeasureInput): Metric[] {
  const { conditions, tune, motorcycle } = input;
  const said = conditions.mods.join(', ');
  if (said === '') return [];
  const metrics: Metric[] = [];
  const given = fuelAgainstStock(input);
  const breathing = conditions.mods.filter((m) => BREATHING.test(m));
  if (given !== null && breathing.length > 0) {
    const untouched = tune.maps
      .filter((m) => isFuel(m) && input.stock!.maps.has(m.id))
      .every((m) => input.stock!.maps.get(m.id)!.equal);
    metrics.push(
      single(ID.partsUnfuelled, 'parts', null, untouched ? breathing.length : 0, {
        reference: input.stock!.kind,
        facts: { parts: breathing.join(', ').slice(0, 80) },
      }),
    );
  }
  if (BIG_BORE.test(said) && motorcycle !== null)
    metrics.push(...displacement(input, Number(CC.exec(said)?.[1] ?? Number.NaN), given));
  return metrics;
}

function displacement(input: MeasureInput, cc: number, given: number | null): Metric[] {
  const { motorcycle, tune } = input;
  if (!(cc > 50))
    return [unmeasured(ID.displacement, '%', null, 'how large the engine is now was not said ("big bore 1100 cc")')];
  const grown = cc / motorcycle!.displacementCc;
  const stated = tune.facts.displacementCc;
  const fuel = stated !== null ? stated / motorcycle!.displacementCc : given;
  if (fuel === null || tune.maps.every((m) => !isRole(m, 'fuel') && !isRole(m, 've')))
    return [
      unmeasured(
        ID.displacement,
        '%',
        null,
        'neither the displacement in the file nor its fuel against stock is known',
      ),
    ];
  return [
    single(ID.displacement, '%', null, Math.max(0, (grown / fuel - 1) * 100), {
      reference: stated !== null ? 'absolute' : input.stock!.kind,
      facts: { declared: cc, grown: (grown - 1) * 100, given: (fuel - 1) * 100 },
    }),
  ];
}

export const family: MetricFamily = {
  id: 'hardware',
  metrics: [
    { id: ID.capacity, unit: '1', title: 'Power that the injectors feed, over the claimed power', worse: 'below' },
    {
      id: ID.requiredLow,
      unit: '1',
      title: 'Required fuel against what the engine and its injectors need',
      worse: 'below',
    },
    { id: ID.ethanol, unit: '%', title: 'Fuel missing for the declared ethanol', worse: 'above' },
    {
      id: ID.partsUnfuelled,
      unit: 'parts',
      title: 'Declared parts for which the fuel was not changed',
      worse: 'above',
    },
    {
      id: ID.displacement,
      unit: '%',
      title: 'Declared displacement over what the file gives fuel for',
      worse: 'above',
    },
  ],
  measure,
};
