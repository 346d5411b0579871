/** What the library knows of a tune's likeness: its calibration to tunes that the rider rated, its words to what they ask for. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { likeness, medianOf } from '../core/fingerprint.ts';
import { conceptShare, conceptsOf, type SearchWords } from '../core/library/concepts.ts';
import { wordsOf } from '../core/library/query.ts';
import type { RatedTune, Resemblance } from '../core/recommend/similarity.ts';
import type { Rider } from '../core/rider.ts';
import type { StoredFingerprint } from '../store/fingerprints.ts';
import type { Rating } from '../store/garage.ts';
import type { Database } from '../store/open-store.ts';

/** Tunes of a family that its median is taken of. */
const MOST_FOR_MEDIAN = 1_001;

/** By analysis. Words go by the groups of search and not by a model: the same answer on every machine. */
export async function resemblances(
  db: Database,
  analyses: readonly { analysisId: string; fileSha256: string }[],
  rider: Pick<Rider, 'goals' | 'styles' | 'notes'>,
  ratings: ReadonlyMap<string, Rating>,
): Promise<Map<string, Resemblance>> {
  const { fingerprintOfAnalysis, fingerprintsOfFile, valuesOfFamily } = await import('../store/fingerprints.ts');
  const { entriesOfAnalyses, entryRows } = await import('../store/find.ts');
  const data = (await loadKnowledge('data'))['search-words'] as SearchWords;
  const asked = conceptsOf(wordsOf([...rider.goals, ...rider.styles, rider.notes].join(' ')), data, true);
  const entries = entriesOfAnalyses(
    db,
    analyses.map((a) => a.analysisId),
  );
  const rows = entryRows(db, [...entries.values()]);
  const rated = [...ratings].flatMap(([sha256, { stars }]) => {
    const [print] = fingerprintsOfFile(db, sha256);
    return print === undefined ? [] : [{ print, stars }];
  });
  const paths = new Map(
    [
      ...entryRows(
        db,
        rated.map((r) => r.print.entryId),
      ).values(),
    ].map((r) => [r.entryId, r.path]),
  );
  const medians = new Map<string, Float32Array>();
  const medianOfFamily = (family: string): Float32Array => {
    const known = medians.get(family) ?? medianOf(valuesOfFamily(db, family, MOST_FOR_MEDIAN));
    medians.set(family, known);
    return known;
  };
  const like = (own: StoredFingerprint, other: StoredFingerprint): number | null =>
    likeness(
      own.fingerprint,
      other.fingerprint,
      own.family !== null && own.family === other.family ? medianOfFamily(own.family) : null,
    ).similarity;
  return new Map(
    analyses.map(({ analysisId, fileSha256 }) => {
      const own = rated.length === 0 ? null : fingerprintOfAnalysis(db, analysisId);
      const held = rated.flatMap(({ print, stars }): RatedTune[] => {
        const value = own === null || print.fileSha256 === fileSha256 ? null : like(own, print);
        return value === null ? [] : [{ path: paths.get(print.entryId) ?? '', stars, likeness: value }];
      });
      const row = rows.get(entries.get(analysisId) ?? -1);
      const said = row === undefined ? null : conceptsOf(wordsOf(`${row.words} ${row.changes}`), data, false).wanted;
      const words =
        said === null || said.size === 0 || asked.wanted.size === 0
          ? null
          : Math.max(
              0,
              conceptShare(asked, said, () => 1),
            );
      return [analysisId, { rated: held, words }];
    }),
  );
}
