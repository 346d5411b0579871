/** Inheritance, layouts and choice of the ROM on made-up definitions; damage. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../../core/decode.ts';
import { fitDefinition } from '../../core/fit.ts';
import type { Image } from '../../core/model.ts';
import { format } from './index.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/romraider/', import.meta.url));
const beside = {
  names: readdirSync(FIXTURES),
  read: (name: string) => new Uint8Array(readFileSync(FIXTURES + name)),
};
const sha256 = (): string => 'hash';
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function image(id = 'MADEUP01'): Image {
  const bytes = new Uint8Array(1_024);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii(id), 4);
  bytes.set([0, 102, 255], 0x20);
  for (const [i, rpm] of [256, 512, 1_024, 2_048].entries()) view.setUint16(0x30 + 2 * i, rpm);
  // Fuel: three columns of four, so that column x holds 100 + 10 x + y.
  for (let x = 0; x < 3; x++) for (let y = 0; y < 4; y++) bytes[0x40 + 4 * x + y] = 100 + 10 * x + y;
  for (let i = 0; i < 12; i++) view.setInt8(0x50 + i, i - 3);
  for (let i = 0; i < 4; i++) view.setFloat32(0x60 + 4 * i, 0.8 + i / 10, true);
  for (let i = 0; i < 3; i++) {
    view.setUint16(0x80 + 4 * i, 256 * (i + 1));
    bytes.set([51 * i, 51 * (i + 1)], 0x82 + 4 * i);
  }
  view.setUint16(0xa0, 2_304);
  bytes.set([255, 51, 7, 0, 0x5a], 0xa2);
  return { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
}

const parse = (name: string, given = image()) =>
  format.parse(beside.read(name), { name, sha256, beside, image: given });

describe('ECUFlash', () => {
  const definition = parse('made-up.xml');
  const maps = decode(image(), definition).maps;
  const map = (title: string) => maps.find((m) => m.title === title)!;
  const rounded = (title: string) => Array.from(map(title).cells, (v) => Math.round(v * 1_000) / 1_000);

  test('the id must be in the image, the size too', () => {
    expect(definition.identifiers).toMatchObject([{ address: 4, text: '4D41444555503031', required: true }]);
    expect(definition.imageBytes).toEqual([1_024]);
    expect(fitDefinition(image(), definition)).toMatchObject({ verdict: 'fits', identified: true });
    expect(fitDefinition(image('MADEUP02'), definition).verdict).toBe('mismatch');
  });

  test('a column-major map: axes by position under other names', () => {
    const fuel = map('Fuel');
    expect([fuel.rows, fuel.columns, fuel.unit]).toEqual([4, 3, 'AFR']);
    expect(fuel.raw && Array.from(fuel.raw)).toEqual([100, 110, 120, 101, 111, 121, 102, 112, 122, 103, 113, 123]);
    expect(fuel.cells[0]).toBeCloseTo((14.7 * 128) / 100, 9);
    expect(fuel.axes.map((a) => a.at?.offsetBytes)).toEqual([0x20, 0x30]);
    expect(fuel.axes.map((a) => a.breakpoints)).toEqual([
      [0, 40, 100],
      [1_000, 2_000, 4_000, 8_000],
    ]);
  });

  test('a child that names one of two axes means that one', () => {
    const ignition = map('Ignition');
    expect(rounded('Ignition')).toEqual([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(ignition.axes[1]).toMatchObject({ quantity: 'engineSpeed', unit: 'rpm', known: true });
    expect(ignition.axes[0]!.known).toBe(false);
  });

  test('floats, little-endian', () => expect(rounded('Target')).toEqual([0.8, 0.9, 1, 1.1]));

  test('rows led by their breakpoint', () => {
    expect(rounded('Rows with their rpm')).toEqual([0, 20, 20, 40, 40, 60]);
    expect(map('Rows with their rpm').axes[1]!.breakpoints).toEqual([1_000, 2_000, 3_000]);
  });

  test('a scalar, a static axis, what cannot be read, what is not in this ROM', () => {
    expect(map('Rev Limit')).toMatchObject({ kind: 'scalar', unit: 'rpm' });
    expect(rounded('Rev Limit')).toEqual([9_000]);
    expect(map('Fan').axes[0]).toMatchObject({ labels: ['On', 'Off'] });
    expect(definition.undecoded).toMatchObject([{ title: 'Bits' }]);
    expect(definition.warnings).toEqual(['1 tables of the base have no address in this ROM']);
  });

  test('without its base it is refused, and the name of the missing file is told', () => {
    const alone = () => format.parse(beside.read('made-up.xml'), { name: 'made-up.xml', sha256 });
    expect(alone).toThrow(expect.objectContaining({ code: 'BASE_MISSING' }));
  });
});

describe('RomRaider', () => {
  test.each([
    ['MADEUP01', 'MADEUP01', 2],
    ['MADEUP02', 'MADEUP02', 1],
    ['unknown!', 'MADEUP02', 1],
  ])('the image with %s is read by the ROM %s', (inImage, id, items) => {
    const definition = parse('many.xml', image(inImage));
    expect([definition.id, definition.items.length]).toEqual([id, items]);
  });

  test('scalings inside tables, sizes of the base, a switch', () => {
    const definition = parse('many.xml');
    const [ignition, control] = decode(image(), definition).maps;
    expect([ignition?.rows, ignition?.columns]).toEqual([4, 3]);
    expect(Array.from(ignition!.cells)).toEqual([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(ignition!.axes[0]!.breakpoints).toEqual([0, 40, 100]);
    expect(control).toMatchObject({ kind: 'patch', state: 'applied' });
  });
});

describe('damage', () => {
  const broken = (text: string) => () => format.parse(ascii(text), { name: 'x.xml', sha256 });
  test.each([
    ['unclosed', '<rom><romid></rom>', 'XML_MALFORMED'],
    ['cut off', '<rom><romid><xmlid>a', 'XML_MALFORMED'],
    ['a document type', '<!DOCTYPE rom [<!ENTITY a "b">]><rom><romid/></rom>', 'XML_MALFORMED'],
    ['another root', '<romid/>', 'ROMRAIDER_MALFORMED'],
    ['no ROM', '<roms><scaling name="a"/></roms>', 'ROMRAIDER_EMPTY'],
    ['builds on itself', '<rom><romid><xmlid>a</xmlid></romid><include>a</include></rom>', 'BASE_CIRCLE'],
  ])('%s', (_, text, code) => expect(broken(text)).toThrow(expect.objectContaining({ code })));

  test('a space that lacks and an attribute stated twice are mended and said; another fault keeps its line', () => {
    const text = (more: string): string =>
      `<rom><romid><xmlid>a</xmlid></romid>\n<scaling name="u" storagetype="uint8"units="a=b" />\n<table name="T"address="9" type="1D" level="1" level="2" scaling="u"${more}/></rom>`;
    const definition = broken(text(''))();
    expect(definition.items.map((i) => [i.title, i.storage?.address, i.unit])).toEqual([['T', 9, 'a=b']]);
    expect(definition.warnings).toEqual(['2 tags were mended: a space that lacks, an attribute that is stated twice']);
    expect(broken(text(' ='))).toThrow(/3:/);
  });

  test('a list of choices takes as many bits as its values have; of unlike ones nobody knows', () => {
    const list = (name: string, ...values: string[]): string =>
      `<scaling name="${name}" storagetype="bloblist">${values.map((v) => `<data name="x" value="${v}"/>`).join('')}</scaling><table name="${name}" type="1D" address="40" scaling="${name}"/>`;
    const definition = broken(
      `<rom><romid><xmlid>a</xmlid></romid>${list('byte', '00', '01')}${list('word', '0000', 'ffff')}${list('odd', '00', '0001')}${list('long', '0011223344556677')}</rom>`,
    )();
    expect(definition.items.map((i) => [i.title, i.storage?.elementBytes])).toEqual([
      ['byte', 1],
      ['word', 2],
    ]);
    expect(definition.undecoded.map((u) => u.reason)).toEqual([
      'elements of no stated number of bits are not read',
      'elements of 64 bits are not read',
    ]);
  });

  test('hostile sizes decode to nothing', () => {
    const text =
      '<rom><table name="a" type="3D" address="0" scaling="u"><table type="X Axis" elements="99999999"/><table type="Y Axis" elements="99999999"/></table><scaling name="u" storagetype="uint8"/></rom>';
    const tune = decode(image(), broken(text)());
    expect([tune.maps.length, tune.undecoded.length]).toEqual([0, 1]);
  });

  test.each([
    ['<rom><romid>', true],
    ['<?xml version="1.0"?>\n<!-- x -->\n<roms>\n<rom base="x">', true],
    ['<XDFFORMAT>', false],
    ['<html><rom>', false],
    ['', false],
  ])('%s is one: %s', (text, is) => expect(format.detect(ascii(text), 'a.bin') !== null).toBe(is));
});
