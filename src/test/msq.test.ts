/** Every TunerStudio project of the corpus, against a second reader. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from '../formats/msq/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const here = existsSync(`${CORPUS}msq`);
const SECOND = fileURLToPath(new URL('independent/msq_read.py', import.meta.url));
const files = here
  ? readdirSync(`${CORPUS}msq`, { recursive: true, encoding: 'utf8' })
      .filter((f) => /\.msq(part)?$/.test(f))
      .sort()
  : [];

describe.skipIf(!here)('TunerStudio projects (needs ../shared/corpus)', () => {
  test.each(files)('%s: every number equals that of a second reader', (file) => {
    const path = `${CORPUS}msq/${file}`;
    const tune = format.decode(new Uint8Array(readFileSync(path)), { name: file, sha256: () => '', companion: null });
    const second = JSON.parse(
      execFileSync('python3', [SECOND, path], { maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' }),
    ) as Record<string, number[] | null>;
    const ours = Object.fromEntries(tune.maps.map((m) => [m.title, Array.from(m.cells)]));
    const theirs = Object.fromEntries(Object.entries(second).filter((e): e is [string, number[]] => e[1] !== null));
    expect(Object.keys(ours).length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
  });

  test('with the matching .ini tables get their axes and units', () => {
    const folder = `${CORPUS}msq/speeduino-hayabusa/`;
    const read = (name: string): Uint8Array => new Uint8Array(readFileSync(folder + name));
    const companion = { name: '202501.5.ini', bytes: read('202501.5.ini') };
    const tune = format.decode(read('Hayabusa-R1_CurrentTune.msq'), { name: 'x.msq', sha256: () => '', companion });
    const ve = tune.maps.find((m) => m.title === 'veTable')!;
    expect(ve.axes.map((a) => [a.quantity, a.known, a.breakpoints.length])).toEqual([
      ['engineSpeed', true, 16],
      ['throttle', true, 16],
    ]);
    expect(tune.maps.filter((m) => m.kind === 'map' && m.axes.every((a) => a.known)).length).toBeGreaterThanOrEqual(10);
  });
});
