/** The public Buell EEPROM, read by the bundled definition: values worked out by hand from its bytes. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeFile } from '../app/decode-file.ts';
import { bundledDefinitions } from '../app/resolve-definition.ts';
import { CORPUS } from './analyze-in-process.ts';

const FILE = `${CORPUS}buell-eeprom/bueib/BUEIB.eeprom`;

test('thirteen types, one confirmed on an image', async () => {
  const buell = (await bundledDefinitions(null)).filter((d) => d.id.startsWith('buell-'));
  expect(buell.length).toBe(13);
  expect(buell.filter((d) => d.confirmedOnImage).map((d) => d.id)).toEqual(['buell-bueib']);
});

describe.skipIf(!existsSync(FILE))('BUEIB (needs ../shared/corpus)', () => {
  test('is found by itself; rows with a skipped byte, descending axes, the limiters', async () => {
    const request = {
      definition: null,
      shiftBytes: 0,
      roles: [],
      warn: () => undefined,
      readStdin: async () => new Uint8Array(),
    };
    const { candidate, tune } = await decodeFile(FILE, request, {
      flags: { store: false },
      env: {},
      cwd: process.cwd(),
    });
    expect(candidate).toMatchObject({ origin: 'bundled', fit: { verdict: 'fits', badTables: 0 } });
    const map = (title: string) => tune.maps.find((m) => m.title === title)!;
    const fuel = map('Fuel Map Front');
    expect([fuel.rows, fuel.columns, fuel.cells[13], fuel.cells[155], fuel.unitFrom]).toEqual([
      12,
      13,
      25,
      170,
      'none',
    ]);
    expect(fuel.axes[0]!.breakpoints).toEqual([
      8_000, 7_000, 6_000, 5_000, 4_000, 3_400, 2_900, 2_400, 1_900, 1_350, 1_000, 800, 0,
    ]);
    expect([map('Timing Table Front').cells[0], map('Timing Table Front').cells[90]]).toEqual([45, 35.5]);
    expect(map('RPM Fixed Hard Limit Trigger').cells[0]).toBe(6_800);
  });
});
