/** Statements of a database, compiled once: a batch runs each thousands of times. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Database } from './open-store.ts';

type Statement = BetterSqlite3.Statement<unknown[]>;

const statements = new WeakMap<Database, Map<string, Statement>>();

/** The compiled statement of a text, which must not hold values. */
export function prepared(db: Database, sql: string): Statement {
  let own = statements.get(db);
  if (own === undefined) {
    own = new Map();
    statements.set(db, own);
  }
  let statement = own.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    own.set(sql, statement);
  }
  return statement;
}
