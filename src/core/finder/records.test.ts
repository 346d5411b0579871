import { describe, expect, test } from 'vitest';
import { findMaps } from './find-maps.ts';

const ROWS = 20;
const COLUMNS = [12, 14, 16, 18, 13, 15];
const CONSTANT = { rows: 9, columns: 7 };

/** A made-up ECU: maps of bytes far from their axes, and a record for each map: type, columns, rows, 0xFF, x, y, cells, 0. */
function image(littleEndian: boolean): { bytes: Uint8Array; maps: number[][] } {
  const bytes = new Uint8Array(32 * 1024);
  const view = new DataView(bytes.buffer);
  let seed = 77;
  for (let i = 0; i < bytes.length; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) | 0;
    bytes[i] = seed >>> 16;
  }
  let [record, axis, cell] = [0x400, 0x1000, 0x3000];
  const maps: number[][] = [];
  const shapes = [...COLUMNS.map((columns) => ({ rows: ROWS, columns })), CONSTANT];
  for (const [k, { rows, columns }] of shapes.entries()) {
    const x = axis;
    for (let c = 0; c < columns; c++, axis += 2) view.setUint16(axis, 90 * c + k, littleEndian);
    const y = axis;
    for (let r = 0; r < rows; r++, axis += 2) view.setUint16(axis, 800 + 410 * r, littleEndian);
    maps.push([cell, rows, columns, x, y]);
    bytes.set([0x29, columns, rows, 0xff], record);
    for (const [i, pointer] of [x, y, cell, 0].entries()) view.setUint32(record + 4 + 4 * i, pointer, littleEndian);
    record += 20;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++, cell++)
        bytes[cell] = k === COLUMNS.length ? 128 : Math.round(90 + 60 * Math.sin(r / 9 + k) - 2.5 * c + (r % 3));
    cell += 40;
  }
  return { bytes, maps };
}

describe('records that point at maps and axes', () => {
  test.each([false, true])('are read off the image, in either byte order (little: %s)', (littleEndian) => {
    const { bytes, maps } = image(littleEndian);
    const found = findMaps(bytes).filter((m) => m.recordBytes !== null);
    expect(found.map((m) => [m.offsetBytes, m.rows, m.columns, m.x?.offsetBytes, m.y?.offsetBytes])).toEqual(maps);
    // The last map holds one value: no surface shows it, its record does.
    expect(found.at(-1)).toMatchObject({ ...CONSTANT, confidence: 'high', recordBytes: 0x400 + 6 * 20 + 12 });
  });

  test('without enough records, maps stand on their surface alone', () => {
    const { bytes } = image(false);
    bytes.fill(0xff, 0x400 + 3 * 20, 0x1000);
    const found = findMaps(bytes).filter((m) => m.confidence !== 'low');
    expect(found.length).toBeGreaterThanOrEqual(COLUMNS.length);
    expect(found.every((m) => m.recordBytes === null)).toBe(true);
  });
});
