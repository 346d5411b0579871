/**
 * Suzuki 1 MiB images: tables of pointers to records {type, columns, rows, 0xFF, pointer to x, y, cells}, big-endian.
 * Pointer addresses: mkorkalo/BusaECUeditor; the limiter words of K8 and DJE4SE10 were found on the images by the same pattern
 * (four rising speeds, 15e6 / raw), those of GSX-R600 and 750 L1 at one place.
 */
import { readBytes, readRaw } from '../../core/bytes.ts';
import type { Image, Storage } from '../../core/model.ts';
import { definitionYaml, type Family, flow } from './write-yaml.ts';

export interface SuzukiFamily extends Family {
  /** Addresses of the four fuel pointer groups: pressure in gear, pressure neutral, throttle in gear, throttle neutral. */
  fuel: [number, number, number, number];
  spark: number;
  limiter: number;
  /** Spark is in degrees: proven by the full-load values. */
  degrees: boolean;
  image: string;
  imageSource: string;
  /** Other factory images of the same maps. */
  alsoFactory?: string[];
}

const base = (
  id: string,
  name: string,
  motorcycle: string,
  calibration: string,
  partNumber: string,
  others: string[] = [],
) => ({
  id,
  title: `Suzuki ${name}, ${[calibration, ...others].join(', ')}`,
  ecu: { maker: 'Denso', partNumber: [partNumber] },
  motorcycles: [motorcycle],
  imageBytes: 1_048_576,
  byteOrder: 'big' as const,
  sum8: false,
  // Held on all six factory images of this maker at hand, the 32920-41G00 of 256 KiB among them.
  checksum: '{ kind: sum16, equals: 0x5AA5 }',
  identifiers: [calibration, ...others].map((text) => ({ at: 0xffff0, text })),
  sources: [
    'pointer tables, record layout, pulse width = raw / 24, rpm = raw / 2.56, limit = 15e6 / raw: mkorkalo/BusaECUeditor; axes confirmed on the factory image',
  ],
});
const DOUBT =
  'The spark formula of the source gives over 60 degrees in a third of the cells, so spark stays in raw counts.';

const group = (first: number): [number, number, number, number] => [first, first + 0x60, first + 0xc0, first + 0x120];

/** Places that the source gives for one calibration after the other: the factory images bear them out (24 records of one shape each). */
const places = (fuel: number, spark: number, limiter: number, image: string) => ({
  notes: DOUBT,
  fuel: group(fuel),
  spark,
  limiter,
  degrees: false,
  image: `bin-codedef/suzuki-ecueditor/${image}`,
  imageSource: 'mkorkalo/BusaECUeditor',
});
const B_KING = 'suzuki/gsx1300bk-b-king-2008-2012';
const R600_K8 = 'suzuki/gsx-r600-2008-2010';
const R600_L1 = 'suzuki/gsx-r600-2011-2016';
const R750_K8 = 'suzuki/gsx-r750-2008-2010';
const R750_L1 = 'suzuki/gsx-r750-2011-2018';
const R1000_K7 = 'suzuki/gsx-r1000-2007-2008';
const R1000_K9 = 'suzuki/gsx-r1000-2009-2016';

