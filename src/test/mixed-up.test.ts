/** Files that are not for this motorcycle: they end as incompatible or refused, never as a safety number. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Report } from '../core/report.ts';
import { exitCodeOf } from '../core/verdict.ts';
import { analyzeOne, CORPUS, PROJECT } from './analyze-in-process.ts';

const here = existsSync(CORPUS);
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const text = (path: string): string => readFileSync(path, 'latin1');
const latin = (s: string): Uint8Array => new Uint8Array(Buffer.from(s, 'latin1'));

function expectNoNumber(report: Report, of: 'motorcycle' | 'fuel' = 'motorcycle'): void {
  expect(report.scores.safety.value).toBeNull();
  expect(report.scores.safety.level).toBeNull();
  if (report.outcome !== 'refused') {
    expect(report.outcome).toBe('notEnoughData');
    expect([report.scores.compatibility.level, report.scores.compatibility.deductions]).toEqual([
      'INCOMPATIBLE',
      expect.arrayContaining([expect.objectContaining({ reason: expect.any(String) })]),
    ]);
    expect(report.scores.safety.reason).toContain(`not for this ${of} `);
    expect(report.coverage.areas.every((a) => !a.judged)).toBe(true);
  }
  expect(exitCodeOf(report, { failOn: 'high', minScore: 60 })).toBeGreaterThan(0);
}

const EXAMPLE = `${PROJECT}fixtures/example/stock.bin`;
const DEFINITION = 'fixtures/example/stock.yaml';
const ROAD = `${PROJECT}fixtures/msq/road.msq`;

/** The made-up project with one setting changed. */
function road(name: string, value: string): Uint8Array {
  const before = text(ROAD);
  const after = before.replace(new RegExp(`(<constant[^>]*name="${name}"[^>]*>)[^<]*(</constant>)`), `$1${value}$2`);
  expect(after).not.toBe(before);
  return latin(after);
}

describe('our own fixtures', () => {
  test('the right file for the right motorcycle has a number', async () => {
    const report = await analyzeOne('-', { definition: DEFINITION }, bytesOf(EXAMPLE));
    expect(report.scores.compatibility.level).toBe('COMPATIBLE');
    expect(report.scores.safety.value).toBeGreaterThanOrEqual(80);
  });

  const image: [string, () => Uint8Array, Parameters<typeof analyzeOne>[1]][] = [
    ['another motorcycle’s ECU', () => bytesOf(EXAMPLE), { bike: 'suzuki/hayabusa-gsx1300r-2008-2020' }],
    ['a single’s ECU for a twin', () => bytesOf(EXAMPLE), { bike: 'ducati/848-2008-2010' }],
    [
      'another revision: its id is not there',
      () => {
        const bytes = bytesOf(EXAMPLE);
        const at = Buffer.from(bytes).indexOf('EXAMPLE1');
        bytes.set(latin('EXAMPLE9'), at);
        return bytes;
      },
      {},
    ],
    [
      'halves of the file joined twice over',
      () => {
        const bytes = bytesOf(EXAMPLE);
        const half = bytes.length / 2;
        return new Uint8Array([...bytes.subarray(half), ...bytes.subarray(half)]);
      },
      {},
    ],
    ['a file cut short', () => bytesOf(EXAMPLE).slice(0, 0x1200), {}],
  ];
  test.each(image)('%s', async (_, bytes, options) => {
    expectNoNumber(await analyzeOne('-', { definition: DEFINITION, ...options }, bytes()));
  });

  const projects: [string, () => Uint8Array, Parameters<typeof analyzeOne>[1]][] = [
    ['a twin’s tune on a four', () => bytesOf(ROAD), { bike: 'honda/cbr600rr-2007-2012' }],
    ['a twin’s tune on a single', () => bytesOf(ROAD), { bike: 'honda/grom-2014-2020' }],
    ['petrol’s tune for E85', () => bytesOf(ROAD), { bike: 'honda/cbr500r-2013-2018', ethanolPercent: 85 } as never],
    ['E85’s tune for petrol', () => road('stoich', '9.77'), { bike: 'honda/cbr500r-2013-2018' }],
  ];
  test.each(projects)('%s', async (name, bytes, given) => {
    const { ethanolPercent = null, ...options } = (given ?? {}) as { ethanolPercent?: number | null; bike?: string };
    const conditions = { ron: null, ethanolPercent, altitudeM: null, mods: [] };
    expectNoNumber(
      await analyzeOne('-', { ...options, conditions }, bytes()),
      name.includes('E85') ? 'fuel' : 'motorcycle',
    );
  });
});

