/** Definitions written as XDF and as YAML read back the same: places, elements, strides, axes, conversions. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bundledDefinitions } from '../app/resolve-definition.ts';
import { decode } from '../core/decode.ts';
import type { Definition, DefinitionItem } from '../core/model.ts';
import { paintedImage } from '../core/test-paint.ts';
import { format as yaml } from './revsync-definition/index.ts';
import { definitionText } from './revsync-definition/write.ts';
import { format as xdf } from './xdf/index.ts';
import { xdfText } from './xdf/write.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const read = (text: string, as: 'xdf' | 'yaml'): Definition =>
  (as === 'xdf' ? xdf : yaml).parse(new TextEncoder().encode(text), { name: `x.${as}`, sha256 });
const all = await bundledDefinitions(null);
const withoutPatches = (d: Definition): Definition => ({ ...d, items: d.items.filter((i) => i.kind !== 'patch') });

test('every bundled definition is among them', () => expect(all.length).toBeGreaterThanOrEqual(39));

describe.each(all.map((d): [string, Definition] => [d.id, withoutPatches(d)]))('%s', (_, definition) => {
  const image = paintedImage(definition);
  const cells = (d: Definition) =>
    decode(image, d).maps.map((m) => ({
      title: m.title,
      cells: Array.from(m.cells, (v) => Number(v.toPrecision(9))),
      axes: m.axes
        .filter((a) => a.breakpoints.length > 1)
        .map((a) => a.breakpoints.map((v) => (Number.isFinite(v) ? Number(v.toPrecision(9)) : null))),
    }));
  const byTitle = (list: ReturnType<typeof cells>) => [...list].sort((a, b) => a.title.localeCompare(b.title));

  test('as an XDF every cell and every breakpoint is the same', () => {
    expect(byTitle(cells(read(xdfText(definition), 'xdf')))).toEqual(byTitle(cells(definition)));
  });
  test('as YAML too', () => {
    expect(byTitle(cells(read(definitionText(definition, []), 'yaml')))).toEqual(byTitle(cells(definition)));
  });
});

describe('what is hostile or guessed', () => {
  const base = all.find((d) => d.id === 'ducati-iaw-5am-848')!;
  const item: DefinitionItem = {
    ...base.items[0]!,
    title: '</title><x>&"\u0001 "quoted": {a} # no\ncomment',
    guess: 'high: because',
  };
  const definition = { ...base, items: [item] };
  test('stays text, and the guess travels along', () => {
    const fromXdf = read(xdfText(definition), 'xdf').items[0]!;
    expect(fromXdf.title).toContain('</title><x>&"');
    expect(fromXdf.guess).toBe('high: because');
    const fromYaml = read(definitionText(definition, []), 'yaml').items[0]!;
    expect([fromYaml.title, fromYaml.guess]).toEqual([item.title, 'high: because']);
  });
  test.each<[string, boolean, boolean]>([
    ['X*2^-3', false, false],
    ['X*2^-3', true, true],
    ['LOG(X)', false, false],
    ['EXP(X)', false, true],
    ['ADDRESS(16;8;FALSE;FALSE)', true, false],
  ])('the equation %s, in the words of TunerPro: %s, can be written as an XDF: %s', (text, tunerPro, writable) => {
    const equation = {
      text,
      variables: [{ name: 'X', from: 'self' as const }],
      ...(tunerPro ? { tunerPro: { baseOffset: 0 } } : {}),
    };
    const odd: DefinitionItem = { ...item, conversion: { kind: 'equation', default: equation, cells: [] } };
    const write = () => xdfText({ ...base, items: [odd] });
    if (writable) expect(write()).toContain(text);
    else expect(write).toThrow(expect.objectContaining({ code: 'NOT_WRITABLE' }));
  });
  test('what these formats do not have is an error, no silent loss', () => {
    const equation: DefinitionItem = {
      ...item,
      conversion: { kind: 'equation', default: { text: 'X*2', variables: [{ name: 'X', from: 'self' }] }, cells: [] },
    };
    expect(() => definitionText({ ...base, items: [equation] }, [])).toThrow(/computed by an equation/);
    expect(read(xdfText({ ...base, items: [equation] }), 'xdf').items).toHaveLength(1);
    expect(() => xdfText({ ...base, items: [{ ...item, storage: null }] })).toThrow(/no place of its own/);
  });
});
