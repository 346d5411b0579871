/** XDFAXIS x and y: where the breakpoints come from, by the precedence that real files follow. */
import type { AxisDefinition, AxisSource } from '../../core/model.ts';
import { asLine, decimal, integer, readEmbedded } from './embedded-data.ts';
import { readConversion } from './math.ts';
import { child, children, textOf, type XmlNode } from './xml-tree.ts';

export interface AxisContext {
  baseOffset: number;
  keyOf: (uniqueId: number) => string | null;
}

/** @param count of the cells along it: the z element decides, not the axis' own indexcount */
export function readAxis(
  node: XmlNode | undefined,
  axis: 'x' | 'y',
  count: number,
  context: AxisContext,
): AxisDefinition {
  if (node === undefined) return { axis, count, quantity: 'unknown', unit: '', source: { kind: 'none' }, digits: null };
  return {
    axis,
    count,
    quantity: 'unknown',
    unit: textOf(node, 'units'),
    source: readSource(node, count, context),
    digits: integer(textOf(node, 'decimalpl')),
  };
}

function readSource(node: XmlNode, count: number, { baseOffset, keyOf }: AxisContext): AxisSource {
  const embedInfo = child(node, 'embedinfo');
  const type = integer(embedInfo?.attributes['type'] ?? embedInfo?.attributes['_type']);
  const link = integer(embedInfo?.attributes['linkobjid']);
  const labels = readLabels(node, count);
  if (type === 1) {
    const { storage } = readEmbedded(child(node, 'embeddeddata'), baseOffset);
    if (storage !== null)
      return { kind: 'stored', storage: asLine(storage), conversion: readConversion(node, baseOffset, keyOf) };
  }
  if ((type === 3 || type === 2) && link !== null) {
    const itemKey = keyOf(link);
    if (itemKey !== null) return { kind: 'item', itemKey };
  }
  // Without embedinfo the labels win, even over a stale address (405 axes; proven on Volvo M4.4).
  return labels ?? { kind: 'none' };
}

function readLabels(node: XmlNode, count: number): AxisSource | null {
  const nodes = children(node, 'label');
  if (nodes.length === 0) return null;
  const texts: string[] = Array.from({ length: Math.min(count, 4_096) }, () => '');
  for (const [i, label] of nodes.entries()) {
    const index = integer(label.attributes['index']) ?? i;
    if (index >= 0 && index < texts.length) texts[index] = (label.attributes['value'] ?? label.text).trim();
  }
  const values = texts.map((t) => decimal(t));
  const numeric = values.every((v) => v !== null);
  return { kind: 'fixed', breakpoints: values, labels: numeric ? null : texts };
}