export const suzukiFamilies: SuzukiFamily[] = [
  {
    ...base(
      'suzuki-hayabusa-dj18se11',
      'Hayabusa 2008-2020',
      'suzuki/hayabusa-gsx1300r-2008-2020',
      'DJ18SE11',
      '32920-15H',
    ),
    notes: 'Spark = 0.4 raw - 12.5 degrees: 28 to 34 at high load, up to 87.5 at closed throttle.',
    fuel: group(0x52244),
    spark: 0x51df4,
    limiter: 0x739e6,
    degrees: true,
    image: 'bin-codedef/hayabusa-gen2-k8/K8.bin',
    imageSource: 'mkorkalo/BusaECUeditor',
  },
  {
    ...base('suzuki-bking-dj47se01', 'B-King (EU, AU)', 'suzuki/gsx1300bk-b-king-2008-2012', 'DJ47SE01', '32920-23H0'),
    notes: DOUBT,
    fuel: group(0x54df4),
    spark: 0x549f4,
    limiter: 0x74a7a,
    degrees: false,
    image: 'bin-codedef/suzuki-ecueditor/Bking-DJ47SE01.bin',
    imageSource: 'mkorkalo/BusaECUeditor',
  },
  {
    ...base('suzuki-gsxr1000-djb5se01', 'GSX-R1000 K9-L1', 'suzuki/gsx-r1000-2009-2016', 'DJB5SE01', '32920-47H0'),
    notes: DOUBT,
    fuel: group(0x5cfe8),
    spark: 0x5cb70,
    limiter: 0x74dde,
    degrees: false,
    image: 'bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin',
    imageSource: 'mkorkalo/BusaECUeditor',
  },
  {
    ...base('suzuki-gsxr600-dj55se10', 'GSX-R600 K8', 'suzuki/gsx-r600-2008-2010', 'DJ55SE10', '32920-37H1'),
    notes: DOUBT,
    fuel: group(0x5ac54),
    spark: 0x5a854,
    limiter: 0x74a92,
    degrees: false,
    image: 'bin-codedef/suzuki-ecueditor/DJ55SE10.bin',
    imageSource: 'mkorkalo/BusaECUeditor',
  },
  {
    ...base('suzuki-gsxr600-dje4se10', 'GSX-R600 L1', 'suzuki/gsx-r600-2011-2016', 'DJE4SE10', '32920-14J1'),
    notes: DOUBT,
    fuel: group(0x6026c),
    spark: 0x5fa4c,
    limiter: 0x78ea2,
    degrees: false,
    image: 'bin-codedef/suzuki-ecueditor/DJE4SE10.bin',
    imageSource: 'mkorkalo/BusaECUeditor',
  },
  {
    ...base('suzuki-bking-dj47se20', 'B-King (US, Canada)', B_KING, 'DJ47SE20', '32920-23H2', ['DJ47SE10']),
    ...places(0x54df4, 0x549f4, 0x74a7a, 'BKingUS.bin'),
  },
  {
    ...base('suzuki-gsxr1000-djb5se10', 'GSX-R1000 K9-L1 (US)', R1000_K9, 'DJB5SE10', '32920-47H1'),
    ...places(0x5cfe8, 0x5cb70, 0x74dde, 'Gixxerk9US.bin'),
  },
  {
    // Four calibrations with the same maps, cell by cell, on six images.
    ...base('suzuki-gsxr1000-dj0hse51', 'GSX-R1000 K7-K8', R1000_K7, 'DJ0HSE51', '32920-21H', [
      'DJ0HSE50',
      'DJ0HSE70',
      'DJ0HSE01',
    ]),
    ...places(0x5a7f0, 0x5a3d8, 0x61372, 'GixxerK8.bin'),
    alsoFactory: ['bin-codedef/suzuki-ecueditor/DJ0HSE70.bin'],
  },
  {
    ...base('suzuki-gsxr1000-dj0dse11', 'GSX-R1000 K7-K8 (US)', R1000_K7, 'DJ0DSE11', '32920-21H1'),
    ...places(0x59984, 0x5956c, 0x61356, 'Gixxer21H10.bin'),
  },
  {
    ...base('suzuki-gsxr1000-dj0dse04', 'GSX-R1000 K7-K8 (EU)', R1000_K7, 'DJ0DSE04', '32920-21H0'),
    ...places(0x59984, 0x5956c, 0x61356, 'Gixxer21H00.bin'),
  },
  {
    ...base('suzuki-gsxr600-dj55se00', 'GSX-R600 K8 (EU)', R600_K8, 'DJ55SE00', '32920-37H0'),
    ...places(0x5ac54, 0x5a854, 0x74a92, '37H00_DJ55SE00.bin'),
  },
  {
    ...base('suzuki-gsxr600-dje4se01', 'GSX-R600 L1 (EU)', R600_L1, 'DJE4SE01', '32920-14J0'),
    ...places(0x6026c, 0x5fa4c, 0x78ea2, 'DJE4SE01.bin'),
  },
  {
    // The source's place of the spark records is 20 bytes before them, as its other places of this calibration are 20 on from DJ64SE01's.
    ...base('suzuki-gsxr750-dj65se00', 'GSX-R750 K9 (EU)', R750_K8, 'DJ65SE00', '32920-38H0'),
    ...places(0x5ac68, 0x5a808, 0x74a92, 'G750K9.bin'),
  },
  {
    ...base('suzuki-gsxr750-dj64se01', 'GSX-R750 K8 (EU)', R750_K8, 'DJ64SE01', '32920-38H0'),
    ...places(0x5ac54, 0x5a7f4, 0x74a92, 'G750K9G.bin'),
  },
  {
    ...base('suzuki-gsxr750-djf4se00', 'GSX-R750 L1 (EU)', R750_L1, 'DJF4SE00', '32920-46J0'),
    ...places(0x6026c, 0x5faac, 0x78ea2, 'DJF4SE00.bin'),
  },
  {
    ...base('suzuki-gsxr750-djf4se10', 'GSX-R750 L1 (US)', R750_L1, 'DJF4SE10', '32920-46J1'),
    ...places(0x6026c, 0x5faac, 0x78ea2, 'DJF4SE10.bin'),
  },
];

interface Record {
  columns: number;
  rows: number;
  x: number;
  y: number;
  cells: number;
}

function records(image: Image, pointers: number): Record[] {
  const u32 = (at: number): number => new DataView(readBytes(image, at, 4)!.slice().buffer).getUint32(0);
  return Array.from({ length: 24 }, (_, i) => {
    const at = u32(pointers + 4 * i);
    const head = readBytes(image, at, 4)!;
    return { columns: head[1]!, rows: head[2]!, x: u32(at + 4), y: u32(at + 8), cells: u32(at + 12) };
  });
}

const CYLINDERS = ['1', '2', '3', '4'];
const MODES = ['MS0 A', 'MS0 B', 'MS0 C', 'MS1 A', 'MS1 B', 'MS1 C'];

