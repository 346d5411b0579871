/** What all files of a run share, read once in each thread. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import type { CategoryData } from '../core/score.ts';
import type { TargetData } from '../core/targets/target.ts';
import { AnalysisGarage } from './analysis-garage.ts';
import type { AnalyzeHooks, AnalyzeRequest, Shared } from './analyze-request.ts';
import { givenBike } from './bikes.ts';
import { readNamed } from './decode-file.ts';
import { userLibrary } from './library.ts';
import type { LibraryDefinition } from './resolve-definition.ts';
import { loadRuleset } from './rules.ts';

/** @throws RevsyncError for what concerns the run as a whole: a bike that is not known, rules that are not readable */
export async function openShared(
  request: AnalyzeRequest,
  hooks: AnalyzeHooks,
  suppressions: Shared['suppressions'],
): Promise<Shared> {
  const { flags, env, cwd } = request;
  let library: Promise<LibraryDefinition[]> | undefined;
  return {
    request,
    hooks,
    around: { flags, env, cwd, library: () => (library ??= userLibrary({ flags, env, cwd }, hooks.warn)) },
    garage: await AnalysisGarage.open(request.databasePath, request.profile ?? null, hooks.warn),
    ruleset: await loadRuleset(request.rulesFolders, request.cwd),
    categories: (await loadKnowledge('data'))['categories'] as CategoryData,
    targets: (await loadKnowledge('data'))['targets'] as TargetData,
    bike: request.bike === null ? null : await givenBike(request.bike, hooks),
    stockVerdicts: new Map(),
    stockInput:
      request.stock === null ? null : await readNamed(request.stock, request.cwd, hooks.readStdin, hooks.signal),
    ...((request.logs ?? []).length === 0
      ? {}
      : { logs: await (await import('./ride-logs.ts')).openLogs(request.logs ?? [], request.cwd, hooks.signal) }),
    ...(suppressions === undefined ? {} : { suppressions }),
  };
}
