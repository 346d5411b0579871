/**
 * TunerPro XDF, versions 0.50 to 1.80 and the text before them. There is no public description of the format; what stands here was read off some 250
 * public files and proven on images where there are any.
 */
import { RevsyncError } from '../../core/errors.ts';
import type { Definition, DefinitionItem, Sha256, Undecoded } from '../../core/model.ts';
import type { DefinitionFormat, Detection } from '../../core/ports.ts';
import { decodeText, headText } from '../../core/text.ts';
import { readChecksum } from './checksum.ts';
import { integer } from './embedded-data.ts';
import { type ItemContext, readConstant, readFlag, readFunction, readPatch, readTable } from './items.ts';
import { isTextDialect, parseTextDialect } from './text-dialect.ts';
import { child, children, parseXml, textOf, type XmlNode } from './xml-tree.ts';

/** Password-protected container of TunerPro: not XML, starts so in all 20 samples seen. */
const SCRAMBLED = [0x05, 0x22, 0x97, 0x00];

/** The largest public XDF has 1.7 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

const isScrambled = (bytes: Uint8Array): boolean => SCRAMBLED.every((b, i) => bytes[i] === b);

function detect(bytes: Uint8Array, name: string): Detection | null {
  if (isScrambled(bytes)) return { confidence: 0.99, because: 'starts like a password-protected TunerPro definition' };
  const head = headText(bytes, 8_192);
  if (/<XDFFORMAT[\s>]/i.test(head)) return { confidence: 0.99, because: 'holds the element XDFFORMAT' };
  if (isTextDialect(head))
    return { confidence: 0.99, because: "starts like TunerPro's old definitions, which are text" };
  if (bytes.length === 0 && /\.xdf$/i.test(name)) return { confidence: 0.6, because: 'an empty file named .xdf' };
  return null;
}

function parse(bytes: Uint8Array, { name, sha256 }: { name: string; sha256: Sha256 }): Definition {
  if (bytes.length === 0) {
    throw new RevsyncError(
      'XDF_EMPTY',
      'the definition is an empty file',
      'Download it again: some repositories hold empty placeholders.',
    );
  }
  if (isScrambled(bytes)) {
    throw new RevsyncError(
      'XDF_SCRAMBLED',
      'the definition is protected with a password by its author and cannot be read',
      'Ask the author for an open version, or open it in TunerPro and save it without the password.',
    );
  }
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the definition has over 32 MiB', 'No XDF is that large.');
  const { text } = decodeText(bytes);
  if (isTextDialect(text)) {
    const { root, warnings } = parseTextDialect(text);
    return { ...build(root, { name, sha256: sha256(bytes), warnings }), confirmedOnImage: false };
  }
  // A declaration that names another encoding than the bytes have would stop the parser: the bytes decide.
  const { root, repaired } = parseXml(text.replace(/^\ufeff/, '').replace(/^\s*<\?xml[^>]*\?>/, ''));
  if (root.name !== 'xdfformat') {
    throw new RevsyncError(
      'XDF_MALFORMED',
      `the root element is <${root.name}>, not <XDFFORMAT>`,
      'This is no TunerPro definition.',
    );
  }
  const warnings = repaired > 0 ? [`${repaired} tags of the XDF were closed under another name and were repaired`] : [];
  return build(root, { name, sha256: sha256(bytes), warnings });
}

interface Source {
  name: string;
  sha256: string;
  warnings: string[];
}

function build(root: XmlNode, source: Source): Definition {
  const header = child(root, 'xdfheader');
  const keys = uniqueKeys(root);
  const context: ItemContext = {
    baseOffset: readBaseOffset(header),
    categories: readCategories(header),
    keyOf: (id) => (keys.byId.has(id) ? String(id) : null),
    newKey: (node) => keys.byNode.get(node) ?? '',
  };
  const items: DefinitionItem[] = [];
  const undecoded: Undecoded[] = [];
  // The order that people who read `maps` rely on: tables, constants, functions, flags, patches.
  const readers = [
    ['xdftable', readTable],
    ['xdfconstant', readConstant],
    ['xdffunction', readFunction],
    ['xdfflag', readFlag],
    ['xdfpatch', readPatch],
  ] as const;
  for (const [name, read] of readers) {
    for (const node of children(root, name)) {
      const item = read(node, context);
      if ('reason' in item)
        undecoded.push({ id: context.newKey(node), title: textOf(node, 'title'), reason: item.reason });
      else items.push(item);
    }
  }
  const title = header === undefined ? '' : textOf(header, 'deftitle');
  const stem = source.name.replace(/\.[^.]*$/, '');
  return {
    id: stem,
    title: title === '' ? stem : title,
    description: header === undefined ? '' : textOf(header, 'description'),
    format: 'xdf',
    sha256: source.sha256,
    ecu: { maker: null, family: null, partNumbers: [] },
    motorcycles: [],
    sources: [],
    // REGION size is not to be trusted: 0x262144 and 65536-digit slips occur, and 0x10000 for an image of 96 KiB.
    imageBytes: [],
    identifiers: [],
    checksums: children(root, 'xdfchecksum').map((c) => readChecksum(c, context.baseOffset)),
    items,
    undecoded,
    warnings: source.warnings,
    confirmedOnImage: null,
  };
}

/**
 * Keys that links point to: the decimal uniqueid. It repeats in 165 of 250 files; the first table keeps it, since links mean tables,
 * then the first other item.
 */
function uniqueKeys(root: XmlNode): { byNode: Map<XmlNode, string>; byId: Set<number> } {
  const byNode = new Map<XmlNode, string>();
  const byId = new Set<number>();
  const nodes = ['xdftable', 'xdffunction', 'xdfconstant', 'xdfflag', 'xdfpatch'].flatMap((name) =>
    children(root, name),
  );
  for (const [i, node] of nodes.entries()) {
    const id = integer(node.attributes['uniqueid']);
    if (id !== null && !byId.has(id)) {
      byId.add(id);
      byNode.set(node, String(id));
    } else byNode.set(node, `${id ?? ''}#${i}`);
  }
  return { byNode, byId };
}

/** File offset = address + this. 1.60 writes BASEOFFSET offset and subtract, 1.50 a bare number (-49152 for CPU addresses 0xC000+). */
function readBaseOffset(header: XmlNode | undefined): number {
  const node = header === undefined ? undefined : child(header, 'baseoffset');
  if (node === undefined) return 0;
  const offset = integer(node.attributes['offset']);
  if (offset !== null) return integer(node.attributes['subtract']) === 1 ? -offset : offset;
  return integer(node.text) ?? 0;
}

function readCategories(header: XmlNode | undefined): Map<number, string> {
  const found = new Map<number, string>();
  for (const node of header === undefined ? [] : children(header, 'category')) {
    const index = integer(node.attributes['index']);
    if (index !== null) found.set(index, node.attributes['name'] ?? '');
  }
  return found;
}

export const format: DefinitionFormat = {
  kind: 'definition',
  byItself: true,
  id: 'xdf',
  title: 'TunerPro XDF',
  extensions: ['.xdf'],
  reads: 'equations, links, strides, patches, checksums, the text of before 2009; scrambled ones are refused',
  detect,
  parse,
};
