/** The questions asked, over the library of 200: what search has to reach. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openEmbedder } from '../../app/open-embedder.ts';
import { openDatabase } from '../../store/open-store.ts';
import { CORPUS } from '../../test/analyze-in-process.ts';
import { ask } from './ask.ts';
import { buildLibrary } from './build-library.ts';
import { fillLibrary } from './fill-library.ts';
import { readQuestions } from './library-data.ts';

const MODELS = fileURLToPath(new URL('../../../../shared/models/', import.meta.url));

describe.skipIf(!existsSync(CORPUS))('twenty plain questions (need the public tune files beside the project)', () => {
  test('have the right tune first: 12 by words alone, 18 with the embedding model where it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revsync-questions-'));
    const files = await buildLibrary(CORPUS, join(folder, 'tunes'));
    const path = join(folder, 'library.db');
    const ids = await fillLibrary(files, path, () => undefined);
    const db = await openDatabase(path);
    const { embedder } = await openEmbedder({ env: { REVSYNC_MODELS: MODELS }, cwd: folder }, true);
    try {
      for (const [engine, least] of [
        [null, 12],
        [embedder, 18],
      ] as const) {
        if (least === 18 && engine === null) continue;
        const wrong: string[] = [];
        for (const question of readQuestions().questions) {
          const { place, first } = await ask(db, ids, question, engine);
          if (place !== 1) wrong.push(`${question.ask}: ${first}`);
        }
        expect(20 - wrong.length, wrong.join('\n')).toBeGreaterThanOrEqual(least);
      }
    } finally {
      await embedder?.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 600_000);
});
