/** The XML of an MSQ: constants, settings and what the file says about itself. */
import { SaxesParser } from 'saxes';
import { RevsyncError } from '../../core/errors.ts';
import { MAX_CELLS } from './numbers.ts';

/** One constant or variable. */
export interface MsqConstant {
  name: string;
  /** As the file has it, trimmed; '' where it states none. */
  units: string;
  digits: number | null;
  /** 1 where the file states none. */
  rows: number;
  columns: number;
  /** The file states rows or columns: it is a table, whatever its text. */
  shaped: boolean;
  /** What the file says where that is no shape: "0 by 16". */
  badShape: string | null;
  text: string;
  /** pcVariable: lives in the project, not in the ECU. */
  project: boolean;
}

/** What an MSQ holds, in its order. */
export interface MsqFile {
  /** '' where it states none. Trailing blanks are no part of it. */
  signature: string;
  firmware: string;
  constants: MsqConstant[];
  /** Names under <settings>: CELSIUS, LAMBDA … */
  settings: Set<string>;
  /** Of the author, often HTML. Hostile. */
  comment: string;
}

const MAX_BYTES = 32 * 1024 * 1024;
/** A project has some 3,000. */
const MAX_CONSTANTS = 200_000;

/** Honours the declared encoding: MS3 files hold degree signs that are no UTF-8. */
export function decodeMsqText(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /encoding\s*=\s*["']([\w-]+)["']/i.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  const latin = /^(iso-8859-1|latin1|windows-1252|us-ascii)$/.test(declared);
  if (!latin) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // Declared UTF-8 and is none: every byte is a character of Latin-1.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes);
}

/** Null: no size. */
function sizeOf(text: string | undefined): number | null {
  if (text === undefined) return 1;
  return /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 ? Number(text) : null;
}

/** @throws RevsyncError MSQ_MALFORMED | MSQ_TRUNCATED with line and column | TOO_LARGE */
export function readMsq(bytes: Uint8Array): MsqFile {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the MSQ has over 32 MiB', 'The largest projects known have 1 MiB.');
  const text = decodeMsqText(bytes)
    .replace(/^\ufeff/, '')
    .replace(/^\s*<\?xml[^>]*\?>/, '');
  const file: MsqFile = { signature: '', firmware: '', constants: [], settings: new Set(), comment: '' };
  const parser = new SaxesParser({ position: true });
  let failure: Error | null = null;
  let open: MsqConstant | null = null;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('doctype', () => {
    failure ??= new Error('a document type, which no MSQ needs');
  });
  let root = true;
  parser.on('opentag', ({ name, attributes }) => {
    const a = attributes as Record<string, string>;
    if (root && name !== 'msq') failure ??= new Error(`the first element is ${name}, not msq`);
    root = false;
    if (name === 'versionInfo') {
      file.signature = (a['signature'] ?? '').trim();
      file.firmware = (a['firmwareInfo'] ?? '').trim();
    } else if (name === 'bibliography') file.comment = a['tuneComment'] ?? '';
    else if (name === 'setting') file.settings.add(a['name'] ?? '');
    else if (name === 'constant' || name === 'pcVariable') {
      const rows = sizeOf(a['rows']);
      const columns = sizeOf(a['cols']);
      const sound = rows !== null && columns !== null && rows * columns <= MAX_CELLS;
      const digits = Number(a['digits'] ?? Number.NaN);
      open = {
        name: a['name'] ?? '',
        units: (a['units'] ?? '').trim(),
        digits: Number.isInteger(digits) && digits >= 0 && digits <= 12 ? digits : null,
        rows: sound ? rows : 1,
        columns: sound ? columns : 1,
        shaped: a['rows'] !== undefined || a['cols'] !== undefined,
        badShape: sound ? null : `${a['rows'] ?? 1} by ${a['cols'] ?? 1}`.slice(0, 60),
        text: '',
        project: name === 'pcVariable',
      };
    }
  });
  const append = (part: string): void => {
    if (open !== null) open.text += part;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', ({ name }) => {
    if ((name === 'constant' || name === 'pcVariable') && open !== null) {
      if (file.constants.length >= MAX_CONSTANTS) failure ??= new Error(`over ${MAX_CONSTANTS} constants`);
      if (open.name === '') failure ??= new Error('a constant without a name');
      file.constants.push(open);
      open = null;
    }
  });
  for (let at = 0; at < text.length && failure === null; at += 65_536) parser.write(text.slice(at, at + 65_536));
  if (failure === null) parser.close();
  if (failure !== null) {
    const whole = /<\/msq\s*>\s*$/i.test(text);
    throw new RevsyncError(
      whole ? 'MSQ_MALFORMED' : 'MSQ_TRUNCATED',
      whole
        ? `the MSQ is no well-formed XML: ${(failure as Error).message}`
        : `the MSQ ends without its closing tag (${(failure as Error).message})`,
      'Save it again in TunerStudio.',
      failure,
    );
  }
  return file;
}
