/**
 * XDFCHECKSUM. TunerPro's own methods are 0 sum, 1 two's complement, 2 one's complement (DieselDemi/LibXDF, MMTypes.h), with
 * datasizebits 8 and storesizebits 16 where the element is left out. Method 1 holds for all seven calibration sections of a factory
 * GM P01. What a plug-in computes stands in no XDF; two are known by what they were seen to verify.
 */
import type { ChecksumDefinition } from '../../core/checksum-model.ts';
import { integer } from './embedded-data.ts';
import { child, textOf, type XmlNode } from './xml-tree.ts';

const METHODS = ['sum', 'twosComplement', 'onesComplement'];
/** Elements of a REGION that are understood; another one may change what the sum means. */
const KNOWN = new Set([
  'pluginmoduleid',
  'datastart',
  'dataend',
  'datasizebits',
  'storesizebits',
  'storeaddress',
  'calculationmethod',
]);
/** Its bytes spell the author's name; the sum over the whole region is 0 in 37 of 38 Keihin images at hand. */
const HONDA_PLUGIN = '49524f4e-504f-4e59-524b-000000000000';

export function readChecksum(node: XmlNode, baseOffset: number): ChecksumDefinition {
  const region = child(node, 'region') ?? node;
  const start = integer(textOf(region, 'datastart')) ?? 0;
  const last = integer(textOf(region, 'dataend'));
  const store = integer(textOf(region, 'storeaddress'));
  const end = last === null ? null : last + 1;
  const stated: ChecksumDefinition = {
    title: textOf(node, 'title'),
    method: 'an unnamed method of TunerPro',
    regions: [{ from: start + baseOffset, to: end === null ? null : end + baseOffset }],
    elementBytes: bytes(textOf(region, 'datasizebits')) ?? 1,
    storedBytes: bytes(textOf(region, 'storesizebits')) ?? 2,
    byteOrder: 'big',
    storedAt: store === null ? null : store + baseOffset,
    equals: null,
  };
  const plugin = textOf(region, 'pluginmoduleid').toLowerCase();
  if (plugin === HONDA_PLUGIN)
    return { ...stated, method: 'sum', elementBytes: 1, storedBytes: 1, storedAt: null, equals: 0 };
  if (plugin !== '') {
    if (start === 0 && end === 0x7fffe && store === 0x500) return gmOperatingSystem(stated, baseOffset);
    return { ...stated, method: `a plug-in of TunerPro (${plugin})` };
  }
  const other = region.children.find((c) => !KNOWN.has(c.name));
  if (other !== undefined && region !== node)
    return { ...stated, method: `a method of TunerPro with <${other.name.slice(0, 40)}>` };
  const number = integer(textOf(region, 'calculationmethod'));
  const method = number === null ? undefined : METHODS[number];
  return method === undefined
    ? { ...stated, method: `TunerPro's method ${number ?? 'without a number'}` }
    : { ...stated, method };
}

/** GM P01: words of the operating system, without the sum itself and without the calibration; confirmed on OS 12212156. */
function gmOperatingSystem(stated: ChecksumDefinition, baseOffset: number): ChecksumDefinition {
  const regions = [
    [0, 0x500],
    [0x502, 0x4000],
    [0x20000, 0x7fffe],
  ] as const;
  return {
    ...stated,
    method: 'twosComplement',
    regions: regions.map(([from, to]) => ({ from: from + baseOffset, to: to + baseOffset })),
    elementBytes: 2,
    storedBytes: 2,
  };
}

function bytes(bits: string): 1 | 2 | 4 | null {
  const number = integer(bits);
  return number === 8 ? 1 : number === 16 ? 2 : number === 32 ? 4 : null;
}
