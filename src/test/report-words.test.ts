/** What a report says about itself: what proves the definition, where limits come from, units, versions. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rideLines } from '../core/first-ride.ts';
import type { Report } from '../core/report.ts';
import { axisPlace } from '../core/rules/message.ts';
import { reporters } from '../generated/reporters.ts';
import { analyzeDocument, analyzeOne, CORPUS, PROJECT } from './analyze-in-process.ts';

const here = existsSync(CORPUS);
const text = async (paths: string[], options: Parameters<typeof analyzeDocument>[1] = {}): Promise<string> => {
  const { document } = await analyzeDocument(paths, options);
  return (await reporters['terminal']!()).render(document, {
    width: 100,
    colour: false,
    all: false,
    notChecked: false,
    verbose: false,
    stored: true,
  });
};
const PROVEN = /proves that the definition is for this software/;
const UNPROVEN = /no id proves that the definition is for this software/;
const capsOf = (r: Report): string => r.scores.safety.caps.map((c) => c.reason).join('; ');

describe('what proves the definition is said once', () => {
  test('an id that is there proves the software, and no cap doubts it', async () => {
    const report = await analyzeOne(`${PROJECT}fixtures/example/stock.bin`);
    expect(report.definition).toMatchObject({ identified: true, verdict: 'fits' });
    expect(report.definition!.evidence[0]).toMatch(PROVEN);
    expect(capsOf(report)).not.toMatch(UNPROVEN);
  });

  test.skipIf(!here)(
    'an image under an XDF: no id proves it, and the cap says so (needs ../shared/corpus)',
    async () => {
      const folder = `${CORPUS}xdf-bin/vfr1200f-mge/`;
      const report = await analyzeOne(`${folder}38770-MGE-773_merged_maxValues.bin`, {
        definition: `${folder}HONDA_VFR1200F_38770-MGE-773.xdf`,
        stock: `${folder}38770-MGE-773.bin`,
      });
      expect([report.definition!.identified, report.definition!.evidence.join().match(PROVEN)]).toEqual([false, null]);
      expect(capsOf(report)).toMatch(UNPROVEN);
    },
  );

  const identified = [
    'xdf-bin/vfr1200f-mge/38770-MGE-773_merged_maxValues.bin',
    'xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin',
    'xdf-bin/msx125-k26-911/38770-K26-911.bin',
    'bin-codedef/hayabusa-gen2-k8/K8.bin',
  ];
  test.skipIf(!here).each(identified)(
    '%s: proven, and nothing of it doubted (needs ../shared/corpus)',
    async (path) => {
      const report = await analyzeOne('-', {}, new Uint8Array(readFileSync(`${CORPUS}${path}`)));
      expect(report.definition).toMatchObject({ identified: true, origin: 'bundled' });
      expect(capsOf(report)).not.toMatch(/proves|not verified/);
    },
  );
});

describe('the first ride', () => {
  test('each number has its source, by engine', async () => {
    const at = async (bike: string): Promise<string> =>
      (await analyzeOne(`${PROJECT}fixtures/msq/road.msq`, { bike })).firstRideSheet.abort.join('; ');
    const road = await analyzeOne(`${PROJECT}fixtures/example/track-day.bin`);
    expect(road.firstRideSheet.abort).toEqual([
      'a rattle or a metallic sound under load',
      expect.stringMatching(/^lambda above 0\.9\d \(rule full-load-mixture-lean, medium\) at full throttle$/),
      'coolant above 112 °C (rule fan-late, medium) or a warning light',
      'a hesitation, a surge, or throttle that does not follow the hand',
    ]);
    for (const sign of road.firstRideSheet.abort) if (/\d/.test(sign)) expect(sign).toContain('(rule ');
    expect(rideLines(road.firstRideSheet).join(' ')).not.toContain('(rule ');
    expect(await at('suzuki/sv650-2016-2024')).toContain('lambda above 0.95');
    expect(await at('harley-davidson/twin-cam-103-2012-2016')).not.toContain('coolant');
  });

  test.skipIf(!here)(
    'without a target in the file: the range of such engines, with sources (needs ../shared/corpus)',
    async () => {
      const folder = `${CORPUS}xdf-bin/vfr1200f-mge/`;
      const path = `${folder}38770-MGE-773_merged_maxValues.bin`;
      const said = rideLines((await analyzeOne(path, { stock: `${folder}38770-MGE-773.bin` })).firstRideSheet).join(
        '\n',
      );
      expect(said).toMatch(/λ 0\.86 to 0\.90, as such engines want at full load/);
      expect(said).toMatch(/λ at full load is a general range; the target is unknown/);
      // The same place of three groups of gears is one place.
      expect(said).toMatch(
        /^gears 1-2, 3-4, 5-6 at 3400 rpm, 57 % throttle; gears 1-2, 3-4, 5-6 at 4000 rpm, 57 % throttle: listen for knock/m,
      );
      expect(said).toMatch(/^Not before what is critical or high is mended; then the/);
      expect(said).toMatch(/grip 80\.9 of 82\.9/);
      expect(said).not.toMatch(/, 0 (load|intake pressure)|\d grip/);
    },
  );
});

test('the same unknown target is said once, whatever the number of places', async () => {
  const { firstRideSheet } = await analyzeOne(`${PROJECT}fixtures/example/track-day.bin`);
  expect(firstRideSheet.cells.length).toBeGreaterThan(1);
  const said = rideLines({ ...firstRideSheet, cells: firstRideSheet.cells.map((c) => ({ ...c, wantedLambda: null })) });
  expect(said.filter((l) => /in doubt/.test(l))).toEqual([expect.stringMatching(/^Target λ there unknown/)]);
});

test('a number without a unit says how far along its axis it is', () => {
  expect(axisPlace({ quantity: 'grip', unit: '', value: 80.9, last: 82.9 })).toBe('grip 80.9 of 82.9');
  expect(axisPlace({ quantity: 'throttle', unit: '%', value: 57 })).toBe('57 % throttle');
  expect(axisPlace({ quantity: 'engineSpeed', unit: 'rpm', value: 3400 })).toBe('3400 rpm');
});

test('rules and score are named by their own versions', async () => {
  expect(await text([`${PROJECT}fixtures/example/stock.bin`])).toMatch(
    /rules \d+\.\d+\.\d+\+[0-9a-f]{8}, score \d+\.\d+\.\d+ ·/,
  );
});
