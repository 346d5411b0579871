/** Stock facts that ship with revsync, for an image whose ECU family is bundled, whatever definition read it. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { decode } from '../core/decode.ts';

import type { Definition, Image, TuneMap } from '../core/model.ts';
import { fitWithProof } from '../core/proof.ts';
import { type StockFacts, type StockMapFacts, type StockReference, stockFromFacts } from '../core/stock.ts';
import type { Decoded } from './decode-file.ts';
import { sha256 } from './read-input.ts';
import { bundledDefinitions } from './resolve-definition.ts';

/** Null: no facts for this image. */
export async function knownStock(decoded: Decoded): Promise<StockReference | null> {
  const { candidate, image, tune } = decoded;
  if (candidate === null || image === null) return null;
  const stock = await loadKnowledge('stock');
  if (candidate.origin === 'bundled') {
    const facts = stock.find((s) => s.definition === candidate.definition.id);
    return facts === undefined ? null : stockFromFacts(tune, facts, byTitle(facts), contentHash(image), sha256);
  }
  // Another definition reads the same cells: facts belong to places of the image, not to names.
  const bundled = await bundledTwin(decoded);
  const facts = bundled === undefined ? undefined : stock.find((s) => s.definition === bundled.id);
  if (bundled === undefined || facts === undefined) return null;
  return stockFromFacts(tune, facts, byPlace(bundled, facts, decoded), contentHash(image), sha256);
}

/** The bundled definition that fits this image too, whatever definition reads it. */
export async function bundledTwin({ image }: Decoded): Promise<Definition | undefined> {
  if (image === null) return undefined;
  const known = twins.get(image);
  if (known !== undefined) return known.definition;
  const all = await bundledDefinitions(image);
  const definition = all.find((d) => fitWithProof(image, d, 0, false).verdict === 'fits');
  twins.set(image, { definition });
  return definition;
}

/** Asked for the motorcycle and for the stock: held once. */
const twins = new WeakMap<Image, { definition: Definition | undefined }>();

/** Of the memory, so that a factory image is known in any container and order of bytes; the file's own where it has gaps. */
const contentHash = ({ segments, source }: Image): string =>
  segments.length === 1 ? sha256(segments[0]!.bytes) : source.sha256;

const byTitle =
  (facts: StockFacts) =>
  (map: TuneMap): StockMapFacts | null =>
    facts.maps[map.title] ?? null;

function byPlace(bundled: Definition, facts: StockFacts, { image }: Decoded): (map: TuneMap) => StockMapFacts | null {
  const places = new Map<string, StockMapFacts>();
  const scales = new Map<string, TuneMap>();
  for (const map of decode(image!, bundled).maps) {
    const known = facts.maps[map.title];
    if (known === undefined) continue;
    places.set(placeOf(map), known);
    scales.set(placeOf(map), map);
  }
  return (map) => {
    const known = places.get(placeOf(map));
    const twin = scales.get(placeOf(map));
    if (known === undefined || twin === undefined) return null;
    // Readings are in the bundled definition's scale: with another one only the hash means the same.
    const same = map.cells.every((v, i) => Math.abs(v - twin.cells[i]!) <= 1e-6 * Math.max(1, Math.abs(v)));
    return same ? known : { ...known, fullLoad: null, highLoad: null, range: null, values: null };
  };
}

const placeOf = ({ at, rows, columns }: TuneMap): string =>
  `${at?.offsetBytes}:${at?.elementBytes}:${at?.byteOrder}:${rows * columns}`;
