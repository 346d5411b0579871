/** A suppression marks, it never deletes; it counts what it hides; a critical finding needs its exact id. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadSuppressions, writeBaseline } from '../app/suppressions.ts';
import { analyzeOne, PROJECT } from '../test/analyze-in-process.ts';
import type { Report } from './report.ts';
import { suppressionLines } from './suppress.ts';
import { exitCodeOf } from './verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-suppress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => rmSync(join(folder, '.revsync.yaml'), { force: true }));
const tune = `${PROJECT}fixtures/example/track-day.bin`;
const options = { cwd: folder, stock: `${PROJECT}fixtures/example/stock.bin` };

async function withFile(yaml: string | null, more: object = {}): Promise<Report> {
  if (yaml !== null) writeFileSync(join(folder, '.revsync.yaml'), yaml);
  return analyzeOne(tune, { ...options, ...more });
}

const bare = await analyzeOne(tune, options);
const failed = (r: Report): Report['findings'] => r.findings.filter((f) => f.status === 'fail');
const fan = failed(bare).find((f) => f.ruleId === 'fan-late')!;
const critical = failed(bare).filter((f) => f.severity === 'critical');

describe('the project file', () => {
  test('a rule: marked, still there, its points counted, the file named', async () => {
    const report = await withFile('suppress:\n  - { rule: fan-late, reason: second fan }\n');
    expect(failed(report).map((f) => f.id)).toEqual(failed(bare).map((f) => f.id));
    expect(failed(report).find((f) => f.id === fan.id)?.suppressed).toMatchObject({
      reason: 'second fan',
      from: '.revsync.yaml',
    });
    const points = bare.scores.safety.deductions.find((d) => d.findingId === fan.id)!.points;
    expect(report.suppressions).toMatchObject({
      findings: 1,
      hiddenPoints: points,
      valueWithout: bare.scores.safety.value,
    });
    expect(suppressionLines(report.suppressions).join()).toContain('.revsync.yaml');
    expect(report.analysisId).not.toBe(bare.analysisId);
  });

  test('a critical finding is not hidden by a rule, only by its exact id', async () => {
    expect(critical.length).toBeGreaterThan(1);
    const byRule = await withFile(
      critical
        .map((f) => `  - { rule: ${f.ruleId}, reason: x }\n`)
        .join('')
        .replace(/^/, 'suppress:\n'),
    );
    expect(byRule.suppressions?.findings).toBe(0);
    expect(byRule.suppressions?.unapplied.map((u) => u.why)).toEqual(critical.map(() => 'criticalNeedsExactId'));
    expect(byRule.scores.safety.value).toBe(bare.scores.safety.value);
    const all = failed(bare).map((f) => `  - { finding: "${f.id}", reason: known }\n`);
    const byId = await withFile(`suppress:\n${all.join('')}`);
    expect(byId.suppressions).toMatchObject({ valueWithout: bare.scores.safety.value, worst: 'critical' });
    expect(byId.scores.safety.value).toBeGreaterThan(bare.scores.safety.value!);
    // Loud: what it would be stands in the first line.
    expect(suppressionLines(byId.suppressions)[0]).toContain(`without that ${bare.scores.safety.value} DANGEROUS`);
    expect(exitCodeOf(byId, { failOn: 'high', minScore: 60 })).toBe(0);
  });

  test('an expired one says so and hides nothing; one for another file neither', async () => {
    const report = await withFile(
      'suppress:\n  - { rule: fan-late, reason: x, until: 1969-12-31 }\n  - { rule: fan-late, reason: x, file: other.bin }\n',
    );
    expect(report.suppressions).toMatchObject({ findings: 0, hiddenPoints: 0 });
    expect(report.suppressions?.unapplied).toEqual([expect.objectContaining({ why: 'expired', until: '1969-12-31' })]);
    expect(suppressionLines(report.suppressions)).toEqual([
      '.revsync.yaml does not suppress fan-late: it has expired (1969-12-31).',
    ]);
  });

  test('one that matches nothing is in the report and is no line of it; a day in the future is no reason', async () => {
    const rule = critical[0]!.ruleId;
    const report = await withFile(
      `suppress:\n  - { rule: no-such-rule, reason: x }\n  - { rule: ${rule}, reason: x, until: 2999-12-31 }\n`,
    );
    expect(report.suppressions?.unapplied.map((u) => u.why)).toEqual(['matchesNothing', 'criticalNeedsExactId']);
    expect(suppressionLines(report.suppressions)).toEqual([
      `.revsync.yaml does not suppress ${rule}: a critical finding needs its exact id.`,
    ]);
  });

  test('--no-suppress looks at none', async () => {
    const report = await withFile('suppress:\n  - { rule: fan-late, reason: x }\n', { suppress: false });
    expect([report.suppressions, report.analysisId]).toEqual([null, bare.analysisId]);
  });

  test.each([
    ['no reason', '- { rule: fan-late }'],
    ['an empty reason', '- { rule: fan-late, reason: " " }'],
    ['neither rule nor finding', '- { reason: x }'],
    ['both', '- { rule: a, finding: b, reason: x }'],
    ['a day that is none', '- { rule: a, reason: x, until: 2027-02-30 }'],
    ['a field that is none', '- { rule: a, reason: x, owner: me }'],
    ['no list', '{ rule: a, reason: x }'],
  ])('refused: %s', async (_, entry) => {
    writeFileSync(join(folder, '.revsync.yaml'), `suppress:\n  ${entry}\n`);
    await expect(loadSuppressions(folder, null)).rejects.toMatchObject({ code: 'SUPPRESSION_INVALID' });
  });
});

describe('a baseline', () => {
  test('covers what is known, not what got worse; critical ones only with a reason', async () => {
    expect(writeBaseline([bare], 'a.json', folder, null)).toMatchObject({ leftOut: critical.length });
    const { written, leftOut } = writeBaseline([bare], 'b.json', folder, 'as delivered');
    expect([written > 0, leftOut]).toEqual([true, 0]);
    const known = await withFile(null, { baseline: 'b.json' });
    expect(known.scores.safety.value).toBeGreaterThan(bare.scores.safety.value!);
    expect(known.suppressions?.from).toEqual([{ path: 'b.json', kind: 'baseline', findings: written }]);
    const content = JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8'));
    for (const f of content.findings) if (f.id === fan.id) f.margin -= 1;
    // What a baseline knows and this file no longer has is no news.
    content.findings.push({ ...content.findings[0], id: 'no-such-finding' });
    writeFileSync(join(folder, 'c.json'), JSON.stringify(content));
    const worse = await withFile(null, { baseline: 'c.json' });
    expect(worse.suppressions?.unapplied).toEqual([expect.objectContaining({ target: fan.id, why: 'gotWorse' })]);
    expect(failed(worse).find((f) => f.id === fan.id)?.suppressed).toBeNull();
  });

  test.each([['{}'], ['[]'], ['no json'], ['{"revsyncBaseline":1,"findings":[{"id":"x"}]}']])(
    'refused: %s',
    async (content) => {
      writeFileSync(join(folder, 'bad.json'), content);
      await expect(loadSuppressions(folder, 'bad.json')).rejects.toMatchObject({ code: 'SUPPRESSION_INVALID' });
    },
  );
});
