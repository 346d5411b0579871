/** MLG against a writer made from the published layout; damaged and hostile files. */
import { expect, test } from 'vitest';
import { readLog } from '../../core/logs/test-read.ts';
import { type MlgColumn, writeMlg } from '../../dev/example/write-mlg.ts';
import { log } from './index.ts';

const COLUMNS: MlgColumn[] = [
  { name: 'Time', unit: 's', type: 'F32' },
  { name: 'RPM', unit: 'RPM', type: 'U16' },
  { name: 'CLT', unit: '\xb0C', type: 'S16', scale: 0.5, transform: -320 },
  { name: 'Advance', unit: 'deg', type: 'S08' },
  { name: 'AFR', unit: 'O2', type: 'U08', scale: 0.125 },
  { name: 'Ticks', unit: '', type: 'U32' },
  { name: 'Delta', unit: '', type: 'S32' },
  { name: 'Odometer', unit: 'm', type: 'S64' },
  { name: 'Flags', unit: 'bits', type: 'bits8' },
];
const ROWS = [
  [0.25, 1_200, 20.5, -5, 14.75, 4_000_000_000, -70_000, 5_000_000_000, 3],
  [0.5, 15_900, -12, 34, 12.5, 1, 70_000, -4, 255],
  [0.75, 0, 92.5, 0, 0, 0, 0, 0, 0],
];
const INFO = '"speeduino 202207: made up"\n"Capture Date: none"\n';

for (const version of [1, 2] as const) {
  for (const pieceBytes of [1, 7, 65_536]) {
    test(`version ${version}, every type, in pieces of ${pieceBytes} bytes`, () => {
      const bytes = writeMlg(version, COLUMNS, [ROWS[0]!, 'MARK 001', ROWS[1]!, ROWS[2]!], INFO);
      const { fields, rows, end, signature } = readLog(log, bytes, pieceBytes);
      expect(fields.map(({ name, unit }) => [name, unit])).toEqual(
        COLUMNS.map((c) => [c.name, c.unit.replace('\xb0', '°')]),
      );
      expect(rows).toEqual(ROWS);
      expect(end).toEqual({ samples: 3, skipped: 0, markers: 1 });
      expect(signature).toBe('speeduino 202207: made up');
    });
  }
}

test('a damaged block is left out and the next one found', () => {
  const bytes = writeMlg(
    1,
    COLUMNS,
    Array.from({ length: 50 }, (_, i) => [i, ...ROWS[1]!.slice(1)]),
    INFO,
  );
  const blockBytes = 4 + 27 + 1;
  bytes[bytes.length - 20 * blockBytes + 6]! ^= 0x55;
  const { rows, end } = readLog(log, bytes);
  expect(rows.map((r) => r[0])).toEqual(Array.from({ length: 50 }, (_, i) => i).filter((i) => i !== 30));
  expect(end).toEqual({ samples: 49, skipped: 1, markers: 0 });
});

test('a cut-off last block is said, not read', () => {
  const bytes = writeMlg(2, COLUMNS, ROWS, INFO);
  expect(readLog(log, bytes.subarray(0, bytes.length - 3)).end).toEqual({ samples: 2, skipped: 1, markers: 0 });
});

test('the wanted fields alone are decoded', () => {
  const seen: number[][] = [];
  const reader = log.open({ start: () => [4, 1], sample: (v) => void seen.push([...v]) });
  reader.push(writeMlg(1, COLUMNS, ROWS, INFO));
  expect(reader.end().samples).toBe(3);
  expect(seen).toEqual([
    [14.75, 1_200],
    [12.5, 15_900],
    [0, 0],
  ]);
});

test.each([
  ['no field', 20, 0, 0],
  ['samples inside the head', 17, 1, 1],
  ['a type that is not known', 22, 9, 1],
  ['a record shorter than its fields', 19, 3, 1],
])('%s is refused', (_, at, value) => {
  const bytes = writeMlg(1, COLUMNS, ROWS, INFO);
  bytes[at] = value;
  if (at === 20) bytes[21] = 0;
  expect(() => readLog(log, bytes)).toThrow(/damaged/);
});

test('another version and an unfinished head are refused', () => {
  const bytes = writeMlg(1, COLUMNS, ROWS, INFO);
  bytes[7] = 3;
  expect(() => readLog(log, bytes)).toThrow(/version 3/);
  expect(() => readLog(log, writeMlg(1, COLUMNS, ROWS, INFO).subarray(0, 100))).toThrow(/inside its head/);
});

test('a head that promises more than there may be is refused before it is kept', () => {
  const bytes = writeMlg(2, COLUMNS, ROWS, INFO);
  new DataView(bytes.buffer).setUint32(16, 0xffff_fff0);
  expect(() => readLog(log, bytes)).toThrow(/no end/);
});

test('five megabytes that are never a block end at once', () => {
  const head = writeMlg(1, COLUMNS, [], INFO);
  const bytes = new Uint8Array(head.length + 5_000_000);
  bytes.set(head);
  for (let i = head.length; i < bytes.length; i += 13) bytes[i] = 1 + (i % 7);
  const { end } = readLog(log, bytes);
  expect(end.skipped).toBeGreaterThan(0);
});
