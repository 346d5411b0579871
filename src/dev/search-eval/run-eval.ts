/**
 * Asks the questions of questions.yaml over the library of 200, by words alone and with the embedding model of REVSYNC_MODELS:
 *   npm run eval:search [-- --keep FOLDER] [--held-out] [--development]
 * FOLDER keeps the library between runs. Of the held-out questions only the count is shown, so that nobody tunes by them unawares.
 * --development asks those of development.yaml instead.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedder } from '../../app/open-embedder.ts';
import { type Database, openDatabase } from '../../store/open-store.ts';
import { ask, type Embedder } from './ask.ts';
import { buildLibrary } from './build-library.ts';
import { fillLibrary } from './fill-library.ts';
import { type Question, readDevelopment, readQuestions } from './library-data.ts';

const CORPUS = '../shared/corpus';
const MODELS = process.env['REVSYNC_MODELS'] ?? '../shared/models';

async function askAll(
  db: Database,
  ids: Map<string, string>,
  questions: Question[],
  embedder: Embedder,
  shown: boolean,
): Promise<number> {
  let right = 0;
  for (const question of questions) {
    const { place, first, because } = await ask(db, ids, question, embedder);
    if (place === 1) right++;
    if (!shown) continue;
    const got =
      place === 1
        ? because
        : `${first}${place === 0 ? ', right one not in ten' : `, right one ${place}.`} (${because})`;
    console.log(`  ${place === 1 ? 'ok' : '--'}  ${question.ask.padEnd(70)} ${question.answer.padEnd(20)} ${got}`);
  }
  return right;
}

async function main(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log(`The public tune files are not beside the project (${CORPUS}): nothing to ask over.`);
    return;
  }
  const keep = process.argv.includes('--keep') ? process.argv[process.argv.indexOf('--keep') + 1]! : null;
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'revsync-search-eval-'));
  mkdirSync(folder, { recursive: true });
  const index = join(folder, 'ids.json');
  const path = join(folder, 'library.db');
  if (!existsSync(index)) {
    const files = await buildLibrary(CORPUS, join(folder, 'tunes'));
    const ids = await fillLibrary(
      files,
      path,
      (n) => n % 50 === 0 && process.stderr.write(`analysed ${n} of ${files.length}\n`),
    );
    writeFileSync(index, JSON.stringify([...ids]));
  }
  const ids = new Map(JSON.parse(readFileSync(index, 'utf8')) as [string, string][]);
  const { questions, heldOut, stranger } = process.argv.includes('--development')
    ? { questions: readDevelopment(), heldOut: [], stranger: [] }
    : readQuestions();
  const db = await openDatabase(path);
  const { embedder, reason } = await openEmbedder({ env: { REVSYNC_MODELS: MODELS }, cwd: '/' }, true);
  try {
    for (const [name, engine] of [
      ['words alone', null],
      ['with the embedding model', embedder],
    ] as const) {
      if (name !== 'words alone' && engine === null) {
        console.log(`${name}: not asked, ${reason}`);
        continue;
      }
      console.log(`\n${name}`);
      const right = await askAll(db, ids, questions, engine, true);
      console.log(`${name}: right tune first for ${right} of ${questions.length}`);
      for (const [kind, list] of Object.entries({ 'held out': heldOut, "a stranger's": stranger })) {
        if (list.length === 0) continue;
        const unseen = await askAll(db, ids, list, engine, process.argv.includes('--held-out'));
        console.log(`${name}, ${kind}: ${unseen} of ${list.length}`);
      }
    }
  } finally {
    await embedder?.close();
    db.close();
    if (keep === null) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
