/** Keeps analyses in the database; a database that cannot be used is said once, and the report is printed all the same. */
import { RevsyncError } from '../core/errors.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { TuneMap } from '../core/model.ts';
import type { AnalysisRecord } from '../store/analyses.ts';
import type { Database } from '../store/open-store.ts';

export class Keeper {
  readonly #path: string | null;
  readonly #warn: (text: string) => void;
  #opening: Promise<Database> | null = null;
  #db: Database | null = null;
  #broken = false;

  /** @param path null: keep nothing */
  constructor(path: string | null, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /** Nothing that was to be kept was lost. */
  get keeps(): boolean {
    return this.#path !== null && !this.#broken;
  }

  /** Work on the database that is in use; null where none is kept or it cannot be used. */
  async use<T>(work: (db: Database) => T): Promise<T | null> {
    return this.#safely(async (db) => work(db));
  }

  /** One transaction; never throws for what a disk or another process may do. */
  async keep(record: AnalysisRecord, metrics: Metric[], maps: TuneMap[] | Uint8Array): Promise<void> {
    await this.#safely(async (db) => {
      const { saveAnalysis } = await import('../store/analyses.ts');
      saveAnalysis(db, record, metrics, maps);
    });
  }

  async #safely<T>(work: (db: Database) => Promise<T>): Promise<T | null> {
    if (this.#path === null || this.#broken) return null;
    const { explain, openDatabase } = await import('../store/open-store.ts');
    try {
      this.#opening ??= openDatabase(this.#path);
      this.#db = await this.#opening;
      return await work(this.#db);
    } catch (error) {
      const known = explain(error, this.#path);
      if (!(known instanceof RevsyncError)) throw known;
      this.#broken = true;
      this.#warn(`revsync: ${known.code}: not stored: ${known.message}\n  ${known.hint}`);
      return null;
    }
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }
}
