/** Octane: how much knock margin the fuel leaves after compression, advance and height (physics section 9), and advance that buys nothing. */
import type { Conditions, TuneMap } from '../model.ts';
import { isLive, isMain, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';
import { referenceAdvance } from './spark-absolute.ts';
import { fullLoadOverFacts } from './stock-spark.ts';

const ID = { margin: 'octane.margin', gainless: 'spark.fullLoad.gainless.max' } as const;

/** Octane numbers for a point of compression, a degree of advance, a kilometre of height: physics section 9. */
const PER_POINT = 4;
const PER_DEGREE = 1;
const PER_KILOMETRE = 1.5;
/** A stock spark map this near to best timing gains nothing worth having. */
const NEAR_BEST_DEG = 4;

/** "13.5:1 pistons", "compression 13.5", "CR 13.5"; null where nothing is said. */
export function compressionIn({ mods }: Pick<Conditions, 'mods'>): number | null {
  const text = mods.join(', ').slice(0, 1_000);
  const said =
    /(\d{1,2}(?:[.,]\d{1,2})?)\s*:\s*1\b/.exec(text) ??
    /\b(?:compression|cr)\D{0,12}(\d{1,2}(?:[.,]\d{1,2})?)/i.exec(text);
  const value = said === null ? Number.NaN : Number(said[1]!.replace(',', '.'));
  return value >= 6 && value <= 20 ? value : null;
}

function measure(input: MeasureInput): Metric[] {
  return [...margin(input), ...gainless(input)];
}

function margin(input: MeasureInput): Metric[] {
  const { motorcycle, conditions } = input;
  if (motorcycle === null) return [];
  const open = (reason: string): Metric[] => [unmeasured(ID.margin, 'ON', null, reason)];
  if (conditions.ron === null) return open('the octane of the fuel was not said (--ron or --aki)');
  if (motorcycle.fuelRonMin === null) return open('the octane that the maker asks for is not known');
  const stated = compressionIn(conditions);
  const more = stated === null || motorcycle.compressionRatio === null ? 0 : stated - motorcycle.compressionRatio;
  const advance = advanceOverStock(input);
  const height = Math.min(4, Math.max(0, (conditions.altitudeM ?? 0) / 1_000));
  const change = PER_POINT * more + PER_DEGREE * (advance ?? 0) - PER_KILOMETRE * height;
  const needed = motorcycle.fuelRonMin + change;
  return [
    single(ID.margin, 'ON', null, conditions.ron - needed, {
      reference: advance === null ? 'motorcycle' : input.stock!.kind,
      facts: {
        ron: conditions.ron,
        asked: motorcycle.fuelRonMin,
        needed,
        change,
        advance: advance ?? 0,
        advanceKnown: advance === null ? 0 : 1,
        compression: stated ?? motorcycle.compressionRatio ?? Number.NaN,
      },
    }),
  ];
}

/** Most advance over stock at full load; less than 0 where every full-load cell was retarded. Null: no stock in degrees. */
function advanceOverStock({ tune, stock, regions }: MeasureInput): number | null {
  if (stock === null) return null;
  let most: number | null = null;
  const take = (value: number): void => {
    if (Number.isFinite(value)) most = Math.max(most ?? Number.NEGATIVE_INFINITY, value);
  };
  for (const map of tune.maps.filter(isMainSpark)) {
    const known = stock.maps.get(map.id);
    if (known === undefined) continue;
    if (known.equal) take(0);
    else if (known.map === null) {
      const over = fullLoadOverFacts(map, known.facts, stock.limiterRpm);
      if (over !== null) take(over);
    } else {
      const region = regions.byMap.get(map.id);
      if (region?.known !== true) continue;
      for (let i = 0; i < map.cells.length; i++)
        if (region.highLoad[i] === 1) take(map.cells[i]! - known.map.cells[i]!);
    }
  }
  return most;
}

const isMainSpark = (map: TuneMap): boolean =>
  isMain(map, 'spark') && map.kind === 'map' && isLive(map) && map.unitFrom !== 'none';

/** Cells advanced over a stock value that is within a few degrees of best timing already. */
function gainless({ tune, stock, regions, motorcycle }: MeasureInput): Metric[] {
  if (stock === null || motorcycle === null || motorcycle.strokes !== 4 || motorcycle.aspiration !== 'na') return [];
  const best = referenceAdvance(motorcycle);
  return tune.maps.filter(isMainSpark).flatMap((map) => {
    const known = stock.maps.get(map.id);
    const region = regions.byMap.get(map.id);
    if (known === undefined || region?.known !== true) return [];
    if (known.map === null && !known.equal)
      return [
        unmeasured(ID.gainless, '°', map, 'this map was changed, and only readings of its factory version are known'),
      ];
    const measured: Measured[] = [];
    for (const index of known.map === null ? [] : (known.changed ?? [])) {
      const was = known.map!.cells[index]!;
      const more = map.cells[index]! - was;
      if (region.highLoad[index] === 1 && more > 0 && was >= best - NEAR_BEST_DEG)
        measured.push({ index, measure: more });
    }
    return [
      worstCell(ID.gainless, '°', map, measured, {
        worse: 'above',
        atEase: 0,
        reference: stock.kind,
        facts: (w) => ({ best, stock: w === null ? Number.NaN : (known.map?.cells[w.index] ?? Number.NaN) }),
      }),
    ];
  });
}

export const family: MetricFamily = {
  id: 'octane',
  metrics: [
    { id: ID.margin, unit: 'ON', title: 'Octane of the fuel over what this tune asks for', worse: 'below' },
    {
      id: ID.gainless,
      unit: '°',
      title: 'Advance added where the factory is near best timing already',
      worse: 'above',
    },
  ],
  measure,
};
