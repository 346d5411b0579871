/** Which stored tunes are right for a rider, and the target sheet of the motorcycle. */
import { existsSync } from 'node:fs';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import { fileName } from '../core/library/query.ts';
import type { Motorcycle } from '../core/model.ts';
import type { Asking, Candidate, Recommended, Rejected } from '../core/recommend/candidate.ts';
import type { RecommendData } from '../core/recommend/data.ts';
import { awaitsOwnRead, fittedParts, otherMotorcycle, unweighedParts } from '../core/recommend/filters.ts';
import { forThisRider } from '../core/recommend/for-this-rider.ts';
import { type Recommendation, recommend } from '../core/recommend/recommend.ts';
import { likeRated, similarityOf } from '../core/recommend/similarity.ts';
import { checkedEthanol, doubtsOf, NOTHING_SAID, type Profile, type Rider } from '../core/rider.ts';
import type { CategoryData } from '../core/score.ts';
import { targetSheet } from '../core/targets/sheet.ts';
import type { Target, TargetData } from '../core/targets/target.ts';
import { chooseMotorcycle, motorcycleName } from './bikes.ts';
import { allProfiles, type GarageHooks, type ProfileWords, profileOf } from './garage.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { recommendData } from './recommend-data.ts';
import { resemblances } from './recommend-similarity.ts';
import { loadRuleset } from './rules.ts';
import { definitionsNaming, numbersOfFacts, numbersOfRead } from './stock-numbers.ts';
import { withDatabase } from './workspace.ts';

export interface RecommendRequest {
  /** A profile by id; null: the one in use, where no bike is said. */
  profile: string | null;
  /** What the flags say; it goes before the profile. */
  words: ProfileWords;
  minScore: number;
  limit: number;
  /** Rules: templates alone. Else what a model said when the tune was analysed stands beside them. */
  engine: 'rules' | 'llm' | 'auto';
  /** Judge again, and keep, what was stored before the own factory read was there to hold it against. Default: leave it out. */
  rejudge?: boolean;
}

export interface RecommendDocument extends Recommendation {
  /** Why none is recommended; null where one is. */
  none: string | null;
  /** Without an id where it was made of flags alone. */
  profile: Omit<Profile, 'id'> & { id: string | null };
  motorcycle: { id: string; name: string };
  targetSheet: Target[];
  engine: { used: 'rules' | 'llm'; model: string | null; reason: string };
  /** What looked like a slip of the rider. */
  notes: string[];
}

