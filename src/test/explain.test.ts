/** `explain` retells every score exactly: over every fixture and, where it is there, every file of the corpus. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { explain, explainJson } from '../app/explain.ts';
import { explainReport } from '../core/explain.ts';
import type { Report } from '../core/report.ts';
import { analyzeDocument, analyzeOne, CORPUS, PROJECT } from './analyze-in-process.ts';

const here = existsSync(CORPUS);
const folder = mkdtempSync(join(tmpdir(), 'revsync-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.(bin|msq|hex|eeprom|pvv)$/i.test(f))
    .sort()
    .map((f) => join(root, f));
}

/** Walks the steps by itself: nothing of explain.ts is believed. */
function expectExact(report: Report): void {
  const { value, steps, compatibility } = explainReport(report);
  expect(value).toBe(report.scores.safety.value);
  for (const [score, own] of [
    [value, steps],
    [compatibility.value, compatibility.steps],
  ] as const) {
    if (score === null) {
      expect(own.every((s) => s.running === null)).toBe(true);
      continue;
    }
    let tenths = 1_000;
    for (const { points, running } of own) {
      expect(points * 10).toBeCloseTo(Math.round(points * 10), 9);
      tenths -= Math.round(points * 10);
      expect(running).toBe(tenths / 10);
    }
    expect(tenths).toBe(score * 10);
  }
  const taken = steps.filter((s) => s.kind === 'deduction').map((s) => s.findingId);
  const failed = report.findings.filter((f) => f.status === 'fail' && f.suppressed === null).map((f) => f.id);
  for (const id of taken) expect(failed).toContain(id);
  // Everything that failed above a note is among the steps.
  const heavy = report.findings.filter((f) => f.status === 'fail' && f.suppressed === null && f.severity !== 'info');
  expect(heavy.filter((f) => !taken.includes(f.id)).map((f) => f.id)).toEqual([]);
  for (const { value: other } of report.scores.safety.ifFixed) expect(other).toBeGreaterThanOrEqual(value ?? 0);
}

const fixtures = filesOf(`${PROJECT}fixtures`);

test('there are fixtures', () => expect(fixtures.length).toBeGreaterThan(3));

test.each(fixtures)('%s, alone and against a stock', async (path) => {
  expectExact(await analyzeOne(path));
  if (path.endsWith('.bin')) expectExact(await analyzeOne(path, { stock: 'fixtures/example/stock.bin' }));
});

describe.skipIf(!here)('the corpus (needs ../shared/corpus)', () => {
  test('every report', { timeout: 600_000 }, async () => {
    const { document } = await analyzeDocument(here ? filesOf(CORPUS) : []);
    expect(document.reports.length).toBeGreaterThan(40);
    expect(document.reports.filter((r) => r.scores.safety.value !== null).length).toBeGreaterThan(20);
    for (const report of document.reports) expectExact(report);
  });
});

describe('what can be explained', () => {
  const around = { flags: { store: false }, env: {}, cwd: PROJECT };

  test('a report file of one and of several, and the same as NDJSON', async () => {
    const paths = ['fixtures/example/track-day.bin', 'fixtures/example/stock.bin'];
    const { document } = await analyzeDocument(paths, { stock: 'fixtures/example/stock.bin' });
    const [one, two, lines] = ['one.json', 'two.json', 'two.ndjson'].map((n) => join(folder, n)) as [
      string,
      string,
      string,
    ];
    writeFileSync(one, JSON.stringify({ ...document, reports: document.reports.slice(0, 1) }));
    writeFileSync(two, JSON.stringify(document));
    writeFileSync(lines, document.reports.map((r) => `${JSON.stringify(r)}\n`).join(''));
    const single = JSON.parse(explainJson(await explain(one, [], around)));
    expect(single.value).toBe(document.reports[0]!.scores.safety.value);
    expect(single.steps.at(-1).running).toBe(single.value);
    const several = JSON.parse(explainJson(await explain(two, [], around)));
    expect([several.value, several.explanations.length]).toEqual([null, 2]);
    expect(JSON.parse(explainJson(await explain(lines, [], around))).explanations).toEqual(several.explanations);
  });

  test('a rule, by its id and by its number in the catalogue', async () => {
    const byId = JSON.parse(explainJson(await explain('spark-over-stock-at-full-load', [], around)));
    expect(byId.value).toBeNull();
    expect(byId.points[0]).toMatchObject({ severity: 'critical', points: [40, 60], cap: 39 });
    expect(explainJson(await explain('r41', [], around))).toBe(explainJson(await explain('R41', [], around)));
  });

  test.each([
    ['README.md', 'NOT_A_REPORT'],
    ['package.json', 'NOT_A_REPORT'],
    ['no-such-rule', 'EXPLAIN_NOT_FOUND'],
    ['deadbeef', 'NO_DATABASE'],
  ])('%s: %s', async (what, code) => {
    await expect(explain(what, [], around)).rejects.toMatchObject({ code });
  });

  test.each([
    ['no numbers', { scores: { safety: { value: 'high', reason: '', deductions: [], caps: [], ifFixed: [] } } }],
    ['nothing inside', { reports: [{}] }],
    ['null', null],
  ])('a file that claims to be a report: %s', async (name, content) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(content));
    await expect(explain(path, [], around)).rejects.toMatchObject({ code: 'NOT_A_REPORT' });
  });
});

test('putting a fault right gives the score that was foretold', async () => {
  // The same file with the lambda block of its stock: what `explain` says of that finding must come true.
  const { readFileSync } = await import('node:fs');
  const bad = new Uint8Array(readFileSync(`${PROJECT}fixtures/example/track-day.bin`));
  const good = new Uint8Array(readFileSync(`${PROJECT}fixtures/example/stock.bin`));
  const options = { stock: 'fixtures/example/stock.bin', definition: 'fixtures/example/track-day.yaml' };
  const before = await analyzeOne('-', options, bad);
  const lean = before.findings.filter((f) => f.status === 'fail' && f.map?.title === 'Lambda target').map((f) => f.id);
  expect(lean.length).toBeGreaterThan(0);
  const fixed = bad.slice();
  const [from, to] = [0x1300, 0x1300 + 18 * 14];
  fixed.set(good.subarray(from, to), from);
  const after = await analyzeOne('-', options, fixed);
  const worst = lean.find((id) => id.startsWith('full-load-mixture-lean'))!;
  const foretold = before.scores.safety.ifFixed.find((f) => f.findingIds.length === 1 && f.findingIds[0] === worst);
  // The block held a second, smaller fault, so that the whole repair is at least as good.
  expect(after.scores.safety.value).toBeGreaterThanOrEqual(foretold!.value);
  const spark = after.findings.find((f) => f.ruleId === 'spark-over-stock-at-full-load' && f.status === 'fail');
  expect(spark?.severity).toBe('high');
  expect(after.scores.safety.value).toBeLessThanOrEqual(59);
});
