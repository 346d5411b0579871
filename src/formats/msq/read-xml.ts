/** The XML of an MSQ: constants, settings and what the file says about itself. */
import { SaxesParser } from 'saxes';
import { RevsyncError } from '../../core/errors.ts';

export interface MsqConstant {
  name: string;
  units: string;
  digits: number | null;
  rows: number;
  columns: number;
  text: string;
  /** pcVariable: lives in the project, not in the ECU. */
  project: boolean;
}

export interface MsqFile {
  signature: string;
  firmware: string;
  constants: MsqConstant[];
  /** Names under <settings>: CELSIUS, LAMBDA … */
  settings: Set<string>;
  comment: string;
}

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_CELLS = 65_536;

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

/** @throws RevsyncError MSQ_MALFORMED | TOO_LARGE */
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
  parser.on('opentag', ({ name, attributes }) => {
    const a = attributes as Record<string, string>;
    if (name === 'versionInfo') {
      file.signature = (a['signature'] ?? '').trim();
      file.firmware = (a['firmwareInfo'] ?? '').trim();
    } else if (name === 'bibliography') file.comment = a['tuneComment'] ?? '';
    else if (name === 'setting') file.settings.add(a['name'] ?? '');
    else if (name === 'constant' || name === 'pcVariable') {
      const size = (text: string | undefined): number => {
        const n = Number(text);
        return Number.isInteger(n) && n >= 1 && n <= MAX_CELLS ? n : 1;
      };
      open = {
        name: a['name'] ?? '',
        units: (a['units'] ?? '').trim(),
        digits: a['digits'] === undefined ? null : Number(a['digits']),
        rows: size(a['rows']),
        columns: size(a['cols']),
        text: '',
        project: name === 'pcVariable',
      };
    }
  });
  parser.on('text', (part) => {
    if (open !== null) open.text += part;
  });
  parser.on('closetag', ({ name }) => {
    if ((name === 'constant' || name === 'pcVariable') && open !== null) {
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
