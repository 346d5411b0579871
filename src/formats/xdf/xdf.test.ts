import { describe, expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import type { Image, TuneMap } from '../../core/model.ts';
import { format } from './index.ts';

const sha256 = (): string => '';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (bytes: Uint8Array) => format.parse(bytes, { name: 'x.xdf', sha256 });
const xdf = (body: string, header = ''): string =>
  `<!-- Written 01/01/2020 -->\n<XDFFORMAT version="1.70"><XDFHEADER><deftitle>T</deftitle>${header}</XDFHEADER>${body}</XDFFORMAT>`;
const counting = Uint8Array.from({ length: 256 }, (_, i) => i);
const image: Image = { segments: [{ address: 0, bytes: counting }], source: { sha256: '', byteLength: 256 } };

function tuneOf(body: string, header = '') {
  return decode(image, parse(utf8(xdf(body, header))));
}
const only = (body: string, header = ''): TuneMap => tuneOf(body, header).maps[0]!;
const z = (attributes: string, math = '<MATH equation="X"><VAR id="X" /></MATH>'): string =>
  `<XDFAXIS id="z"><EMBEDDEDDATA ${attributes} />${math}</XDFAXIS>`;
const table = (inner: string, id = '0x1'): string => `<XDFTABLE uniqueid="${id}"><title>Map</title>${inner}</XDFTABLE>`;

describe('EMBEDDEDDATA', () => {
  test.each([
    [
      'no flags: unsigned, big-endian, by rows',
      'mmedaddress="0x10" mmedelementsizebits="16" mmedcolcount="2"',
      [0x1011, 0x1213],
    ],
    [
      '0x02: little-endian',
      'mmedtypeflags="0x02" mmedaddress="0x10" mmedelementsizebits="16" mmedcolcount="2"',
      [0x1110, 0x1312],
    ],
    ['0x01: signed', 'mmedtypeflags="0x1" mmedaddress="0xFE" mmedelementsizebits="8" mmedcolcount="2"', [-2, -1]],
    [
      '0x04: by columns',
      'mmedtypeflags="0x04" mmedaddress="0" mmedelementsizebits="8" mmedrowcount="3" mmedcolcount="2"',
      [0, 3, 1, 4, 2, 5],
    ],
    [
      'minor stride: from the last of a line to the first of the next',
      'mmedtypeflags="0x04" mmedaddress="0" mmedelementsizebits="8" mmedrowcount="3" mmedcolcount="2" mmedminorstridebits="16"',
      [0, 4, 1, 5, 2, 6],
    ],
    [
      'major stride: between neighbours',
      'mmedaddress="0" mmedelementsizebits="8" mmedcolcount="3" mmedmajorstridebits="32"',
      [0, 4, 8],
    ],
    [
      '-32 with an address means packed',
      'mmedaddress="5" mmedelementsizebits="8" mmedcolcount="2" mmedmajorstridebits="-32"',
      [5, 6],
    ],
    [
      '"None" counts as missing',
      'mmedaddress="5" mmedelementsizebits="8" mmedrowcount="None" mmedcolcount="2"',
      [5, 6],
    ],
  ])('%s', (_, attributes, cells) => expect(Array.from(only(table(z(attributes))).cells)).toEqual(cells));

  test('the DEFAULTS of the header do not apply', () => {
    const header = '<DEFAULTS lsbfirst="1" signed="1" datasizeinbits="16" />';
    expect(only(table(z('mmedaddress="0x10" mmedelementsizebits="16"')), header).cells[0]).toBe(0x1011);
  });

  test.each([
    ['<BASEOFFSET offset="16" subtract="0" />', 0x20],
    ['<BASEOFFSET offset="16" subtract="1" />', 0],
    ['<baseoffset>-16</baseoffset>', 0],
  ])('base offset %s', (header, value) =>
    expect(only(table(z('mmedaddress="0x10" mmedelementsizebits="8"')), header).cells[0]).toBe(value),
  );
});

describe('axes', () => {
  const cells = z('mmedaddress="0x40" mmedelementsizebits="8" mmedrowcount="1" mmedcolcount="3"');
  const x = (inner: string): TuneMap =>
    only(
      table(`<XDFAXIS id="x">${inner}</XDFAXIS>${cells}`) +
        table(
          z(
            'mmedaddress="0x80" mmedelementsizebits="8" mmedrowcount="3"',
            '<MATH equation="X*2"><VAR id="X" /></MATH>',
          ),
          '0x7',
        ),
    );
  const axis = (inner: string) => x(inner).axes[0]!;
  const stored = '<EMBEDDEDDATA mmedaddress="0x10" mmedelementsizebits="8" mmedcolcount="3" />';
  const labels = '<LABEL index="0" value="1,5" /><LABEL index="1" value="2.5" /><LABEL index="2" value="9" />';

  test('type 1: its own address, link or not', () =>
    expect(axis(`${stored}<embedinfo type="1" linkobjid="0x7" />`).breakpoints).toEqual([16, 17, 18]));
  test('type 3: the cells of another table', () =>
    expect(axis(`${stored}<embedinfo type="3" linkobjid="0x7" />`).breakpoints).toEqual([256, 258, 260]));
  test('no embedinfo: labels win over a stale address, decimal comma read', () =>
    expect(axis(`${stored}${labels}`).breakpoints).toEqual([1.5, 2.5, 9]));
  test('nothing: places, and said to be unknown', () =>
    expect(axis(stored)).toMatchObject({ known: false, breakpoints: [1, 2, 3] }));
  test('labels of words stay words', () => {
    const words = axis('<LABEL index="0" value="Low" /><LABEL index="1" value="OFF" /><LABEL index="2" value="3" />');
    expect(words.labels).toEqual(['Low', 'OFF', '3']);
    expect(words.breakpoints[0]).toBeNaN();
  });
  test('links in a circle end', () => {
    const circle = (id: string, to: string): string =>
      table(
        `<XDFAXIS id="x"><embedinfo type="3" linkobjid="${to}" /></XDFAXIS>${z('mmedaddress="0" mmedelementsizebits="8" mmedcolcount="2"', `<MATH equation="Y"><VAR id="Y" type="link" linkid="${to}" /></MATH>`)}`,
        id,
      );
    expect(tuneOf(circle('0x1', '0x2') + circle('0x2', '0x1')).maps).toHaveLength(2);
  });
});

describe('MATH', () => {
  const two = 'mmedaddress="0" mmedelementsizebits="8" mmedrowcount="2" mmedcolcount="2"';
  test('row and column beat row beat column beat the default', () => {
    const math =
      '<MATH equation="X"><VAR id="X" /></MATH><MATH equation="X+10" row="1"><VAR id="X" /></MATH><MATH equation="X+100" col="2"><VAR id="X" /></MATH><MATH equation="X+1000" row="1" col="2"><VAR id="X" /></MATH>';
    expect(Array.from(only(table(z(two, math))).cells)).toEqual([10, 1001, 2, 103]);
  });
  test('another place of the image', () => {
    const math =
      '<MATH equation="X*Y"><VAR id="X" /><VAR id="Y" type="address" address="0x10" sizeinbits="8" flags="0" /></MATH>';
    expect(only(table(z('mmedaddress="3" mmedelementsizebits="8"', math))).cells[0]).toBe(48);
  });
  test('a virtual table, computed from another', () => {
    const virtual = table(
      '<XDFAXIS id="z"><EMBEDDEDDATA mmedelementsizebits="8" mmedrowcount="2" mmedcolcount="2" /><MATH equation="THAT(7;ROW();COL();FALSE)*2" /></XDFAXIS>',
    );
    expect(Array.from(only(virtual + table(z(two), '0x7')).cells)).toEqual([0, 2, 4, 6]);
  });
  test('a free name is shown raw and said', () => {
    const tune = tuneOf(
      table(z('mmedaddress="9" mmedelementsizebits="8"', '<MATH equation="X*Stoich"><VAR id="X" /></MATH>')),
    );
    expect(tune.maps[0]?.cells[0]).toBe(9);
    expect(tune.warnings.join()).toContain('STOICH');
  });
  test('a heading without data, and cells outside, are not decoded', () => {
    const tune = tuneOf(
      table('<XDFAXIS id="z"><EMBEDDEDDATA mmedelementsizebits="8" /></XDFAXIS>') +
        table(z('mmedaddress="0xFFFF" mmedelementsizebits="8"'), '0x2') +
        table(z('mmedaddress="0" mmedelementsizebits="8" mmedrowcount="60000" mmedcolcount="60000"'), '0x3'),
    );
    expect([tune.maps.length, tune.undecoded.length]).toEqual([0, 3]);
  });
});

describe('other items', () => {
  test('constants, flags and patches', () => {
    const tune = tuneOf(
      '<XDFCONSTANT uniqueid="0x1"><title>C</title><EMBEDDEDDATA mmedaddress="0x20" mmedelementsizebits="8" /><units>rpm</units><MATH equation="X*10"><VAR id="X" /></MATH></XDFCONSTANT>' +
        '<XDFFLAG uniqueid="0x2"><title>F</title><EMBEDDEDDATA mmedaddress="0x05" mmedelementsizebits="8" /><mask>0x04</mask></XDFFLAG>' +
        ['0506', '0606', '0707']
          .map(
            (p, i) =>
              `<XDFPATCH uniqueid="0x${i + 3}"><title>P${i}</title><XDFPATCHENTRY address="0x5" datasize="0x2" patchdata="${p}" ${i === 1 ? 'basedata="0506"' : ''} /></XDFPATCH>`,
          )
          .join(''),
    );
    expect(tune.maps.map((m) => [m.kind, m.state, m.cells[0] ?? null, m.unit])).toEqual([
      ['scalar', null, 320, 'rpm'],
      ['flag', true, 1, ''],
      ['patch', 'applied', null, ''],
      ['patch', 'notApplied', null, ''],
      ['patch', 'unknown', null, ''],
    ]);
  });
});

describe('text', () => {
  const body = xdf(
    `<XDFTABLE uniqueid="0x1"><title>Zündung °</title>${z('mmedaddress="1" mmedelementsizebits="8"')}</XDFTABLE>`,
  );
  test.each([
    ['UTF-8', utf8(body)],
    [
      'UTF-16 with its mark',
      Uint8Array.from([0xff, 0xfe, ...Array.from(body).flatMap((c) => [c.charCodeAt(0) & 0xff, c.charCodeAt(0) >> 8])]),
    ],
    ['cp1252', Uint8Array.from(body, (c) => c.charCodeAt(0))],
  ])('%s', (_, bytes) => {
    expect(format.detect(bytes, 'x')?.confidence).toBeGreaterThan(0.9);
    expect(parse(bytes).items[0]?.title).toBe('Zündung °');
  });

  test('leaf tags closed under another name are repaired', () => {
    const definition = parse(
      utf8(
        xdf(
          `<XDFTABLE uniqueid="0x1"><title>T</TITLE>${z('mmedaddress="1" mmedelementsizebits="8"').replace('</XDFAXIS>', '<max>255.0</min></XDFAXIS>')}</XDFTABLE>`,
        ),
      ),
    );
    expect(definition.items).toHaveLength(1);
    expect(definition.warnings.join()).toContain('repaired');
  });

  test.each([
    ['XDF_EMPTY', new Uint8Array(0)],
    ['XDF_SCRAMBLED', Uint8Array.of(0x05, 0x22, 0x97, 0x00, 0, 0, 0, 0)],
    ['XDF_TRUNCATED', utf8(body.slice(0, 150))],
    ['XDF_MALFORMED', utf8('<!DOCTYPE x [<!ENTITY a "b">]><XDFFORMAT></XDFFORMAT>')],
    ['XDF_MALFORMED', utf8(`<XDFFORMAT>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</XDFFORMAT>`)],
  ])('%s', (code, bytes) => expect(() => parse(bytes)).toThrow(expect.objectContaining({ code })));
});