export function suzukiYaml(family: SuzukiFamily, image: Image): string {
  const axes: string[] = [];
  const maps: string[] = [];
  const fuelTitles = [
    'Fuel by pressure',
    'Fuel by pressure in neutral',
    'Fuel by throttle',
    'Fuel by throttle in neutral',
  ];
  for (const [g, pointers] of family.fuel.entries()) {
    const pressure = g < 2;
    const neutral = g % 2 === 1;
    lines(
      image,
      records(image, pointers),
      {
        title: `${fuelTitles[g]}, {mode}, cylinder {cylinder}`,
        role: neutral ? 'fuel.neutral' : 'fuel',
        load: pressure ? 'pressure' : 'throttle',
        type: 'u16',
        // The source calls raw / 24 a pulse width and names no unit that could be proven.
        conversion: [['scale', '1/24']],
        unit: undefined,
      },
      axes,
      maps,
    );
  }
  lines(
    image,
    records(image, family.spark),
    {
      title: 'Spark advance, {mode}, cylinder {cylinder}',
      role: 'spark',
      load: 'throttle',
      type: 'u8',
      conversion: family.degrees
        ? [
            ['scale', 0.4],
            ['offset', -12.5],
          ]
        : [],
      unit: family.degrees ? '°' : undefined,
    },
    axes,
    maps,
  );
  const scalars = [0, 1, 2, 3].map((i) =>
    flow([
      ['title', `Rev limiter step ${i + 1}`],
      ['role', i === 3 ? 'revLimiter.cut' : 'revLimiter'],
      ['at', family.limiter + 2 * i],
      ['type', 'u16'],
      ['reciprocal', 15_000_000],
      ['unit', 'rpm'],
    ]),
  );
  return definitionYaml(family, { axes, maps, scalars, flags: [], patches: [] });
}

interface Kind {
  title: string;
  role: string;
  load: 'throttle' | 'pressure';
  type: 'u8' | 'u16';
  conversion: [string, unknown][];
  unit: string | undefined;
}

/** One line for a group where its axes stand at one distance before the cells, else one line a map. */
function lines(image: Image, group: Record[], kind: Kind, axes: string[], maps: string[]): void {
  const distances = (of: 'x' | 'y'): Set<number> => new Set(group.map((r) => r.cells - r[of]));
  const common = distances('x').size === 1 && distances('y').size === 1;
  const names = new Map<string, string>();
  const name = (r: Record, which: 'x' | 'y'): string => {
    const distance = r.cells - r[which];
    const key = common ? `${which}-${distance}` : `${which}@${r[which]}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const first = readRaw(image, element(r[which]), 1, which === 'x' ? r.columns : r.rows)!;
    const label = `${which === 'y' ? 'rpm' : kind.load}${axes.length + 1}`;
    names.set(key, label);
    const count = which === 'x' ? r.columns : r.rows;
    const place: [string, unknown] = common ? ['before', distance] : ['at', r[which]];
    axes.push(
      `${label}: ${flow([place, ['type', 'u16'], ['count', count], ...axisConversion(which, kind.load, first)])}`,
    );
    return label;
  };
  const line = (set: Record[], variants: [string, unknown]): string =>
    flow([
      ['title', kind.title],
      ['role', kind.role],
      variants,
      ['load', kind.load],
      ['at', set.map((r) => r.cells)],
      ['type', kind.type],
      ...kind.conversion,
      ['unit', kind.unit],
      ['unitFrom', kind.unit === undefined ? undefined : 'inferred'],
      ['x', name(set[0]!, 'x')],
      ['y', name(set[0]!, 'y')],
    ]);
  if (common) {
    maps.push(line(group, ['for', { cylinder: CYLINDERS, mode: MODES }]));
    return;
  }
  for (const [i, r] of group.entries())
    maps.push(line([r], ['for', { cylinder: [CYLINDERS[Math.floor(i / 6)]!], mode: [MODES[i % 6]!] }]));
}

const element = (address: number): Storage => ({
  address,
  elementBytes: 2,
  signed: false,
  float: false,
  byteOrder: 'big',
  layout: 'row',
  elementStepBytes: 2,
  lineStepBytes: 2,
});

/** Throttle position: 0x3700 closed, full scale 125 %: 0..125; pressure in counts, which nothing turns into kPa. */
function axisConversion(which: 'x' | 'y', load: Kind['load'], raw: Float64Array): [string, unknown][] {
  if (which === 'y')
    return [
      ['scale', '100/256'],
      ['unit', 'rpm'],
      ['quantity', 'engineSpeed'],
    ];
  if (load === 'pressure') return [['quantity', 'intakePressure']];
  const scale = 125 / (0xffff - 0x3700);
  const inside = raw.every((v) => (v - 0x3700) * scale > -8 && (v - 0x3700) * scale < 126);
  if (!inside) return [['quantity', 'throttle']];
  return [
    ['scale', Number(scale.toPrecision(12))],
    ['offset', Number((-0x3700 * scale).toPrecision(12))],
    ['unit', '%'],
    ['quantity', 'throttle'],
  ];
}
