import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { RELATIONS } from '../../core/opinion/answer.ts';
import { type Evidence, evidenceOf } from '../../core/opinion/evidence.ts';
import { relationHolds } from '../../core/opinion/relations.ts';
import { LABELLED, MOTORCYCLE, makeReport } from '../../core/opinion/test-reports.ts';
import { readSet, retentionOf } from './retention.ts';

let evidences: Map<string, Evidence>;
beforeAll(async () => {
  const { rules } = await loadKnowledge('rules');
  evidences = new Map(LABELLED.map((l) => [l.name, evidenceOf(makeReport(l, rules), MOTORCYCLE)]));
});

const folder = new URL('honest/', import.meta.url);
test.each(readdirSync(folder))('nine honest concerns of ten are kept: %s', (name) => {
  const found = retentionOf(readSet(readFileSync(new URL(name, folder), 'utf8')), evidences);
  expect(found.concerns).toBeGreaterThan(35);
  const lost = JSON.stringify(found.misses, null, 1);
  expect(found.concernsKept / found.concerns, lost).toBeGreaterThanOrEqual(0.9);
  expect(found.textsKept / found.texts, lost).toBeGreaterThanOrEqual(0.9);
});

test('a set is read line by line, counted by kind, and a line that cannot be read is named', () => {
  const line = {
    report: 'limiter raised',
    concerns: [{ text: 'The limiter is 700 rpm over stock.', evidence: ['F1'], relation: 'aboveStock' }],
    lies: [
      { text: 'The limiter is 900 rpm over stock.', evidence: ['F1'], relation: 'aboveStock' },
      { text: 'The limiter is over stock.', evidence: ['F1'], relation: 'aboveStock' },
    ],
    summary: 'The fan starts too late.',
  };
  const found = retentionOf(readSet(`// ours\n\n${JSON.stringify(line)}\n`), evidences);
  expect(found).toMatchObject({ concerns: 1, concernsKept: 1, lies: 2, liesKept: 1, texts: 1, textsKept: 0 });
  expect(found.misses.map((m) => m.what)).toEqual(['lie', 'summary']);
  expect(() => readSet('{"report": "x"}\n{')).toThrow(/^line 2/);
  expect(() => retentionOf([{ report: 'x' }], evidences)).toThrow(/no report "x": lean and advanced/);
});

test('an honest concern that cites another finding than its own is dropped, but for the few that name nothing', async () => {
  const wrong: string[] = [];
  let all = 0;
  for (const name of readdirSync(folder)) {
    for (const { report, concerns } of readSet(readFileSync(new URL(name, folder), 'utf8'))) {
      const evidence = evidences.get(report)!;
      const found = evidence.items.filter((item) => /^F/.test(item.id));
      for (const concern of concerns ?? []) {
        if (concern.evidence.some((id) => !id.startsWith('F'))) continue;
        for (const other of found.filter((item) => !concern.evidence.includes(item.id))) {
          const relation = RELATIONS.find((r) => r === concern.relation && relationHolds(r, other));
          const holding = relation ?? RELATIONS.find((r) => relationHolds(r, other))!;
          const lie = { text: concern.text, evidence: [other.id], relation: holding };
          all++;
          if (retentionOf([{ report, lies: [lie] }], evidences).liesKept > 0)
            wrong.push(`${other.id}: ${concern.text}`);
        }
      }
    }
  }
  expect(all).toBeGreaterThan(250);
  expect(wrong.length / all, wrong.join('\n')).toBeLessThan(0.1);
});
