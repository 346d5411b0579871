/**
 * The proving ground: how many sick files are found, how many healthy ones are alarmed.
 *   npm run verdict                      the whole corpus; writes docs/verdict.md and docs/verdict.json
 *   npm run verdict -- --sample 0.05     a share of the cases; prints, writes nothing
 *   npm run verdict -- --cases FILE      every case as NDJSON, those of held-out families left out
 *   npm run verdict -- --family NAME     one family that is not held out
 *   npm run verdict -- --only A,B        these faults and harmless edits; prints, writes nothing
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { loadRuleset } from '../../app/rules.ts';
import { runInPool, work } from './pool.ts';
import { corpusSubjects, fixtureSubjects } from './subject.ts';
import { page, summary } from './table.ts';
import { tally } from './tally.ts';

const value = (name: string): string | null => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
};

async function main(): Promise<void> {
  const share = Number(value('--sample') ?? 1);
  const family = value('--family');
  const only = value('--only')?.split(',') ?? null;
  const cases = value('--cases');
  if (cases !== null) writeFileSync(cases, '');
  const corpus = corpusSubjects(resolve(value('--corpus') ?? '../shared/corpus'));
  if (corpus.length === 0) console.error('verdict: no corpus beside the project: the fixtures alone are judged');
  const all = corpus.length === 0 ? fixtureSubjects(resolve('.')) : corpus;
  const subjects = family === null ? all : all.filter((s) => s.family === family && !s.heldOut);
  const started = performance.now();
  const workers = Number(value('--workers') ?? Math.min(4, availableParallelism()));
  const results = await runInPool(subjects, { share, only }, workers, process.argv[1]!, (r) => {
    // As they come: a long run shows what it misses before it ends.
    if (cases !== null && !r.heldOut) appendFileSync(cases, r.cases.map((c) => `${JSON.stringify(c)}\n`).join(''));
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.error(`${seconds.padStart(4)} s  ${r.subject}: ${r.passedOver ?? `${r.cases.length} cases`}`);
  });
  const counted = tally(results);
  const { rules } = await loadRuleset([], '.');
  const text = page(counted, rules.map((r) => r.id).sort());
  const whole = share >= 1 && only === null && family === null && corpus.length > 0 && value('--corpus') === null;
  if (whole && !process.argv.includes('--print')) {
    writeFileSync('docs/verdict.md', text);
    const { rules: rates, untouchedFiles, injectedCases } = counted;
    const sorted = Object.fromEntries(Object.entries(rates).sort(([a], [b]) => a.localeCompare(b)));
    writeFileSync(
      'docs/verdict.json',
      `${JSON.stringify({ untouchedFiles, injectedCases, rules: sorted }, null, 2)}\n`,
    );
    console.log(summary(counted));
  } else console.log(text);
}

if (process.argv.includes('--worker')) work();
else await main();
