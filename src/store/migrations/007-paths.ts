import type { Migration } from '../migration.ts';

/** Search looks at the names of files: an index that holds path and id is read alone, without the pages of the reports. */
export const migration: Migration = {
  name: '007-paths',
  sql: 'CREATE INDEX analyses_by_path ON analyses(path, id);',
};
