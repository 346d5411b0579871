/**
 * Equations of definitions (TunerPro, A2L, ECUFlash) compiled to closures. The only file that evaluates text:
 * jsep parses, an allow-list of nodes is compiled, nothing else runs. Evaluation never throws: what cannot be computed is NaN.
 */
import numbers from '@jsep-plugin/numbers';
import jsep from 'jsep';
import { RevsyncError } from './errors.ts';

/** What an equation may ask while it runs. Rows and columns count from 0, as TunerPro's functions do (its MATH attributes count from 1). */
export interface Scope {
  /** Value of a name, upper-case; NaN where unknown. */
  variable(name: string): number;
  /** Raw value of the cell that is computed: THIS(). */
  self(): number;
  /** Place of the cell that is computed. */
  row: number;
  column: number;
  rows: number;
  columns: number;
  /** Another cell of the same item: CELL(row; column; raw), on an axis CELL(index; raw). */
  cell(row: number, column: number, raw: boolean): number;
  /** A cell of another item: THAT(uniqueid; row; column; raw). */
  that(id: number, row: number, column: number, raw: boolean): number;
  /** ADDRESS(address; bits; lsbFirst; signed). */
  address(address: number, bits: number, lsbFirst: boolean, signed: boolean): number;
}

/**
 * Whose words a text is in. The help of TunerPro makes LOG the natural logarithm, SQR the square root and ^ the exclusive or;
 * elsewhere LOG is that of base 10, SQR the square and ^ the power.
 */
export type Language = 'plain' | 'tunerPro';

export type Compiled = (scope: Scope) => number;

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 64;

// ^ is the power (right associative, above * and /), see Language; no comma but the argument separator.
jsep.plugins.register(numbers);
jsep.addBinaryOp('^', 12, true);
jsep.addBinaryOp('<<', 8);
jsep.addBinaryOp('>>', 8);
// jsep binds a sign tighter than ^ and drops parentheses: a sign met for the second time stood in some, so that (-X)^2 stays one number
// and -X^2 becomes -(X^2), as everywhere in arithmetic.
jsep.hooks.add('after-token', (env: { node?: unknown }) => {
  const node = env.node as Node | undefined;
  if (node?.type === 'UnaryExpression') node['bareSign'] = node['bareSign'] === undefined;
});

type Node = { type: string; [key: string]: unknown };

/** Names a text uses, upper-case, functions left out. */
export interface ParsedEquation {
  run: Compiled;
  names: Set<string>;
  /** Set where the equation is factor * X + offset with X alone: read without a closure per cell. */
  linear: { variable: string; factor: number; offset: number } | null;
}

const cache = new Map<string, ParsedEquation>();

/**
 * @throws RevsyncError EQUATION_INVALID with the reason
 */
export function compileExpression(text: string, language: Language = 'plain'): ParsedEquation {
  const cacheKey = `${language} ${text}`;
  const known = cache.get(cacheKey);
  if (known !== undefined) return known;
  if (text.length > MAX_LENGTH) throw invalid(text, 'it is longer than 2,000 characters');
  const names = new Set<string>();
  let tree: Node;
  try {
    // Bitwise operators of C do not occur; `;` separates arguments; a single = compares.
    tree = jsep(
      text
        .replaceAll(';', ',')
        .replace(/<>/g, '!=')
        .replace(/(^|[^<>=!])=(?!=)/g, '$1=='),
    ) as unknown as Node;
  } catch (error) {
    throw invalid(text, (error as Error).message);
  }
  const run = compile(tree, { names, text, language }, 0);
  const parsed = { run, names, linear: linearOf(tree) };
  if (cache.size > 5_000) cache.clear();
  cache.set(cacheKey, parsed);
  return parsed;
}

/** Real files have parentheses that do not match: those that lack are put at the ends. How many, and the text with them. */
export function balanceParentheses(text: string): { text: string; lacking: number } {
  let depth = 0;
  let before = 0;
  for (const c of text) {
    if (c === '(') depth++;
    else if (c === ')' && --depth < 0) {
      before++;
      depth = 0;
    }
  }
  return { text: `${'('.repeat(before)}${text}${')'.repeat(depth)}`, lacking: before + depth };
}

function invalid(text: string, reason: string): RevsyncError {
  return new RevsyncError(
    'EQUATION_INVALID',
    `the equation "${text.slice(0, 80)}" cannot be computed: ${reason}`,
    'Its values are shown raw.',
  );
}

const truth = (value: boolean): number => (value ? 1 : 0);

