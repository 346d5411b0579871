/** What the use cases share: the database (opened late, closed always) and the words for its failures. */
import { RevsyncError } from '../core/errors.ts';
import type { Database } from '../store/open-store.ts';

/**
 * Opens the database, does the work, closes it.
 * @throws RevsyncError where the database cannot be used and the work needs it
 */
export async function withDatabase<T>(path: string | null, work: (db: Database) => T | Promise<T>): Promise<T> {
  if (path === null) {
    throw new RevsyncError(
      'NO_DATABASE',
      'this command reads the database, and --no-store says to use none',
      'Leave --no-store out.',
    );
  }
  const { explain, openDatabase } = await import('../store/open-store.ts');
  const db = await openDatabase(path);
  try {
    return await work(db);
  } catch (error) {
    throw explain(error, path);
  } finally {
    db.close();
  }
}
