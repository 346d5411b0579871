/** First bytes of files that riders have and that are no readable tune. */

interface Signature {
  matches(bytes: Uint8Array, name: string): boolean;
  refusal: { code: string; message: string; hint: string };
}

const starts =
  (...prefixes: (string | number[])[]) =>
  (bytes: Uint8Array): boolean =>
    prefixes.some((p) => {
      const wanted = typeof p === 'string' ? Array.from(p, (c) => c.charCodeAt(0)) : p;
      return bytes.length >= wanted.length && wanted.every((b, i) => bytes[i] === b);
    });

const ends =
  (...endings: string[]) =>
  (_: Uint8Array, name: string): boolean =>
    endings.some((e) => name.endsWith(e));

const archive = (kind: string): Signature['refusal'] => ({
  code: 'ARCHIVE',
  message: `this is a ${kind} archive`,
  hint: 'Unpack it and analyse the tune inside.',
});
const executable = {
  code: 'EXECUTABLE',
  message: 'this is a program, no tune',
  hint: 'Do not run it: analyse the tune file that came with it.',
};
const document = (kind: string): Signature['refusal'] => ({
  code: 'NOT_A_TUNE',
  message: `this is ${kind}, no tune`,
  hint: 'Ask for the tune file itself.',
});

export const SIGNATURES: Signature[] = [
  { matches: starts('PK\x03\x04', 'PK\x05\x06'), refusal: archive('ZIP') },
  { matches: starts([0x1f, 0x8b]), refusal: archive('gzip') },
  { matches: starts([0x37, 0x7a, 0xbc, 0xaf]), refusal: archive('7-Zip') },
  { matches: starts('Rar!'), refusal: archive('RAR') },
  { matches: starts([0xfd, 0x37, 0x7a, 0x58, 0x5a]), refusal: archive('XZ') },
  { matches: starts('BZh'), refusal: archive('bzip2') },
  { matches: starts([0x28, 0xb5, 0x2f, 0xfd]), refusal: archive('Zstandard') },
  {
    matches: starts([0x7f, 0x45, 0x4c, 0x46], [0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe]),
    refusal: executable,
  },
  {
    matches: (b) =>
      starts('MZ')(b) && b.length > 1_024 && new TextDecoder('latin1').decode(b.subarray(0, 1_024)).includes('PE\0\0'),
    refusal: executable,
  },
  { matches: starts('%PDF'), refusal: document('a PDF') },
  { matches: starts([0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], 'GIF8'), refusal: document('a picture') },
  { matches: starts('SQLite format 3'), refusal: document('a database') },
  {
    matches: ends('.wrsf', '.wrs'),
    refusal: {
      code: 'ENCRYPTED',
      message: 'Woolich Racing maps are encrypted',
      hint: 'Read the image from the ECU, or export it in Woolich Racing Tuned, and analyse that .bin.',
    },
  },
  {
    matches: (b, n) =>
      ends('.ols', '.kp', '.olsx')(b, n) || /WinOLS/.test(new TextDecoder('latin1').decode(b.subarray(0, 256))),
    refusal: {
      code: 'WINOLS_PROJECT',
      message: 'this is a WinOLS project, whose layout is not public',
      hint: 'Export the image from WinOLS (File, Export) and analyse that .bin.',
    },
  },
  {
    matches: ends('.pvt', '.djt', '.pvv.enc'),
    refusal: {
      code: 'ENCRYPTED',
      message: 'this Dynojet file is encrypted',
      hint: 'Export the tune as .pvv without encryption, or read the ECU.',
    },
  },
  {
    matches: ends('.fte', '.ftecu', '.sth'),
    refusal: {
      code: 'ENCRYPTED',
      message: 'FTECU files are encrypted',
      hint: 'Read the image from the ECU with a tool that saves a raw .bin.',
    },
  },
];
