/** XML to a small tree, tag names and attribute names in lower case. No entity but the five of XML is expanded. */
import { SaxesParser } from 'saxes';
import { RevsyncError } from '../../core/errors.ts';

export interface XmlNode {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

/** Deeper trees occur in no XDF. */
const MAX_DEPTH = 32;
const MAX_NODES = 2_000_000;

/**
 * @throws RevsyncError XDF_TRUNCATED | XDF_MALFORMED with the line
 */
export function parseXml(text: string): { root: XmlNode; repaired: number } {
  try {
    return { root: parseStrictly(text), repaired: 0 };
  } catch (error) {
    const { text: mended, repaired } = mendLeafTags(text);
    if (repaired === 0) throw explain(error as Error, text);
    try {
      // The same generator leaves out the closing tag of the root after the last item (BUEIA of ecmspy 1.40).
      const closed = /<\/XDF(TABLE|CONSTANT|FUNCTION|FLAG|PATCH|CHECKSUM)\s*>\s*$/i.test(mended);
      return { root: parseStrictly(closed ? `${mended}</${rootName(mended)}>` : mended), repaired };
    } catch (second) {
      throw explain(second as Error, text);
    }
  }
}

const rootName = (text: string): string => /<(XDFFORMAT)[\s>]/i.exec(text)?.[1] ?? 'XDFFORMAT';

function explain(error: Error, text: string): RevsyncError {
  if (error instanceof RevsyncError) return error;
  const ended = /<\/XDFFORMAT\s*>\s*$/i.test(text);
  if (!ended) {
    return new RevsyncError(
      'XDF_TRUNCATED',
      `the XDF ends after ${text.length} characters without its closing tag (${error.message})`,
      'Download or save it again: a part of the file is missing.',
      error,
    );
  }
  return new RevsyncError(
    'XDF_MALFORMED',
    `the XDF is no well-formed XML: ${error.message}`,
    'Open it in TunerPro and save it again.',
    error,
  );
}

/** ecmspy writes `<max>255</min>` and `<units>…</UNITS>`, which TunerPro accepts: the opening tag of a leaf counts. */
function mendLeafTags(text: string): { text: string; repaired: number } {
  let repaired = 0;
  const mended = text.replace(
    /<([A-Za-z]\w*)((?:\s[^<>]*)?)>([^<>]*)<\/([A-Za-z]\w*)\s*>/g,
    (all, open: string, attributes: string, body: string, close: string) => {
      if (open === close || attributes.endsWith('/')) return all;
      repaired++;
      return `<${open}${attributes}>${body}</${open}>`;
    },
  );
  return { text: mended, repaired };
}

function parseStrictly(text: string): XmlNode {
  const parser = new SaxesParser({ position: true });
  const document: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const stack: XmlNode[] = [document];
  let nodes = 0;
  let failure: Error | null = null;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('doctype', () => {
    failure ??= new RevsyncError(
      'XDF_MALFORMED',
      'the XDF declares a document type, which no XDF needs',
      'Remove the DOCTYPE line.',
    );
  });
  parser.on('opentag', (tag) => {
    if (++nodes > MAX_NODES || stack.length > MAX_DEPTH) {
      failure ??= new RevsyncError(
        'XDF_MALFORMED',
        'the XDF has more elements, or deeper ones, than any real one',
        'This is no definition of an ECU.',
      );
      return;
    }
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(tag.attributes)) attributes[name.toLowerCase()] = value as string;
    const node: XmlNode = { name: tag.name.toLowerCase(), attributes, children: [], text: '' };
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('text', (part) => {
    const node = stack.at(-1);
    if (node !== undefined && node !== document) node.text += part;
  });
  parser.on('cdata', (part) => {
    const node = stack.at(-1);
    if (node !== undefined) node.text += part;
  });
  parser.on('closetag', () => {
    if (stack.length > 1) stack.pop();
  });
  // In pieces, so that a broken file is left early.
  for (let at = 0; at < text.length && failure === null; at += 65_536) parser.write(text.slice(at, at + 65_536));
  if (failure === null) parser.close();
  if (failure !== null) throw failure;
  const root = document.children[0];
  if (root === undefined) throw new Error('no element');
  return root;
}

/** First child of that name. */
export const child = (node: XmlNode, name: string): XmlNode | undefined => node.children.find((c) => c.name === name);
/** All children of that name. */
export const children = (node: XmlNode, name: string): XmlNode[] => node.children.filter((c) => c.name === name);
/** Trimmed text of the first child of that name, '' where there is none. */
export const textOf = (node: XmlNode, name: string): string => child(node, name)?.text.trim() ?? '';