const BINARY: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
  '%': (a, b) => (b === 0 ? Number.NaN : a % b),
  '^': (a, b) => a ** b,
  '<<': (a, b) => a * 2 ** b,
  '>>': (a, b) => Math.floor(a / 2 ** b),
  // Of 32 bits, as unsigned numbers; what is no finite number has no bits.
  '&': (a, b) => (Number.isFinite(a) && Number.isFinite(b) ? (a & b) >>> 0 : Number.NaN),
  '|': (a, b) => (Number.isFinite(a) && Number.isFinite(b) ? (a | b) >>> 0 : Number.NaN),
  '==': (a, b) => truth(a === b),
  '===': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '!==': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '&&': (a, b) => truth(a !== 0 && b !== 0),
  '||': (a, b) => truth(a !== 0 || b !== 0),
};

const UNARY: Record<string, (a: number) => number> = { '-': (a) => -a, '+': (a) => a, '!': (a) => truth(a === 0) };

const MATH: Record<string, (...a: number[]) => number> = {
  ABS: Math.abs,
  EXP: Math.exp,
  SQRT: Math.sqrt,
  SQR: (a) => a * a,
  LN: Math.log,
  LOG: Math.log10,
  LOG10: Math.log10,
  SIN: Math.sin,
  COS: Math.cos,
  TAN: Math.tan,
  ASIN: Math.asin,
  ACOS: Math.acos,
  ATAN: Math.atan,
  SINH: Math.sinh,
  COSH: Math.cosh,
  TANH: Math.tanh,
  ASINH: Math.asinh,
  ACOSH: Math.acosh,
  ATANH: Math.atanh,
  RADIANS: (a) => (a * Math.PI) / 180,
  DEGREES: (a) => (a * 180) / Math.PI,
  POW: (a, b) => a ** b,
  MIN: Math.min,
  MAX: Math.max,
  AVG: (...a) => a.reduce((x, y) => x + y, 0) / a.length,
  SUM: (...a) => a.reduce((x, y) => x + y, 0),
  INT: Math.trunc,
  TRUNC: Math.trunc,
  FLOOR: Math.floor,
  CEIL: Math.ceil,
  CEILING: Math.ceil,
  ROUND: (a, digits = 0) => Math.round(a * 10 ** digits) / 10 ** digits,
  MROUND: (a, step) => (step === 0 ? 0 : Math.round(a / step) * step),
  MOD: (a, b) => (b === 0 ? Number.NaN : a - b * Math.floor(a / b)),
  SIGN: Math.sign,
  AND: (...a) => truth(a.every((x) => x !== 0)),
  OR: (...a) => truth(a.some((x) => x !== 0)),
  NOT: (a) => truth(a === 0),
  BITAND: (a, b) => BINARY['&']!(a, b),
  BITOR: (a, b) => BINARY['|']!(a, b),
};

/** What the same name means in TunerPro's words. */
const TUNERPRO_MATH: typeof MATH = { LOG: Math.log, SQR: Math.sqrt };

/** An unknown argument gives an unknown result, also where JavaScript would give a number (NaN ** 0 is 1, AND(NaN) is true). */
const safe =
  (f: (...a: number[]) => number) =>
  (...a: number[]): number =>
    a.some(Number.isNaN) ? Number.NaN : f(...a);

interface Source {
  /** Filled with the names that the text uses. */
  names: Set<string>;
  text: string;
  language: Language;
}

function compile(node: Node, source: Source, depth: number): Compiled {
  const { names, text } = source;
  if (depth > MAX_DEPTH) throw invalid(text, 'it is nested too deeply');
  const sub = (n: unknown): Compiled => compile(n as Node, source, depth + 1);
  switch (node.type) {
    case 'Literal': {
      const { value } = node;
      if (typeof value === 'number') return () => value;
      if (typeof value === 'boolean') return () => truth(value);
      throw invalid(text, 'texts are no values');
    }
    case 'Identifier': {
      const name = String(node['name']).toUpperCase();
      if (name === 'TRUE') return () => 1;
      if (name === 'FALSE') return () => 0;
      if (name === 'PI') return () => Math.PI;
      names.add(name);
      return (scope) => scope.variable(name);
    }
    case 'UnaryExpression': {
      const operator = UNARY[String(node['operator'])];
      if (operator === undefined) throw invalid(text, `the operator ${String(node['operator'])} is not allowed`);
      const a = sub(node['argument']);
      return (scope) => operator(a(scope));
    }
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const name = String(node['operator']);
      const left = node['left'] as Node;
      // Authors who copy 2^14 from an A2L mean the power; what X^2 is to give, nobody can know.
      if (name === '^' && source.language === 'tunerPro' && !(isNumber(left) && isNumber(node['right'] as Node)))
        throw invalid(text, '^ is the exclusive or in TunerPro, and the power to many authors');
      if (name === '^' && left['bareSign'] === true) {
        const power = { type: 'BinaryExpression', operator: '^', left: left['argument'], right: node['right'] };
        return compile({ ...left, bareSign: false, argument: power }, source, depth + 1);
      }
      const operator = BINARY[name];
      if (operator === undefined) throw invalid(text, `the operator ${name} is not allowed`);
      const [a, b] = [sub(node['left']), sub(node['right'])];
      return (scope) => {
        const x = a(scope);
        const y = b(scope);
        return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : operator(x, y);
      };
    }
    case 'CallExpression':
      return compileCall(node, sub, source);
    default:
      throw invalid(text, `${node.type} is not allowed`);
  }
}

