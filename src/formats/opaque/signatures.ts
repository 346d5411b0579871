/** First bytes of files that riders have and that are no readable tune. */
import { type Refusal, refusal } from './refusal.ts';

/** What a kind of file starts with, or holds at a place. */
interface Signature {
  /** Bytes as hex without blanks, `..` for any byte. */
  hex: string;
  at?: number;
  refusal: Refusal;
}

const SURE = 0.95;

const archive = (kind: string): Refusal =>
  refusal('ARCHIVE', SURE, `this is a ${kind} archive`, 'Unpack it and analyse the tune inside.');
const executable = (kind: string): Refusal =>
  refusal(
    'EXECUTABLE',
    SURE,
    `this is a program (${kind}), no tune`,
    'Do not run it: ask for the tune file itself, or for what the program would write to the ECU.',
  );
const document = (kind: string): Refusal =>
  refusal('NOT_A_TUNE', SURE, `this is ${kind}, no tune`, 'Ask for the tune file itself.');
const log = (kind: string): Refusal =>
  refusal('LOG_FILE', SURE, `this is a log of a ride (${kind}), no tune`, 'Analyse the tune that was ridden with.');

const SIGNATURES: Signature[] = [
  { hex: '504b0304', refusal: archive('ZIP') },
  { hex: '504b0506', refusal: archive('ZIP') },
  { hex: '504b0708', refusal: archive('ZIP') },
  { hex: '1f8b08', refusal: archive('gzip') },
  { hex: '377abcaf271c', refusal: archive('7-Zip') },
  { hex: '526172211a07', refusal: archive('RAR') },
  { hex: 'fd377a585a00', refusal: archive('XZ') },
  { hex: '425a68..314159265359', refusal: archive('bzip2') },
  { hex: '28b52ffd', refusal: archive('Zstandard') },
  { hex: '04224d18', refusal: archive('LZ4') },
  { hex: '4d53434600000000', refusal: archive('CAB') },
  { hex: '7573746172', at: 257, refusal: archive('tar') },
  { hex: '4344303031', at: 32_769, refusal: archive('disc image') },
  { hex: '7f454c46', refusal: executable('ELF') },
  { hex: 'cffaedfe', refusal: executable('Mach-O') },
  { hex: 'cefaedfe', refusal: executable('Mach-O') },
  { hex: 'feedface', refusal: executable('Mach-O') },
  { hex: 'feedfacf', refusal: executable('Mach-O') },
  { hex: 'cafebabe', refusal: executable('Mach-O or Java') },
  { hex: '6465780a', refusal: executable('Android') },
  { hex: 'd0cf11e0a1b11ae1', refusal: document('an Office document or installer') },
  { hex: '25504446', refusal: document('a PDF') },
  { hex: '89504e470d0a1a0a', refusal: document('a picture') },
  { hex: 'ffd8ffe.', refusal: document('a picture') },
  { hex: 'ffd8ffd.', refusal: document('a picture') },
  { hex: '474946383.61', refusal: document('a picture') },
  { hex: '52494646........57454250', refusal: document('a picture') },
  { hex: '........66747970', refusal: document('a film or picture') },
  { hex: '1a45dfa3', refusal: document('a film') },
  { hex: '4944330.', refusal: document('a piece of music') },
  { hex: '53514c69746520666f726d6174203300', refusal: document('a database') },
  { hex: '4d4c564c47', refusal: log('TunerStudio MLG') },
  {
    hex: '57696e4f4c532046696c65',
    at: 4,
    refusal: refusal(
      'WINOLS_PROJECT',
      SURE,
      'this is a WinOLS project, whose layout is not public',
      'Export the image from WinOLS (File, Export) and analyse that .bin.',
    ),
  },
];

/** For boxes that sit between ECU and injectors. */
const TABLE_INSTEAD =
  'Open it in the program of the box and copy the table into a .csv, which revsync reads; a raw image under a wrong name needs another one.';

