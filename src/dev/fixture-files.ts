/** The made-up files that tests and the fuzz suite feed to every format. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

export interface FixtureFile {
  /** As a person would name it: "fixtures/msq/road.msq". */
  path: string;
  name: string;
  bytes: Uint8Array;
  /** Id of the format in whose own folder it lies; null for those of fixtures/. */
  of: string | null;
}

/** Those of fixtures/ and of src/formats/<id>/fixtures/, in the order of their paths; ABOUT.md describes them and is none. */
export function fixtureFiles(): FixtureFile[] {
  const own = readdirSync('src/formats')
    .map((id) => ({ of: id, folder: join('src/formats', id, 'fixtures') }))
    .filter(({ folder }) => existsSync(folder));
  return [{ of: null, folder: 'fixtures' }, ...own].flatMap(({ of, folder }) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name !== 'ABOUT.md')
      .map((e) => join(e.parentPath, e.name))
      .sort()
      .map((path) => ({ path, name: path.split(sep).at(-1)!, bytes: new Uint8Array(readFileSync(path)), of })),
  );
}
