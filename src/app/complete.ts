/** Ids for the completion of a shell: fast, and silent whatever is wrong. */
import { existsSync } from 'node:fs';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { printable } from '../core/rules/message.ts';
import { databaseOf, type Surroundings } from './history.ts';

/** One line that a shell offers. */
export interface Offer {
  value: string;
  about: string;
}

/** Analyses that are offered, newest first. */
const MOST_ANALYSES = 100;

/**
 * Those of a kind that begin with the text; none where the kind is not known, the database is not there or cannot be read.
 * @param file whose maps are meant, where it is maps; '' for none
 */
export async function offers(kind: string, prefix: string, file: string, around: Surroundings): Promise<Offer[]> {
  try {
    const all = await (SOURCES[kind]?.(around, file) ?? []);
    return all
      .filter(({ value }) => value.startsWith(prefix) && value === printable(value))
      .map(({ value, about }) => ({ value, about: printable(about) }));
  } catch {
    return [];
  }
}

const SOURCES: Record<string, (around: Surroundings, file: string) => Promise<Offer[]>> = {
  async map(around, file) {
    if (file === '') return [];
    const { decodeFile } = await import('./decode-file.ts');
    const request = { definition: null, shiftBytes: 0, roles: [], lenient: true, warn: () => undefined };
    // Standard input is for the command itself.
    const { tune } = await decodeFile(file, { ...request, readStdin: async () => new Uint8Array(0) }, around);
    return tune.maps.map(({ id, title }) => ({ value: id, about: title }));
  },

  async rule() {
    return (await loadKnowledge('rules')).rules.map(({ id, title }) => ({ value: id, about: title }));
  },

  async bike() {
    const { motorcycleName } = await import('./bikes.ts');
    return (await loadKnowledge('motorcycles')).map((m) => ({ value: m.id, about: motorcycleName(m) }));
  },

  async definition(around) {
    const bundled = (await loadKnowledge('definitions')).map((d) => ({
      value: d.id,
      about: String((d.object as { title?: string }).title ?? ''),
    }));
    const own = await fromDatabase(around, async (db) => {
      const { listDefinitions } = await import('../store/definitions.ts');
      return listDefinitions(db).map(({ id, title }) => ({ value: id, about: title }));
    });
    return [...own, ...bundled];
  },

  async analysis(around) {
    return fromDatabase(around, async (db) => {
      const { listHistory } = await import('../store/analyses.ts');
      return listHistory(db, { text: null, limit: MOST_ANALYSES }).map((r) => ({
        value: r.analysisId.slice(0, 8),
        about: `${r.path} · ${r.safety === null ? r.outcome : `${r.safety} ${r.level}`}`,
      }));
    });
  },

  async profile(around) {
    return fromDatabase(around, async (db) => {
      const { listProfiles } = await import('../store/garage.ts');
      return listProfiles(db).map(({ id, motorcycle }) => ({ value: id, about: motorcycle }));
    });
  },
};

/** A database that is not there yet is not made. */
async function fromDatabase(
  around: Surroundings,
  work: (db: import('../store/open-store.ts').Database) => Promise<Offer[]>,
): Promise<Offer[]> {
  const path = await databaseOf(around);
  if (path === null || !existsSync(path)) return [];
  const { withDatabase } = await import('./workspace.ts');
  return withDatabase(path, work);
}