/** What only the name says. For encrypted files the bytes must look like it too: a raw image may bear any name. */
const BY_NAME: { ends: string[]; refusal: Refusal }[] = [
  {
    ends: ['.wrsf', '.wrs'],
    refusal: refusal(
      'ENCRYPTED',
      SURE,
      'Woolich Racing maps are encrypted',
      'Read the image from the ECU, or export it in Woolich Racing Tuned, and analyse that .bin.',
    ),
  },
  {
    ends: ['.ols', '.kp', '.olsx'],
    refusal: refusal(
      'WINOLS_PROJECT',
      SURE,
      'by its name this is a file of WinOLS, whose layout is not public',
      'Export the image from WinOLS (File, Export) and analyse that .bin; a raw image under a wrong name needs another one.',
    ),
  },
  {
    ends: ['.pvt', '.pvv', '.djt', '.pvv.enc'],
    refusal: refusal(
      'ENCRYPTED',
      SURE,
      'this Dynojet file is encrypted',
      'Export the tune as .pvv without encryption, or read the ECU.',
    ),
  },
  {
    ends: ['.fte', '.ftecu', '.sth'],
    refusal: refusal(
      'ENCRYPTED',
      SURE,
      'FTECU files are encrypted',
      'Read the image from the ECU with a tool that saves a raw .bin.',
    ),
  },
  {
    ends: ['.pvm'],
    refusal: refusal(
      'LAYOUT_UNKNOWN',
      SURE,
      'by its name this is a map of a Power Commander, but not laid out as the one that is known',
      TABLE_INSTEAD,
    ),
  },
  {
    ends: ['.djm'],
    refusal: refusal(
      'LAYOUT_UNKNOWN',
      SURE,
      'by its name this is a map of a Power Commander III, whose layout is described nowhere',
      TABLE_INSTEAD,
    ),
  },
  {
    ends: ['.zfm', '.zfm1', '.zfm2', '.zfm3', '.zfm4'],
    refusal: refusal(
      'LAYOUT_UNKNOWN',
      SURE,
      'by its name this is a map of a Bazzaz Z-Fi, but not laid out as one that is known',
      TABLE_INSTEAD,
    ),
  },
  {
    ends: ['.hpt', '.hpl'],
    refusal: refusal(
      'ENCRYPTED',
      SURE,
      'HP Tuners files are encrypted',
      'Read the image from the ECU with a tool that saves a raw .bin, or copy the tables into a .csv.',
    ),
  },
  {
    ends: ['.wrl'],
    refusal: refusal(
      'LOG_FILE',
      SURE,
      'by its name this is a log of a ride (Woolich Racing), no tune',
      'Analyse the tune that was ridden with; a raw image under a wrong name needs another one.',
    ),
  },
];

/** Null: no known first bytes. */
export function signatureOf(bytes: Uint8Array): Refusal | null {
  const found = SIGNATURES.find((s) => holds(bytes, s.hex, s.at ?? 0));
  if (found !== undefined) return found.refusal;
  return isPortableExecutable(bytes) ? executable('Windows') : null;
}

/** Null: the name says nothing. */
export function nameOf(name: string): Refusal | null {
  const lower = name.toLowerCase();
  return BY_NAME.find((n) => n.ends.some((e) => lower.endsWith(e)))?.refusal ?? null;
}

function holds(bytes: Uint8Array, hex: string, at: number): boolean {
  if (bytes.length < at + hex.length / 2) return false;
  for (let i = 0; i < hex.length; i++) {
    if (hex[i] === '.') continue;
    const byte = bytes[at + (i >> 1)]!;
    if ((i % 2 === 0 ? byte >> 4 : byte & 15) !== Number.parseInt(hex[i]!, 16)) return false;
  }
  return true;
}

/** "MZ" alone may begin a calibration; the header that it points to does not. */
function isPortableExecutable(bytes: Uint8Array): boolean {
  if (!holds(bytes, '4d5a', 0) || bytes.length < 64) return false;
  const header = bytes[0x3c]! | (bytes[0x3d]! << 8) | (bytes[0x3e]! << 16) | (bytes[0x3f]! << 24);
  return header > 0 && header < bytes.length && holds(bytes, '50450000', header);
}
