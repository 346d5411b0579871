/** TunerStudio .ini: units, scales, enumerations and which bins belong to which table. Only what a tune needs; nothing is executed. */

export interface IniConstant {
  units: string;
  /** Raw size in bytes and sign, to know what erased looks like. */
  type: string;
  scale: number;
  translate: number;
}

export interface IniTable {
  title: string;
  x: string;
  y: string | null;
  z: string;
}

export interface Ini {
  signature: string;
  constants: Map<string, IniConstant>;
  /** By the name of the constant that holds the cells. */
  tables: Map<string, IniTable>;
}

/** Splits at commas outside of quotes and braces. */
function fieldsOf(text: string): string[] {
  const fields: string[] = [];
  let field = '';
  let depth = 0;
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === '{' || c === '[')) depth++;
    else if (!quoted && (c === '}' || c === ']')) depth--;
    if (c === ';' && !quoted) break;
    if (c === ',' && !quoted && depth === 0) {
      fields.push(field.trim());
      field = '';
    } else field += c;
  }
  fields.push(field.trim());
  return fields;
}

const unquoted = (text: string | undefined): string => (text ?? '').replace(/^"|"$/g, '').trim();

/** Never throws: a line that is not understood is passed over. */
export function readIni(text: string): Ini {
  const ini: Ini = { signature: '', constants: new Map(), tables: new Map() };
  let section = '';
  let current: Partial<IniTable> & { title: string } = { title: '' };
  const keep = (): void => {
    if (current.x !== undefined && current.z !== undefined) {
      ini.tables.set(current.z, { title: current.title, x: current.x, y: current.y ?? null, z: current.z });
    }
  };
  for (const line of text.split(/\r?\n/).slice(0, 200_000)) {
    const trimmed = line.trim();
    const head = /^\[(\w+)\]/.exec(trimmed);
    if (head !== null) {
      keep();
      current = { title: '' };
      section = head[1]!.toLowerCase();
      continue;
    }
    const pair = /^(\w+)\s*=\s*(.*)$/.exec(trimmed);
    if (pair === null) continue;
    const [, name, rest] = pair as unknown as [string, string, string];
    const fields = fieldsOf(rest);
    if (name === 'signature' && ini.signature === '') ini.signature = unquoted(fields[0]);
    if (section === 'constants' || section === 'pcvariables') readConstant(ini, name, fields);
    else if (section === 'tableeditor' || section === 'curveeditor') {
      if (name === 'table' || name === 'curve') {
        keep();
        current = { title: unquoted(fields[name === 'table' ? 2 : 1]) };
      } else if (name === 'xBins') current.x = fields[0] ?? '';
      else if (name === 'yBins') {
        if (section === 'tableeditor') current.y = fields[0] ?? '';
        else if (current.z === undefined) current.z = fields[0] ?? '';
      } else if (name === 'zBins') current.z = fields[0] ?? '';
    }
  }
  keep();
  return ini;
}

function readConstant(ini: Ini, name: string, fields: string[]): void {
  const [kind, type] = fields;
  if (kind !== 'scalar' && kind !== 'array') return;
  // array: type, offset, [shape], units, scale, translate …; scalar has no shape; pcVariables have no offset.
  const rest = fields.slice(2).filter((f) => !/^\[.*\]$/.test(f));
  const at = rest.findIndex((f) => f.startsWith('"'));
  if (at < 0) return;
  const number = (text: string | undefined): number =>
    text === undefined || !/^-?[\d.]+(e-?\d+)?$/i.test(text) ? Number.NaN : Number(text);
  ini.constants.set(name, {
    units: unquoted(rest[at]),
    type: type ?? '',
    scale: number(rest[at + 1]),
    translate: number(rest[at + 2]),
  });
}
