/** Maps as CSV through the built entry: what maps writes, analyze and compare read. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { PROJECT } from './analyze-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function revsync(...args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), ...args], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, USE_LOCAL_LLM: 'false' },
    timeout: 60_000,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

test('written by maps, read back by maps, compared, analysed', { timeout: 120_000 }, async () => {
  const image = join(PROJECT, 'fixtures/example/track-day.bin');
  const { stdout } = await revsync('maps', image, 'Spark advance', '--format', 'csv', '--no-store');
  writeFileSync(join(folder, 'spark.csv'), stdout);
  const written = JSON.parse((await revsync('maps', image, 'Spark advance', '--format', 'json')).stdout).maps[0];
  const read = JSON.parse((await revsync('maps', 'spark.csv', '--format', 'json')).stdout).maps[0];
  expect(read).toMatchObject({ title: 'Spark advance', role: 'spark', rows: written.rows, columns: written.columns });
  expect(read.cells).toEqual(written.cells);

  const cells = stdout.split('\n').map((l) => l.split(','));
  cells[3]![4] = '61';
  writeFileSync(join(folder, 'edited.csv'), cells.map((r) => r.join(',')).join('\n'));
  const compared = await revsync('compare', 'spark.csv', 'edited.csv', '--format', 'json');
  expect(compared.exitCode).toBe(1);
  expect(JSON.parse(compared.stdout).maps).toMatchObject([
    { status: 'changed', changed: [{ row: 2, column: 3, to: 61 }] },
  ]);

  const analysed = await revsync('analyze', 'edited.csv', '--stock', 'spark.csv', '--format', 'json', '--no-store');
  const [report] = JSON.parse(analysed.stdout).reports;
  expect(report).toMatchObject({ outcome: 'notEnoughData', format: { id: 'csv' }, stock: { reference: 'stockFile' } });
  expect(report.stock.mapsChanged).toMatchObject([{ title: 'Spark advance', changedCells: 1 }]);
  expect(readFileSync(join(folder, 'spark.csv'), 'utf8')).toBe(stdout);
});

test('--role says what a table is for', { timeout: 60_000 }, async () => {
  const bare = Array.from({ length: 6 }, (_, r) => Array.from({ length: 6 }, (_, c) => 20 + r + c).join('\t')).join(
    '\n',
  );
  writeFileSync(join(folder, 'table.tsv'), bare);
  const { maps } = JSON.parse((await revsync('maps', 'table.tsv', '--role', 'table=spark', '--format', 'json')).stdout);
  expect(maps).toMatchObject([{ title: 'table', role: 'spark', roleConfidence: 1, decodeConfidence: 'plausible' }]);
});
