/** Separators, decimal signs, corners, blocks, and what is no map. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RevsyncError } from '../../core/errors.ts';
import { mapCsv } from '../../reporters/views/map-views.ts';
import { format } from './index.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))));
const decode = (bytes: Uint8Array, name = 'x.csv') => format.decode(bytes, { name, sha256: () => '', companion: null });
const only = (text: string, name = 'x.csv') => {
  const { maps } = decode(utf8(text), name);
  expect(maps.length).toBe(1);
  return maps[0]!;
};
const axis = (map: ReturnType<typeof only>, which: 'x' | 'y') => map.axes.find((a) => a.axis === which);

describe('the made-up file of three', () => {
  const { maps } = decode(fixture('fuel-and-spark.csv'));
  test('titles, kinds, units', () => {
    expect(maps.map((m) => [m.id, m.title, m.kind, m.rows, m.columns, m.unit])).toEqual([
      ['fuel-map', 'Fuel map', 'map', 6, 5, 'ms'],
      ['spark-advance', 'Spark advance', 'map', 6, 6, '°'],
      ['rev-limiter-warm', 'Rev limiter warm', 'curve', 1, 2, 'rpm'],
    ]);
  });
  test('axes: the corner names what goes down first', () => {
    expect(axis(maps[0]!, 'y')).toMatchObject({ quantity: 'engineSpeed', unit: 'rpm' });
    expect(axis(maps[0]!, 'x')).toMatchObject({ quantity: 'throttle', unit: '%', breakpoints: [0, 5, 20, 60, 100] });
    expect(axis(maps[1]!, 'x')).toMatchObject({ quantity: 'engineSpeed' });
    expect(axis(maps[1]!, 'y')).toMatchObject({ quantity: 'throttle', unit: '%' });
  });
  test('decimal commas', () => expect(Array.from(maps[0]!.cells.slice(0, 5))).toEqual([2.1, 2.4, 3, 3.6, 3.9]));
});

describe('one map', () => {
  test.each([
    ['comma', ',', '.'],
    ['semicolon, decimal comma', ';', ','],
    ['semicolon, decimal point', ';', '.'],
    ['tab, decimal comma', '\t', ','],
    ['tab, decimal point', '\t', '.'],
  ])('%s', (_, separator, decimal) => {
    const rows = [
      ['rpm', '0', '50', '100'],
      ['1000', '1.5', '2.25', '3'],
      ['5000', '1', '2', '3.5'],
    ];
    const text = rows.map((r) => r.map((c) => c.replace('.', decimal)).join(separator)).join('\r\n');
    const map = only(text);
    expect(Array.from(map.cells)).toEqual([1.5, 2.25, 3, 1, 2, 3.5]);
    expect(axis(map, 'y')).toMatchObject({ quantity: 'engineSpeed', breakpoints: [1000, 5000], known: true });
  });

  test('decimal commas in quotes between commas', () => {
    const map = only('rpm,0,50\n1000,"1,5","2,5"\n2000,"1,25","3"\n');
    expect(Array.from(map.cells)).toEqual([1.5, 2.5, 1.25, 3]);
  });

  test('thousands in quotes between commas', () => {
    const map = only('tps,"1,000","2,000"\n0,1.5,2\n50,3,4\n');
    expect(axis(map, 'x')?.breakpoints).toEqual([1000, 2000]);
  });

  test('points and commas side by side are refused, with both', () => {
    expect(() => decode(utf8('rpm;0;50\n1000;1,5;2\n2000;1.5;2\n'))).toThrow(
      expect.objectContaining({ code: 'CSV_NUMBERS_AMBIGUOUS', message: expect.stringContaining('"1,5" and "1.5"') }),
    );
  });

  test('units behind the numbers of a header', () => {
    const map = only('TPS \\ RPM,1000 rpm,2000 rpm\n0%,1,2\n100%,3,4\n');
    expect(axis(map, 'x')).toMatchObject({ quantity: 'engineSpeed', breakpoints: [1000, 2000] });
    expect(axis(map, 'y')).toMatchObject({ quantity: 'throttle', breakpoints: [0, 100] });
  });

  test('names in the corner that stand the wrong way round', () => {
    const map = only('RPM / TPS,1000,5000\n0,1,2\n100,3,4\n');
    expect(axis(map, 'x')?.quantity).toBe('engineSpeed');
    expect(axis(map, 'y')?.quantity).toBe('throttle');
  });

  test('no breakpoints: cells are told by their number, and it is said', () => {
    const { maps, warnings } = decode(fixture('bare.tsv'), 'bare.tsv');
    expect(maps[0]).toMatchObject({ id: 'map-1', title: 'bare', rows: 4, columns: 4, confidence: 'plausible' });
    expect(maps[0]!.axes.every((a) => !a.known)).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('no breakpoints')]);
  });

  test('0 in the corner over engine speeds is a corner, 0 among small numbers a cell', () => {
    expect(only('0,1000,2000,3000\n0,1,2,3\n50,1,2,3\n100,1,2,4\n').rows).toBe(3);
    expect(only('0,1,2,3\n1,1,2,3\n2,1,2,3\n3,1,2,4\n').rows).toBe(4);
  });

  test('a title with its unit in brackets, and a file of one map by its name', () => {
    expect(only('Spark advance (°)\nrpm,0,50\n1000,1,2\n2000,3,4\n')).toMatchObject({
      title: 'Spark advance',
      unit: '°',
    });
    expect(only('rpm,0,50\n1000,1,2\n2000,3,4\n', 'fuel map.csv')).toMatchObject({ id: 'map-1', title: 'fuel map' });
  });
});

describe('no map', () => {
  test.each([
    ['a log', 'Time,RPM,TPS\n0.1,1000,3\n0.2,1100,4\n'],
    ['a log of two fields', 'Time (s),RPM\n0.1,1000\n0.2,1100\n0.3,1100\n'],
    ['words', 'Flash this, it is great\nand enjoy\n'],
    ['a page', '<html>1,2\n3,4\n'],
    ['JSON', '{"a": [1,2,3],\n "b": [4,5,6]}\n'],
    ['two numbers', '1,2\n3,4\n'],
    ['nothing', ''],
  ])('%s is not recognised', (_, text) => expect(format.detect(utf8(text), 'x.csv')).toBeNull());

  test('an image is not', () =>
    expect(format.detect(new Uint8Array(65_536).fill(0x31).fill(0, 9, 10), 'x.csv')).toBeNull());

  test('a table of words says why', () => {
    expect(() => decode(utf8('part,price\nexhaust,900\nfilter,80\n'))).toThrow(
      expect.objectContaining({ code: 'CSV_EMPTY', message: expect.stringMatching(/line \d: its first/) }),
    );
  });

  test('one of several that is none is listed with its reason', () => {
    const { maps, undecoded } = decode(utf8('rpm,0,50\n1000,1,2\n2000,3,4\n\na,b,c\nx,1,2\ny,3,4\n'));
    expect(maps.length).toBe(1);
    expect(undecoded).toEqual([expect.objectContaining({ reason: expect.stringMatching(/^line 5: its first row/) })]);
  });
});

test('over 4 MiB is refused before it is read', () => {
  expect(() => decode(new Uint8Array(4 * 1024 * 1024 + 1).fill(0x31))).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE' }),
  );
});

test('what maps --format csv writes is read back cell by cell', () => {
  const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 2, max: 12 }),
      fc.array(numbers, { minLength: 144, maxLength: 144 }),
      (rows, columns, pool) => {
        const source = only('rpm,0,50\n1000,1,2\n2000,3,4\n');
        const cells = Float64Array.from(pool.slice(0, rows * columns), (v) => (Object.is(v, -0) ? 0 : v));
        const axes = source.axes.map((a) => ({
          ...a,
          breakpoints: Array.from({ length: a.axis === 'x' ? columns : rows }, (_, i) => i * 12.5 + 1),
        }));
        const back = only(mapCsv({ ...source, title: 'Fuel map 2', rows, columns, cells, axes }));
        expect([back.title, back.rows, back.columns]).toEqual(['Fuel map 2', rows, columns]);
        expect(back.cells).toEqual(cells);
        expect(back.axes.map((a) => a.breakpoints)).toEqual(axes.map((a) => a.breakpoints));
      },
    ),
  );
});

test('whatever the text: a tune or an expected error', () => {
  const bit = fc.constantFrom('1', '2,5', '3.5', ';', ',', '\t', '\n', '"', 'rpm', 'a', ' ', '#', '-', '1e9', '%');
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 120 }), (parts) => {
      const bytes = utf8(parts.join(''));
      format.detect(bytes, 'x');
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RevsyncError);
      }
    }),
  );
});
