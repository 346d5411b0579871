/** XDFs made to break a decoder, and equations that say more than they define: nothing throws, nothing is invented. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Image } from '../../core/model.ts';
import { format } from './index.ts';

const BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);
const IMAGE: Image = { segments: [{ address: 0, bytes: BYTES }], source: { sha256: '', byteLength: 256 } };

function tuneOf(xdf: string) {
  return decode(IMAGE, format.parse(new TextEncoder().encode(xdf), { name: 'x.xdf', sha256: () => '' }));
}
const wrap = (body: string): string => `<XDFFORMAT version="1.70"><XDFHEADER />${body}</XDFFORMAT>`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const maths = (equation: string, names = ['X']): string =>
  `<MATH equation="${escaped(equation)}">${names.map((n) => `<VAR id="${n}" />`).join('')}</MATH>`;
const table = (attributes: string, math: string, rest = ''): string =>
  `<XDFTABLE uniqueid="0x1"><title>T</title>${rest}<XDFAXIS id="z"><EMBEDDEDDATA ${attributes} /><units>deg</units>${math}</XDFAXIS></XDFTABLE>`;
const flag = (attributes: string, mask: string): string =>
  `<XDFFLAG uniqueid="0x1"><title>F</title><EMBEDDEDDATA ${attributes} /><mask>${mask}</mask></XDFFLAG>`;

describe('sizes that no image holds are refused before anything is allocated', () => {
  test.each([
    ['a virtual table of 10^10 cells', table('mmedrowcount="100000" mmedcolcount="100000"', maths('1+ROW()'))],
    [
      'a function of 10^9 points without an address',
      '<XDFFUNCTION uniqueid="0x1"><title>F</title><XDFAXIS id="x" /><XDFAXIS id="y"><indexcount>999999999</indexcount><MATH equation="1" /></XDFAXIS></XDFFUNCTION>',
    ],
    ['more rows than a number can count', table(`mmedaddress="0" mmedrowcount="${'9'.repeat(400)}"`, maths('X'))],
    [
      'a stride out of the image',
      table('mmedaddress="0" mmedrowcount="2" mmedcolcount="2" mmedminorstridebits="8000000"', maths('X')),
    ],
    ['an address before the image', table('mmedaddress="-1"', maths('X'))],
    [
      'a flag in a floating-point number',
      flag('mmedaddress="3" mmedelementsizebits="32" mmedtypeflags="0x10000"', '1'),
    ],
    ['a mask beyond any integer', flag('mmedaddress="3"', '9'.repeat(400))],
    [
      'a floating-point number of 16 bits',
      table('mmedaddress="3" mmedelementsizebits="16" mmedtypeflags="0x10000"', ''),
    ],
  ])('%s', (_, body) => {
    const tune = tuneOf(wrap(body));
    expect([tune.maps.length, tune.undecoded.length]).toEqual([0, 1]);
    expect(tune.undecoded[0]?.reason).not.toBe('');
  });

  test('all items together stay bounded', () => {
    const virtual = table('mmedrowcount="256" mmedcolcount="256"', maths('ROW()'));
    const tune = tuneOf(wrap(virtual.repeat(80)));
    expect([tune.maps.length, tune.undecoded.length]).toEqual([64, 16]);
  });

  test('20,000 items of one name at one place get ids in linear time', () => {
    const constant =
      '<XDFCONSTANT uniqueid="0x1"><title>C</title><EMBEDDEDDATA mmedaddress="0x5" /></XDFCONSTANT>'.repeat(20_000);
    const started = performance.now();
    const ids = tuneOf(wrap(constant)).maps.map((m) => m.id);
    expect(new Set(ids).size).toBe(20_000);
    expect(ids.slice(0, 3)).toEqual(['c@0x5', 'c@0x5-2', 'c@0x5-3']);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('what an equation does not define is not invented', () => {
  test.each([
    ['a name that is listed but bound to nothing', 'X*Stoich', ['X', 'Stoich'], 'STOICH'],
    ['an unknown function', 'NOSUCH(X)', ['X'], 'NOSUCH'],
    ['a decimal comma', 'X*0,5', ['X'], 'Compound'],
  ])('%s: raw counts without the unit, and said', (_, equation, names, said) => {
    const tune = tuneOf(wrap(table('mmedaddress="9" mmedcolcount="2"', maths(equation, names))));
    expect(tune.maps[0]).toMatchObject({ unit: '', unitFrom: 'none' });
    expect(Array.from(tune.maps[0]!.cells)).toEqual([9, 10]);
    expect(tune.warnings.join()).toContain(said);
  });

  test('an axis shown raw loses its unit too', () => {
    const x = `<XDFAXIS id="x"><EMBEDDEDDATA mmedaddress="1" mmedcolcount="2" /><units>RPM</units><embedinfo type="1" />${maths('X*k')}</XDFAXIS>`;
    const axis = tuneOf(wrap(table('mmedaddress="9" mmedcolcount="2"', maths('X'), x))).maps[0]?.axes[0];
    expect(axis).toMatchObject({ unit: '', quantity: 'unknown', breakpoints: [1, 2] });
  });

  test('only the cells whose branch needs the missing name are unknown', () => {
    const tune = tuneOf(wrap(table('mmedaddress="9" mmedcolcount="3"', maths('IF(X<10;y*2;X/2)', ['X', 'y']))));
    expect(Array.from(tune.maps[0]!.cells)).toEqual([Number.NaN, 5, 5.5]);
    expect(tune.maps[0]?.unit).toBe('deg');
    expect(tune.warnings.join()).toContain('1 of its 3');
  });

  test('a cell whose own equation cannot be understood does not take the default one', () => {
    const own = '<MATH equation="NOSUCH(X)" row="1" col="2"><VAR id="X" /></MATH>';
    const cells = tuneOf(wrap(table('mmedaddress="9" mmedcolcount="3"', maths('X*2') + own))).maps[0]!.cells;
    expect(Array.from(cells)).toEqual([18, Number.NaN, 22]);
  });

  test.each(['X/0', '(10^400)&1', 'BITAND(1e308*10;1)', 'X%0', 'POW(0-X;0.5)'])(
    '%s is unknown, nothing thrown',
    (text) => {
      expect(tuneOf(wrap(table('mmedaddress="9"', maths(text)))).maps[0]?.cells[0]).toBeNaN();
    },
  );
});

describe('files that ecmspy wrote', () => {
  const items = table('mmedaddress="9"', maths('X'), '<max>255.0</min>');
  const open = `<XDFFORMAT version="1.40"><XDFHEADER />${items}`;

  test('the closing tag of the root may be missing after the last item', () => {
    const definition = format.parse(new TextEncoder().encode(open), { name: 'x.xdf', sha256: () => '' });
    expect(definition.items).toHaveLength(1);
    expect(definition.warnings.join()).toContain('repaired');
  });

  test('a cut inside of an item is still a cut', () => {
    const cut = new TextEncoder().encode(open.slice(0, -12));
    expect(() => format.parse(cut, { name: 'x.xdf', sha256: () => '' })).toThrow(
      expect.objectContaining({ code: 'XDF_TRUNCATED' }),
    );
  });
});

test('a definition with any bytes changed is decoded or refused with a code, never anything else', () => {
  const x = `<XDFAXIS id="x"><EMBEDDEDDATA mmedaddress="1" mmedcolcount="2" /><embedinfo type="1" />${maths('X*k')}</XDFAXIS>`;
  const source = new TextEncoder().encode(
    wrap(
      table('mmedaddress="0x10" mmedelementsizebits="16" mmedrowcount="4" mmedcolcount="3"', maths('X/3'), x) +
        flag('mmedaddress="3"', '0x02') +
        '<XDFPATCH uniqueid="0x3"><title>P</title><XDFPATCHENTRY address="0x5" patchdata="0506" /></XDFPATCH>',
    ),
  );
  const change = fc.record({ at: fc.nat(source.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = source.slice();
      for (const { at, byte } of changes) bytes[at] = byte;
      try {
        const tune = decode(IMAGE, format.parse(bytes, { name: 'x.xdf', sha256: () => '' }));
        for (const map of tune.maps) expect(map.cells).toHaveLength(map.rows * map.columns);
      } catch (error) {
        expect(error).toBeInstanceOf(RevsyncError);
      }
    }),
    { numRuns: 400, seed: 1 },
  );
});
