/** Runs the conversions of a definition, equations with their links to other items and places included. */
import { MAX_CELLS, MAX_CELLS_IN_ALL, readRaw } from './bytes.ts';
import { CellJob, cellIndex } from './cell-job.ts';
import { toPhysical } from './conversion.ts';
import { RevsyncError } from './errors.ts';
import { balanceParentheses, type Compiled, compileExpression, type ParsedEquation, type Scope } from './expression.ts';
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
    if (conversion.cells.length === 0 && standard.linear !== null && raw !== null)
      return { cells: toPhysical(raw, { kind: 'linear', ...standard.linear }), shownRaw: false };
    const pick = this.#cellEquations(conversion, title, standard);
    const job = new CellJob(rows, columns, raw);
    let current: Prepared = standard;
    const scope: Scope = {
      row: 0,
      column: 0,
      rows,
      columns,
      self: () => job.self(scope.row, scope.column),
      variable: (name) => {
        if (current.self.has(name)) return job.self(scope.row, scope.column);
        const constant = current.constants.get(name);
        if (constant === undefined)
          job.lacking = `the equation "${current.equation.text.slice(0, 80)}" uses ${name}, which is defined nowhere`;
        return constant ?? Number.NaN;
      },
      cell: (row, column, wantRaw) => job.cell(row, column, wantRaw),
      that: (id, row, column, wantRaw) => {
        const other = this.itemCells(String(id));
        if (other === null) return Number.NaN;
        const item = this.#byKey.get(String(id));
        const i = cellIndex(row, column, item?.columns ?? 1, other.cells.length);
        return i === null ? Number.NaN : ((wantRaw ? other.raw : other.cells)?.[i] ?? Number.NaN);
      },
      address: (address, bits, lsbFirst, signed) =>
        this.#element(address + (current.equation.tunerPro?.baseOffset ?? 0), bits, lsbFirst, signed),
    };
    const { without, lacked } = job.run((row, column) => {
      current = pick === null ? standard : pick(row + 1, column + 1);
      scope.row = row;
      scope.column = column;
      return current.run(scope);
    });
    if (without === 0) return { cells: job.cells, shownRaw: false };
    const all = without === rows * columns;
    this.warnings.push(
      `${title}: ${lacked}; ${all ? 'shown raw' : `${without} of its ${rows * columns} values stay unknown`}`,
    );
    return all ? asRaw : { cells: job.cells, shownRaw: false };
  }

  #element(address: number, bits: number, lsbFirst: boolean, signed: boolean): number {
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
    let parsed: ParsedEquation;
    try {
      parsed = this.#compile(equation, title);
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
      else constants.set(name, this.#only(variable.itemKey));
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

  /** @throws RevsyncError EQUATION_INVALID, also where parentheses at its ends would not mend it */
  #compile({ text, tunerPro }: Equation, title: string): ParsedEquation {
    const language = tunerPro === undefined ? 'plain' : 'tunerPro';
    try {
      return compileExpression(text, language);
    } catch (error) {
      const balanced = balanceParentheses(text);
      if (balanced.lacking === 0) throw error;
      const parsed = compileExpression(balanced.text, language);
      this.warnings.push(
        `${title}: the equation "${text.slice(0, 80)}" lacks ${balanced.lacking} parentheses; read as "${balanced.text.slice(0, 84)}"`,
      );
      return parsed;
    }
  }

  /** The value of an item of one cell. Which one of several is meant nobody says, and TunerPro's own export shows 0 for it. */
  #only(key: string): number {
    const linked = this.itemCells(key);
    return linked?.cells.length === 1 ? linked.cells[0]! : Number.NaN;
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
