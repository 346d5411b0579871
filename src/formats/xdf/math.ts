/** MATH: equations, per-cell ones included. Names of variables are case-insensitive; the attributes row and col count from 1. */
import type { Conversion, Equation, EquationVariable } from '../../core/model.ts';
import { integer, readEmbedded } from './embedded-data.ts';
import { children, type XmlNode } from './xml-tree.ts';

/** @param keyOf decimal uniqueid of an item to its key, null where no item has it */
export function readConversion(
  node: XmlNode,
  baseOffset: number,
  keyOf: (uniqueId: number) => string | null,
): Conversion {
  let standard: Equation | null = null;
  const cells: (Conversion & { kind: 'equation' })['cells'] = [];
  for (const math of children(node, 'math')) {
    const equation = readEquation(math, baseOffset, keyOf);
    const row = integer(math.attributes['row']);
    const column = integer(math.attributes['col']);
    if (row === null && column === null) standard ??= equation;
    else cells.push({ row, column, equation });
  }
  if (standard === null && cells.length === 0) return { kind: 'identity' };
  const byDefault: Equation = standard ?? { text: 'X', variables: [{ name: 'X', from: 'self' }] };
  if (cells.length === 0 && /^\s*x\s*$/i.test(byDefault.text)) return { kind: 'identity' };
  return { kind: 'equation', default: byDefault, cells };
}

/** Types of a VAR that name another source than the cell. */
const BOUND = ['address', 'link'];

function readEquation(math: XmlNode, baseOffset: number, keyOf: (uniqueId: number) => string | null): Equation {
  const text = (math.attributes['equation'] ?? 'X').trim();
  const variables: EquationVariable[] = [];
  const nodes = children(math, 'var');
  const typeOf = (node: XmlNode): string => node.attributes['type']?.toLowerCase() ?? '';
  const nameOf = (node: XmlNode): string => node.attributes['id'] ?? 'X';
  // Authors list names that they never bind (`Stoich`, `y`) beside X: those are not the cell's value.
  const plain = nodes.filter((node) => !BOUND.includes(typeOf(node))).map(nameOf);
  const own = plain.find((name) => /^x$/i.test(name)) ?? plain[0];
  for (const node of nodes) {
    const name = nameOf(node);
    const type = typeOf(node);
    if (type === 'address') {
      const { storage } = readEmbedded(
        {
          ...node,
          attributes: {
            mmedaddress: node.attributes['address'] ?? '',
            mmedelementsizebits: node.attributes['sizeinbits'] ?? '8',
            mmedtypeflags: node.attributes['flags'] ?? '0',
          },
        },
        baseOffset,
      );
      if (storage !== null) variables.push({ name, from: 'address', storage });
    } else if (type === 'link') {
      const id = integer(node.attributes['linkid']);
      const key = id === null ? null : keyOf(id);
      if (key !== null) variables.push({ name, from: 'item', itemKey: key });
    } else if (name.toUpperCase() === own?.toUpperCase()) variables.push({ name, from: 'self' });
  }
  // `(null)` and an empty text are junk that some generators leave: the raw value is what remains.
  return { text: text === '' || text === '(null)' ? 'X' : text, variables, tunerPro: { baseOffset } };
}
