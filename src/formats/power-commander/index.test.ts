/** The one table, what it does to fuel, and what is no such file. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { format } from './index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const bytes = new Uint8Array(readFileSync(here('fixtures/made-up.pvm')));
const decode = (given: Uint8Array) => format.decode(given, { name: 'a.pvm', sha256: () => '', companion: null });

test('the table: axes, cells, places', () => {
  const { maps, warnings, ecu } = decode(bytes);
  expect(ecu.family).toBe('Power Commander V');
  expect(maps).toMatchObject([{ role: 'fuel.trim', unit: '%', rows: 47, columns: 10, confidence: 'plausible' }]);
  const [map] = maps;
  expect(map!.axes[0]!.breakpoints).toEqual([0, 2, 5, 10, 15, 20, 40, 60, 80, 100]);
  expect([map!.axes[1]!.breakpoints[0], map!.axes[1]!.breakpoints[46]]).toEqual([500, 12_000]);
  const row = map!.axes[1]!.breakpoints.indexOf(8_500);
  expect([map!.cells[row * 10 + 9], map!.cells[row * 10 + 1]]).toEqual([-12, -6]);
  expect(bytes[map!.at!.offsetBytes + row * map!.at!.lineStepBytes + 9]).toBe(88);
  expect(warnings.join(' ')).toMatch(/not described anywhere/);
});

describe('what is none', () => {
  const changed = (change: (b: Uint8Array) => void): Uint8Array => {
    const copy = bytes.slice();
    change(copy);
    return copy;
  };
  test.each([
    ['too short', bytes.slice(0, 0x405)],
    ['too long', new Uint8Array([...bytes, 0])],
    ['percentages over 100', changed((b) => b.fill(230, 0x300, 0x304))],
    [
      'bytes without order',
      changed((b) =>
        b.set(
          Array.from({ length: 470 }, (_, i) => 60 + ((i * 37) % 80)),
          0x230,
        ),
      ),
    ],
    ['nothing', new Uint8Array(0)],
  ])('%s', (_, given) => {
    expect(format.detect(given, 'a.pvm')).toBeNull();
    expect(() => decode(given)).toThrow(expect.objectContaining({ code: 'PVM_MALFORMED' }));
  });

  test('a table of zeros is one', () => {
    expect(
      format.detect(
        changed((b) => b.fill(100, 0x230, 0x230 + 470)),
        'a.pvm',
      )?.confidence,
    ).toBeGreaterThan(0.95);
  });

  const CORPUS = here('../../../../shared/corpus/');
  test.skipIf(!existsSync(CORPUS))('no file of the corpus (needs ../shared/corpus)', () => {
    const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((f) =>
      statSync(CORPUS + f).isFile(),
    );
    const claimed = files.filter((f) => format.detect(new Uint8Array(readFileSync(CORPUS + f)), 'x.bin') !== null);
    expect(claimed).toEqual([]);
  });
});