describe.skipIf(!here)('real files (needs ../shared/corpus)', () => {
  const at = (path: string): string => `${CORPUS}${path}`;
  const VFR = 'xdf-bin/vfr1200f-mge/38770-MGE-773.bin';
  const XDF = at('xdf-bin/vfr1200f-mge/HONDA_VFR1200F_38770-MGE-773.xdf');
  const join = (a: string, b: string): Uint8Array => {
    const [x, y] = [bytesOf(at(a)), bytesOf(at(b))];
    expect(x.length).toBe(y.length);
    return new Uint8Array([...x.subarray(0, x.length / 2), ...y.subarray(y.length / 2)]);
  };
  const cases: [string, () => Uint8Array, Parameters<typeof analyzeOne>[1]][] = [
    ['a VFR1200F’s file on a Hayabusa', () => bytesOf(at(VFR)), { bike: 'suzuki/hayabusa-gsx1300r-2008-2020' }],
    [
      'the same, read by its XDF',
      () => bytesOf(at(VFR)),
      { definition: XDF, bike: 'suzuki/hayabusa-gsx1300r-2008-2020' },
    ],
    [
      'a Hayabusa’s file on a GSX-R600',
      () => bytesOf(at('bin-codedef/hayabusa-gen2-k8/K8.bin')),
      { bike: 'suzuki/gsx-r600-2008-2010' },
    ],
    [
      'a CBR500R’s file on an MSX125',
      () => bytesOf(at('xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin')),
      { bike: 'honda/grom-2014-2020' },
    ],
    [
      'another revision of the VFR under the XDF of this one',
      () => bytesOf(at('xdf-bin/vfr1200f-mge/38770-MGE-D41.bin')),
      { definition: XDF },
    ],
    ['another revision of the CBR1000RR', () => bytesOf(at('xdf-bin/cbr1000rr-mgp/38770-MGP-A92.bin')), {}],
    [
      'an AM6 two-stroke’s tune on a four-stroke four',
      () => bytesOf(at('msq/microsquirt-am6/CurrentTune.msq')),
      { bike: 'suzuki/hayabusa-gsx1300r-2008-2020' },
    ],
    [
      'a six-cylinder car’s tune',
      () => bytesOf(at('msq/speeduino-cars/M50TU_PnP.msq')),
      { bike: 'suzuki/hayabusa-gsx1300r-2008-2020' },
    ],
    [
      'a car’s turbo tune',
      () => bytesOf(at('msq/ms3-volvo740/CurrentTune.msq')),
      { bike: 'suzuki/hayabusa-gsx1300r-2008-2020' },
    ],
    [
      'a Hayabusa’s tune on a single',
      () => bytesOf(at('msq/speeduino-hayabusa/Busa_CurrentTune.msq')),
      { bike: 'honda/grom-2014-2020' },
    ],
    [
      'the first half of one ECU and the second of another',
      () => join('bin-codedef/suzuki-ecueditor/DJ55SE10.bin', 'bin-codedef/suzuki-ecueditor/DJE4SE10.bin'),
      { bike: 'honda/vfr1200f-2010-2017' },
    ],
    [
      'its calibration out of another software',
      () => join('xdf-bin/cbr1000rr-mgp/38770-MGP-A92.bin', 'bin-nodef/honda-keihin/38770-MJE-D41.bin'),
      {},
    ],
  ];
  test.each(cases)('%s', async (_, bytes, options) => {
    expectNoNumber(await analyzeOne('-', options, bytes()));
  });
});
