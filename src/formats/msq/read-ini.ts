/** TunerStudio .ini: units, scales and which bins belong to which table. Only what a tune needs; nothing is executed. */

/** A constant as the firmware stores it. */
export interface IniConstant {
  /** '' where the .ini computes it. */
  units: string;
  /** U08, S16, F32 …: to know what erased looks like. */
  type: string;
  /** value = (raw + translate) * scale; NaN where the .ini computes it. */
  scale: number;
  translate: number;
}

/** One table or curve of the editor. */
export interface IniTable {
  title: string;
  x: string;
  y: string | null;
}

export interface Ini {
  signature: string;
  constants: Map<string, IniConstant>;
  /** By the name of the constant that holds the cells, in the order of the file. */
  tables: Map<string, IniTable[]>;
}

const MAX_LINES = 200_000;
/** Pairs of settings of which a project has one. */
const OPPOSITES: [string, string][] = [
  ['CELSIUS', 'FAHRENHEIT'],
  ['AFR', 'LAMBDA'],
];

/** Splits at commas outside of quotes and braces; a semicolon starts a remark. */
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

/** Lines that hold under the settings: #if NAME … #elif … #else … #endif, #set and #unset. */
function* activeLines(text: string, settings: ReadonlySet<string>): Generator<string> {
  const names = new Set(settings);
  // Each open #if: is the branch taken now, was one taken before, is what encloses it taken.
  const open: { taken: boolean; done: boolean; outer: boolean }[] = [];
  const taken = (): boolean => open.at(-1)?.taken ?? true;
  for (const line of text.split(/\r?\n/, MAX_LINES)) {
    const trimmed = line.trim();
    const directive = /^#\s*(if|elif|else|endif|set|unset|exitonsection)\b\s*(\w*)/i.exec(trimmed);
    if (directive === null) {
      if (taken() && !trimmed.startsWith('#')) yield trimmed;
      continue;
    }
    const [, word = '', name = ''] = directive;
    const last = open.at(-1);
    switch (word.toLowerCase()) {
      case 'if': {
        const outer = taken();
        const now = outer && names.has(name);
        open.push({ taken: now, done: now, outer });
        break;
      }
      case 'elif':
        if (last !== undefined) {
          last.taken = last.outer && !last.done && names.has(name);
          last.done ||= last.taken;
        }
        break;
      case 'else':
        if (last !== undefined) last.taken = last.outer && !last.done;
        break;
      case 'endif':
        open.pop();
        break;
      case 'set': {
        const opposite = OPPOSITES.find((pair) => pair.includes(name))?.find((other) => other !== name);
        const overruled = settings.has(`${name}_OFF`) || (opposite !== undefined && settings.has(opposite));
        if (taken() && !overruled) names.add(name);
        break;
      }
      case 'unset':
        if (taken() && !settings.has(name)) names.delete(name);
        break;
    }
  }
}

/**
 * Never throws: a line that is not understood is passed over.
 * @param settings names under <settings> of the project: they choose between CELSIUS and FAHRENHEIT, AFR and LAMBDA
 */
export function readIni(text: string, settings: ReadonlySet<string>): Ini {
  const ini: Ini = { signature: '', constants: new Map(), tables: new Map() };
  let section = '';
  let current: { title: string; x: string | null; y: string | null; cells: string[] } = emptyTable('');
  const keep = (): void => {
    if (current.x === null) return;
    for (const cells of current.cells) {
      const tables = ini.tables.get(cells) ?? [];
      tables.push({ title: current.title, x: current.x, y: current.y });
      ini.tables.set(cells, tables);
    }
  };
  for (const line of activeLines(text, settings)) {
    const head = /^\[(\w+)\]/.exec(line);
    if (head !== null) {
      keep();
      current = emptyTable('');
      section = head[1]!.toLowerCase();
      continue;
    }
    const pair = /^(\w+)\s*=\s*(.*)$/.exec(line);
    if (pair === null) continue;
    const [, name = '', rest = ''] = pair;
    const fields = fieldsOf(rest);
    const first = fields[0] ?? '';
    if (name === 'signature' && ini.signature === '') ini.signature = unquoted(first);
    if (section === 'constants' || section === 'pcvariables') readConstant(ini, name, fields);
    else if (section === 'tableeditor') {
      if (name === 'table') {
        keep();
        current = emptyTable(unquoted(fields[2]));
      } else if (name === 'xBins') current.x = first;
      else if (name === 'yBins') current.y = first;
      else if (name === 'zBins') current.cells.push(first);
    } else if (section === 'curveeditor') {
      if (name === 'curve') {
        keep();
        current = emptyTable(unquoted(fields[1]));
      } else if (name === 'xBins') current.x = first;
      else if (name === 'yBins') current.cells.push(first);
    }
  }
  keep();
  return ini;
}

const emptyTable = (title: string): { title: string; x: string | null; y: string | null; cells: string[] } => ({
  title,
  x: null,
  y: null,
  cells: [],
});

/** `scalar, U08, offset, "units", scale, translate …`; an array has its shape before the units; pcVariables have no offset. */
function readConstant(ini: Ini, name: string, fields: string[]): void {
  const [kind, type = ''] = fields;
  if (kind !== 'scalar' && kind !== 'array') return;
  const rest = fields.slice(2);
  if (/^(\d+|lastOffset|nextOffset)$/i.test(rest[0] ?? '')) rest.shift();
  if (/^\[.*\]$/.test(rest[0] ?? '')) rest.shift();
  const [units = '', scale, translate] = rest;
  ini.constants.set(name, {
    units: units.startsWith('"') ? unquoted(units) : '',
    type,
    scale: numberOf(scale),
    translate: numberOf(translate),
  });
}

const numberOf = (text: string | undefined): number =>
  text === undefined || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number.NaN : Number(text);
