/** Runs the conversions of a definition, equations with their links to other items and places included. */
import { MAX_CELLS, MAX_CELLS_IN_ALL, readRaw } from './bytes.ts';
import { toPhysical } from './conversion.ts';
import { RevsyncError } from './errors.ts';
import { type Compiled, compileExpression, type Scope } from './expression.ts';
import type { Conversion, Definition, DefinitionItem, Equation, Image, Storage } from './model.ts';

/** How deep links may lead: real definitions go two deep, hostile ones in circles. */
const MAX_LINK_DEPTH = 8;

/** Physical values, or raw ones where the equation cannot be understood: their unit is then unknown. */
export interface Converted {
  cells: Float64Array;
  shownRaw: boolean;
}

interface ItemCells {
  cells: Float64Array;
  raw: Float64Array | null;
  storage: Storage | null;
  shownRaw: boolean;
}

interface Prepared {
  run: Compiled;
  linear: { factor: number; offset: number } | null;
  equation: Equation;
  /** Values of names that do not depend on the cell. */
  constants: Map<string, number>;
  self: Set<string>;
}

/** Stands in for an equation of single cells that cannot be understood: the default equation is not theirs. */
const UNKNOWN: Prepared = {
  run: () => Number.NaN,
  linear: null,
  equation: { text: '', variables: [] },
  constants: new Map(),
  self: new Set(),
};

/** The conversions of one definition over one image; remembers what linked items came to. */
export class Equations {
  readonly warnings: string[] = [];
  readonly #image: Image;
  readonly #shift: number;
  readonly #byKey: Map<string, DefinitionItem>;
  /** Items by the number that THAT() uses: `key` is the decimal uniqueid, with a suffix where one repeats. */
  readonly #results = new Map<string, ItemCells | null>();
  #depth = 0;
  #cellsLeft = MAX_CELLS_IN_ALL;

  constructor(image: Image, definition: Definition, shift: number) {
    this.#image = image;
    this.#shift = shift;
    this.#byKey = new Map(definition.items.map((i) => [i.key, i]));
  }

