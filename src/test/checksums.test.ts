/** Checksums of real files: factory images hold, one changed byte does not, and no file is changed (needs ../shared/corpus). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeOne, CORPUS } from './analyze-in-process.ts';

const here = existsSync(CORPUS);
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(`${CORPUS}${path}`));

describe.skipIf(!here)('real files (needs ../shared/corpus)', () => {
  const images: [string, string | null, number][] = [
    ['xdf-bin/vfr1200f-mge/38770-MGE-773.bin', null, 1],
    ['xdf-bin/msx125-k26-911/38770-K26-911.bin', null, 1],
    ['xdf-bin/z125-k0f/38770-K0F-A01.bin', null, 1],
    ['bin-codedef/honda-cbr250rr-k64/38770-K64-N04.bin', null, 1],
    ['bin-codedef/suzuki-ecueditor/Bking-DJ47SE01.bin', null, 1],
    ['bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin', null, 1],
    ['bin-codedef/suzuki-ecueditor/DJ55SE10.bin', null, 1],
    ['bin-codedef/suzuki-ecueditor/DJE4SE10.bin', null, 1],
    ['bin-codedef/hayabusa-gen2-k8/K8.bin', null, 1],
    ['xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin', 'xdf-bin/cbr1000rr-mgp/CBR1000RR_2012_US.xdf', 1],
    [
      'xdf-bin/gm-p01-12212156/2002 Silverado 5.3 Truck MT 12212156.bin',
      'xdf-bin/gm-p01-12212156/OS12212156 - 2002 512kB PCM - v6 - no password.xdf',
      8,
    ],
  ];
  test.each(images)('%s', async (path, xdf, count) => {
    const bytes = bytesOf(path);
    const before = bytes.slice();
    const options = xdf === null ? {} : { definition: `${CORPUS}${xdf}` };
    const { integrity } = await analyzeOne('-', options, bytes);
    expect([integrity.state, integrity.checksums.map((c) => c.state)]).toEqual(['good', Array(count).fill('good')]);
    expect(bytes).toEqual(before);

    bytes[0x9000]! ^= 0x10;
    const edited = await analyzeOne('-', options, bytes);
    expect([edited.integrity.state, edited.integrity.checksums.some((c) => c.state === 'bad')]).toEqual(['bad', true]);
  });

  test('what only a plug-in knows stays unknown', async () => {
    const report = await analyzeOne(
      '-',
      { definition: `${CORPUS}xdf-bin/volvo-s90-m44/M44_B6304_S90_0002.xdf` },
      bytesOf('xdf-bin/volvo-s90-m44/Stock S90.BIN'),
    );
    expect(report.integrity).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('plug-in of TunerPro'),
    });
  });
});
