/** An id that stands where the unshifted definition says speaks against any shift. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeInput } from '../app/decode-file.ts';
import { inputFromBytes } from '../app/read-input.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

test('a shift against an id that stands where it should is refused, with the id named', async () => {
  const bytes = new Uint8Array(readFileSync(`${PROJECT}fixtures/example/stock.bin`));
  const shifted = decodeInput(
    inputFromBytes(bytes),
    {
      definition: `${PROJECT}fixtures/example/stock.yaml`,
      shiftBytes: 2,
      roles: [],
      warn: () => undefined,
      readStdin: async () => bytes,
    },
    { flags: { store: false }, env: {}, cwd: PROJECT },
  );
  await expect(shifted).rejects.toThrow(/EXAMPLE1.*without a shift/);
});