/** A number, with a sign or without. */
const isNumber = (node: Node): boolean =>
  node.type === 'Literal' || (node.type === 'UnaryExpression' && isNumber(node['argument'] as Node));

function compileCall(node: Node, sub: (n: unknown) => Compiled, { text, language }: Source): Compiled {
  const callee = node['callee'] as Node;
  if (callee.type !== 'Identifier') throw invalid(text, 'only functions by name are allowed');
  const name = String(callee['name']).toUpperCase();
  const args = (node['arguments'] as unknown[]).map(sub);
  const arg = (i: number): Compiled => args[i] ?? ((): number => Number.NaN);
  const optional = (i: number, fallback: Compiled): Compiled => args[i] ?? fallback;
  switch (name) {
    case 'IF': {
      const [condition, yes, no] = [arg(0), arg(1), optional(2, () => 0)];
      return (scope) => {
        const c = condition(scope);
        return Number.isNaN(c) ? Number.NaN : c !== 0 ? yes(scope) : no(scope);
      };
    }
    case 'ROW':
      return (scope) => scope.row;
    case 'COL':
    case 'COLUMN':
      return (scope) => scope.column;
    case 'ROWS':
      return (scope) => scope.rows;
    case 'COLS':
    case 'COLUMNS':
      return (scope) => scope.columns;
    case 'INDEX':
      return (scope) => scope.row * scope.columns + scope.column;
    case 'INDEXES':
      return (scope) => scope.rows * scope.columns;
    case 'THIS':
      return (scope) => scope.self();
    case 'CELL': {
      if (args.length === 2) {
        const [index, raw] = [arg(0), arg(1)];
        return (scope) => scope.cell(0, index(scope), raw(scope) !== 0);
      }
      const [row, column, raw] = [arg(0), arg(1), optional(2, () => 0)];
      return (scope) => scope.cell(row(scope), column(scope), raw(scope) !== 0);
    }
    case 'THAT': {
      const [id, row, column, raw] = [
        arg(0),
        optional(1, (s) => s.row),
        optional(2, (s) => s.column),
        optional(3, () => 0),
      ];
      return (scope) => scope.that(id(scope), row(scope), column(scope), raw(scope) !== 0);
    }
    case 'ADDRESS': {
      const [address, bits, lsb, signed] = [arg(0), optional(1, () => 8), optional(2, () => 0), optional(3, () => 0)];
      return (scope) => scope.address(address(scope), bits(scope), lsb(scope) !== 0, signed(scope) !== 0);
    }
  }
  const math = (language === 'tunerPro' ? TUNERPRO_MATH[name] : undefined) ?? MATH[name];
  if (math === undefined) throw invalid(text, `the function ${name} is not known`);
  const f = safe(math);
  return (scope) => f(...args.map((a) => a(scope)));
}

/** factor * name + offset, where the tree is nothing more. */
function linearOf(tree: Node): ParsedEquation['linear'] {
  const form = affine(tree, 0);
  if (form === null || form.name === null || !Number.isFinite(form.factor) || !Number.isFinite(form.offset))
    return null;
  return { variable: form.name, factor: form.factor, offset: form.offset };
}

interface Affine {
  name: string | null;
  factor: number;
  offset: number;
}

/** Only forms whose result is the same to the last bit as step by step are taken: X, X*c, c*X, X/2^n, and those plus or minus d. */
function affine(node: Node, depth: number): Affine | null {
  if (node.type === 'Identifier' && !/^(true|false|pi)$/i.test(String(node['name']))) {
    return { name: String(node['name']).toUpperCase(), factor: 1, offset: 0 };
  }
  if (node.type !== 'BinaryExpression' || depth > 2) return null;
  let [left, right] = [node['left'] as Node, node['right'] as Node];
  if (left.type === 'Literal' && /^[*+]$/.test(String(node['operator']))) [left, right] = [right, left];
  const constant = right.type === 'Literal' ? Number(right['value']) : Number.NaN;
  const base = affine(left, depth + 1);
  if (base === null || Number.isNaN(constant)) return null;
  switch (node['operator']) {
    case '*':
      return base.factor === 1 && base.offset === 0 ? { ...base, factor: constant } : null;
    case '/':
      // Only the inverse of a power of two is exact.
      return base.factor === 1 && base.offset === 0 && Number.isInteger(Math.log2(constant))
        ? { ...base, factor: 1 / constant }
        : null;
    case '+':
      return base.offset === 0 ? { ...base, offset: constant } : null;
    case '-':
      return base.offset === 0 ? { ...base, offset: -constant } : null;
    default:
      return null;
  }
}
