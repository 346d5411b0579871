import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDefinitionFile } from './definition-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'revsync-definitions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (path: string, text: string): string => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
};
const base = (address: string): string =>
  `<rom><romid><xmlid>BASE</xmlid></romid><scaling name="u" storagetype="uint8"/><table name="T" address="${address}" scaling="u"/></rom>`;
const rom = '<rom><romid><xmlid>A</xmlid></romid><include>BASE</include></rom>';
const addressOf = (path: string): number | undefined => readDefinitionFile(path, folder).items[0]?.storage?.address;

describe('the base of an ECUFlash definition', () => {
  test('in a folder of its own beside the one of the model', () => {
    const path = write('one/metadata/maker/model/a.xml', rom);
    expect(() => readDefinitionFile(path, folder)).toThrow(expect.objectContaining({ code: 'BASE_MISSING' }));
    write('one/metadata/maker/Bases/base.xml', base('10'));
    expect(addressOf(path)).toBe(0x10);
    // A nearer one counts more.
    write('one/metadata/maker/BASE.xml', base('11'));
    expect(addressOf(path)).toBe(0x11);
    write('one/metadata/maker/model/BASE.xml', base('12'));
    expect(addressOf(path)).toBe(0x12);
  });

  test('two folders up, never by a path in its name', () => {
    const path = write('two/x/maker/model/a.xml', rom);
    write('two/x/BASE.xml', base('20'));
    expect(addressOf(path)).toBe(0x20);
    const sly = write('two/x/maker/model/b.xml', rom.replace('BASE<', '../../BASE<'));
    expect(() => readDefinitionFile(sly, folder)).toThrow(expect.objectContaining({ code: 'BASE_MISSING' }));
  });
});
