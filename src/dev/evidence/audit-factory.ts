/** A factory file judged as if nothing were known of its stock: what a rule then says is its own alarm. */
import { bundledTwin } from '../../app/known-stock.ts';
import { definitionInfo } from '../../app/resolve-definition.ts';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { type AuditDeps, audit } from '../../core/audit.ts';
import type { Metric } from '../../core/metrics/metric.ts';
import type { Motorcycle } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import type { CategoryData } from '../../core/score.ts';
import { metricFamilies } from '../../generated/metrics.ts';
import type { FactoryFile } from './factory-files.ts';

/** Motorcycles whose definition names none, by a part of the path. */
const BIKES: [RegExp, string][] = [[/ducati-900ss/, 'ducati/900ss-ie-1998-2002']];

/** Everything shipped that a judgement needs. */
export async function auditDeps(): Promise<AuditDeps> {
  const { rules } = await loadKnowledge('rules');
  const data = await loadKnowledge('data');
  return { rules, families: metricFamilies, categories: data['categories'] as CategoryData };
}

async function motorcycleFor({ name, decoded }: FactoryFile): Promise<Motorcycle | null> {
  const own = decoded.candidate?.definition.motorcycles ?? [];
  const ids = own.length > 0 ? own : ((await bundledTwin(decoded))?.motorcycles ?? []);
  const id = ids[0] ?? BIKES.find(([pattern]) => pattern.test(name))?.[1];
  return (await loadKnowledge('motorcycles')).find((m) => m.id === id) ?? null;
}

/** The report and every metric behind it, with the motorcycle and without any stock. */
export async function auditFactory(
  file: FactoryFile,
  deps: AuditDeps,
): Promise<{ report: Report; metrics: Metric[]; motorcycle: Motorcycle | null }> {
  const motorcycle = await motorcycleFor(file);
  const { decoded, name } = file;
  const result = audit(
    {
      input: { path: name, sha256: decoded.input.sha256, byteLength: decoded.input.bytes.length },
      format: null,
      definition: decoded.candidate === null ? null : definitionInfo(decoded.candidate),
      definitionMotorcycles: decoded.candidate?.definition.motorcycles ?? [],
      tune: decoded.tune,
      motorcycle: motorcycle === null ? null : { motorcycle, name: motorcycle.id, given: true, alternatives: [] },
      stock: null,
      conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] },
      analysisId: '',
      engineReason: '',
    },
    deps,
  );
  return { ...result, motorcycle };
}
