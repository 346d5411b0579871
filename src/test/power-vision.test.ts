/** A public Power Vision export against the raw tune of the same calibration: what the export says stands in the image. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRaw } from '../core/bytes.ts';
import type { Image, Storage } from '../core/model.ts';
import { format } from '../formats/power-vision/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const FOLDER = `${CORPUS}powervision/harley-16D110002401/`;
const TABLES = `${CORPUS}derived/harley-16D110002401-tables.tsv`;
const here = existsSync(FOLDER) && existsSync(TABLES);

interface Row {
  name: string;
  rows: number;
  columns: number;
  units: string;
  word: boolean;
  offset: number;
  factor: number;
  constant: number;
  /** Cells that the derivation found to differ: the image was tuned after the export. */
  off: number;
}

const rows: Row[] = here
  ? readFileSync(TABLES, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [name, r, c, units, , , type, offset, k, b, rho, off] = line.split('\t');
        // Rows whose correlation is under 0.999 are maps that were tuned: their place is known, not their cells.
        return {
          name: name!,
          rows: Number(r),
          columns: Number(c),
          units: units!,
          word: type === 'u16be',
          offset: Number(offset),
          factor: Number(k),
          constant: Number(b),
          off: Number(rho) > 0.9999 ? Number(off) : Number.POSITIVE_INFINITY,
        };
      })
  : [];

describe.skipIf(!here)('Harley-Davidson 16D110002401 (needs ../shared/corpus)', () => {
  const tune = here
    ? format.decode(new Uint8Array(readFileSync(`${FOLDER}pvv_template.pvv`)), {
        name: 'x.pvv',
        sha256: () => '',
        companion: null,
      })
    : null;
  const bytes = here ? new Uint8Array(readFileSync(`${FOLDER}current_tune.bin`)) : new Uint8Array();
  const image: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };

  test('every item is decoded', () => {
    expect(tune!.undecoded).toEqual([]);
    expect(tune!.maps.length).toBe(129);
    expect(tune!.ecu.id).toMatch(/^[0-9A-Z]+$/);
  });

  const exact = rows.filter((r) => r.off === 0);
  test.each(exact)('$name: each cell of the export is in the image', (row) => {
    const map = tune!.maps.find((m) => m.title === row.name)!;
    expect([map.rows, map.columns]).toEqual([row.rows, row.columns]);
    const size = row.word ? 2 : 1;
    const storage: Storage = {
      address: row.offset,
      elementBytes: size,
      signed: false,
      float: false,
      byteOrder: 'big',
      layout: 'row',
      elementStepBytes: size,
      lineStepBytes: row.columns * size,
    };
    const raw = readRaw(image, storage, row.rows, row.columns)!;
    // The export rounds to two or three places; a fitted factor is as exact as that.
    const tolerance = Math.max(0.011, Math.abs(row.factor) * 0.5);
    const wrong = Array.from(map.cells).filter((v, i) => Math.abs(raw[i]! * row.factor + row.constant - v) > tolerance);
    expect(wrong).toEqual([]);
  });

  test('that were enough of them', () => {
    expect(exact.length).toBeGreaterThanOrEqual(14);
    expect(exact.filter((r) => r.name.startsWith('VE')).map((r) => [r.factor, r.constant])).toEqual(
      Array(4).fill([0.5, 0]),
    );
  });
});
