import { describe, expect, test } from 'vitest';
import type { Tune, TuneMap } from '../model.ts';
import { cellOf, roadTune } from '../test-tune.ts';
import { add, type Extra, HIGH, measured, road, spark, worstOf } from './test-measure.ts';

/** Cylinders 1 to 4 of the road tune's spark or fuel, all equal; `change` alters one of them. */
function four(title: 'spark' | 'fuel', change: (map: TuneMap) => void = () => {}): Tune {
  const base = title === 'spark' ? spark() : roadTune().maps[1]!;
  const tune = road();
  const rest = { ...tune, maps: tune.maps.filter((m) => m.title !== title) };
  const maps = ['1', '2', '3', '4'].map((cylinder): Extra => {
    const map = {
      ...base,
      id: `${title} ${cylinder}`,
      title: `${title} ${cylinder}`,
      family: title,
      variant: { cylinder },
      cells: base.cells.slice(),
    };
    if (cylinder === '3') change(map);
    return map;
  });
  return add(rest, ...maps);
}
const by = (cells: number[], change: (v: number) => number) => (map: TuneMap) => {
  for (const i of cells) map.cells[i] = change(map.cells[i]!);
};
const LIGHT = [cellOf(4000, 20), cellOf(4000, 30), cellOf(5000, 20)];

describe('a map that stands apart from its twins, with nothing known of stock', () => {
  test.each<[string, string, Tune, number]>([
    [
      'advanced block',
      'spark.twin.fullLoad.over.max',
      four(
        'spark',
        by(HIGH, (v) => v + 6),
      ),
      6,
    ],
    [
      'advanced light load',
      'spark.twin.lightLoad.over.max',
      four(
        'spark',
        by(LIGHT, (v) => v + 9),
      ),
      9,
    ],
    [
      'retarded block',
      'spark.twin.reach.under.max',
      four(
        'spark',
        by(HIGH, (v) => v - 12),
      ),
      12,
    ],
    [
      'the whole map advanced',
      'spark.twin.fullLoad.over.max',
      four('spark', (m) => by([...m.cells.keys()], (v) => v + 4)(m)),
      4,
    ],
    [
      'lean block',
      'fuel.twin.fullLoad.leaner.max',
      four(
        'fuel',
        by(HIGH, (v) => v * 0.88),
      ),
      12,
    ],
    [
      'lean cruise',
      'fuel.twin.lightLoad.leaner.max',
      four(
        'fuel',
        by(LIGHT, (v) => v * 0.7),
      ),
      30,
    ],
    [
      'rich block',
      'fuel.twin.reach.richer.max',
      four(
        'fuel',
        by(HIGH, (v) => v * 1.4),
      ),
      40,
    ],
    ['nothing', 'spark.twin.fullLoad.over.max', four('spark'), 0],
  ])('%s', (_, id, tune, expected) => {
    expect(worstOf({ tune }, id)).toBeCloseTo(expected, 6);
  });

  test('names the map and the cells that were edited', () => {
    const found = measured({
      tune: four(
        'spark',
        by(HIGH, (v) => v + 6),
      ),
    }).filter((m) => m.id === 'spark.twin.fullLoad.over.max' && m.value! > 0);
    expect(found.map((m) => m.mapId)).toEqual(['spark 3']);
    expect(found[0]!.cells).toHaveLength(HIGH.length);
  });

  test('two maps alone do not tell which of them was edited', () => {
    const tune = four(
      'spark',
      by(HIGH, (v) => v + 6),
    );
    const pair = { ...tune, maps: tune.maps.filter((m) => !/[12]$/.test(m.title) || m.title === 'limiter') };
    expect(worstOf({ tune: pair }, 'spark.twin.fullLoad.over.max')).toBeUndefined();
  });

  test('a stock file tells it better', () => {
    expect(
      worstOf(
        {
          tune: four(
            'spark',
            by(HIGH, (v) => v + 6),
          ),
          stock: four('spark'),
        },
        'spark.twin.fullLoad.over.max',
      ),
    ).toBeUndefined();
  });
});
