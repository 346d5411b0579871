/** One question asked of a library. */
import type { openEmbedder } from '../../app/open-embedder.ts';
import { searchIn } from '../../app/search.ts';
import { ANY } from '../../store/find.ts';
import type { Database } from '../../store/open-store.ts';
import type { Question } from './library-data.ts';

export type Embedder = Awaited<ReturnType<typeof openEmbedder>>['embedder'];

/** Place of the right tune, 0 where it is not among the first ten, and what came first. */
export async function ask(db: Database, ids: Map<string, string>, question: Question, embedder: Embedder) {
  const { results } = await searchIn(
    db,
    { text: question.ask, limit: 10, filter: { ...ANY, bike: null }, mode: 'auto' },
    embedder,
    '',
    () => undefined,
  );
  const order = results.map((r) => ids.get(r.analysisId) ?? r.analysisId);
  return {
    place: order.indexOf(question.answer) + 1,
    first: order[0] ?? 'nothing',
    because: results[0]?.because ?? '',
  };
}
