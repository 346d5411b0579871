/** COMPU_METHOD to conversions. RAT_FUNC states raw from physical and is turned round; tables map raw to physical. */

import { statedUnit } from '../../core/axis-names.ts';
import { balanceParentheses } from '../../core/expression.ts';
import type { Conversion } from '../../core/model.ts';
import { after, allOf, type Block, numberOf } from './blocks.ts';

export interface Method {
  conversion: Conversion;
  unit: string;
  digits: number | null;
  /** The values are names of states: no quantity. */
  verbal: boolean;
  /** Why the values are shown raw. */
  problem: string | null;
}

const RAW: Method = { conversion: { kind: 'identity' }, unit: '', digits: null, verbal: false, problem: null };
const MAX_TABLE = 4_096;

/** Reads the methods of a file by name. */
export class Methods {
  readonly warnings: string[] = [];
  readonly #blocks: Map<string, Block>;
  readonly #tables: Map<string, Block>;
  readonly #known = new Map<string, Method>();

  constructor(root: Block) {
    const byName = (blocks: Block[]): Map<string, Block> => new Map(blocks.map((b) => [b.tokens[0]?.text ?? '', b]));
    this.#blocks = byName(allOf(root, 'COMPU_METHOD'));
    this.#tables = byName(allOf(root, 'COMPU_TAB'));
  }

  /** NO_COMPU_METHOD and names that nobody defines: raw counts. */
  get(name: string): Method {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const block = this.#blocks.get(name);
    let method = RAW;
    if (block !== undefined) method = this.#read(block);
    else if (name !== 'NO_COMPU_METHOD' && name !== '')
      method = { ...RAW, problem: `its COMPU_METHOD "${name.slice(0, 60)}" is defined nowhere; shown raw` };
    this.#known.set(name, method);
    return method;
  }

  #read(block: Block): Method {
    const [name, , type, format, unit] = block.tokens;
    const common = {
      unit: statedUnit(unit?.text ?? ''),
      digits: digitsOf(format?.text ?? ''),
      verbal: false,
      problem: null,
    };
    const raw = (problem: string): Method => ({ ...RAW, problem: `${name?.text}: ${problem}; shown raw` });
    switch (type?.text) {
      case 'IDENTICAL':
        return { ...common, conversion: { kind: 'identity' } };
      case 'LINEAR': {
        const [factor, offset] = (after(block, 'COEFFS_LINEAR', 2, 5) ?? []).map(numberOf);
        if (!Number.isFinite(factor) || !Number.isFinite(offset)) return raw('COEFFS_LINEAR is missing');
        return { ...common, conversion: { kind: 'linear', factor: factor!, offset: offset! } };
      }
      case 'RAT_FUNC': {
        const coefficients = (after(block, 'COEFFS', 6, 5) ?? []).map(numberOf);
        const conversion = turnedRound(coefficients);
        return typeof conversion === 'string' ? raw(conversion) : { ...common, conversion };
      }
      case 'FORM': {
        const formula =
          block.blocks.find((b) => b.name === 'FORMULA')?.tokens[0]?.text ?? after(block, 'FORMULA', 1, 5)?.[0]?.text;
        if (formula === undefined) return raw('FORMULA is missing');
        // Names of states in the words of one tool: TXTEQ(x::0 off :1 on).
        if (/^\s*TXTEQ\s*\(/i.test(formula)) return { ...RAW, verbal: true };
        return { ...common, conversion: this.#formula(formula, name?.text ?? '') };
      }
      case 'TAB_INTP':
      case 'TAB_NOINTP': {
        const reference = after(block, 'COMPU_TAB_REF', 1, 5)?.[0]?.text ?? '';
        const table = this.#tables.get(reference);
        if (table === undefined) return raw(`its table "${reference.slice(0, 60)}" is defined nowhere`);
        const conversion = tableOf(table, type.text === 'TAB_INTP');
        return conversion === null ? raw('its table cannot be read') : { ...common, conversion };
      }
      case 'TAB_VERB':
        return { ...RAW, verbal: true };
      default:
        return raw(`conversions of the type ${type?.text.slice(0, 40) ?? 'nothing'} are not known`);
    }
  }

  /** Real files have parentheses that do not match: those that lack are put at the ends, and it is said. */
  #formula(text: string, name: string): Conversion {
    const { text: mended, lacking } = balanceParentheses(text);
    if (lacking > 0)
      this.warnings.push(
        `${name}: the formula "${text.slice(0, 60)}" lacks ${lacking} parentheses; read as "${mended.slice(0, 64)}"`,
      );
    const variables = ['X1', 'X'].map((n) => ({ name: n, from: 'self' as const }));
    return { kind: 'equation', default: { text: mended, variables }, cells: [] };
  }
}

/** raw = (a p² + b p + c) / (d p² + e p + f), solved for p where that is one number. */
function turnedRound(coefficients: number[]): Conversion | string {
  const [a, b, c, d, e, f] = coefficients as [number, number, number, number, number, number];
  if (coefficients.length !== 6 || !coefficients.every(Number.isFinite)) return 'COEFFS must be six numbers';
  if (a !== 0 || d !== 0) return 'a RAT_FUNC of second order has two physical values for one raw value';
  if (e === 0) {
    if (b === 0) return 'a RAT_FUNC without a physical value';
    const [factor, offset] = [f / b, -c / b];
    return factor === 1 && offset === 0
      ? { kind: 'identity' }
      : { kind: 'linear', factor, offset: offset === 0 ? 0 : offset };
  }
  if (b === 0 && f === 0)
    return c === 0 ? 'a RAT_FUNC without a physical value' : { kind: 'reciprocal', numerator: c / e };
  const text = `((${c}) - (${f}) * X) / ((${e}) * X - (${b}))`;
  return { kind: 'equation', default: { text, variables: [{ name: 'X', from: 'self' }] }, cells: [] };
}

function tableOf(block: Block, interpolate: boolean): Conversion | null {
  const count = numberOf(block.tokens[3]);
  if (!(count >= 1 && count <= MAX_TABLE) || block.tokens.length < 4 + 2 * count) return null;
  const points: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const point: [number, number] = [numberOf(block.tokens[4 + 2 * i]), numberOf(block.tokens[5 + 2 * i])];
    if (!point.every(Number.isFinite)) return null;
    points.push(point);
  }
  const otherwise = numberOf(after(block, 'DEFAULT_VALUE_NUMERIC', 1, 4 + 2 * count)?.[0]);
  points.sort((p, q) => p[0] - q[0]);
  return { kind: 'table', points, interpolate, otherwise: Number.isFinite(otherwise) ? otherwise : null };
}

/** "%4.2": two decimal places. */
export function digitsOf(format: string): number | null {
  const match = /%\d*\.(\d)/.exec(format);
  return match === null ? null : Math.min(6, Number(match[1]));
}
