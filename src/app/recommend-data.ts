/** The ranking's data, and the names of parts that it weighs. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import type { RecommendData } from '../core/recommend/data.ts';

export async function recommendData(): Promise<RecommendData> {
  return (await loadKnowledge('data'))['recommend'] as RecommendData;
}

/** As riders choose them from a list. */
export async function partNames(): Promise<string[]> {
  return (await recommendData()).parts.map((p) => p.id);
}
