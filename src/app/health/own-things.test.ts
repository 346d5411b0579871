import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { RevsyncError } from '../../core/errors.ts';
import { databaseCheck } from './own-things.ts';

test('a driver that cannot be loaded is said where there is no database yet', async () => {
  const without = () => ({
    default: function Driver() {
      throw new Error('Could not locate the bindings file. Tried:\n → /somewhere/better_sqlite3.node');
    },
  });
  vi.doMock('better-sqlite3', without);
  vi.doMock('better-sqlite3-napi', without);
  const error = await databaseCheck(join('no', 'such', 'revsync.db'), false).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RevsyncError);
  expect(error).toMatchObject({
    code: 'DATABASE_DRIVER',
    message: 'the SQLite driver cannot be loaded: Could not locate the bindings file',
  });
});
