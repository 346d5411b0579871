import type { Reporter } from '../core/ports.ts';

/** One document, stable key order, for scripts. */
export const reporter: Reporter = {
  id: 'json',
  title: 'JSON',
  extension: 'json',
  render: (document) => `${JSON.stringify(document, null, 2)}\n`,
};
