/** XML to a small tree, names in lower case, for formats whose files are well-formed. No entity but the five of XML is expanded. */
import { SaxesParser } from 'saxes';
import { RevsyncError } from './errors.ts';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
  /** Line of its opening tag, from 1. */
  line: number;
}

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 2_000_000;

/**
 * @param what as a person calls the file: "the RomRaider definition"
 * @param mended given where tags that other programs accept may be mended: how many were
 * @throws RevsyncError XML_MALFORMED with line and reason
 */
export function parseXmlText(text: string, what: string, mended?: (tags: number) => void): XmlElement {
  try {
    return parseStrictly(text, what);
  } catch (error) {
    const { text: better, tags } = mended === undefined ? { text, tags: 0 } : mendTags(text);
    if (tags === 0) throw error;
    const root = parseStrictly(better, what);
    mended?.(tags);
    return root;
  }
}

/** Puts the space that lacks between two attributes, and leaves out an attribute that is stated again. Lines stay where they are. */
function mendTags(text: string): { text: string; tags: number } {
  let tags = 0;
  const better = text.replace(/<[A-Za-z][^<>]{0,4000}>/g, (tag) => {
    const seen = new Set<string>();
    const mended = tag.replace(
      /(?<!\s)(\s*)(?<![\w:.-])([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g,
      (_, space: string, name: string, is, value) => {
        const again = seen.has(name);
        seen.add(name);
        return again ? space : `${space === '' ? ' ' : space}${name}${is}${value}`;
      },
    );
    if (mended !== tag) tags++;
    return mended;
  });
  return { text: better, tags };
}

function parseStrictly(text: string, what: string): XmlElement {
  const parser = new SaxesParser({ position: true });
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '', line: 0 };
  const stack: XmlElement[] = [document];
  let elements = 0;
  let failure: Error | null = null;
  const fail = (reason: string, hint: string): void => {
    failure ??= new RevsyncError('XML_MALFORMED', `${what}: ${reason}`, hint);
  };
  parser.on('error', (error) => {
    fail(`${error.message} (line:column)`, 'A part is missing or was changed: download or export it again.');
  });
  parser.on('doctype', () => fail(`line ${parser.line}: it declares a document type`, 'Remove the DOCTYPE line.'));
  parser.on('opentag', (tag) => {
    if (++elements > MAX_ELEMENTS || stack.length > MAX_DEPTH) {
      fail(`line ${parser.line}: more or deeper elements than any real file has`, 'This is no file of an ECU.');
      return;
    }
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(tag.attributes)) attributes[name.toLowerCase()] = value as string;
    const element = { name: tag.name.toLowerCase(), attributes, children: [], text: '', line: parser.line };
    stack.at(-1)?.children.push(element);
    stack.push(element);
  });
  const addText = (part: string): void => {
    const element = stack.at(-1);
    if (element !== undefined && element !== document) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    if (stack.length > 1) stack.pop();
  });
  // The bytes decide about the encoding; a declaration of another one would only stop the parser.
  const body = text.replace(/^\ufeff/, '').replace(/^\s*<\?xml[^>]*\?>/, (m) => m.replace(/[^\n]/g, ' ').trimStart());
  // In pieces, so that a broken file is left early.
  for (let at = 0; at < body.length && failure === null; at += 65_536) parser.write(body.slice(at, at + 65_536));
  if (failure === null) parser.close();
  if (failure !== null) throw failure;
  const root = document.children[0];
  if (root === undefined)
    throw new RevsyncError('XML_MALFORMED', `${what}: it holds no element`, 'Download or export it again.');
  return root;
}

/** First child of that name. */
export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((c) => c.name === name);
/** All children of that name. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((c) => c.name === name);
/** Trimmed text of the first child of that name, '' where there is none. */
export const textIn = (element: XmlElement, name: string): string => childOf(element, name)?.text.trim() ?? '';
