/** Is a file that somebody calls stock fit to be a reference? It must decode, fit, and pass the rules by itself. */
import { audit } from '../core/audit.ts';
import type { Motorcycle } from '../core/model.ts';
import type { CategoryData } from '../core/score.ts';
import { metricFamilies } from '../generated/metrics.ts';
import type { Decoded } from './decode-file.ts';
import { knownStock } from './known-stock.ts';
import type { Ruleset } from './rules.ts';

export type StockVerdict =
  | { kind: 'trusted'; doubts: string[] }
  /** `certain`: not merely odd, but harmful on any engine or of another one. */
  | { kind: 'refused'; certain: boolean; reason: string };

export interface StockCheckDeps {
  ruleset: Ruleset;
  categories: CategoryData;
}

/** Says how a project is set up at the moment and nothing of its maps: those are a reference all the same. */
const OF_SETTINGS = /^(spark-fixed|limiter-switched-off)$/;

/** Judged against what is known of the family's factory images, else by the absolute rules alone. */
export async function checkStock(
  decoded: Decoded,
  motorcycle: Motorcycle | null,
  { ruleset, categories }: StockCheckDeps,
): Promise<StockVerdict> {
  const { candidate, tune, input } = decoded;
  if (candidate?.fit.verdict === 'mismatch')
    return { kind: 'refused', certain: true, reason: 'its definition does not fit it' };
  const named = candidate?.definition.motorcycles ?? [];
  if (motorcycle !== null && named.length > 0 && !named.includes(motorcycle.id))
    return { kind: 'refused', certain: true, reason: `it is the ECU of ${named.join(', ')}` };
  const { report } = audit(
    {
      input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
      format: null,
      definition: null,
      definitionMotorcycles: named,
      tune,
      motorcycle: motorcycle === null ? null : { motorcycle, name: motorcycle.id, given: true, alternatives: [] },
      stock: await knownStock(decoded),
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      analysisId: '',
      engineReason: '',
    },
    { rules: ruleset.rules, families: metricFamilies, categories },
  );
  const failed = report.findings.filter((f) => f.status === 'fail' && !OF_SETTINGS.test(f.ruleId));
  const worst = failed.find((f) => f.severity === 'critical' || f.severity === 'high');
  if (worst !== undefined)
    return {
      kind: 'refused',
      certain: worst.severity === 'critical',
      reason: `no factory ships this: ${worst.severity} ${worst.ruleId}${worst.message === '' ? '' : ` (${worst.message})`}`,
    };
  const doubts = failed.filter((f) => f.severity === 'medium').map((f) => `${f.ruleId}: ${f.message}`);
  if (candidate?.fit.verdict === 'uncertain') doubts.unshift('its definition fits only in part');
  return { kind: 'trusted', doubts };
}
