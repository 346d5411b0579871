/** The main job: files in, one report document out, each analysis stored. One bad file never stops the others. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type OpinionRun, type Report, type ReportDocument, SCHEMA_VERSION } from '../core/report.ts';
import { summarize } from '../core/verdict.ts';
import type { AnalyzeHooks, AnalyzeRequest, Shared } from './analyze-request.ts';
import { type Batch, openBatch } from './batch.ts';
import { type Judged, judgeFile } from './judge-file.ts';
import { Keeper } from './keeper.ts';
import { openShared } from './open-shared.ts';
import type { Adviser, Opinion } from './second-opinion.ts';
import { loadSuppressions } from './suppressions.ts';
import { TextVectors } from './text-vectors.ts';
import { TOOL_VERSION } from './version.ts';

/** @throws RevsyncError for what concerns the run as a whole: a bike that is not known, rules that are not readable; AbortError */
export async function analyzeFiles(
  request: AnalyzeRequest,
  hooks: AnalyzeHooks,
): Promise<{ document: ReportDocument; stored: boolean }> {
  const started = hooks.now();
  const shared = await openShared(request, hooks, {
    list: request.suppress === false ? [] : await loadSuppressions(request.cwd, request.baseline ?? null),
    today: started.toISOString().slice(0, 10),
  });
  const { version, hash, rules, replaced } = shared.ruleset;
  const ruleset = { version, hash, rules: rules.length, ...(replaced === undefined ? {} : { replaced }) };
  if (replaced !== undefined)
    hooks.warn(`revsync: RULES_REPLACED: own rules stand in for ${replaced.length} bundled: ${replaced.join(', ')}`);
  const errors: ReportDocument['errors'] = [];
  const keeper = new Keeper(request.databasePath, hooks.warn);
  const adviser = await adviserOf(shared, keeper);
  const texts = new TextVectors(request);
  const reports: Report[] = [];
  const runs: OpinionRun[] = [];
  const documentOf = (list: Report[], asked: OpinionRun[], listErrors: ReportDocument['errors']): ReportDocument => ({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'revsync', version: TOOL_VERSION },
    run: {
      startedAt: started.toISOString(),
      durationMs: Math.max(0, hooks.now().getTime() - started.getTime()),
      secondOpinions: asked,
    },
    ruleset,
    reports: list,
    summary: summarize(list, request, listErrors.length),
    errors: listErrors,
  });
  const finish = async ({ report, run, failure }: Opinion): Promise<void> => {
    if (failure !== null && request.engine === 'llm' && request.fallback === false) {
      const known = errors.some((e) => e.code === failure.code);
      if (!known) errors.push({ code: failure.code, message: failure.message, hint: failure.hint });
    }
    const shown = request.all ? report : { ...report, findings: report.findings.filter((f) => f.status === 'fail') };
    reports.push(shown);
    if (run !== null) runs.push(run);
    await hooks.done(documentOf([shown], run === null ? [] : [run], []));
  };
  // Files are read and judged one after the other while answers come; they are shown in the order given.
  const underWay = new Set<Promise<unknown>>();
  let shown: Promise<void> = Promise.resolve();
  let batch: Batch | null = null;
  try {
    const paths = await expandPatterns(request.paths, request.cwd);
    batch = openBatch(paths, shared);
    for (const [index, path] of paths.entries()) {
      throwIfCancelled(hooks);
      hooks.started(path, index, paths.length);
      const { report, metrics, kept, motorcycle } = await judgedAt(index, path, batch, shared);
      if (kept?.cells != null) {
        const at = started.toISOString();
        const { definitionSha256, cells, entry } = kept;
        const record = {
          report,
          ruleset,
          toolVersion: TOOL_VERSION,
          schemaVersion: SCHEMA_VERSION,
          definitionSha256,
          at,
          ...(entry === null ? {} : { library: { entry, vector: await texts.vectorOf(report, entry, keeper) } }),
        };
        await keeper.keep(record, metrics, cells);
      }
      const opinion: Promise<Opinion> =
        adviser === null
          ? Promise.resolve({ report, run: null, failure: null })
          : adviser.opinionOf(report, motorcycle);
      shown = Promise.all([shown, opinion]).then(([, done]) => finish(done));
      // A failure is met where `shown` is awaited; until then it must not count as unheard of.
      shown.catch(() => undefined);
      const settled: Promise<unknown> = opinion.then(
        () => underWay.delete(settled),
        () => underWay.delete(settled),
      );
      underWay.add(settled);
      if (adviser === null) await shown;
      else if (underWay.size >= Math.max(1, request.batchSize ?? 10)) await Promise.race(underWay);
    }
    await shown;
  } finally {
    await batch?.close();
    await Promise.all(underWay);
    await shown.catch(() => undefined);
    await adviser?.close();
    await texts.close();
    keeper.close();
  }
  return { document: documentOf(reports, runs, errors), stored: keeper.keeps };
}

/** From a worker where there are any. A file that needs a question asked is judged again here, where a person can be asked. */
async function judgedAt(index: number, path: string, batch: Batch | null, shared: Shared): Promise<Judged> {
  if (batch === null) return judgeFile(path, shared);
  const { judged, warnings } = await batch.judged(index);
  if (judged.report.refusal?.code === 'DEFINITION_TIE' && shared.hooks.ask !== null) return judgeFile(path, shared);
  for (const text of warnings) shared.hooks.warn(text);
  return judged;
}

/** Null: the rules alone. */
async function adviserOf({ request, hooks, categories, ruleset }: Shared, keeper: Keeper): Promise<Adviser | null> {
  const { opinion } = request;
  if (request.engine === 'rules' || opinion == null) return null;
  const { Adviser } = await import('./second-opinion.ts');
  const { openOllama, reachOllama } = await import('./ollama-model.ts');
  return new Adviser(
    opinion,
    {
      now: hooks.now,
      warn: hooks.warn,
      signal: hooks.signal ?? null,
      asking: hooks.asking ?? (() => undefined),
      stream: hooks.stream ?? null,
      open: hooks.openModel ?? openOllama,
      reach: hooks.openModel === undefined ? reachOllama : async () => undefined,
    },
    keeper,
    categories,
    ruleset.hash,
  );
}

function throwIfCancelled({ signal }: AnalyzeHooks): void {
  if (!signal?.aborted) return;
  const error = new Error('cancelled');
  error.name = 'AbortError';
  throw error;
}

/** Patterns to files, sorted; a name that exists is never a pattern. */
export async function expandPatterns(paths: readonly string[], cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path === '-' || existsSync(resolve(cwd, path)) || !/[*?[{]/.test(path)) {
      found.push(path);
      continue;
    }
    const { glob } = await import('tinyglobby');
    const matches = (await glob(path, { cwd, onlyFiles: true, expandDirectories: false })).sort();
    if (matches.length === 0) found.push(path);
    else found.push(...matches);
  }
  return found;
}
