/** Fuel and spark together are a motorcycle's only where their shape and engine speeds are a known family's. */
import { expect, test } from 'vitest';
import type { MapGroup } from './groups.ts';
import { type KnownGroup, resemble } from './resemble.ts';

const FUEL = {
  alongColumns: 0.9,
  alongRows: 0.1,
  columnShare: 0.9,
  rowShare: 0.05,
  contrast: 0.9,
  straightness: 0.9,
  plateau: 0.1,
};
const SPARK = {
  alongColumns: -0.5,
  alongRows: 0.6,
  columnShare: 0.3,
  rowShare: 0.5,
  contrast: 0.3,
  straightness: 0.4,
  plateau: 0.4,
};
const straight = Array.from({ length: 16 }, (_, i) => i / 15);

const known = (role: string, features: KnownGroup['features'], rows: number, columns: number): KnownGroup => ({
  definition: 'family',
  role,
  load: role === 'fuel' ? 'throttle' : null,
  title: role,
  maps: 4,
  rows,
  columns,
  elementBytes: 2,
  features,
  xQuantity: 'throttle',
  xProfile: straight,
  yProfile: straight,
});

/** Maps of 35 rows and 25 columns over engine speeds that run straight, or bent by a share of their range. */
const group = (features: KnownGroup['features'], bent: number): MapGroup =>
  ({
    maps: [],
    rows: 35,
    columns: 25,
    features,
    xValues: null,
    yValues: Array.from({ length: 16 }, (_, i) => 1000 * (i / 15) + 1000 * bent * Math.sin((Math.PI * i) / 15)),
  }) as unknown as MapGroup;

test('the shape and the speeds of a known family: proposed', () => {
  const { proposals, families, reason } = resemble(
    [group(FUEL, 0), group(SPARK, 0)],
    [known('fuel', FUEL, 35, 25), known('spark', SPARK, 35, 25)],
  );
  expect(reason).toBeNull();
  expect(proposals.map((p) => p.role)).toEqual(['fuel', 'spark']);
  expect(families).toEqual([{ definition: 'family', likeness: 1 }]);
});

test('another shape over speeds that run otherwise: nothing is proposed, whatever the maps look like', () => {
  const { proposals, families, reason } = resemble(
    [group(FUEL, 0.08), group(SPARK, 0.08)],
    [known('fuel', FUEL, 31, 22), known('spark', SPARK, 31, 22)],
  );
  expect(proposals).toEqual([]);
  expect(families).toEqual([]);
  expect(reason).toMatch(/^its maps are hardly like those of any family that is known \(\d %\)$/);
});
