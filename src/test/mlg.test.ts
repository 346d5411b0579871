/** MLG against a second reader, written in Python from the published layout: our made-up rides, and real logs where they are. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readLog } from '../core/logs/test-read.ts';
import { log } from '../logs/mlg/index.ts';

const SECOND = fileURLToPath(new URL('independent/mlg_read.py', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/logs/', import.meta.url));

function equals(path: string): void {
  const second = JSON.parse(
    execFileSync('python3', [SECOND, path], { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' }),
  ) as {
    fields: [string, string][];
    rows: number[][];
    markers: number;
  };
  const own = readLog(log, new Uint8Array(readFileSync(path)), 10_007);
  expect(own.fields.map((f) => f.name)).toEqual(second.fields.map(([name]) => name));
  expect(own.rows).toEqual(second.rows);
  expect(own.end).toEqual({ samples: second.rows.length, skipped: 0, markers: second.markers });
  expect(own.rows.length).toBeGreaterThan(100);
}

test.each(readdirSync(FIXTURES).filter((n) => n.endsWith('.mlg')))('%s: every cell', (name) => {
  equals(join(FIXTURES, name));
});

const real = existsSync(CORPUS)
  ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((n) => n.endsWith('.mlg'))
  : [];
test.skipIf(real.length === 0)('real logs beside the project: every cell', () => {
  for (const name of real) equals(join(CORPUS, name));
});
