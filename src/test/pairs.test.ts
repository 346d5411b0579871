/** Every published pair of XDF and image, against a second decoder that shares nothing with ours. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../core/decode.ts';
import { fitDefinition } from '../core/fit.ts';
import type { Image } from '../core/model.ts';
import { isMonotonic } from '../core/monotonic.ts';
import { format } from '../formats/xdf/index.ts';
import { CORPUS } from './analyze-in-process.ts';

const here = existsSync(`${CORPUS}PAIRS.tsv`);
const SECOND = fileURLToPath(new URL('independent/xdf_decode.py', import.meta.url));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Pair {
  xdf: string;
  bin: string;
  shift: number;
  good: number;
}

const pairs: Pair[] = here
  ? readFileSync(`${CORPUS}PAIRS.tsv`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .map((f) => ({ xdf: f[0]!, bin: f[1]!, shift: Number(f[2] || 0), good: Number(f[10]) }))
  : [];

/** Pairs that are known to be of another software. */
const WRONG = [
  'HONDA_VFR1200F_38770-MGE-773.xdf|38770-MGE-D41.bin|0',
  'HONDA_VFR1200F_38770-MGE-XXX-GERMAN-2013-SB.xdf|38770-MGE-773.bin|0',
  '38770-MJW.xdf|38770_MJW_D51.bin|0',
  'Ducati_M15_3.xdf|AM28F010_DUCATI_900_SS_EU.bin|0',
  'Suzuki-GSXR1300-32910-10LX0.xdf|Hayabusa gen 3 stock.bin|0',
  'CBR1000RR_2012_US.xdf|38770-MGP-A92.bin|0',
];

function load({ xdf, bin, shift }: Pair) {
  const definition = format.parse(new Uint8Array(readFileSync(CORPUS + xdf)), { name: basename(xdf), sha256 });
  const bytes = new Uint8Array(readFileSync(CORPUS + bin));
  const image: Image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
  return { definition, image, tune: decode(image, definition, { shiftBytes: shift }) };
}

const near = (a: number | null | undefined, b: number): boolean =>
  a === null || a === undefined ? !Number.isFinite(b) : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

describe.skipIf(!here)('pairs of XDF and image (needs ../shared/corpus)', () => {
  test.each(pairs.map((p) => [`${basename(p.xdf)} on ${basename(p.bin)} ${p.shift || ''}`, p] as const))(
    '%s: enough good tables, the right verdict',
    (_, pair) => {
      const { definition, image, tune } = load(pair);
      const good = tune.maps.filter(
        (m) =>
          (m.kind === 'map' || m.kind === 'curve') &&
          !m.unset &&
          m.axes.some((a) => a.raw !== null && a.raw.length > 1) &&
          m.axes.every((a) => a.raw === null || a.raw.length < 2 || isMonotonic(a.raw)),
      ).length;
      expect(good).toBeGreaterThanOrEqual(pair.good);
      const fit = fitDefinition(image, definition, pair.shift);
      const wrong = WRONG.includes(`${basename(pair.xdf)}|${basename(pair.bin)}|${pair.shift}`);
      expect(fit.verdict === 'mismatch').toBe(wrong);
      if (pair.bin.includes('DUCATI') && pair.shift === 0) expect(fit.suggestion?.shiftBytes).toBe(-10);
      if (pair.bin.includes('Hayabusa gen 3') && pair.shift === 0) expect(fit.suggestion?.shiftBytes).toBe(-4);
    },
  );

  test.each(pairs.map((p) => [`${basename(p.xdf)} on ${basename(p.bin)} ${p.shift || ''}`, p] as const))(
    '%s: cells, axes, constants and flags equal those of a second decoder',
    (_, pair) => {
      const { tune } = load(pair);
      const second = JSON.parse(
        execFileSync('python3', [SECOND, CORPUS + pair.xdf, CORPUS + pair.bin, String(pair.shift)], {
          maxBuffer: 512 * 1024 * 1024,
          encoding: 'utf8',
        }),
      ) as {
        tables: {
          title: string;
          address: number;
          rows: number;
          columns: number;
          cells: (number | null)[];
          /** `none`: the file names no source for the breakpoints. */
          x: 'none' | (number | null)[];
          y: 'none' | (number | null)[];
        }[];
        constants: { title: string; address: number; value: number | null }[];
        flags: { title: string; address: number; mask: number; on: boolean }[];
      };
      const tables = tune.maps.filter((m) => m.axes.length === 2);
      const wrong: string[] = [];
      let compared = 0;
      let breakpoints = 0;
      const decoded = tables.filter((m) => m.at !== null);
      expect(decoded.length).toBe(second.tables.length);
      for (const [i, other] of second.tables.entries()) {
        const map = decoded[i]!;
        expect([map.title, map.at?.offsetBytes, map.rows, map.columns]).toEqual([
          other.title,
          other.address,
          other.rows,
          other.columns,
        ]);
        compared += other.cells.length;
        for (const [k, value] of other.cells.entries())
          if (!near(value, map.cells[k]!)) wrong.push(`${map.title} cell ${k}: ${value} ${map.cells[k]}`);
        for (const name of ['x', 'y'] as const) {
          const theirs = other[name];
          const ours = map.axes.find((a) => a.axis === name);
          expect(ours, `${map.title} ${name}`).toBeDefined();
          expect([map.title, name, ours!.known]).toEqual([map.title, name, theirs !== 'none']);
          if (theirs === 'none') continue;
          breakpoints += theirs.length;
          for (const [k, value] of theirs.entries())
            if (!near(value, ours!.breakpoints[k]!))
              wrong.push(`${map.title} ${name} ${k}: ${value} ${ours!.breakpoints[k]}`);
        }
      }
      const constants = tune.maps.filter((m) => m.kind === 'scalar' && m.axes.length === 0);
      // The same place may stand twice, in miles and in kilometres: in the order of the file.
      const seen = new Map<string, number>();
      for (const other of second.constants) {
        const key = `${other.title}@${other.address}`;
        const nth = seen.get(key) ?? 0;
        seen.set(key, nth + 1);
        const map = constants.filter((m) => m.title === other.title && m.at?.offsetBytes === other.address)[nth];
        expect(map, other.title).toBeDefined();
        if (!near(other.value, map!.cells[0]!)) wrong.push(`${other.title}: ${other.value} ${map!.cells[0]}`);
      }
      const flags = tune.maps.filter((m) => m.kind === 'flag');
      expect(flags.length).toBe(second.flags.length);
      for (const [i, other] of second.flags.entries())
        expect([flags[i]!.title, flags[i]!.state]).toEqual([other.title, other.on]);
      expect(wrong.slice(0, 10)).toEqual([]);
      // Nothing that the second decoder could not compute was passed over.
      expect(compared).toBe(decoded.reduce((sum, map) => sum + map.cells.length, 0));
      expect(breakpoints).toBeGreaterThan(0);
      expect(second.constants.length).toBe(constants.filter((map) => map.at !== null).length);
    },
  );
});
