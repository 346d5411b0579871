/** What is refused, with which code, and that no real image is. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format as raw } from '../raw/index.ts';
import { format } from './index.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
const here = existsSync(CORPUS);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => Number.parseInt(b, 16));

/** The same bytes in every run. */
function noise(length: number, seed = 1): Uint8Array {
  let x = seed;
  return Uint8Array.from({ length }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 16;
  });
}

/** Something like firmware: uneven bytes, a table, blank space. */
function firmware(length: number): Uint8Array {
  const bytes = noise(length, 7).map((b) => (b * b) >> 9);
  bytes.fill(0xff, length >> 1, (length >> 1) + (length >> 3));
  return bytes;
}

const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => Array.from(p)));
const after = (start: Uint8Array): Uint8Array => join(start, firmware(4_096));

function executable(): Uint8Array {
  const bytes = firmware(4_096);
  bytes.set(ascii('MZ'));
  bytes.set([0x80, 0, 0, 0], 0x3c);
  bytes.set(ascii('PE\0\0'), 0x80);
  return bytes;
}

function utf16(text: string): Uint8Array {
  return join(hex('fffe'), Uint8Array.from(Array.from(text).flatMap((c) => [c.charCodeAt(0), 0])));
}

const at = (place: number, what: Uint8Array): Uint8Array => {
  const bytes = firmware(40_000);
  bytes.set(what, place);
  return bytes;
};

const CASES: [string, Uint8Array, string, string][] = [
  ['nothing', new Uint8Array(0), 'a.bin', 'EMPTY_FILE'],
  ['ZIP', after(hex('504b0304')), 'a.bin', 'ARCHIVE'],
  ['gzip', after(hex('1f8b08')), 'a.bin', 'ARCHIVE'],
  ['7-Zip', after(hex('377abcaf271c')), 'a.bin', 'ARCHIVE'],
  ['RAR', after(hex('526172211a0700')), 'a.bin', 'ARCHIVE'],
  ['XZ', after(hex('fd377a585a00')), 'a.bin', 'ARCHIVE'],
  ['bzip2', after(hex('425a6839314159265359')), 'a.bin', 'ARCHIVE'],
  ['tar', at(257, ascii('ustar')), 'a.bin', 'ARCHIVE'],
  ['disc image', at(32_769, ascii('CD001')), 'a.bin', 'ARCHIVE'],
  ['ELF', after(hex('7f454c46')), 'a.bin', 'EXECUTABLE'],
  ['Mach-O', after(hex('cffaedfe')), 'a.bin', 'EXECUTABLE'],
  ['PE', executable(), 'tune.bin', 'EXECUTABLE'],
  ['PDF', after(ascii('%PDF-1.7')), 'a.bin', 'NOT_A_TUNE'],
  ['PNG', after(hex('89504e470d0a1a0a')), 'a.bin', 'NOT_A_TUNE'],
  ['JPEG', after(hex('ffd8ffe0')), 'a.bin', 'NOT_A_TUNE'],
  ['database', after(ascii('SQLite format 3\0')), 'a.bin', 'NOT_A_TUNE'],
  ['MLG log', after(ascii('MLVLG\0')), 'a.bin', 'LOG_FILE'],
  ['WinOLS by content', after(join(hex('0b000000'), ascii('WinOLS File\0'))), 'a.bin', 'WINOLS_PROJECT'],
  ['WinOLS by name', firmware(4_096), 'a.kp', 'WINOLS_PROJECT'],
  ['Woolich', noise(46_769), 'mybike.wrsf', 'ENCRYPTED'],
  ['FTECU', noise(20_000), 'x.fte', 'ENCRYPTED'],
  ['Power Vision, encrypted', noise(20_000), 'x.PVT', 'ENCRYPTED'],
  ['Power Commander III', firmware(3_000), 'a.djm', 'LAYOUT_UNKNOWN'],
  ['Power Commander V, another layout', firmware(2_000), 'a.pvm', 'LAYOUT_UNKNOWN'],
  ['Bazzaz, another layout', firmware(2_000), 'a.ZFM2', 'LAYOUT_UNKNOWN'],
  ['HP Tuners', noise(20_000), 'a.hpt', 'ENCRYPTED'],
  ['WinOLS by name alone, .ols', firmware(4_096), 'a.ols', 'WINOLS_PROJECT'],
  ['TunerStudio ini', ascii('[MegaTune]\n  MTversion = 2.25\n'), 'a.ini', 'TUNERSTUDIO_INI'],
  ['web page', ascii('<!DOCTYPE html>\n<html><head>'), 'tune.bin', 'HTML_PAGE'],
  ['LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:00\n'), 'tune.bin', 'LFS_POINTER'],
  ['log', ascii('Time,secl,RPM,MAP\n0.1,1,900,40\n'), 'a.csv', 'LOG_FILE'],
  ['text', ascii('Flash this, it is great.\n'), 'tune.bin', 'TEXT_FILE'],
  ['text with umlauts', new TextEncoder().encode('Größe übermäßig. '.repeat(50)), 'tune.bin', 'TEXT_FILE'],
  ['Cyrillic text', new TextEncoder().encode('Прошивка '.repeat(9_000)), 'tune.bin', 'TEXT_FILE'],
  ['UTF-16 text', utf16('Flash this, it is great.'.repeat(40)), 'tune.bin', 'TEXT_FILE'],
  ['too small', firmware(511), 'a.bin', 'TOO_SMALL'],
  ['0xFF', new Uint8Array(65_536).fill(0xff), 'a.bin', 'ERASED_IMAGE'],
  ['0x00', new Uint8Array(65_536), 'a.bin', 'ERASED_IMAGE'],
  ['ramp of bytes', Uint8Array.from({ length: 65_536 }, (_, i) => i), 'a.bin', 'NO_STRUCTURE'],
  [
    'ramp of words',
    Uint8Array.from({ length: 65_536 }, (_, i) => (i % 2 === 0 ? i >> 9 : i >> 1)),
    'a.bin',
    'NO_STRUCTURE',
  ],
  [
    'ramp of little words',
    Uint8Array.from({ length: 65_536 }, (_, i) => (i % 2 === 1 ? i >> 9 : i >> 1)),
    'a.bin',
    'NO_STRUCTURE',
  ],
  [
    'pattern of 7',
    Uint8Array.from({ length: 65_536 }, (_, i) => [1, 9, 4, 200, 3, 3, 8][i % 7]!),
    'a.bin',
    'NO_STRUCTURE',
  ],
  ['noise of 600 bytes', noise(600), 'a.bin', 'NO_STRUCTURE'],
  ['noise', noise(262_144), 'a.bin', 'NO_STRUCTURE'],
  ['noise, then blank', join(noise(65_536), new Uint8Array(65_536).fill(0xff)), 'a.bin', 'NO_STRUCTURE'],
];