/** @throws RevsyncError BIKE_MISSING | BIKE_NOT_FOUND | BIKE_AMBIGUOUS | PROFILE_NOT_FOUND */
export async function recommendTunes(
  request: RecommendRequest,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<RecommendDocument> {
  const { profile, motorcycle } = await whoAsks(request, around, hooks);
  const data = await recommendData();
  const read = profile.stock === null ? null : await ownRead(profile, motorcycle, around, hooks);
  const asking: Asking = {
    ...profile,
    motorcycle,
    motorcycleName: motorcycleName(motorcycle),
    stockEcuId: read?.ecuId ?? null,
    stockSha256: profile.stock?.sha256 ?? null,
  };
  const ruleset = await loadRuleset([], around.cwd);
  const library = (): ReturnType<typeof libraryFor> => libraryFor(asking, ruleset.hash, data, around);
  let { candidates, others } = await library();
  const unheld = candidates.filter((c) => !c.elsewhere && awaitsOwnRead(c, asking));
  if (request.rejudge === true && profile.id !== null && unheld.length > 0) {
    const { rejudge } = await import('./rejudge.ts');
    const judged = await rejudge(unheld, profile.id, around, hooks.warn);
    if (judged > 0) {
      hooks.warn(`judged again, against your own factory read: ${judged} of ${unheld.length} stored files`);
      ({ candidates, others } = await library());
    }
  }
  const result = recommend(candidates, asking, data, { ...request, withOpinion: request.engine !== 'rules' });
  const all = [...result.rejected, ...others];
  const fitted = fittedParts(asking, data);
  const ofKind = (kind: 'engine' | 'breathing'): string[] =>
    fitted.filter((id) => data.parts.find((p) => p.id === id)?.kind === kind);
  const knowledge = await loadKnowledge('data');
  return {
    ...result,
    rejected: all,
    none: result.recommended.length > 0 ? null : result.none(others.length),
    profile,
    motorcycle: { id: motorcycle.id, name: asking.motorcycleName },
    targetSheet: targetSheet({
      motorcycle,
      rider: profile,
      breathing: ofKind('breathing'),
      engineParts: ofKind('engine'),
      stock: read?.numbers ?? (await numbersOfFacts(motorcycle)),
      rules: ruleset.rules,
      data: knowledge['targets'] as TargetData,
    }),
    engine: engineOf(result.recommended, request.engine),
    notes: [
      ...doubtsOf(
        profile,
        { aki: request.words.aki ?? null },
        { name: asking.motorcycleName, fuelRonMin: motorcycle.fuelRonMin },
      ),
      ...unweighedParts(asking, data).map(
        (m) => `"${m}" is no part that the ranking weighs; it weighs: ${data.parts.map((p) => p.id).join(', ')}.`,
      ),
    ],
  };
}

/** Which engine spoke. The order is the rules' in any case. */
function engineOf(
  recommended: readonly Recommended[],
  engine: RecommendRequest['engine'],
): RecommendDocument['engine'] {
  const said = recommended.find((r) => r.opinion !== null)?.opinion ?? null;
  if (said !== null)
    return {
      used: 'llm',
      model: said.model,
      reason:
        'order and reasons by the rules; beside them what the model said when the tune was analysed, as far as it held',
    };
  const templates = 'the reasons are templates filled with what was measured';
  if (engine !== 'llm') return { used: 'rules', model: null, reason: templates };
  return {
    used: 'rules',
    model: null,
    reason: `${templates}; no model has spoken of these tunes yet: revsync analyze FILES --engine llm`,
  };
}

/** The profile that was named, the one of the motorcycle, the one in use, or what the flags say alone; flags go first. */
async function whoAsks(
  { profile: id, words }: RecommendRequest,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<{ profile: RecommendDocument['profile']; motorcycle: Motorcycle }> {
  const garage = around.flags.store === false ? [] : await allProfiles(around);
  const all = await loadKnowledge('motorcycles');
  const said = words.bike === undefined ? null : await oneBike(words.bike, hooks);
  const base =
    id === null
      ? ((said === null ? garage[0] : garage.find((p) => p.motorcycle === said.id)) ?? null)
      : await profileOf(id, around);
  const motorcycle = said ?? all.find((m) => m.id === base?.motorcycle) ?? null;
  if (motorcycle === null)
    throw new RevsyncError(
      'BIKE_MISSING',
      'for which motorcycle?',
      'Say it with --bike "yamaha r6 2008", or make a profile once: revsync profile add.',
    );
  const from: Rider = base ?? NOTHING_SAID;
  const pick = <K extends keyof Rider>(key: K): Rider[K] =>
    words[key] === undefined ? from[key] : (words[key] as Rider[K]);
  const profile = {
    id: base?.id ?? null,
    motorcycle: motorcycle.id,
    // A factory read belongs to its motorcycle alone.
    stock: base !== null && base.motorcycle === motorcycle.id ? base.stock : null,
    ron: pick('ron'),
    ethanolPercent: pick('ethanolPercent'),
    altitudeM: pick('altitudeM'),
    climate: pick('climate'),
    mods: pick('mods'),
    skill: pick('skill'),
    styles: pick('styles'),
    goals: pick('goals'),
    notes: pick('notes'),
  };
  if (profile.ethanolPercent !== null) checkedEthanol(profile.ethanolPercent);
  return { profile, motorcycle };
}

async function oneBike(text: string, hooks: GarageHooks): Promise<Motorcycle> {
  const choice = await chooseMotorcycle(text);
  if (choice.kind === 'one') return choice.motorcycle;
  const chosen = await hooks.ask?.(
    `"${text}" may be several motorcycles. Which one?`,
    choice.motorcycles.map((m) => ({ value: m.id, name: motorcycleName(m) })),
  );
  const motorcycle = choice.motorcycles.find((m) => m.id === chosen);
  if (motorcycle !== undefined) return motorcycle;
  throw new RevsyncError(
    'BIKE_AMBIGUOUS',
    `"${text}" may be ${choice.motorcycles.length} motorcycles: ${choice.motorcycles
      .slice(0, 6)
      .map((m) => m.id)
      .join(', ')}`,
    'Add the year, or give one of these ids.',
  );
}

async function ownRead(
  profile: RecommendDocument['profile'],
  motorcycle: Motorcycle,
  around: Surroundings,
  hooks: GarageHooks,
): Promise<Awaited<ReturnType<typeof numbersOfRead>>> {
  const { readStockFile } = await import('../store/garage.ts');
  const { sha256, path } = profile.stock!;
  const file = await withDatabase(await databaseOf(around), (db) => readStockFile(db, sha256));
  if (file === null) return null;
  return numbersOfRead({ path, name: file.name, bytes: file.bytes, sha256 }, motorcycle, around, hooks.warn);
}

/** One candidate for each file: the analysis that says most. Files of other motorcycles are rejected by what is known of those. */
async function libraryFor(
  asking: Asking,
  rulesetHash: string,
  data: RecommendData,
  around: Surroundings,
): Promise<{ candidates: Candidate[]; others: Rejected[] }> {
  const path = await databaseOf(around);
  if (path === null || !existsSync(path)) return { candidates: [], others: [] };
  const { candidatesFor } = await import('../store/candidates.ts');
  const { listRatings } = await import('../store/garage.ts');
  const naming = await definitionsNaming(asking.motorcycle.id);
  const { stored, ratings, like } = await withDatabase(path, async (db) => {
    const found = candidatesFor(db, asking.motorcycle.id, naming);
    const given = listRatings(db);
    const analyses = found.candidates.map((c) => ({
      analysisId: c.report.analysisId ?? '',
      fileSha256: c.fileSha256,
    }));
    return { stored: found, ratings: given, like: await resemblances(db, analyses, asking, given) };
  });
  const motorcycles = new Map((await loadKnowledge('motorcycles')).map((m) => [m.id, m]));
  const { caps } = (await loadKnowledge('data'))['categories'] as CategoryData;
  const rank = (c: (typeof stored.candidates)[number]): number[] => [
    c.report.motorcycle?.id === asking.motorcycle.id ? 1 : 0,
    c.rulesetHash === rulesetHash ? 1 : 0,
    c.report.stock.reference === 'stockFile' ? 2 : c.report.stock.reference === 'stockKnown' ? 1 : 0,
    c.report.coverage.ratio,
  ];
  const best = new Map<string, (typeof stored.candidates)[number]>();
  for (const candidate of stored.candidates) {
    const known = best.get(candidate.fileSha256);
    if (
      known === undefined ||
      isMore(rank(candidate), rank(known)) ||
      (same(rank(candidate), rank(known)) && candidate.lastAt > known.lastAt)
    )
      best.set(candidate.fileSha256, candidate);
  }
  const candidates = [...best.values()].map((c): Candidate => {
    const resemblance = like.get(c.report.analysisId ?? '') ?? { rated: [], words: null };
    return {
      report: forThisRider(c.report, asking, caps),
      metrics: c.metrics,
      words: [fileName(c.report.input.path)],
      similarity: similarityOf(resemblance, data.similarity),
      like: likeRated(resemblance, data.similarity),
      rating: ratings.get(c.fileSha256) ?? null,
      elsewhere: c.elsewhere,
      current: c.rulesetHash === rulesetHash,
      ownRead: c.fileSha256 === asking.stockSha256,
      motorcycle: motorcycles.get(c.report.motorcycle?.id ?? '') ?? null,
    };
  });
  const others: Rejected[] = [];
  const seen = new Set(best.keys());
  for (const other of stored.others) {
    if (seen.has(other.fileSha256)) continue;
    seen.add(other.fileSha256);
    const of = motorcycles.get(other.motorcycleId) ?? null;
    others.push(
      otherMotorcycle(other.analysisId, other.path, of, of === null ? other.motorcycleId : motorcycleName(of), asking),
    );
  }
  return { candidates, others };
}

const isMore = (a: number[], b: number[]): boolean => {
  const at = a.findIndex((v, i) => v !== b[i]);
  return at >= 0 && a[at]! > b[at]!;
};
const same = (a: number[], b: number[]): boolean => a.every((v, i) => v === b[i]);

/** Keeps the rider's own judgement of a file. @throws RevsyncError NOT_FOUND | AMBIGUOUS_ID */
export async function rateAnalysis(
  id: string,
  rating: { stars: number; note: string },
  around: Surroundings,
  now: Date,
): Promise<{ analysisId: string; path: string; fileSha256: string }> {
  const { readAnalysis } = await import('../store/analyses.ts');
  const { saveRating } = await import('../store/garage.ts');
  return withDatabase(await databaseOf(around), (db) => {
    const { report } = readAnalysis(db, id);
    const sha256 = report.input.sha256!;
    saveRating(db, sha256, { stars: rating.stars, note: rating.note.slice(0, 2000) }, now.toISOString());
    return { analysisId: report.analysisId!, path: report.input.path, fileSha256: sha256 };
  });
}
