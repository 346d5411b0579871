/** The main job: files in, one report document out, each analysis stored. One bad file never stops the others. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { audit } from '../core/audit.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { Conditions, Motorcycle, Severity } from '../core/model.ts';
import { refusedReport } from '../core/refused-report.ts';
import { type Report, type ReportDocument, SCHEMA_VERSION } from '../core/report.ts';
import type { CategoryData } from '../core/score.ts';
import { type StockReference, stockFromTune } from '../core/stock.ts';
import { summarize } from '../core/verdict.ts';
import { metricFamilies } from '../generated/metrics.ts';
import { chooseMotorcycle, motorcycleName } from './bikes.ts';
import { type Decoded, decodeInput, RefusedFile, readNamed } from './decode-file.ts';
import { Keeper } from './keeper.ts';
import { bundledTwin, knownStock } from './known-stock.ts';
import { type Input, sha256 } from './read-input.ts';
import { DefinitionMismatch, definitionInfo } from './resolve-definition.ts';
import { loadRuleset, type Ruleset } from './rules.ts';
import { TOOL_VERSION } from './version.ts';

export interface AnalyzeRequest {
  paths: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  flags: { db?: string; store?: boolean };
  definition: string | null;
  shiftBytes: number;
  bike: string | null;
  stock: string | null;
  conditions: Conditions;
  rulesFolders: string[];
  /** "TITLE=role" */
  roles: string[];
  failOn: Severity | 'never';
  minScore: number;
  engine: 'rules' | 'llm' | 'auto';
  /** Findings of every status in the document; the database keeps them all in any case. */
  all: boolean;
  databasePath: string | null;
}

export interface Choice {
  value: string;
  name: string;
}

export interface AnalyzeHooks {
  now(): Date;
  warn(text: string): void;
  readStdin(limitBytes: number): Promise<Uint8Array>;
  started(path: string, index: number, total: number): void;
  /** After each file, with a document of that file alone. */
  done(document: ReportDocument): Promise<void>;
  /** Null: nobody can be asked. */
  ask: ((question: string, choices: Choice[]) => Promise<string | null>) | null;
  /** Lets a person look for the motorcycle; null: nobody can be asked. */
  askBike: ((question: string) => Promise<string | null>) | null;
}

/** What all files of a run share. */
interface Shared {
  request: AnalyzeRequest;
  hooks: AnalyzeHooks;
  ruleset: Ruleset;
  categories: CategoryData;
  bike: Motorcycle | null;
  stockInput: Input | null;
}

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
    run: { startedAt: started.toISOString(), durationMs: Math.max(0, hooks.now().getTime() - started.getTime()) },
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

interface One {
  report: Report;
  metrics: Metric[];
  decoded: Decoded | null;
}

async function analyzeOne(path: string, shared: Shared): Promise<One> {
  const { request } = shared;
  let input: Input | null = null;
  try {
    input = await readNamed(path, request.cwd, shared.hooks.readStdin);
    return await judge(input, shared);
  } catch (error) {
    const refusal = asRefusal(error);
    const refused = error instanceof RefusedFile ? error : null;
    const mismatch = refused?.cause instanceof DefinitionMismatch ? refused.cause : null;
    const detected = refused?.detected ?? null;
    return {
      report: refusedReport({ path, sha256: input?.sha256 ?? null, byteLength: input?.bytes.length ?? null }, refusal, {
        format:
          detected === null
            ? null
            : { id: detected.format.id, confidence: detected.confidence, because: detected.because },
        definition: mismatch === null ? null : definitionInfo(mismatch.candidate),
        conditions: request.conditions,
      }),
      metrics: [],
      decoded: null,
    };
  }
}

/** Expected failures become a refusal of this file; a bug does too, named as one, so that the other files still get their turn. */
function asRefusal(error: unknown): { code: string; message: string; hint: string } {
  if (error instanceof RevsyncError) return { code: error.code, message: error.message, hint: error.hint };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'INTERNAL',
    message: `a bug in revsync stopped this file: ${message}`,
    hint: `Please report it with: ${(stack ?? '').split('\n').slice(1, 3).join(' ').trim()}`,
  };
}

