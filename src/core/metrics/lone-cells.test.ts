/** Cells that stand alone, at the edge of a table too; and limiters that are gone. */
import { expect, test } from 'vitest';
import { testAxis } from '../roles/test-maps.ts';
import { cellOf, roadTune } from '../test-tune.ts';
import { add, bytes, changed, measured, road, worstOf } from './test-measure.ts';

const ISLAND = 'spark.surface.island.max';

test('a lone cell at the edge of full throttle stands out as one inside does', () => {
  for (const cell of [cellOf(6000, 100), cellOf(6000, 90)]) {
    const tune = changed('spark', (v) => v - 13, [cell]);
    expect(worstOf({ tune }, ISLAND)).toBeGreaterThan(10);
    const lone = measured({ tune }).find((m) => m.id === ISLAND)!;
    expect(lone.cells).toHaveLength(1);
  }
});

test('a smooth map has none, and neither has a corner, which has too few neighbours to be judged by', () => {
  expect(worstOf({ tune: road() }, ISLAND)).toBe(0);
  expect(worstOf({ tune: changed('spark', (v) => v - 13, [cellOf(12_000, 100)]) }, ISLAND)).toBe(0);
});

test('an erased limiter says whether surfaces beside it are surely placed', () => {
  const erased = (confidence: 'plausible' | 'guessed') => {
    const tune = add(
      roadTune((maps) => {
        for (const map of [maps['spark']!, maps['fuel']!]) map.confidence = confidence;
      }),
      bytes('second limiter', [255, 255], { role: 'revLimiter', axes: [testAxis('x', [1, 2], 'index', '')] }),
    );
    return measured({ tune }).find((m) => m.id === 'limiter.absurd.count' && m.mapId === tune.maps.at(-1)!.id)!;
  };
  expect(erased('plausible')).toMatchObject({ value: 2, facts: { others: 1, placed: 1 } });
  expect(erased('guessed')).toMatchObject({ value: 2, facts: { placed: 0 } });
});
