/**
 * The first reference: which stock a tune is held against. In this order: the file that was given, the garage's own read of this
 * motorcycle, a factory file of the same software in the library, what ships with revsync. None is trusted before it was checked.
 */
import { flatBytes, shareInCommon } from '../core/compare-bytes.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Image, Motorcycle } from '../core/model.ts';
import type { Profile } from '../core/rider.ts';
import { type StockOrigin, type StockReference, stockFromTune } from '../core/stock.ts';
import type { Shared } from './analyze-request.ts';
import { type Decoded, decodeInput, imageOf } from './decode-file.ts';
import type { Candidate } from './definition-candidate.ts';
import { knownStock } from './known-stock.ts';
import type { Input } from './read-input.ts';
import { checkStock, type StockVerdict } from './stock-check.ts';

/** What came of one file: a reference, or the reason why it is none. */
type Tried = { kind: 'stock'; stock: StockReference } | { kind: 'refused'; code: string; reason: string };

/** Null: no stock is known. What was passed over is said. */
export async function stockOf(
  decoded: Decoded,
  motorcycle: Motorcycle | null,
  profile: Profile | null,
  shared: Shared,
): Promise<StockReference | null> {
  const { garage, hooks, stockInput } = shared;
  if (shared.request.withoutStock === true) return null;
  const say = (input: Input, { code, reason }: { code: string; reason: string }): void =>
    hooks.warn(`revsync: ${code}: ${input.path} is no reference: ${reason}`);
  if (stockInput !== null) {
    const tried = await tryFile(stockInput, decoded, motorcycle, 'flag', stockInput.path, shared);
    if (tried.kind === 'stock') return tried.stock;
    say(stockInput, tried);
    return knownStock(decoded);
  }
  const own = profile === null || profile.motorcycle !== motorcycle?.id ? null : await garage.stockOf(profile);
  if (own !== null && own.input.sha256 !== decoded.input.sha256) {
    const source = `the factory read of your own motorcycle (profile ${profile!.id}: ${own.input.path})`;
    const tried = await tryFile(own.input, decoded, motorcycle, 'garage', source, shared);
    if (tried.kind === 'stock') return tried.stock;
    say(own.input, tried);
  }
  const kept = await garage.stockOfSoftware(decoded.definitionSha256, motorcycle?.id ?? null);
  if (kept !== null && kept.input.sha256 !== decoded.input.sha256 && kept.input.sha256 !== own?.input.sha256) {
    const source = `a factory file of this software in your library (${kept.input.name})`;
    const tried = await tryFile(kept.input, decoded, motorcycle, 'library', source, shared);
    if (tried.kind === 'stock') return tried.stock;
    say(kept.input, tried);
  }
  return knownStock(decoded);
}

async function tryFile(
  input: Input,
  decoded: Decoded,
  motorcycle: Motorcycle | null,
  origin: StockOrigin,
  source: string,
  shared: Shared,
): Promise<Tried> {
  const { hooks } = shared;
  let stock: Decoded;
  try {
    stock = await decodeStock(input, decoded, shared);
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    return { kind: 'refused', code: 'STOCK_UNUSABLE', reason: error.message };
  }
  const [a, b] = [stock.tune.ecu.id, decoded.tune.ecu.id];
  if (origin !== 'flag' && a !== null && b !== null && a !== b)
    return { kind: 'refused', code: 'STOCK_REFUSED', reason: `it is of ECU ${a}, this file of ${b}` };
  const reference = stockFromTune(decoded.tune, stock.tune, source, {
    identical: input.sha256 === decoded.input.sha256,
    sameDefinition: stock.definitionSha256 === decoded.definitionSha256,
  });
  if (reference.kind === 'refused') return { kind: 'refused', code: 'STOCK_REFUSED', reason: reference.reason };
  const verdict = await verdictOf(stock, motorcycle, shared);
  if (verdict.kind === 'refused' && verdict.certain)
    return { kind: 'refused', code: 'STOCK_DOUBTFUL', reason: verdict.reason };
  if (verdict.kind === 'refused')
    hooks.warn(`revsync: STOCK_DOUBTFUL: ${input.path} is used, and doubted: ${verdict.reason}`);
  const sameSoftware = isSameSoftware(stock, decoded);
  return { kind: 'stock', stock: { ...reference.stock, origin, sha256: input.sha256, sameSoftware } };
}

/** A tune changes its maps, a twentieth of an image at most; another revision has its maps elsewhere and differs in most bytes. */
const SAME_SOFTWARE_SHARE = 0.95;

/** Asked only where the definition fits the tune in part. */
function isSameSoftware(stock: Decoded, tune: Decoded): boolean {
  return tune.candidate?.fit.verdict === 'uncertain' && tune.image !== null && isOf(stock, tune.image);
}

/** The stock file is read without a flaw, and the image has nearly all of its bytes. */
function isOf({ candidate, image }: Decoded, other: Image): boolean {
  if (candidate?.fit.verdict !== 'fits' || image === null) return false;
  return shareInCommon(flatBytes(image), flatBytes(other)) >= SAME_SOFTWARE_SHARE;
}

/** What reads the stock file that was given, where a tune of the same software is so damaged that nothing fits it; else null. */
export async function softwareOfStock(tune: Input, shared: Shared): Promise<Candidate | null> {
  if (shared.stockInput === null) return null;
  try {
    const stock = await decodeStock(shared.stockInput, { candidate: null, definitionSha256: null }, shared);
    return isOf(stock, imageOf(tune)) ? stock.candidate : null;
  } catch (error) {
    // What is wrong with the stock file is said where it is asked for as one.
    if (error instanceof RevsyncError) return null;
    throw error;
  }
}

/** Many tunes are held against one stock file: it is decoded once for each definition. */
const decodedStocks = new WeakMap<Input, Map<string, Decoded>>();

/** By the tune's own definition: what lies beside the stock file may be another one. */
async function decodeStock(
  input: Input,
  { candidate, definitionSha256 }: Pick<Decoded, 'candidate' | 'definitionSha256'>,
  { request, hooks, around }: Shared,
): Promise<Decoded> {
  const definition = candidate?.path ?? request.definition;
  const known = decodedStocks.get(input) ?? new Map<string, Decoded>();
  decodedStocks.set(input, known);
  const key = JSON.stringify([definition, definitionSha256, request.shiftBytes, request.roles]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const stock = await decodeInput(
    input,
    {
      definition,
      like: candidate === null ? null : definitionSha256,
      shiftBytes: request.shiftBytes,
      roles: request.roles,
      warn: hooks.warn,
      readStdin: hooks.readStdin,
      ask: null,
    },
    around,
  );
  known.set(key, stock);
  return stock;
}

/** Once for each file and definition of a run. */
async function verdictOf(stock: Decoded, motorcycle: Motorcycle | null, shared: Shared): Promise<StockVerdict> {
  const named = stock.candidate?.definition.motorcycles ?? [];
  // Whose ECU it is was asked of the tune already: here only what the file holds counts.
  const engine = motorcycle !== null && (named.length === 0 || named.includes(motorcycle.id)) ? motorcycle : null;
  const key = `${stock.input.sha256} ${stock.definitionSha256} ${engine?.id}`;
  const known = shared.stockVerdicts.get(key);
  if (known !== undefined) return known;
  const verdict = await checkStock(stock, engine, shared);
  shared.stockVerdicts.set(key, verdict);
  return verdict;
}
