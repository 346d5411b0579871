/** What revsync itself needs: database, definitions, embedding model, and how the last answers did. */
import { existsSync } from 'node:fs';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Speeds } from '../../llm/answer-time.ts';
import { gigabytes } from '../../llm/memory-need.ts';
import type { AnswerHealth } from '../../store/health.ts';
import { EMBEDDING_MODEL } from '../embedding-model.ts';
import { openModelFolder } from '../open-embedder.ts';
import type { Settings } from '../settings.ts';
import { withDatabase } from '../workspace.ts';
import { failed, ok, skipped, warning } from './check.ts';
import { seconds } from './model.ts';

type Found = ReturnType<typeof ok>;

/** Opens the database, making it where it is not there yet. @param create false: only look */
export async function databaseCheck(path: string | null, create: boolean): Promise<Found> {
  if (path === null) return skipped('--no-store: no database is used');
  if (!create && !existsSync(path)) {
    // Whether one can be made is known all the same: the driver may be missing, or built for another Node.
    await withDatabase(':memory:', () => null);
    return warning(`no database yet (${path})`, 'revsync setup makes it, and so does the first analysis.');
  }
  const { storeHealth } = await import('../../store/health.ts');
  const fresh = !existsSync(path);
  const health = await withDatabase(path, storeHealth);
  if (health.integrity !== 'ok') {
    return failed(
      `${path} is damaged: ${health.integrity}`,
      'Save what can be read with revsync export, then move the file away: revsync makes a new one.',
    );
  }
  const made = fresh ? 'made' : `${health.analyses} analyses, ${gigabytes(health.sizeBytes)}`;
  return ok(`database ${path} (${made})`, health.analyses, 'analyses');
}

/**
 * Keeps what was measured, for analyses that ask these hosts. Of several hosts the last one measured counts.
 * @param path null: nothing is kept
 */
export function rememberSpeeds(
  path: string | null,
  settings: Settings,
  model: string,
): (speeds: Speeds) => Promise<void> {
  const hosts = settings.ollamaHost.value === null ? '' : String(settings.ollamaHost.value);
  return async (speeds) => {
    if (path === null) return;
    const { saveSpeeds } = await import('../../store/speeds.ts');
    try {
      await withDatabase(path, (db) => saveSpeeds(db, { hosts, model, at: new Date().toISOString() }, speeds));
    } catch (error) {
      // A database that cannot be written is a check of its own.
      if (!(error instanceof RevsyncError)) throw error;
    }
  };
}

/** Newest answers that are looked at. */
const NEWEST = 20;

/** How the model's last answers did. */
export async function answersCheck(path: string | null): Promise<Found> {
  if (path === null || !existsSync(path)) return skipped('no answers of a model are kept yet');
  const { answerHealth } = await import('../../store/health.ts');
  const health: AnswerHealth | null = await withDatabase(path, (db) => answerHealth(db, NEWEST));
  if (health === null) return skipped('no answers of a model are kept yet');
  const facts = `${health.valid} of the last ${health.answers} answers were valid${health.medianMs === null ? '' : `, half of them within ${seconds(health.medianMs)}`}`;
  const share = health.valid / health.answers;
  if (share >= 0.9) return ok(facts, share);
  return warning(
    facts,
    'Another model may answer better: revsync models list. Reports are complete without it.',
    share,
  );
}

/** Do the shipped definitions and rules read? */
export async function definitionsCheck(): Promise<Found> {
  try {
    const definitions = await loadKnowledge('definitions');
    const motorcycles = await loadKnowledge('motorcycles');
    const rules = await loadKnowledge('rules');
    const count = definitions.length;
    const facts = `${count} definitions, ${motorcycles.length} motorcycles, ${rules.rules.length} rules`;
    return count > 0 && motorcycles.length > 0
      ? ok(facts, count, 'definitions')
      : failed(facts, 'Install revsync again: its knowledge is missing.');
  } catch (error) {
    return failed(
      `the shipped knowledge cannot be read: ${(error as Error).message}`,
      'Install revsync again: its package is not whole.',
    );
  }
}

/** The embedding model: on the disk, whole, and running. */
export async function embeddingCheck(models: string): Promise<Found> {
  try {
    const { embedder, files } = await openModelFolder(models);
    await embedder.close();
    return ok(`${EMBEDDING_MODEL} (${gigabytes(files.bytes)}) in ${models}`, files.digest);
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    return (/^EMBEDDING_(?:MISSING|UNAVAILABLE)$/.test(error.code) ? warning : failed)(error.message, error.hint);
  }
}
