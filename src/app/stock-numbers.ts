/** Numbers of a motorcycle's own stock for the target sheet: from its factory read in the garage, else from the facts that ship with revsync. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { audit } from '../core/audit.ts';
import { RevsyncError } from '../core/errors.ts';
import type { Motorcycle, Tune } from '../core/model.ts';
import { computeRegions } from '../core/regions.ts';
import type { CategoryData } from '../core/score.ts';
import { limiterOf } from '../core/stock.ts';
import type { StockNumbers } from '../core/targets/target.ts';
import { metricFamilies } from '../generated/metrics.ts';
import { type Decoded, decodeInput } from './decode-file.ts';
import type { Surroundings } from './history.ts';
import type { Input } from './read-input.ts';
import { loadRuleset } from './rules.ts';

/** From a factory read. Null where it cannot be decoded here; said aloud. */
export async function numbersOfRead(
  input: Input,
  motorcycle: Motorcycle,
  around: Surroundings,
  warn: (text: string) => void,
): Promise<{ numbers: StockNumbers; ecuId: string | null } | null> {
  let decoded: Decoded;
  try {
    decoded = await decodeInput(
      input,
      {
        definition: null,
        shiftBytes: 0,
        roles: [],
        warn: () => undefined,
        readStdin: async () => new Uint8Array(0),
        ask: null,
      },
      around,
    );
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    warn(`revsync: your own factory read (${input.path}) is not used for the target sheet: ${error.message}`);
    return null;
  }
  return {
    numbers: await ofTune(decoded, motorcycle, `your own factory read (${input.path})`),
    ecuId: decoded.tune.ecu.id ?? decoded.tune.ecu.signature,
  };
}

async function ofTune({ tune, input }: Decoded, motorcycle: Motorcycle, source: string): Promise<StockNumbers> {
  const { metrics } = audit(
    {
      input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
      format: null,
      definition: null,
      definitionMotorcycles: [],
      tune,
      motorcycle: { motorcycle, name: motorcycle.id, given: true, alternatives: [] },
      stock: null,
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      analysisId: '',
      engineReason: '',
    },
    {
      rules: (await loadRuleset([], '.')).rules,
      families: metricFamilies,
      categories: (await loadKnowledge('data'))['categories'] as CategoryData,
    },
  );
  const all = (id: string): number[] => metrics.filter((m) => m.id === id && m.value !== null).map((m) => m.value!);
  const most = (id: string): number | null => (all(id).length === 0 ? null : Math.max(...all(id)));
  const [least, leanest] = [all('mixture.fullLoad.lambda.min'), all('mixture.fullLoad.lambda.max')];
  return {
    source,
    limiterRpm: limiterOf(tune),
    fanOnC: most('heat.fan.on'),
    fanOffC: fanOff(tune),
    dwellMs: most('dwell.running.max'),
    fullLoadSpark: sparkAtFullLoad(tune, motorcycle),
    fullLoadLambda:
      least.length === 0 || leanest.length === 0 ? null : { low: Math.min(...least), high: Math.max(...leanest) },
  };
}

function fanOff(tune: Tune): number | null {
  const pair = tune.maps.find((m) => m.role === 'fan' && m.cells.length === 2 && m.unit === '°C' && !m.unset);
  return pair === undefined ? null : Math.min(pair.cells[0]!, pair.cells[1]!);
}

function sparkAtFullLoad(tune: Tune, motorcycle: Motorcycle): { low: number; high: number } | null {
  const regions = computeRegions(tune, motorcycle, null);
  const values = tune.maps
    .filter((m) => m.role === 'spark' && m.unitFrom !== 'none' && !m.unset)
    .flatMap((m) =>
      Array.from(m.cells).filter((v, i) => regions.byMap.get(m.id)?.wideOpen[i] === 1 && Number.isFinite(v)),
    );
  const tenth = (v: number): number => Math.round(v * 10) / 10;
  return values.length === 0 ? null : { low: tenth(Math.min(...values)), high: tenth(Math.max(...values)) };
}

/** From the bundled facts of a factory image of this motorcycle. Null: there are none. */
export async function numbersOfFacts(motorcycle: Motorcycle): Promise<StockNumbers | null> {
  const [definitions, stock] = [await loadKnowledge('definitions'), await loadKnowledge('stock')];
  for (const { id, object } of definitions) {
    const { motorcycles = [] } = object as { motorcycles?: string[] };
    const facts = motorcycles.includes(motorcycle.id) ? stock.find((s) => s.definition === id) : undefined;
    if (facts?.limiter == null) continue;
    return {
      source: `facts of the factory images ${facts.images.map((i) => i.name).join(', ')}`,
      limiterRpm: facts.limiter.cut,
      fanOnC: null,
      fanOffC: null,
      dwellMs: null,
      fullLoadSpark: null,
      fullLoadLambda: null,
    };
  }
  return null;
}

/** Ids of the bundled definitions that name a motorcycle. */
export async function definitionsNaming(motorcycleId: string): Promise<string[]> {
  return (await loadKnowledge('definitions'))
    .filter(({ object }) => (object as { motorcycles?: string[] }).motorcycles?.includes(motorcycleId))
    .map((d) => d.id);
}
