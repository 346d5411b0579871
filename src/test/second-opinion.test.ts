/** The second opinion through the main job, with a model in memory: what is stored, what is shown, what counts, and what ends it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { analyzeFiles } from '../app/analyze.ts';
import type { AnalyzeHooks, AnalyzeRequest } from '../app/analyze-request.ts';
import type { OpinionSettings } from '../app/second-opinion.ts';
import { RevsyncError } from '../core/errors.ts';
import type { AnswerRequest, LanguageModel, ModelAnswer } from '../core/language-model.ts';
import type { ReportDocument } from '../core/report.ts';
import { openDatabase } from '../store/open-store.ts';
import { PROJECT } from './analyze-in-process.ts';

const TRACK_DAY = 'fixtures/example/track-day.bin';
const STOCK = 'fixtures/example/stock.bin';
let folder: string;
let db: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-opinion-'));
  db = join(folder, 'r.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Counts what it is asked. */
class Fake implements LanguageModel {
  readonly asked: AnswerRequest[] = [];
  described = 0;
  closed = 0;
  readonly #reply: (request: AnswerRequest, n: number) => unknown;
  constructor(reply: (request: AnswerRequest, n: number) => unknown) {
    this.#reply = reply;
  }
  async describe() {
    this.described++;
    return { model: 'mistral:7b', digest: 'sha256:abc', host: 'http://h', serverVersion: '0.24.0' };
  }
  async answer(request: AnswerRequest): Promise<ModelAnswer> {
    this.asked.push(request);
    const json = await this.#reply(request, this.asked.length);
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    request.onText?.(text);
    return {
      text,
      json: typeof json === 'string' ? undefined : json,
      doneReason: 'stop',
      model: 'mistral:7b',
      digest: 'sha256:abc',
      serverVersion: '0.24.0',
      host: 'http://h',
      options: { seed: 7 },
      promptTokens: 900,
      answerTokens: 120,
      promptMs: 10,
      answerMs: 20,
      loadMs: 0,
      totalMs: 30,
    };
  }
  async close(): Promise<void> {
    this.closed++;
  }
}

const GOOD = {
  concerns: [
    { text: 'Spark is 7° more than stock, past what the engine takes.', evidence: ['F1'], relation: 'aboveStock' },
    { text: 'Lambda of 0.99 at full load is over the limit.', evidence: ['F2'], relation: 'aboveLimit' },
    { text: 'The tune is 42 % safe.', evidence: ['F1'], relation: 'aboveLimit' },
  ],
  compatibility: 'fits',
  effect: 'It may knock under load.',
  advice: 'Bring the spark back to stock before riding.',
  summary: 'Advanced spark and a lean mixture together are the danger.',
  safety: 0,
};
const NONE = { concerns: [], compatibility: 'fits', effect: '', advice: '', summary: '', safety: 100 };

const SETTINGS: OpinionSettings = {
  engine: 'llm',
  hosts: null,
  model: 'mistral:7b',
  configured: true,
  timeoutMs: 2_000,
  cacheSeconds: 3600,
  gpu: true,
  preload: false,
};

