/** A definition as a TunerPro XDF: what read here as that definition opens in TunerPro too. Titles, axes, equations, strides; no roles. */
import { RevsyncError } from '../../core/errors.ts';
import type { AxisDefinition, Conversion, Definition, DefinitionItem, Storage } from '../../core/model.ts';
import { GUESSED_CATEGORY } from './items.ts';

/** @throws RevsyncError NOT_WRITABLE where an item is no table, constant or flag, or is computed by what TunerPro does not have */
export function xdfText(definition: Definition): string {
  const size = definition.imageBytes[0] ?? 0;
  const guessed = definition.items.some((i) => i.guess !== undefined);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<XDFFORMAT version="1.60">',
    '  <XDFHEADER>',
    '    <flags>0x1</flags>',
    `    <deftitle>${escaped(definition.title)}</deftitle>`,
    `    <description>${escaped(definition.description)}</description>`,
    '    <BASEOFFSET offset="0" subtract="0" />',
    '    <DEFAULTS datasizeinbits="8" sigdigits="2" outputtype="1" signed="0" lsbfirst="0" float="0" />',
    `    <REGION type="0xFFFFFFFF" startaddress="0x0" size="${hex(size)}" regionflags="0x0" name="Binary File" desc="The image" />`,
    ...(guessed ? [`    <CATEGORY index="0x0" name="${GUESSED_CATEGORY}" />`] : []),
    '  </XDFHEADER>',
    ...definition.items.flatMap((item, i) => indented(itemLines(item, i + 1))),
    '</XDFFORMAT>',
    '',
  ].join('\n');
}

function itemLines(item: DefinitionItem, id: number): string[] {
  const { storage } = item;
  if (storage === null) throw notWritable(item.title, 'has no place of its own');
  const head = [
    `  <title>${escaped(item.title)}</title>`,
    `  <description>${escaped(item.guess ?? item.description)}</description>`,
    ...(item.guess === undefined ? [] : ['  <CATEGORYMEM index="0" category="1" />']),
  ];
  const name = item.kind === 'flag' ? 'XDFFLAG' : item.rows * item.columns === 1 ? 'XDFCONSTANT' : 'XDFTABLE';
  const open = `<${name} uniqueid="${hex(id)}"${name === 'XDFTABLE' ? ' flags="0x0"' : ''}>`;
  const body =
    name === 'XDFFLAG'
      ? [embedded(storage, 1, 1, false), `<mask>${hex(item.mask ?? 0xff)}</mask>`]
      : name === 'XDFCONSTANT'
        ? [embedded(storage, 1, 1, false), ...units(item.unit), ...numbers(item), ...math(item.conversion, item.title)]
        : [
            ...axisLines(item, 'x', item.columns),
            ...axisLines(item, 'y', item.rows),
            '<XDFAXIS id="z">',
            ...indented([
              embedded(storage, item.rows, item.columns, true),
              ...units(item.unit),
              ...numbers(item),
              ...math(item.conversion, item.title),
            ]),
            '</XDFAXIS>',
          ];
  return [open, ...head, ...indented(body), `</${name}>`];
}

function axisLines(item: DefinitionItem, side: 'x' | 'y', count: number): string[] {
  const axis = item.axes.find((a) => a.axis === side);
  const open = `<XDFAXIS id="${side}" uniqueid="0x0">`;
  const tail = ['<datatype>0</datatype>', '<unittype>0</unittype>', '<DALINK index="0" />'];
  if (axis?.source.kind === 'stored') {
    const { storage, conversion } = axis.source;
    return [
      open,
      ...indented([
        embedded(storage, 1, count, false, true),
        ...units(axis.unit),
        `<indexcount>${count}</indexcount>`,
        '<outputtype>1</outputtype>',
        // Read from its own address, not from labels.
        '<embedinfo type="1" />',
        ...tail,
        ...math(conversion, `the ${side} axis of ${item.title}`),
      ]),
      '</XDFAXIS>',
    ];
  }
  return [
    open,
    ...indented([
      '<EMBEDDEDDATA mmedelementsizebits="16" mmedmajorstridebits="-32" mmedminorstridebits="0" />',
      ...units(axis?.unit ?? ''),
      `<indexcount>${count}</indexcount>`,
      ...tail,
      ...labelsOf(axis, count).map((label, i) => `<LABEL index="${i}" value="${escaped(label)}" />`),
      ...math({ kind: 'identity' }, ''),
    ]),
    '</XDFAXIS>',
  ];
}

