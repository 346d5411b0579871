/** One file: read, decode, judge; whatever fails becomes a refusal of this file alone. */
import { audit } from '../core/audit.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { Motorcycle, Tune } from '../core/model.ts';
import { refusedReport } from '../core/refused-report.ts';
import type { DefinitionInfo, Report } from '../core/report.ts';
import type { StockReference } from '../core/stock.ts';
import { metricFamilies } from '../generated/metrics.ts';
import type { AnalyzeRequest, Shared } from './analyze-request.ts';
import { motorcycleName } from './bikes.ts';
import { type Decoded, type DecodeRequest, decodeInput, RefusedFile, readNamed } from './decode-file.ts';
import { conditionsFor } from './garage.ts';
import { disputedReadings } from './known-stock.ts';
import { motorcycleOf } from './motorcycle-of.ts';
import { type Input, sha256 } from './read-input.ts';
import { DefinitionMismatch, definitionInfo } from './resolve-definition.ts';
import { softwareOfStock, stockOf } from './stock-of.ts';

export interface One {
  report: Report;
  metrics: Metric[];
  decoded: Decoded | null;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
}

export async function analyzeOne(path: string, shared: Shared): Promise<One> {
  const { request } = shared;
  let input: Input | null = null;
  try {
    input = await readNamed(path, request.cwd, shared.hooks.readStdin, shared.hooks.signal);
    return await judge(input, shared);
  } catch (error) {
    if (isCancelled(error)) throw error;
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
      motorcycle: null,
      stock: null,
    };
  }
}

/** Ctrl-C, here or at a question. */
const isCancelled = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'ExitPromptError');

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
  const decodeRequest = {
    definition: request.definition,
    shiftBytes: request.shiftBytes,
    roles: request.roles,
    warn: hooks.warn,
    readStdin: hooks.readStdin,
    ask: hooks.ask,
  };
  const read = await decodeWithStock(input, decodeRequest, shared);
  const { motorcycle, alternatives, profile, named, said } = await motorcycleOf(read, shared);
  const stock = await stockOf(read, motorcycle, profile, shared);
  const placed = stock?.sameSoftware === true ? { ...read, tune: placedAs(read.tune, stock.tune) } : read;
  const disputed = await disputedReadings(placed);
  const decoded = disputed.length === 0 ? placed : { ...placed, tune: { ...placed.tune, disputed } };
  const conditions = conditionsFor(request.conditions, profile);
  const logs = shared.logs ?? [];
  const log =
    logs.length === 0
      ? null
      : await (await import('./ride-logs.ts')).measureRides(
          logs,
          decoded.tune,
          motorcycle,
          stock,
          conditions,
          shared.hooks.signal,
        );
  const suppressions = shared.suppressions ?? { list: [], today: '' };
  const holding = suppressions.list.filter((s) => s.until === null || s.until >= suppressions.today);
  const id = sha256(
    new TextEncoder().encode(
      JSON.stringify([
        input.sha256,
        decoded.definitionSha256,
        request.shiftBytes,
        motorcycle?.id ?? null,
        stock === null ? null : [stock.kind, stock.sha256 ?? null],
        shared.ruleset.hash,
        conditions,
        [...decoded.roles].sort(),
        // Those that hold today: an expired one makes another analysis.
        ...(holding.length === 0 ? [] : [holding]),
        ...(logs.length === 0 ? [] : [logs.map((l) => l.file.sha256)]),
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
      definition: decoded.candidate === null ? null : confirmed(definitionInfo(decoded.candidate), stock),
      definitionMotorcycles: named.map((m) => m.id),
      namedMotorcycle: named[0] ?? null,
      suppressions,
      tune: decoded.tune,
      motorcycle:
        motorcycle === null
          ? null
          : {
              motorcycle,
              name: motorcycleName(motorcycle),
              given: shared.bike !== null || profile !== null || said === true,
              alternatives,
            },
      stock,
      conditions,
      log,
      profile: profile === null ? null : { id: profile.id, motorcycle: profile.motorcycle },
      analysisId: id,
      engineReason: engineReason(request),
    },
    { rules: shared.ruleset.rules, families: metricFamilies, categories: shared.categories, targets: shared.targets },
  );
  return { report, metrics, decoded, motorcycle, stock };
}

/** Damage took the certainty of a map's place; the same map of the stock file gives it back. */
function placedAs(tune: Tune, stock: Tune | null): Tune {
  const sure = new Map(stock?.maps.map((m) => [m.id, m.confidence]));
  return { ...tune, maps: tune.maps.map((m) => ({ ...m, confidence: sure.get(m.id) ?? m.confidence })) };
}

/** Where no definition fits, the stock file says whose software it is. */
async function decodeWithStock(input: Input, request: DecodeRequest, shared: Shared): Promise<Decoded> {
  try {
    return await decodeInput(input, request, shared.around);
  } catch (error) {
    if (!(error instanceof RefusedFile) || error.code !== 'NO_DEFINITION') throw error;
    const software = await softwareOfStock(input, shared);
    if (software === null) throw error;
    return decodeInput(input, { ...request, software }, shared.around);
  }
}

/** A definition that fits in part is settled by a stock file of the same software that it reads without a flaw. */
function confirmed(info: DefinitionInfo, stock: StockReference | null): DefinitionInfo {
  if (info.verdict !== 'uncertain' || stock?.sameSoftware !== true) return info;
  const said =
    'the stock file is nearly the same, byte for byte, and every axis in it is read as it should: this file is damaged';
  return { ...info, verdict: 'fits', evidence: [said, ...info.evidence] };
}

/** Where a model is asked, its answer or its failure puts another reason in this place. */
function engineReason({ engine, opinion }: AnalyzeRequest): string {
  if (engine === 'rules') return 'rules alone were asked for';
  return opinion == null ? 'no model was asked: the settings say to use none' : 'no model was asked';
}