async function run(
  model: LanguageModel | (() => Promise<LanguageModel>),
  options: Partial<AnalyzeRequest> & { settings?: Partial<OpinionSettings> } = {},
  hooks: Partial<AnalyzeHooks> = {},
): Promise<{ document: ReportDocument; warnings: string[] }> {
  const warnings: string[] = [];
  const engine = options.engine ?? 'llm';
  const { settings, ...request } = options;
  const { document } = await analyzeFiles(
    {
      paths: [TRACK_DAY],
      cwd: PROJECT,
      env: {},
      flags: { db },
      definition: null,
      shiftBytes: 0,
      bike: null,
      stock: STOCK,
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      rulesFolders: [],
      roles: [],
      failOn: 'high',
      minScore: 60,
      engine,
      opinion: { ...SETTINGS, engine: engine === 'llm' ? 'llm' : 'auto', ...settings },
      all: true,
      databasePath: db,
      ...request,
    },
    {
      now: () => new Date('2026-01-01T00:00:00Z'),
      warn: (text) => warnings.push(text),
      readStdin: async () => new Uint8Array(0),
      started: () => undefined,
      done: async () => undefined,
      ask: null,
      askBike: null,
      openModel: async () => (typeof model === 'function' ? model() : model),
      ...hooks,
    },
  );
  return { document, warnings };
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase(db);
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

describe('an answer', () => {
  test('is checked, repaired once, stored with its origin, and what did not hold is counted', async () => {
    const fake = new Fake(() => GOOD);
    const { document, warnings } = await run(fake);
    const [report] = document.reports;
    expect(warnings).toEqual([]);
    expect(report!.engine).toMatchObject({ used: 'llm', model: 'mistral:7b', digest: 'sha256:abc' });
    expect(report!.secondOpinion).toMatchObject({
      dropped: 1,
      safetyOpinion: 0,
      tokens: { prompt: 1800, answer: 240 },
    });
    expect(report!.secondOpinion!.concerns.map((c) => c.evidence)).toEqual([
      ['spark-over-stock-at-full-load:spark-advance@0x1100'],
      ['full-load-mixture-lean:lambda-target@0x1300'],
    ]);
    // The second question repeats the first and says what did not hold: a server's cache serves what it has read.
    expect(fake.asked).toHaveLength(2);
    expect(fake.asked[1]!.prompt.fixed).toBe(fake.asked[0]!.prompt.fixed);
    expect(fake.asked[1]!.prompt.evidence.startsWith(fake.asked[0]!.prompt.evidence)).toBe(true);
    expect(fake.asked[1]!.prompt.evidence).toContain('concern 3');
    expect(await rows('SELECT attempt, used, valid, dropped, digest, prompt_tokens FROM answers')).toEqual([
      { attempt: 1, used: 1, valid: 1, dropped: 1, digest: 'sha256:abc', prompt_tokens: 900 },
      { attempt: 2, used: 0, valid: 1, dropped: 1, digest: 'sha256:abc', prompt_tokens: 900 },
    ]);
    const [stored] = await rows('SELECT report FROM analyses');
    expect(JSON.parse(stored!['report'] as string).secondOpinion).toEqual(report!.secondOpinion);
    expect(document.run.secondOpinions).toMatchObject([{ cached: false, requests: 2, host: 'http://h' }]);
    expect([fake.described, fake.closed]).toEqual([1, 1]);
  });

  test('on a machine measured to be slow less evidence is sent, worst findings first, and the report says so', async () => {
    const { saveSpeeds } = await import('../store/speeds.ts');
    const whole = new Fake(() => NONE);
    const first = await run(whole);
    expect(first.document.reports[0]!.secondOpinion!.shrunkEvidence).toBeNull();
    const database = await openDatabase(db);
    const of = { hosts: '', model: 'mistral:7b', at: '2026-01-01T00:00:00.000Z' };
    // 2 s for an answer: 350 tokens written in 1 s leave 1 s to read 330.
    saveSpeeds(database, of, { promptPerSecond: 330, answerPerSecond: 350 });
    database.close();
    const slow = new Fake(() => NONE);
    const { document } = await run(slow);
    const [sent, full] = [slow, whole].map((f) => f.asked[0]!.prompt.evidence);
    expect(sent!.length).toBeLessThan(full!.length);
    expect(sent).toContain('F1 ');
    const { shrunkEvidence } = document.reports[0]!.secondOpinion!;
    expect(shrunkEvidence!.tokens).toBeLessThanOrEqual(300);
    expect(shrunkEvidence!.findingsLeft).toBeGreaterThan(0);
    expect(document.run.secondOpinions[0]!.firstPromptMs).toBe(10);
    const { opinionText } = await import('../reporters/opinion-text.ts');
    const said = opinionText(document.reports[0]!, document.run)!.more.find((m) => m.name === 'sent')!;
    expect(said.text).toMatch(/^evidence shrunk to \d+ tokens.*findings? (?:was|were) left out$/);
    // The same question again is answered from what was kept, and is said to have been shrunk too.
    const again = await run(new Fake(() => NONE));
    expect(again.document.run.secondOpinions).toMatchObject([{ cached: true }]);
    expect(again.document.reports[0]!.secondOpinion!.shrunkEvidence).toEqual(shrunkEvidence);
  });

  test('with auto the score and the exit code are those of the rules; with llm a deduction counts', async () => {
    const bad = { ...GOOD, concerns: GOOD.concerns.slice(0, 1) };
    const mild = { paths: [STOCK], stock: null, minScore: 99 };
    const rules = await run(new Fake(() => bad), { engine: 'rules', ...mild });
    const value = rules.document.reports[0]!.scores.safety.value!;
    const open = {
      ...NONE,
      concerns: [
        { text: 'The fuel octane was not said, so knock cannot be told.', evidence: ['S2'], relation: 'missing' },
      ],
    };
    const llm = await run(new Fake(() => open), { engine: 'llm', ...mild, minScore: value });
    const auto = await run(new Fake(() => open), { engine: 'auto', ...mild, minScore: value, databasePath: null });
    expect(llm.document.reports[0]!.secondOpinion!.deduction).toBe(1);
    expect(auto.document.reports[0]!.secondOpinion!.deduction).toBe(1);
    for (const { document } of [llm, auto])
      expect(document.reports[0]!.scores).toEqual(rules.document.reports[0]!.scores);
    expect([rules, auto, llm].map((r) => r.document.summary.exitCode)).toEqual([0, 0, 1]);
  });

  test('a number above the rules’ score is never shown', async () => {
    const { document } = await run(new Fake(() => NONE));
    expect(document.reports[0]!.secondOpinion).toMatchObject({ safetyOpinion: null, deduction: 0, concerns: [] });
    expect(document.summary.exitCode).toBe(1);
  });
});

describe('a kept answer', () => {
  test('needs no request, gives the same report, and runs out', async () => {
    const first = await run(new Fake(() => GOOD));
    const silent = new Fake(() => NONE);
    const again = await run(silent);
    expect([silent.described, silent.asked.length]).toEqual([0, 0]);
    expect(again.document.reports).toEqual(first.document.reports);
    expect(again.document.run.secondOpinions).toMatchObject([{ cached: true, requests: 0 }]);
    const later = new Fake(() => GOOD);
    await run(later, {}, { now: () => new Date('2026-01-01T01:00:01Z') });
    expect(later.asked.length).toBeGreaterThan(0);
    const never = new Fake(() => GOOD);
    await run(never, { settings: { cacheSeconds: 0 } });
    expect(never.asked.length).toBeGreaterThan(0);
  });

  test.each<[string, Partial<AnalyzeRequest> & { settings?: Partial<OpinionSettings> }]>([
    ['another model', { settings: { model: 'mistral:latest' } }],
    ['another host', { settings: { hosts: 'elsewhere' } }],
    ['another fuel', { conditions: { ron: 98, ethanolPercent: null, altitudeM: null, mods: [] } }],
    ['no stock', { stock: null }],
  ])('is not used for %s', async (_, options) => {
    await run(new Fake(() => GOOD));
    const fake = new Fake(() => GOOD);
    await run(fake, options);
    expect(fake.asked.length).toBeGreaterThan(0);
  });

  test('is used with auto while nothing answers', async () => {
    await run(new Fake(() => GOOD));
    const { document, warnings } = await run(() => Promise.reject(new Error('never opened')), { engine: 'auto' });
    expect(document.reports[0]!.secondOpinion).not.toBeNull();
    expect(warnings).toEqual([]);
  });
});

describe('a failure', () => {
  const failing = (code: string): Fake =>
    new Fake(() => Promise.reject(new RevsyncError(code, 'it went wrong', 'do something')));
  test.each([
    ['LLM_TIMEOUT', failing('LLM_TIMEOUT')],
    ['LLM_CRASHED', failing('LLM_CRASHED')],
    ['LLM_BAD_ANSWER', new Fake(() => 'I think this tune is fine.')],
    ['LLM_BAD_ANSWER', new Fake(() => ({ verdict: 'SAFE', score: 100 }))],
    ['LLM_BAD_ANSWER', new Fake(() => `{"concerns":${' '.repeat(5_000_000)}`)],
    ['LLM_BAD_ANSWER', new Fake(() => ({ ...NONE, summary: 'x'.repeat(10_000_000) }))],
  ])('%s: the whole rules report, one line that says so, nothing lost', async (code, fake) => {
    const rules = await run(fake, { engine: 'rules', databasePath: null });
    const { document, warnings } = await run(fake);
    const strip = (d: ReportDocument) => d.reports.map(({ engine: _, ...rest }) => rest);
    expect(strip(document)).toEqual(strip(rules.document));
    expect(document.reports[0]!.engine).toMatchObject({ used: 'rules', reason: expect.stringContaining(code) });
    expect(document.summary.exitCode).toBe(rules.document.summary.exitCode);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^revsync: ${code}: .*judged by the rules alone$`));
    expect(await rows('SELECT count(*) AS n FROM analyses')).toEqual([{ n: 1 }]);
    expect((await rows('SELECT error, used FROM answers')).every((r) => r['used'] === 0)).toBe(true);
    const kept = new Fake(() => GOOD);
    await run(kept);
    expect(kept.asked.length).toBeGreaterThan(0);
  });

  test('a repair that fails leaves the first answer', async () => {
    const fake = new Fake((_, n) => (n === 1 ? GOOD : Promise.reject(new RevsyncError('LLM_CRASHED', 'gone', ''))));
    const { document } = await run(fake);
    expect(document.reports[0]!.secondOpinion).toMatchObject({ repaired: false, dropped: 1 });
  });

  test('a repair that is better is the one that counts', async () => {
    const fake = new Fake((_, n) => (n === 1 ? 'prose' : { ...GOOD, concerns: GOOD.concerns.slice(0, 2) }));
    const { document } = await run(fake);
    expect(document.reports[0]!.secondOpinion).toMatchObject({ repaired: true, dropped: 0 });
  });

  test('a client that hangs is left behind', async () => {
    const hanging: LanguageModel = {
      describe: () => new Promise(() => undefined),
      answer: () => new Promise(() => undefined),
      close: () => new Promise(() => undefined),
    };
    const { document, warnings } = await run(hanging, { engine: 'auto' });
    expect(warnings[0]).toContain('LLM_TIMEOUT');
    expect(document.reports[0]!.scores.safety.value).not.toBeNull();
  });

  test('nothing to ask is no news with auto, and an error with llm where the rules alone are not enough', async () => {
    const absent = () => Promise.reject(new RevsyncError('LLM_UNREACHABLE', 'no Ollama', 'start it'));
    const auto = await run(absent, { engine: 'auto', settings: { configured: false } });
    expect(auto.warnings).toEqual([]);
    expect(auto.document.reports[0]!.engine.reason).toContain('LLM_UNREACHABLE');
    const enough = await run(absent, { paths: [STOCK], stock: null });
    expect([enough.document.summary.exitCode, enough.document.errors]).toEqual([0, []]);
    const strict = await run(absent, { fallback: false, paths: [STOCK], stock: null });
    expect(strict.document.summary.exitCode).toBe(2);
    expect(strict.document.errors).toMatchObject([{ code: 'LLM_UNREACHABLE' }]);
    expect(strict.document.reports[0]!.scores.safety.value).not.toBeNull();
  });

  test('what fails for one file is not asked for fifty times', async () => {
    const fake = failing('LLM_OUT_OF_MEMORY');
    const { document, warnings } = await run(fake, { paths: Array.from({ length: 12 }, () => TRACK_DAY) });
    expect(fake.asked.length).toBeLessThanOrEqual(10);
    expect(warnings).toHaveLength(1);
    expect(document.reports).toHaveLength(12);
  });
});

describe('many files', () => {
  test('share one model, are judged while answers come, and stay in order', async () => {
    let under = 0;
    let most = 0;
    const fake = new Fake(async (_, n) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 20 - n));
      under--;
      return NONE;
    });
    const paths = Array.from({ length: 8 }, (_, i) => join(folder, `tune-${i}.bin`));
    const image = readFileSync(join(PROJECT, TRACK_DAY));
    for (const [i, path] of paths.entries()) {
      const own = Buffer.from(image);
      own[own.length - 1] = i;
      writeFileSync(path, own);
    }
    const order: string[] = [];
    const { document } = await run(
      fake,
      { paths, stock: null, definition: 'fixtures/example/track-day.yaml', batchSize: 3 },
      { done: async (d) => void order.push(d.reports[0]!.input.path) },
    );
    expect(order).toEqual(paths);
    expect(document.reports.map((r) => r.input.path)).toEqual(paths);
    expect([fake.described, fake.closed]).toEqual([1, 1]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
    expect(new Set(fake.asked.map((a) => a.prompt.fixed)).size).toBe(1);
  });

  test('cancelled: what was judged is stored, and the run says that it was cancelled', async () => {
    const cancel = new AbortController();
    const fake = new Fake((request) => {
      setTimeout(() => cancel.abort(), 5);
      return new Promise((_, reject) =>
        request.signal?.addEventListener('abort', () => reject(request.signal!.reason)),
      );
    });
    await expect(run(fake, {}, { signal: cancel.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await rows('SELECT id FROM analyses')).toHaveLength(1);
    expect(fake.closed).toBe(1);
  });
});
