/** `revsync analyze tune --log ride` through the built entry, with the made-up rides of fixtures/logs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { explainReport } from '../core/explain.ts';
import type { Report, ReportDocument } from '../core/report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
if (!existsSync(join(ROOT, 'dist/main.js'))) execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT });

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/revsync.js', 'analyze', ...args, '--no-store', '--engine', 'rules'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
const STOCK = 'fixtures/example/stock.bin';

function analyse(...args: string[]): { report: Report; status: number | null } {
  const { stdout, status } = run(...args, '--format', 'json', '--all');
  return { report: (JSON.parse(stdout) as ReportDocument).reports[0]!, status };
}

const cell = (report: Report, rpm: number, throttle: number) => {
  const log = report.log!;
  const near = (q: boolean, value: number): number => {
    const axis = log.axes.find((a) => (a.quantity === 'engineSpeed') === q)!;
    return axis.breakpoints.findIndex((b) => Math.abs((b ?? Number.NaN) - value) < 1);
  };
  return log.cells.find((c) => c.row === near(true, rpm) && c.column === near(false, throttle));
};

describe('a ride that follows its target', () => {
  const { report, status } = analyse(STOCK, '--log', 'fixtures/logs/ride.mlg');
  test('leaves the score as it was, with the coverage as a note', () => {
    expect(status).toBe(0);
    expect(report.scores.safety.value).toBe(report.log!.mapScore.value);
    const failed = report.findings.filter((f) => f.status === 'fail' && f.severity !== 'info').map((f) => f.ruleId);
    expect(failed).toEqual([]);
    expect(report.findings.find((f) => f.ruleId === 'ride-short-of-full-load')).toMatchObject({
      status: 'fail',
      severity: 'info',
    });
  });
  test('says what was used and what was left out, and the sum is what was read', () => {
    const { samples } = report.log!;
    expect(samples.used + samples.dropped.reduce((sum, d) => sum + d.count, 0)).toBe(samples.read);
    expect(samples.read).toBe(1_740);
    expect(samples.dropped.map((d) => d.reason)).toEqual(['cold', 'overrun', 'moving', 'settling']);
  });
  test('every measured cell is within 1.5 % of the target that the file itself has there', () => {
    const claimed = report.log!.cells.filter((c) => c.claimed);
    expect(claimed.length).toBeGreaterThan(50);
    for (const c of claimed) {
      expect(c.targetFrom).toBe('tune');
      expect(Math.abs(c.deviationPercent!)).toBeLessThan(1.5);
    }
  });
});

describe('a ride that is lean in four cells at full load', () => {
  const { report, status } = analyse(STOCK, '--log', 'fixtures/logs/lean.mlg');
  test('is critical, and the file is not safe although its own score is', () => {
    expect(status).toBe(1);
    expect(report.log!.mapScore).toEqual({ value: 100, level: 'SAFE' });
    expect(report.scores.safety.value).toBeLessThan(40);
    expect(report.scores.safety.level).toBe('DANGEROUS');
    const lean = report.findings.find((f) => f.ruleId === 'measured-lean-at-full-load')!;
    expect(lean).toMatchObject({ status: 'fail', severity: 'critical', cellCount: 4 });
    expect(lean.cells.map((c) => c.axisValues.find((a) => a.quantity === 'engineSpeed')?.value).sort()).toEqual([
      10_500, 10_500, 9_500, 9_500,
    ]);
  });
  test('finds 16 % in the cells where it was put, and nothing in their neighbours', () => {
    for (const rpm of [9_500, 10_500]) expect(cell(report, rpm, 100)!.deviationPercent).toBeCloseTo(16, 0);
    for (const rpm of [8_500, 11_500]) expect(Math.abs(cell(report, rpm, 100)!.deviationPercent!)).toBeLessThan(1.5);
  });
  test('counts knock by cell', () => {
    const { events, cells } = report.log!.knock!;
    expect(events).toBe(10);
    expect(cells.reduce((sum, c) => sum + c.events, 0)).toBe(10);
    expect(report.findings.find((f) => f.ruleId === 'knock-measured')).toMatchObject({ status: 'fail', value: 10 });
  });
  test('explain retells the score exactly', () => {
    const { steps, value } = explainReport(report);
    expect(steps.at(-1)!.running).toBe(value);
    expect(steps.some((s) => s.findingId?.startsWith('measured-lean-at-full-load'))).toBe(true);
  });
  test('another log is another analysis, the same one the same', () => {
    const again = analyse(STOCK, '--log', 'fixtures/logs/lean.mlg').report;
    expect(again).toEqual(report);
    expect(analyse(STOCK).report.analysisId).not.toBe(report.analysisId);
  });
});

test('without a log nothing of logs is in the report', () => {
  const { report } = analyse(STOCK);
  expect(report.log).toBeNull();
  expect(
    report.findings.filter((f) =>
      /^(measured|ride|probe)-|^(knock|coolant-hot|intake-air-hot|battery-low)-measured/.test(f.ruleId),
    ),
  ).toEqual([]);
});

test('the same samples as text: RomRaider with °F and AFR, semicolons with decimal commas, MSL', () => {
  const cells = ['short.msl', 'short-romraider.csv', 'short-comma.csv'].map(
    (name) => analyse(STOCK, '--log', `fixtures/logs/${name}`).report.log!,
  );
  for (const log of cells) {
    expect(log.samples.read).toBe(250);
    expect(log.samples.used).toBeGreaterThan(100);
    expect(log.cells.filter((c) => c.claimed).map((c) => [c.row, c.column, c.lambda.toFixed(2)])).toEqual(
      cells[0]!.cells.filter((c) => c.claimed).map((c) => [c.row, c.column, c.lambda.toFixed(2)]),
    );
  }
});

test('several rides are taken together', () => {
  const { report } = analyse(STOCK, '--log', 'fixtures/logs/ride.mlg', '--log', 'fixtures/logs/short.msl');
  expect(report.log!.files.map((f) => [f.format, f.samples])).toEqual([
    ['mlg', 1_740],
    ['msl', 250],
  ]);
  expect(report.log!.samples.read).toBe(1_990);
});

describe('what people read', () => {
  test('the terminal: the verdict, the file alone, the heat map with its marks and hits', () => {
    const { stdout } = run(STOCK, '--log', 'fixtures/logs/lean.mlg');
    expect(stdout).toMatch(/MEASURED +lean\.mlg: 1220 of 1740 samples used/);
    expect(stdout).toContain('+16.1!');
    expect(stdout).toMatch(/left out: 113 engine cold/);
    expect(stdout).toMatch(/9500 rpm, 100 % +17 +1\.028/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
  test.each(['markdown', 'html', 'csv', 'sarif', 'junit'])('%s names the lean cells', (format) => {
    expect(run(STOCK, '--log', 'fixtures/logs/lean.mlg', '--format', format).stdout).toMatch(
      /measured-lean-at-full-load|Lean at full load, measured/,
    );
  });
});

describe('what is no log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'revsync-log-'));
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  test.each([
    ['a tune', STOCK, 'LOG_NOT_READ'],
    ['prose', write('prose.csv', 'no log at all\njust words\n'), 'LOG_NOT_READ'],
    ['a missing file', join(folder, 'nowhere.mlg'), 'FILE_NOT_FOUND'],
    [
      'a damaged head',
      write('bad.mlg', readFileSync(join(ROOT, 'fixtures/logs/ride.mlg')).subarray(0, 300)),
      'LOG_DAMAGED',
    ],
    ['a log without samples', write('empty.mlg', emptied()), 'LOG_EMPTY'],
  ])('%s', (_, path, code) => {
    const { stderr, status } = run(STOCK, '--log', path);
    expect(stderr).toContain(code);
    expect(status).toBe(2);
  });
  function emptied(): Uint8Array {
    const bytes = new Uint8Array(readFileSync(join(ROOT, 'fixtures/logs/ride.mlg')));
    return bytes.subarray(0, new DataView(bytes.buffer, bytes.byteOffset).getUint32(14));
  }
});

test.each(['ride.mlg', 'short.msl', 'short-romraider.csv', 'short-comma.csv'])(
  '%s given as a tune is named a log, with the way forward',
  (name) => {
    const { stdout, status } = run(`fixtures/logs/${name}`);
    expect(stdout).toContain('LOG_FILE');
    expect(stdout).toContain('--log');
    expect(status).toBe(2);
  },
);