describe('refused, with its code', () => {
  test.each(CASES)('%s', (_, bytes, name, code) => {
    expect(format.refuse(bytes, name)).toMatchObject({ code });
    const detection = format.detect(bytes, name);
    expect(detection?.confidence).toBeGreaterThan(raw.detect(bytes, name)?.confidence ?? 0);
    expect(detection?.because).toBe(format.refuse(bytes, name).message);
    // What it is and why not, then what to do.
    expect(format.refuse(bytes, name).message).toMatch(/^.{12,}[^.]$/);
    expect(format.refuse(bytes, name).hint).toMatch(/^[A-Z].{12,}$/);
  });

  test('a file over 64 MiB', () => {
    expect(format.refuse(new Uint8Array(64 * 1024 * 1024 + 1), 'a.bin').code).toBe('TOO_LARGE');
  });

  test.each(['a.bin', 'a.wrsf', 'a.pvt', 'a.fte'])(
    'something like firmware stays an image under the name %s',
    (name) => {
      for (const size of [512, 1_206, 4_096, 65_536, 262_144]) {
        expect(format.detect(firmware(size), name)).toBeNull();
        expect(raw.detect(firmware(size), name)).not.toBeNull();
      }
    },
  );

  test('detectors never throw, whatever the bytes and the name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_096 }), fc.string(), (bytes, name) => {
        format.detect(bytes, name);
        raw.detect(bytes, name);
        expect(format.refuse(bytes, name).code).toMatch(/^[A-Z_]+$/);
      }),
    );
  });
});

test('a thousand files of noise, 0x00, 0xFF and ramps: none is left for an image', {
  timeout: 120_000,
}, () => {
  const next = noise(8_192, 99);
  const left: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    // Mostly small, up to 2 MiB.
    const size = (next[i * 4]! * 256 + next[i * 4 + 1]!) * (i % 10 === 0 ? 32 : 1);
    const kind = i % 4;
    const step = 1 + (next[i * 4 + 2]! % 7);
    const bytes =
      kind === 0
        ? noise(size, i + 1)
        : kind === 1
          ? new Uint8Array(size)
          : kind === 2
            ? new Uint8Array(size).fill(0xff)
            : Uint8Array.from({ length: size }, (_, k) => k * step);
    if (format.detect(bytes, 'a.bin') === null) left.push(`${kind}:${size}`);
  }
  expect(left).toEqual([]);
});

describe.skipIf(!here)('the corpus (needs ../shared/corpus)', () => {
  const files = here
    ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((f) => statSync(CORPUS + f).isFile())
    : [];
  const images = files.filter((f) => /\.(bin|ori|eeprom|hex)$/i.test(f));

  test('holds images', () => expect(images.length).toBeGreaterThan(50));

  test.each(images)('%s is an image', (file) => {
    const bytes = new Uint8Array(readFileSync(CORPUS + file));
    const name = file.split('/').at(-1)!;
    expect(format.detect(bytes, name)).toBeNull();
    expect(raw.detect(bytes, name)).not.toBeNull();
  });

  test.each([
    ['opaque/woolich-map/mybike23.wrsf', 'ENCRYPTED'],
    ['ols/vfr1200f-winols/AVK_10000.ols', 'WINOLS_PROJECT'],
    ['buell-eeprom/definitions/ecmdroid.db.gz', 'ARCHIVE'],
    ['logs/am6-microsquirt/2022-10-02_11.33.11.mlg', 'LOG_FILE'],
    ['logs/woolich-r1/0010.WRL', 'LOG_FILE'],
    ['logs/evo8/EvoScanDataLog_2025.12.31_14.54.25.csv', 'LOG_FILE'],
    ['msq/ms3-volvo740/mainController.ini', 'TUNERSTUDIO_INI'],
  ])('%s is refused as %s', (file, code) => {
    const bytes = new Uint8Array(readFileSync(CORPUS + file));
    expect(format.refuse(bytes, file.split('/').at(-1)!).code).toBe(code);
  });

  test('encrypted and compressed files are refused without their name and their first bytes', () => {
    for (const file of [
      'opaque/woolich-map/mybike23.wrsf',
      'ols/vfr1200f-winols/AVK_10000.ols',
      'buell-eeprom/definitions/ecmdroid.db.gz',
    ]) {
      const bytes = new Uint8Array(readFileSync(CORPUS + file)).subarray(64);
      expect([file, format.refuse(bytes, 'a.bin').code]).toEqual([file, 'NO_STRUCTURE']);
    }
  });
});