async function judge(input: Input, shared: Shared): Promise<One> {
  const { request, hooks } = shared;
  const around = { flags: request.flags, env: request.env, cwd: request.cwd };
  const decodeRequest = {
    definition: request.definition,
    shiftBytes: request.shiftBytes,
    roles: request.roles,
    warn: hooks.warn,
    readStdin: hooks.readStdin,
    ask: hooks.ask,
  };
  const decoded = await decodeInput(input, decodeRequest, around);
  const { motorcycle, alternatives } = await motorcycleOf(decoded, shared);
  const stock = await stockOf(decoded, shared);
  const id = sha256(
    new TextEncoder().encode(
      JSON.stringify([
        input.sha256,
        decoded.definitionSha256,
        request.shiftBytes,
        motorcycle?.id ?? null,
        stock === null ? null : [stock.kind, shared.stockInput?.sha256 ?? null],
        shared.ruleset.hash,
        request.conditions,
        [...request.roles].sort(),
      ]),
    ),
  ).slice(0, 16);
  const { report, metrics } = audit(
    {
      input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
      format: {
        id: decoded.detected.format.id,
        confidence: decoded.detected.confidence,
        because: decoded.detected.because,
      },
      definition: decoded.candidate === null ? null : definitionInfo(decoded.candidate),
      definitionMotorcycles: decoded.candidate?.definition.motorcycles ?? [],
      tune: decoded.tune,
      motorcycle:
        motorcycle === null
          ? null
          : { motorcycle, name: motorcycleName(motorcycle), given: shared.bike !== null, alternatives },
      stock,
      conditions: request.conditions,
      analysisId: id,
      engineReason: engineReason(request.engine),
    },
    { rules: shared.ruleset.rules, families: metricFamilies, categories: shared.categories },
  );
  return { report, metrics, decoded };
}

function engineReason(engine: AnalyzeRequest['engine']): string {
  if (engine === 'rules') return 'rules alone were asked for';
  return 'no model was asked: this version judges by rules alone';
}

async function givenBike(text: string, hooks: AnalyzeHooks): Promise<Motorcycle> {
  const choice = await chooseMotorcycle(text);
  if (choice.kind === 'one') return choice.motorcycle;
  const list = choice.motorcycles;
  if (hooks.ask !== null) {
    const chosen = await hooks.ask(
      `"${text}" may be several motorcycles. Which one?`,
      list.map((m) => ({ value: m.id, name: motorcycleName(m) })),
    );
    const motorcycle = list.find((m) => m.id === chosen);
    if (motorcycle !== undefined) return motorcycle;
  }
  throw new RevsyncError(
    'BIKE_AMBIGUOUS',
    `"${text}" may be ${list.length} motorcycles: ${list
      .slice(0, 6)
      .map((m) => m.id)
      .join(', ')}${list.length > 6 ? ' …' : ''}`,
    'Add the year, or give one of these ids.',
  );
}

async function motorcycleOf(
  decoded: Decoded,
  shared: Shared,
): Promise<{ motorcycle: Motorcycle | null; alternatives: string[] }> {
  if (shared.bike !== null) return { motorcycle: shared.bike, alternatives: [] };
  const own = decoded.candidate?.definition.motorcycles ?? [];
  // A TunerPro definition names no motorcycle; the bundled one of the same software does.
  const ids = own.length > 0 ? own : ((await bundledTwin(decoded))?.motorcycles ?? []);
  const all = await loadKnowledge('motorcycles');
  const named = ids.map((id) => all.find((m) => m.id === id)).filter((m) => m !== undefined);
  const first = named[0];
  if (first !== undefined) return { motorcycle: first, alternatives: named.slice(1).map((m) => m.id) };
  if (shared.hooks.askBike !== null && shared.request.paths.length === 1) {
    const text = await shared.hooks.askBike('Which motorcycle is this tune for?');
    if (text !== null) return { motorcycle: all.find((m) => m.id === text) ?? null, alternatives: [] };
  }
  return { motorcycle: null, alternatives: [] };
}

/** The stock to hold the tune against: the file that was given, else what is known of the family's factory images. */
async function stockOf(decoded: Decoded, shared: Shared): Promise<StockReference | null> {
  const { request, hooks, stockInput } = shared;
  if (stockInput === null) return knownStock(decoded);
  const around = { flags: request.flags, env: request.env, cwd: request.cwd };
  let stock: Decoded;
  try {
    stock = await decodeInput(
      stockInput,
      {
        definition: decoded.candidate?.path ?? request.definition,
        shiftBytes: request.shiftBytes,
        roles: request.roles,
        warn: hooks.warn,
        readStdin: hooks.readStdin,
        ask: null,
      },
      around,
    );
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    hooks.warn(`revsync: STOCK_UNUSABLE: ${stockInput.path} is no reference: ${error.message}`);
    return knownStock(decoded);
  }
  const reference = stockFromTune(decoded.tune, stock.tune, stockInput.path, {
    identical: stockInput.sha256 === decoded.input.sha256,
    sameDefinition: stock.definitionSha256 === decoded.definitionSha256,
  });
  if (reference.kind === 'refused') {
    hooks.warn(`revsync: STOCK_REFUSED: ${stockInput.path} is no reference: ${reference.reason}`);
    return knownStock(decoded);
  }
  return reference.stock;
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
