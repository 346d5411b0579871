/** Stock facts that ship with revsync, for an image whose ECU family is bundled, whatever definition read it. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { decode } from '../core/decode.ts';
import type { DisputedReading } from '../core/disputed.ts';
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

/** What the twin reads. Asked for the stock facts and for disputed readings: decoded once. */
function readByTwin(image: Image, twin: Definition): readonly TuneMap[] {
  const maps = twinMaps.get(image) ?? decode(image, twin).maps;
  twinMaps.set(image, maps);
  return maps;
}

const twinMaps = new WeakMap<Image, readonly TuneMap[]>();

/** Of the memory, so that a factory image is known in any container and order of bytes; the file's own where it has gaps. */
const contentHash = ({ segments, source }: Image): string =>
  segments.length === 1 ? sha256(segments[0]!.bytes) : source.sha256;

type Lookup = Parameters<typeof stockFromFacts>[2];

const byTitle = (facts: StockFacts): Lookup => ({
  factsOf: (map) => facts.maps[map.title] ?? null,
  placed: (map) => map,
});

function byPlace(bundled: Definition, facts: StockFacts, { image }: Decoded): Lookup {
  const places = new Map<string, StockMapFacts>();
  const scales = new Map<string, TuneMap>();
  for (const map of readByTwin(image!, bundled)) {
    const known = facts.maps[map.title];
    if (known === undefined) continue;
    places.set(placeOf(map), known);
    scales.set(placeOf(map), map);
  }
  return {
    factsOf: (map) => {
      const known = places.get(placeOf(map));
      const twin = scales.get(placeOf(map));
      if (known === undefined || twin === undefined) return null;
      // Readings are in the bundled definition's scale: with another one only the hash means the same.
      const same = map.cells.every((v, i) => Math.abs(v - twin.cells[i]!) <= 1e-6 * Math.max(1, Math.abs(v)));
      return same ? known : { ...known, fullLoad: null, highLoad: null, range: null, values: null };
    },
    placed: (map) => scales.get(placeOf(map)) ?? map,
  };
}

/**
 * What the definition of a person and the bundled one for the same software make of the same bytes: a factor mistyped in the first would
 * show a dangerous value as a harmless one, and stock with it.
 */
export async function disputedReadings(decoded: Decoded): Promise<DisputedReading[]> {
  const { candidate, image, tune } = decoded;
  if (candidate === null || image === null || candidate.origin === 'bundled') return [];
  const bundled = await bundledTwin(decoded);
  if (bundled === undefined) return [];
  const places = new Map(readByTwin(image, bundled).map((m) => [placeOf(m), m]));
  const found: DisputedReading[] = [];
  for (const map of tune.maps) {
    const twin = map.at === null ? undefined : places.get(placeOf(map));
    // Counts and another unit are no other reading of the same quantity.
    if (twin === undefined || map.unitFrom === 'none' || twin.unitFrom === 'none' || !sameUnit(map, twin)) continue;
    const most = Math.max(...Array.from(twin.cells, Math.abs).filter(Number.isFinite));
    const off = Array.from(map.cells, (v, i) => Math.abs(v - twin.cells[i]!));
    const worst = Math.max(...off.filter(Number.isFinite));
    const index = off.indexOf(worst);
    if (most > 0 && worst > 0.005 * most)
      found.push({
        mapId: map.id,
        index,
        own: map.cells[index]!,
        bundled: twin.cells[index]!,
        percent: (worst / most) * 100,
      });
  }
  return found;
}

/** Degrees are written in many ways. */
const sameUnit = (a: TuneMap, b: TuneMap): boolean => {
  const plain = (unit: string): string => unit.toLowerCase().replace(/^(deg(rees)?|°.*)$/, '°');
  return plain(a.unit) === plain(b.unit);
};

const placeOf = ({ at, rows, columns }: TuneMap): string =>
  `${at?.offsetBytes}:${at?.elementBytes}:${at?.byteOrder}:${rows * columns}`;