  /** Takes the cells of one more item from what a definition may have in all; false where they are too many. */
  afford(rows: number, columns: number): boolean {
    const count = rows * columns;
    if (!(count <= MAX_CELLS && count <= this.#cellsLeft)) return false;
    this.#cellsLeft -= count;
    return true;
  }

  /** Physical cells of an item from its raw ones; raw values where the equation cannot be understood (and a warning). */
  cells(item: DefinitionItem, raw: Float64Array | null): Converted | null {
    const { conversion } = item;
    if (conversion.kind !== 'equation')
      return raw === null ? null : { cells: toPhysical(raw, conversion), shownRaw: false };
    return this.#run(conversion, raw, item.rows, item.columns, item.title);
  }

  /** Physical breakpoints of a stored axis. */
  axis(raw: Float64Array, conversion: Conversion): Converted {
    if (conversion.kind !== 'equation') return { cells: toPhysical(raw, conversion), shownRaw: false };
    return this.#run(conversion, raw, 1, raw.length, 'an axis') ?? { cells: raw, shownRaw: true };
  }

  /** Cells of another item; null where there is none, or links lead in circles. */
  itemCells(key: string): ItemCells | null {
    if (this.#results.has(key)) return this.#results.get(key) ?? null;
    const item = this.#byKey.get(key);
    if (item === undefined || this.#depth >= MAX_LINK_DEPTH || !this.afford(item.rows, item.columns)) return null;
    // Marked as empty while it is computed: a circle then ends here.
    this.#results.set(key, null);
    this.#depth++;
    try {
      const storage = item.storage;
      const raw = storage === null ? null : readRaw(this.#image, this.#moved(storage), item.rows, item.columns);
      const converted = storage !== null && raw === null ? null : this.cells(item, raw);
      const result = converted === null ? null : { ...converted, raw, storage };
      this.#results.set(key, result);
      return result;
    } finally {
      this.#depth--;
    }
  }

  #moved(storage: Storage): Storage {
    return this.#shift === 0 ? storage : { ...storage, address: storage.address + this.#shift };
  }

  #run(
    conversion: Conversion & { kind: 'equation' },
    raw: Float64Array | null,
    rows: number,
    columns: number,
    title: string,
  ): Converted | null {
    const standard = this.#prepare(conversion.default, title, 'shown raw');
    const asRaw = raw === null ? null : { cells: raw.slice(), shownRaw: true };
    if (standard === null) return asRaw;
    const out = new Float64Array(rows * columns);
    if (conversion.cells.length === 0 && standard.linear !== null && raw !== null) {
      const { factor, offset } = standard.linear;
      for (let i = 0; i < out.length; i++) out[i] = raw[i]! * factor + offset;
      return { cells: out, shownRaw: false };
    }
    const pick = this.#cellEquations(conversion, title, standard);
    // Cells may read cells of the same item that are computed already: CELL() of TunerPro.
    let current: Prepared = standard;
    let value = Number.NaN;
    let missing: string | null = null;
    let without = 0;
    let lacked = '';
    const scope: Scope = {
      row: 1,
      column: 1,
      rows,
      columns,
      variable: (name) => {
        if (current.self.has(name)) return value;
        const constant = current.constants.get(name);
        if (constant === undefined) missing = name;
        return constant ?? Number.NaN;
      },
      cell: (row, column, wantRaw) => at(wantRaw ? raw : out, row, column, columns),
      that: (id, row, column, wantRaw) => {
        const other = this.itemCells(String(id));
        if (other === null) return Number.NaN;
        const item = this.#byKey.get(String(id));
        return at(wantRaw ? other.raw : other.cells, row, column, item?.columns ?? 1);
      },
      address: (address, bits, signed, lsbFirst) => this.#element(address, bits, signed, lsbFirst),
    };
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, i++) {
        current = pick === null ? standard : pick(row + 1, column + 1);
        value = raw === null ? Number.NaN : raw[i]!;
        scope.row = row + 1;
        scope.column = column + 1;
        const result = current.run(scope);
        // Only a branch that is taken needs its names: if(X<-0.5;(y-257)/514;X) of 15M never asks for y.
        if (missing !== null) {
          without++;
          lacked = `the equation "${current.equation.text.slice(0, 80)}" uses ${missing}, which is defined nowhere`;
          missing = null;
          out[i] = Number.NaN;
        } else out[i] = Number.isFinite(result) ? result : Number.NaN;
      }
    }
    if (without === 0) return { cells: out, shownRaw: false };
    const all = without === out.length;
    this.warnings.push(
      `${title}: ${lacked}; ${all ? 'shown raw' : `${without} of its ${out.length} values stay unknown`}`,
    );
    return all ? asRaw : { cells: out, shownRaw: false };
  }

  #element(address: number, bits: number, signed: boolean, lsbFirst: boolean): number {
    if (![8, 16, 32].includes(bits) || !Number.isInteger(address)) return Number.NaN;
    const elementBytes = (bits / 8) as 1 | 2 | 4;
    const storage: Storage = {
      address,
      elementBytes,
      signed,
      float: false,
      byteOrder: lsbFirst ? 'little' : 'big',
      layout: 'row',
      elementStepBytes: elementBytes,
      lineStepBytes: elementBytes,
    };
    return readRaw(this.#image, this.#moved(storage), 1, 1)?.[0] ?? Number.NaN;
  }

  #prepare(equation: Equation, title: string, otherwise: string): Prepared | null {
    let parsed: ReturnType<typeof compileExpression>;
    try {
      parsed = compileExpression(equation.text);
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      this.warnings.push(`${title}: ${error.message}; ${otherwise}`);
      return null;
    }
    const constants = new Map<string, number>();
    const self = new Set<string>();
    for (const variable of equation.variables) {
      const name = variable.name.toUpperCase();
      if (!parsed.names.has(name)) continue;
      if (variable.from === 'self') self.add(name);
      else if (variable.from === 'address')
        constants.set(name, readRaw(this.#image, this.#moved(variable.storage), 1, 1)?.[0] ?? Number.NaN);
      else constants.set(name, this.itemCells(variable.itemKey)?.cells[0] ?? Number.NaN);
    }
    // X without a VAR is the raw value all the same; any other free name is defined nowhere.
    if (parsed.names.has('X') && !constants.has('X')) self.add('X');
    const { linear } = parsed;
    return {
      run: parsed.run,
      linear: linear !== null && self.has(linear.variable) ? { factor: linear.factor, offset: linear.offset } : null,
      equation,
      constants,
      self,
    };
  }

  /** Equations of single cells, rows and columns: row and column beat row beats column beats the default. */
  #cellEquations(
    conversion: Conversion & { kind: 'equation' },
    title: string,
    standard: Prepared,
  ): ((row: number, column: number) => Prepared) | null {
    if (conversion.cells.length === 0) return null;
    const table = new Map<string, Prepared>();
    for (const { row, column, equation } of conversion.cells) {
      const prepared = this.#prepare(equation, title, 'its cells stay unknown') ?? UNKNOWN;
      table.set(`${row ?? '*'}:${column ?? '*'}`, prepared);
    }
    return (row, column) =>
      table.get(`${row}:${column}`) ?? table.get(`${row}:*`) ?? table.get(`*:${column}`) ?? standard;
  }
}

function at(cells: Float64Array | null, row: number, column: number, columns: number): number {
  if (cells === null || !Number.isInteger(row) || !Number.isInteger(column)) return Number.NaN;
  if (row < 1 || column < 1 || column > columns) return Number.NaN;
  return cells[(row - 1) * columns + column - 1] ?? Number.NaN;
}
