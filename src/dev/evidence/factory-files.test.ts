/** `npm run evidence ../somewhere`: a folder is the same however it is written. */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { projectFiles } from './factory-files.ts';

const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

test.skipIf(!existsSync(corpus))(
  'a relative corpus path finds what the absolute one finds (needs ../shared/corpus)',
  async () => {
    const names = async (folder: string): Promise<string[]> => (await projectFiles(folder)).map((f) => f.name);
    const absolute = await names(corpus);
    expect(absolute.length).toBeGreaterThan(5);
    expect(await names(relative(process.cwd(), corpus))).toEqual(absolute);
  },
);
