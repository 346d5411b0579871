import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { TuneMap } from './model.ts';
import { testAxis, testMap, testTune } from './roles/test-maps.ts';
import { axesHash, rawHash, type StockFacts, stockFromFacts } from './stock.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const at = { offsetBytes: 0, elementBytes: 2, signed: false, float: false, byteOrder: 'big' } as TuneMap['at'];

/** A curve of three cells whose axis is stored too. */
const curve = (breakpoints: number[]): TuneMap =>
  testMap({
    title: 'fuel',
    role: 'fuel',
    columns: 3,
    cells: Float64Array.of(1, 2, 3),
    raw: Float64Array.of(1, 2, 3),
    at,
    axes: [{ ...testAxis('x', breakpoints, 'throttle', ''), raw: breakpoints, at }],
  });

function knownOf(tune: TuneMap) {
  const factory = curve([0, 50, 100]);
  const facts: StockFacts = {
    definition: 'test',
    images: [],
    maps: {
      fuel: {
        raw: [rawHash(factory, sha256)!],
        axes: [axesHash(factory, sha256)!],
        fullLoad: null,
        highLoad: null,
        range: null,
        values: null,
      },
    },
    limiter: null,
    sources: [],
  };
  const lookup = { factsOf: (m: TuneMap) => facts.maps[m.title] ?? null, placed: (m: TuneMap) => m };
  return stockFromFacts(testTune([tune]), facts, lookup, '', sha256).maps.get(tune.id);
}

test('factory cells over factory breakpoints are the factory map', () => {
  expect(knownOf(curve([0, 50, 100]))).toMatchObject({ equal: true });
});

test.each([[[100, 50, 0]], [[0, 50, 200]], [[0, 0, 100]]])('factory cells over %j are another map', (breakpoints) => {
  expect(knownOf(curve(breakpoints))).toMatchObject({ equal: false, movedBreakpoints: 1, strangeAxes: true });
});
