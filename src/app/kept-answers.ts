/** Kept answers of local models: what is there, forgetting it, and what tokens and time it all took. */
import { RevsyncError } from '../core/errors.ts';
import type { CachedAnswer, Usage } from '../store/answers.ts';
import { databaseOf, type Surroundings } from './history.ts';
import { loadSettings } from './settings.ts';
import { withDatabase } from './workspace.ts';

/** One line of `revsync cache`. */
export interface CacheLine extends CachedAnswer {
  /** Still used again; false: it has run out and the next analysis asks anew. */
  fresh: boolean;
}

/** Newest first, with the seconds that an answer is used again for. */
export async function cachedAnswers(
  limit: number,
  now: Date,
  around: Surroundings,
): Promise<{ lifetimeSeconds: number; answers: CacheLine[] }> {
  const settings = await loadSettings({ env: around.env, cwd: around.cwd, flags: {} });
  const lifetimeSeconds = settings.recommendationCacheTimeout.value as number;
  const since = new Date(now.getTime() - lifetimeSeconds * 1000).toISOString();
  const { listAnswers } = await import('../store/answers.ts');
  const answers = await withDatabase(await databaseOf(around), (db) => listAnswers(db, limit));
  return { lifetimeSeconds, answers: answers.map((a) => ({ ...a, fresh: lifetimeSeconds > 0 && a.at >= since })) };
}

/** @param olderThanSeconds null: all. Returns how many answers were forgotten; what they cost stays counted. */
export async function clearCache(olderThanSeconds: number | null, now: Date, around: Surroundings): Promise<number> {
  const before = olderThanSeconds === null ? null : new Date(now.getTime() - olderThanSeconds * 1000).toISOString();
  const { forgetAnswers } = await import('../store/answers.ts');
  return withDatabase(await databaseOf(around), (db) => forgetAnswers(db, before));
}

/** Money for a million tokens, in whatever currency the person has in mind. */
export interface Price {
  promptPerMillion: number;
  answerPerMillion: number;
}

/** What one model took, and what that would have cost elsewhere. */
export interface CostLine extends Usage {
  cost: number | null;
}

export interface Cost {
  models: CostLine[];
  total: { requests: number; promptTokens: number; answerTokens: number; totalMs: number; cost: number | null };
}

/**
 * @param days only the last so many; null: all
 * @throws RevsyncError PRICE_INVALID
 */
export async function costOf(days: number | null, price: Price | null, now: Date, around: Surroundings): Promise<Cost> {
  const since = days === null ? '' : new Date(now.getTime() - days * 86_400_000).toISOString();
  const { usageOf } = await import('../store/answers.ts');
  const usage = await withDatabase(await databaseOf(around), (db) => usageOf(db, since));
  const costs = (prompt: number, answer: number): number | null =>
    price === null
      ? null
      : Math.round((prompt * price.promptPerMillion + answer * price.answerPerMillion) / 100) / 10_000;
  const sum = (pick: (u: Usage) => number): number => usage.reduce((total, u) => total + pick(u), 0);
  const [promptTokens, answerTokens] = [sum((u) => u.promptTokens), sum((u) => u.answerTokens)];
  return {
    models: usage.map((u) => ({ ...u, cost: costs(u.promptTokens, u.answerTokens) })),
    total: {
      requests: sum((u) => u.requests),
      promptTokens,
      answerTokens,
      totalMs: Math.round(sum((u) => u.totalMs)),
      cost: costs(promptTokens, answerTokens),
    },
  };
}

/** "0.5" for both, "0.5,1.5" for prompt and answer. @throws RevsyncError PRICE_INVALID */
export function priceOf(text: string): Price {
  const [prompt, answer, ...more] = text.split(',').map((t) => (t.trim() === '' ? Number.NaN : Number(t)));
  const promptPerMillion = prompt ?? Number.NaN;
  const answerPerMillion = answer ?? promptPerMillion;
  if (more.length > 0 || ![promptPerMillion, answerPerMillion].every((n) => Number.isFinite(n) && n >= 0)) {
    throw new RevsyncError(
      'PRICE_INVALID',
      `"${text}" is no price`,
      'Give one for a million tokens, or two with a comma: --price 0.5 or --price 0.5,1.5 (prompt, answer).',
    );
  }
  return { promptPerMillion, answerPerMillion };
}
