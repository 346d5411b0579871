/** The main job: files in, one report document out, each analysis stored. One bad file never stops the others. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { type Report, type ReportDocument, SCHEMA_VERSION } from '../core/report.ts';
import type { CategoryData } from '../core/score.ts';
import { summarize } from '../core/verdict.ts';
import { analyzeOne } from './analyze-file.ts';
import type { AnalyzeHooks, AnalyzeRequest, Shared } from './analyze-request.ts';
import { readNamed } from './decode-file.ts';
import { Keeper } from './keeper.ts';
import { givenBike } from './motorcycle-of.ts';
import { loadRuleset } from './rules.ts';
import { TOOL_VERSION } from './version.ts';

/** @throws RevsyncError for what concerns the run as a whole: a bike that is not known, rules that are not readable */
export async function analyzeFiles(
  request: AnalyzeRequest,
  hooks: AnalyzeHooks,
): Promise<{ document: ReportDocument }> {
  const started = hooks.now();
  const shared: Shared = {
    request,
    hooks,
    ruleset: await loadRuleset(request.rulesFolders, request.cwd),
    categories: (await loadKnowledge('data'))['categories'] as CategoryData,
    bike: request.bike === null ? null : await givenBike(request.bike, hooks),
    stockInput: request.stock === null ? null : await readNamed(request.stock, request.cwd, hooks.readStdin),
  };
  const errors: ReportDocument['errors'] = [];
  const keeper = new Keeper(request.databasePath, hooks.warn);
  const reports: Report[] = [];
  const documentOf = (list: Report[], listErrors: ReportDocument['errors']): ReportDocument => ({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'revsync', version: TOOL_VERSION },
    run: {
      startedAt: started.toISOString(),
      durationMs: Math.max(0, hooks.now().getTime() - started.getTime()),
      secondOpinions: [],
    },
    ruleset: { version: shared.ruleset.version, hash: shared.ruleset.hash, rules: shared.ruleset.rules.length },
    reports: list,
    summary: summarize(list, request, listErrors.length),
    errors: listErrors,
  });
  try {
    const paths = await expand(request.paths, request.cwd);
    for (const [index, path] of paths.entries()) {
      hooks.started(path, index, paths.length);
      const { report, metrics, decoded } = await analyzeOne(path, shared);
      if (decoded !== null) {
        await keeper.keep(
          {
            report,
            ruleset: { version: shared.ruleset.version, hash: shared.ruleset.hash, rules: shared.ruleset.rules.length },
            toolVersion: TOOL_VERSION,
            schemaVersion: SCHEMA_VERSION,
            definitionSha256: decoded.definitionSha256,
            at: started.toISOString(),
          },
          metrics,
          decoded.tune.maps,
        );
      }
      const shown = request.all ? report : { ...report, findings: report.findings.filter((f) => f.status === 'fail') };
      reports.push(shown);
      await hooks.done(documentOf([shown], []));
    }
  } finally {
    keeper.close();
  }
  return { document: documentOf(reports, errors) };
}

/** Patterns to files, sorted; a name that exists is never a pattern. */
async function expand(paths: string[], cwd: string): Promise<string[]> {
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
