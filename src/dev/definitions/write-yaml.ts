/** Definitions as a tuner would write them: one line a map. */

/** A flow mapping on one line; addresses in hex. */
export function flow(entries: [string, unknown][]): string {
  return `{ ${entries
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => `${k}: ${value(k, v)}`)
    .join(', ')} }`;
}

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;

function value(key: string, v: unknown): string {
  if (key === 'at') return Array.isArray(v) ? `[${v.map((n) => hex(n as number)).join(', ')}]` : hex(v as number);
  if (key === 'mask') return hex(v as number);
  if (Array.isArray(v)) return `[${v.map((e) => value('', e)).join(', ')}]`;
  if (v !== null && typeof v === 'object') return flow(Object.entries(v));
  if (typeof v === 'number') return String(v);
  return quoted(String(v));
}

/** Quoted where YAML would read something else than text. */
export function quoted(text: string): string {
  return /^[A-Za-z°µλ][\w °µλ()./-]*$/.test(text) &&
    !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text) &&
    text.trim() === text
    ? text
    : JSON.stringify(text);
}

export interface Family {
  id: string;
  title: string;
  ecu: { maker: string; family?: string; partNumber: string[] };
  motorcycles: string[];
  sources: string[];
  imageBytes: number;
  byteOrder: 'big' | 'little';
  identifiers: { at: number; text: string }[];
  sum8: boolean;
  /** The `checksum` line where it is another than the 8-bit sum. */
  checksum?: string;
  notes?: string;
}

/** @param sections lines of axes, maps, scalars, flags, patches */
export function definitionYaml(
  family: Family,
  sections: Record<'axes' | 'maps' | 'scalars' | 'flags' | 'patches', string[]>,
): string {
  const { ecu } = family;
  const lines = [
    `title: ${quoted(family.title)}`,
    `ecu: ${flow([
      ['maker', ecu.maker],
      ['family', ecu.family],
      ['partNumber', ecu.partNumber.length === 1 ? ecu.partNumber[0] : ecu.partNumber],
    ])}`,
    `motorcycles: [${family.motorcycles.join(', ')}]`,
    'sources:',
    ...family.sources.map((s) => `  - ${JSON.stringify(s)}`),
    ...(family.notes === undefined ? [] : [`notes: ${JSON.stringify(family.notes)}`]),
    'image:',
    `  bytes: ${family.imageBytes}`,
    `  byteOrder: ${family.byteOrder}`,
    '  identifiers:',
    ...family.identifiers.map(
      (i) =>
        `    - ${flow([
          ['at', i.at],
          ['text', i.text],
          ['what', 'calibration'],
        ])}`,
    ),
    ...(family.sum8 ? ['  checksum: { kind: sum8, equals: 0 }'] : []),
    ...(family.checksum === undefined ? [] : [`  checksum: ${family.checksum}`]),
  ];
  for (const [name, entries] of Object.entries(sections)) {
    if (entries.length === 0) continue;
    lines.push('', `${name}:`, ...entries.map((e) => (name === 'axes' ? `  ${e}` : `  - ${e}`)));
  }
  return `${lines.join('\n')}\n`;
}