function labelsOf(axis: AxisDefinition | undefined, count: number): string[] {
  const { source } = axis ?? { source: { kind: 'none' as const } };
  if (source.kind === 'fixed')
    return Array.from({ length: count }, (_, i) => source.labels?.[i] ?? String(source.breakpoints[i] ?? ''));
  return Array.from({ length: count }, (_, i) => String(i + 1));
}

/** Strides as TunerPro counts them: between elements, and from the last element of a line to the first of the next; 0 is packed. */
function embedded(storage: Storage, rows: number, columns: number, isTable: boolean, isAxis = false): string {
  const { elementBytes, elementStepBytes, lineStepBytes, layout } = storage;
  const flags =
    (storage.signed ? 1 : 0) |
    (storage.byteOrder === 'little' && elementBytes > 1 ? 2 : 0) |
    (layout === 'column' ? 4 : 0) |
    (storage.float ? 0x10000 : 0);
  const perLine = layout === 'row' ? columns : rows;
  const major = elementStepBytes === elementBytes ? 0 : 8 * elementStepBytes;
  const packedLine = perLine * elementStepBytes;
  const minor = !isTable || lineStepBytes === packedLine ? 0 : 8 * (lineStepBytes - (perLine - 1) * elementStepBytes);
  const shape = isTable
    ? ` mmedrowcount="${rows}" mmedcolcount="${columns}"`
    : isAxis
      ? ` mmedcolcount="${columns}"`
      : '';
  return `<EMBEDDEDDATA mmedtypeflags="0x${flags.toString(16).padStart(2, '0').toUpperCase()}" mmedaddress="${hex(storage.address)}" mmedelementsizebits="${8 * elementBytes}"${shape} mmedmajorstridebits="${major}" mmedminorstridebits="${minor}" />`;
}

const units = (unit: string): string[] => (unit === '' ? [] : [`<units>${escaped(unit)}</units>`]);

const numbers = ({ digits, unit }: DefinitionItem): string[] => [
  `<decimalpl>${digits ?? (unit === '' ? 0 : 2)}</decimalpl>`,
  '<outputtype>1</outputtype>',
];

function math(conversion: Conversion, title: string): string[] {
  return [`<MATH equation="${escaped(equationOf(conversion, title))}">`, '  <VAR id="X" />', '</MATH>'];
}

/** Places that do not move with the item; in the words of other programs also what TunerPro reads otherwise. */
const PLACES = /\b(ADDRESS|THAT)\s*\(/i;
const UNLIKE = /\^|\b(LOG|SQR)\s*\(/i;

function equationOf(conversion: Conversion, title: string): string {
  switch (conversion.kind) {
    case 'identity':
      return 'X';
    case 'linear': {
      const { factor, offset } = conversion;
      const scaled = factor === 1 ? 'X' : `X*${factor}`;
      return offset === 0 ? scaled : offset > 0 ? `${scaled}+${offset}` : `${scaled}-${-offset}`;
    }
    case 'reciprocal':
      return `${conversion.numerator}/X`;
    case 'equation':
      if (conversion.cells.length > 0 || conversion.default.variables.some((v) => v.from !== 'self'))
        throw notWritable(title, 'is computed from other items');
      if (
        PLACES.test(conversion.default.text) ||
        (conversion.default.tunerPro === undefined && UNLIKE.test(conversion.default.text))
      )
        throw notWritable(title, 'has an equation that may mean something else there');
      return conversion.default.text;
    case 'table':
      throw notWritable(title, 'is computed by a table');
  }
}

const notWritable = (title: string, why: string): RevsyncError =>
  new RevsyncError(
    'NOT_WRITABLE',
    `"${title}" ${why}, which cannot be written as an XDF`,
    'Export YAML instead, or leave the item out.',
  );

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;
const indented = (lines: readonly string[]): string[] => lines.map((l) => `  ${l}`);

function escaped(text: string): string {
  // Control characters are no part of XML, whatever a title holds.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const plain = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');
  return plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/\r?\n/g, '&#013;&#010;');
}
