/**
 * The text that TunerPro wrote before its XDF became XML ("XDF", "1.110000", sections %%TABLE%% … %%END%%), turned into the tree of
 * the XML dialect. No image was there to prove it: what stands here was read off 29 public files, a public program that writes the
 * text (org.nyet.mappack: bits of Flags, sizes of axes in bytes) and one that reads it (PopByCol, OB).
 */
import type { XmlNode } from './xml-tree.ts';

const START = /^\ufeff?XDF\s*\r?\n\s*\d+\.\d+\s*\r?\n/;

export const isTextDialect = (text: string): boolean => START.test(text);

interface Section {
  name: string;
  fields: Map<string, string>;
}

const KNOWN = ['HEADER', 'TABLE', 'CONSTANT', 'FLAG', 'CHECKSUM'];

/** @returns the tree, and what a person must know of it */
export function parseTextDialect(text: string): { root: XmlNode; warnings: string[] } {
  const sections = readSections(text);
  const header = sections.find((s) => s.name === 'HEADER');
  const items = sections.filter((s) => KNOWN.includes(s.name) && s.name !== 'HEADER');
  const other = [...new Set(sections.map((s) => s.name))].filter((name) => !KNOWN.includes(name));
  const readers = { TABLE: table, CONSTANT: constant, FLAG: flag, CHECKSUM: checksum } as Record<
    string,
    (s: Section) => XmlNode
  >;
  return {
    root: node('xdfformat', {}, [headerNode(header), ...items.map((s) => readers[s.name]!(s))]),
    warnings: [
      "TunerPro's old text format: no image was there to prove how it is read, so hold some values against TunerPro",
      ...other.map((name) => `sections ${name.slice(0, 40)} of the definition are not read`),
    ],
  };
}

/** Lines "\t040100 Address          =0xB5" between %%NAME%% and %%END%%; a quoted text may go on over lines. */
function readSections(text: string): Section[] {
  const sections: Section[] = [];
  let section: Section | null = null;
  let open: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const mark = /^\s*%%(\w+)%%\s*$/.exec(line)?.[1]?.toUpperCase();
    if (mark !== undefined) {
      section = mark === 'END' ? null : { name: mark, fields: new Map() };
      if (section !== null) sections.push(section);
      open = null;
      continue;
    }
    if (section === null) continue;
    const field = /^\s*\d{6}\s+(\w+)\s*=(.*)$/.exec(line);
    if (field !== null) {
      const [, name, value] = field as unknown as [string, string, string];
      section.fields.set(name, value.trim());
      open = /^\s*"[^"]*$/.test(value) ? name : null;
    } else if (open !== null) {
      section.fields.set(open, `${section.fields.get(open) ?? ''}\n${line}`);
      if (line.includes('"')) open = null;
    }
  }
  return sections;
}

const node = (name: string, attributes: Record<string, string>, children: XmlNode[] = [], text = ''): XmlNode => ({
  name,
  attributes,
  children,
  text,
});
const leaf = (name: string, text: string): XmlNode => node(name, {}, [], text);
/** Value of a field without its quotes. */
const value = (s: Section, name: string): string => (s.fields.get(name) ?? '').replace(/^"([\s\S]*?)"?$/, '$1').trim();
const number = (s: Section, name: string, missing: number): number => {
  const n = Number(value(s, name) || missing);
  return Number.isSafeInteger(n) ? n : missing;
};

function headerNode(section: Section | undefined): XmlNode {
  if (section === undefined) return node('xdfheader', {});
  const categories = [...section.fields.keys()].flatMap((name) => {
    const index = /^Category(\d+)$/.exec(name)?.[1];
    return index === undefined ? [] : [node('category', { index, name: value(section, name) })];
  });
  return node('xdfheader', {}, [
    leaf('deftitle', value(section, 'DefTitle')),
    leaf('description', value(section, 'Desc')),
    leaf('baseoffset', value(section, 'BaseOffset')),
    ...categories,
  ]);
}

function common(s: Section): XmlNode[] {
  const categories = [...s.fields.keys()].filter((name) => /^Cat\d+ID$/.test(name));
  return [
    leaf('title', value(s, 'Title')),
    leaf('description', value(s, 'Desc')),
    ...categories.map((name) => node('categorymem', { category: value(s, name) })),
  ];
}

const identity = (s: Section): Record<string, string> => ({ uniqueid: value(s, 'UniqueID') });

/** Bits of Flags: of the cells 0x01 signed, 0x02 low byte first; the same of the x axis 0x40 and 0x100, of the y axis 0x80 and 0x200. */
const FLAG = { cells: [0x01, 0x02], x: [0x40, 0x100], y: [0x80, 0x200] } as const;

/** As mmedtypeflags of the XML dialect has them. */
function typeFlags(s: Section, of: keyof typeof FLAG): number {
  const flags = number(s, 'Flags', 0);
  const [signed, littleEndian] = FLAG[of];
  return ((flags & signed) !== 0 ? 1 : 0) | ((flags & littleEndian) !== 0 ? 2 : 0);
}

