/** Trims and slow corrections: clipped cylinder trims, the reach of adaptation, retard that follows temperature. */
import type { Tune, TuneMap } from '../model.ts';
import { isLive, isRole, type Measured, single, unmeasured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const ID = {
  clipped: 'fuel.trim.clipped.count',
  reach: 'adaptive.reach.overStock.percent',
  stored: 'adaptive.stored.off.percent',
  retard: 'spark.temperatureRetard.removed.percent',
} as const;

/** Speeduino's trims are percent around 0 and end at half of the fuel either way. */
const TRIM_END_PERCENT = 50;
/** MegaSquirt's are percent around 100, and what a person may enter ends here (S08, 0.0977 for each count). */
const FACTOR_ENDS_PERCENT = [87.5, 112.4] as const;

function measure(input: MeasureInput): Metric[] {
  return [...clipped(input.tune), ...adaptive(input), ...retard(input)];
}

function clipped(tune: Tune): Metric[] {
  return tune.maps
    .filter((m) => (isRole(m, 'fuel.trim') || isRole(m, 'correction.cylinder')) && m.kind === 'map' && isLive(m))
    .map((map) => {
      const cells: Measured[] = Array.from(map.cells, (_, index) => ({ index, measure: 1 })).filter((m) =>
        isAtEnd(map, m.index),
      );
      // A trim that is one value throughout is blank, not clipped.
      const all = cells.length === map.cells.length ? [] : cells;
      return { ...worstCell(ID.clipped, 'cells', map, all, { worse: 'above', atEase: 0 }), value: all.length };
    });
}

/** At the end of its number range, or of what the firmware lets a person enter. */
function isAtEnd(map: TuneMap, index: number): boolean {
  const raw = map.raw?.[index];
  if (raw === undefined || map.at === null || map.at.float) {
    if (map.raw !== null || map.unit !== '%') return false;
    const value = map.cells[index]!;
    return map.cells.every((v) => v > TRIM_END_PERCENT)
      ? value <= FACTOR_ENDS_PERCENT[0] || value >= FACTOR_ENDS_PERCENT[1]
      : Math.abs(value) >= TRIM_END_PERCENT;
  }
  const bits = 8 * map.at.elementBytes;
  const [low, high] = map.at.signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  // An unsigned 0 is the lower end only where it means less fuel.
  return raw === high || (raw === low && map.cells[index]! < 0);
}

/** Adaptive fuel value (Buell: AFV), percent around 100: its ends and what it has learnt. */
function adaptive({ tune, stock }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps.filter(
    (m) => m.kind === 'scalar' && isLive(m) && /\b(AFV|adaptive fuel)\b/i.test(m.title),
  )) {
    const value = map.cells[0]!;
    if (!Number.isFinite(value) || !/%|^$/.test(map.unit)) continue;
    if (/max|min/i.test(map.title)) {
      const known = stock?.maps.get(map.id);
      if (known === undefined) continue;
      const was = known.equal ? value : (known.map?.cells[0] ?? known.facts?.values?.[0]?.[0]);
      if (was === undefined) {
        metrics.push(unmeasured(ID.reach, '%', map, 'the factory value of this limit is not known'));
        continue;
      }
      const further = Math.abs(value - 100) - Math.abs(was - 100);
      metrics.push(
        single(ID.reach, '%', map, Math.max(0, further), {
          reference: stock!.kind,
          facts: { tune: value, stock: was },
        }),
      );
    } else if (
      /front|rear|value|current|stored/i.test(map.title) &&
      !/factor|delay|step|increase|decrease/i.test(map.title)
    ) {
      // 0 and the erased byte are no learnt value.
      if (value > 20 && value < 250)
        metrics.push(single(ID.stored, '%', map, Math.abs(value - 100), { facts: { tune: value } }));
    }
  }
  return metrics;
}

/** Tables over temperature that take advance away from a hot engine. */
function retard({ tune, stock }: MeasureInput): Metric[] {
  if (stock === null) return [];
  return tune.maps
    .filter((m) => (isRole(m, 'spark.trim') || isRole(m, 'correction.spark')) && m.kind === 'curve' && isLive(m))
    .filter((m) => m.axes.some((a) => a.known && /Temperature$/.test(a.quantity)) || /temp|iat|clt|air/i.test(m.title))
    .flatMap((map) => {
      const known = stock.maps.get(map.id);
      if (known === undefined) return [];
      const was = known.equal ? map.cells : (known.map?.cells ?? known.facts?.values?.[0]);
      if (was === undefined)
        return [
          unmeasured(ID.retard, '%', map, 'this map was changed, and only a hash of its factory version is known'),
        ];
      const sum = (cells: ArrayLike<number>): number => Array.from(cells).reduce((a, v) => a + Math.abs(v), 0);
      const before = sum(was);
      if (!(before > 0)) return [];
      const removed = Math.max(0, (1 - sum(map.cells) / before) * 100);
      return [single(ID.retard, '%', map, removed, { reference: stock.kind })];
    });
}

export const family: MetricFamily = {
  id: 'trims',
  metrics: [
    { id: ID.clipped, unit: 'cells', title: 'Trim cells at the end of their range', worse: 'above' },
    { id: ID.reach, unit: '%', title: 'How much further adaptation may go than stock', worse: 'above' },
    { id: ID.stored, unit: '%', title: 'Learnt adaptive fuel value, away from 100 %', worse: 'above' },
    { id: ID.retard, unit: '%', title: 'Share of the temperature retard that was taken out', worse: 'above' },
  ],
  measure,
};
