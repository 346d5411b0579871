/** The first reference: which stock a tune is held against. */
import { RevsyncError } from '../core/errors.ts';
import { type StockReference, stockFromTune } from '../core/stock.ts';
import type { Shared } from './analyze-request.ts';
import { type Decoded, decodeInput } from './decode-file.ts';
import { knownStock } from './known-stock.ts';

/** The stock to hold the tune against: the file that was given, else what is known of the family's factory images. */
export async function stockOf(decoded: Decoded, shared: Shared): Promise<StockReference | null> {
  const { request, hooks, stockInput } = shared;
  if (request.withoutStock === true) return null;
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