const NAME = /[A-Za-z_]\w*(?!\w|\s*\()/g;

/**
 * "X*0.35-Y,TH|0|0|0|0|,AD|4F|8|0|0|": an argument for each name in the order of the text; TH is the cell, AD the raw value at an
 * address (hex), OB another item (hex uniqueid). "(X-X)*2,AD|…,TH|…" has one for each place instead.
 */
function math(text: string): XmlNode {
  const [equation = 'X', ...parts] = text.split(/,(?=[A-Z]{2}\|)/);
  const places = equation.match(NAME) ?? [];
  const names = [...new Set(places.map((name) => name.toUpperCase()))];
  if (parts.length !== names.length && parts.length === places.length) {
    let i = 0;
    const numbered = equation.replace(NAME, () => `V${i++}`);
    return node(
      'math',
      { equation: numbered },
      parts.flatMap((part, at) => argument(`V${at}`, part)),
    );
  }
  if (parts.length === names.length)
    return node(
      'math',
      { equation },
      parts.flatMap((part, at) => argument(names[at]!, part)),
    );
  // Which argument is whose cannot be told: the cell alone is X.
  const self = names.includes('X') ? 'X' : names[0];
  return node('math', { equation }, self === undefined ? [] : [node('var', { id: self })]);
}

function argument(id: string, text: string): XmlNode[] {
  const [kind, first = '', bits = '', ...rest] = text.split('|');
  if (kind === 'TH') return [node('var', { id })];
  if (!/^[0-9a-f]+$/i.test(first)) return [];
  if (kind === 'OB') return [node('var', { id, type: 'link', linkid: `0x${first}` })];
  const sizes: Record<string, string> = { '8': '8', '10': '16', '16': '16' };
  const sizeinbits = sizes[bits];
  if (kind !== 'AD' || sizeinbits === undefined || rest.some((r) => r !== '' && r !== '0')) return [];
  return [node('var', { id, type: 'address', address: `0x${first}`, sizeinbits })];
}

function embedded(s: Section, address: string, bits: number, flags: number, more: Record<string, string>): XmlNode {
  return node('embeddeddata', {
    mmedaddress: value(s, address),
    mmedelementsizebits: String(bits),
    mmedtypeflags: String(flags),
    ...more,
  });
}

function table(s: Section): XmlNode {
  const flags = typeFlags(s, 'cells') | (number(s, 'PopByCol', 0) === 1 ? 4 : 0);
  const shape = { mmedrowcount: value(s, 'Rows'), mmedcolcount: value(s, 'Cols') };
  const z = node('xdfaxis', { id: 'z' }, [
    embedded(s, 'Address', number(s, 'SizeInBits', 8), flags, shape),
    leaf('units', value(s, 'ZUnits')),
    leaf('decimalpl', value(s, 'DecimalPl')),
    leaf('min', value(s, 'RangeLow')),
    leaf('max', value(s, 'RangeHigh')),
    math(value(s, 'ZEq')),
  ]);
  return node('xdftable', identity(s), [...common(s), axis(s, 'x'), axis(s, 'y'), z]);
}

function axis(s: Section, id: 'x' | 'y'): XmlNode {
  const prefix = id.toUpperCase();
  const source = number(s, `${prefix}LabelSource`, 0);
  const children = [leaf('units', value(s, `${prefix}Units`))];
  const labels = value(s, `${prefix}Labels`);
  if (source === 0 && labels !== '' && labels !== '(null)')
    children.push(...labels.split(',').map((text, i) => node('label', { index: String(i), value: text })));
  const bytes = number(s, `${prefix}DataSize`, 2);
  const step = number(s, `${prefix}AddrStep`, bytes);
  // A step below zero turns the order round, and whether the cells turn with it nobody says: the breakpoints stay unknown.
  if (source === 1 && step > 0)
    children.push(
      node('embedinfo', { type: '1' }),
      embedded(s, `${prefix}Address`, 8 * bytes, typeFlags(s, id), { mmedmajorstridebits: String(8 * step) }),
      math(value(s, `${prefix}Eq`)),
    );
  return node('xdfaxis', { id }, children);
}

function constant(s: Section): XmlNode {
  return node('xdfconstant', identity(s), [
    ...common(s),
    embedded(s, 'Address', number(s, 'SizeInBits', 8), typeFlags(s, 'cells'), {}),
    leaf('units', value(s, 'Units')),
    leaf('decimalpl', value(s, 'DecimalPl')),
    leaf('rangelow', value(s, 'RangeLow')),
    leaf('rangehigh', value(s, 'RangeHigh')),
    math(value(s, 'Equation')),
  ]);
}

function flag(s: Section): XmlNode {
  const bit = number(s, 'BitNumber', 0);
  return node('xdfflag', identity(s), [
    ...common(s),
    embedded(s, 'Address', 8, 0, {}),
    leaf('mask', bit >= 0 && bit < 8 ? String(1 << bit) : ''),
  ]);
}

function checksum(s: Section): XmlNode {
  const fields: [string, string][] = [
    ['datastart', 'DataStart'],
    ['dataend', 'DataEnd'],
    ['datasizebits', 'DataSizeBits'],
    ['storeaddress', 'StoreAddr'],
    ['calculationmethod', 'CalcMethod'],
  ];
  const stated = fields.map(([name, field]) => leaf(name, value(s, field)));
  const flags = number(s, 'Flags', 0);
  return node('xdfchecksum', identity(s), [
    leaf('title', value(s, 'Title')),
    node('region', {}, flags === 0 ? stated : [...stated, leaf('flags', String(flags))]),
  ]);
}
