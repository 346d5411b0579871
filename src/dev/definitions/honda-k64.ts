/** Honda CBR250RR 38770-K64-N04, from the addresses of kelvinvalencio/cbr250rr-ecu-binary-definition. */
import { definitionYaml, type Family, flow } from './write-yaml.ts';

export const k64: Family & { image: string; imageSource: string } = {
  id: 'honda-38770-k64-n04',
  title: 'Honda CBR250RR 2017-2019 (Indonesia), Keihin 38770-K64-N04',
  ecu: { maker: 'Keihin', family: '38770-K64', partNumber: ['38770-K64-N04'] },
  motorcycles: ['honda/cbr250rr-2017-2019'],
  sources: ['addresses: kelvinvalencio/cbr250rr-ecu-binary-definition; axes confirmed rising on the factory image'],
  notes: 'The source could not group the fuel and spark maps; spark has no known conversion and stays in raw counts.',
  imageBytes: 1_048_576,
  byteOrder: 'big',
  identifiers: [{ at: 0x7ff5c, text: 'K64A209' }],
  sum8: true,
  image: 'bin-codedef/honda-cbr250rr-k64/38770-K64-N04.bin',
  imageSource: 'kelvinvalencio/cbr250rr-ecu-binary-definition, stated stock',
};

const FUEL = [0x4129a, 0x41970, 0x42046, 0x4271c, 0x42df2, 0x434c8, 0x43b9e, 0x44274];
const SPARK = [0x45e5c, 0x46532, 0x479b4, 0x4808a, 0x4950c, 0x49be2, 0x4b064, 0x4b73a, 0x4e84c, 0x4ef22];
const PLATES: Record<string, Record<string, number>> = {
  'Sport+': { 1: 0x52ce8, 2: 0x544b2, 3: 0x55c7c, 4: 0x57446, 5: 0x58c10, 6: 0x5a3da },
  Sport: { 1: 0x50d30, 2: 0x53cc4, 3: 0x5548e, 4: 0x56c58, 5: 0x58422, 6: 0x59bec },
  Comfort: { 1: 0x5151e, 2: 0x534d6, 3: 0x54ca0, 4: 0x5646a, 5: 0x57c34, 6: 0x593fe },
};
const LIMITS: [number, number, string][] = [
  [0x44dd8, 3, 'Rev limiter 1'],
  [0x452a4, 2, 'Rev limiter 2'],
  [0x455f2, 2, 'Rev limiter 3'],
  [0x455fc, 2, 'Rev limiter 4'],
  [0x45944, 2, 'Rev limiter 5'],
  [0x4594c, 1, 'Rev limiter 6'],
];

export function k64Yaml(): string {
  const pairs = (count: number): string[] => Array.from({ length: count / 2 }, (_, i) => `set ${i + 1}`);
  const maps = [
    flow([
      ['title', 'Fuel, {mode}, cylinder {cylinder}'],
      ['role', 'fuel'],
      ['for', { mode: pairs(8), cylinder: ['1', '2'] }],
      ['at', FUEL],
      ['type', 'u16'],
      ['scale', '1/1000'],
      ['x', 'throttle'],
      ['y', 'rpm'],
    ]),
    flow([
      ['title', 'Spark advance, {mode}, cylinder {cylinder}'],
      ['role', 'spark'],
      ['for', { mode: pairs(10), cylinder: ['1', '2'] }],
      ['at', SPARK],
      ['type', 'u16'],
      ['x', 'throttle'],
      ['y', 'rpm'],
    ]),
    ...Object.entries(PLATES).map(([mode, gears]) =>
      flow([
        ['title', `Throttle plates, ${mode}, gear {gear}`],
        ['role', 'throttle'],
        ['for', { mode: [mode], gear: Object.keys(gears) }],
        ['at', Object.values(gears)],
        ['type', 'u16'],
        ['scale', '1/132.38'],
        ['unit', '%'],
        ['unitFrom', 'inferred'],
        ['x', 'grip'],
        ['y', 'rpm'],
      ]),
    ),
    ...LIMITS.filter(([, n]) => n > 1).map(([at, n, title]) =>
      flow([
        ['title', title],
        ['role', 'revLimiter'],
        ['at', at],
        ['type', 'u16'],
        ['unit', 'rpm'],
        ['x', `place${n}`],
      ]),
    ),
  ];
  return definitionYaml(k64, {
    axes: [
      `throttle: ${flow([
        ['at', 0x411f0],
        ['type', 'u16'],
        ['count', 25],
        ['scale', '1/6.61'],
        ['unit', '%'],
        ['quantity', 'throttle'],
      ])}`,
      `rpm: ${flow([
        ['at', 0x41254],
        ['type', 'u16'],
        ['count', 35],
        ['unit', 'rpm'],
        ['quantity', 'engineSpeed'],
      ])}`,
      `grip: ${flow([
        ['at', 0x50cf6],
        ['type', 'u16'],
        ['count', 29],
        ['scale', '100/802'],
        ['unit', '%'],
        ['quantity', 'grip'],
      ])}`,
      'place2: { fixed: [1, 2], quantity: index }',
      'place3: { fixed: [1, 2, 3], quantity: index }',
    ],
    maps,
    scalars: LIMITS.filter(([, n]) => n === 1).map(([at, , title]) =>
      flow([
        ['title', title],
        ['role', 'revLimiter'],
        ['at', at],
        ['type', 'u16'],
        ['unit', 'rpm'],
      ]),
    ),
    flags: [],
    patches: [],
  });
}
