/** What people wrote beside a tune: tune.bin.revsync.yaml or tune.revsync.yaml, in the folder of the file. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import { NO_WORDS, TUNE_ROLES, type TuneRole, type TuneWords } from '../core/library/entry.ts';
import { allowed } from './allowed-files.ts';
import { readRegularText } from './files.ts';

const MOST_BYTES = 64 * 1024;
export const MOST_NOTE = 8_000;
export const MOST_TEXT = 200;
export const MOST_LIST = 50;

/** Path of the sidecar of a file, or null. */
export function sidecarOf(path: string, cwd: string): string | null {
  if (path === '-') return null;
  const full = resolve(cwd, path);
  const stem = basename(full, extname(full));
  const names = [`${basename(full)}.revsync.yaml`, `${stem}.revsync.yaml`];
  return names.map((n) => join(dirname(full), n)).find((p) => existsSync(p)) ?? null;
}

/**
 * @throws RevsyncError SIDECAR_INVALID with file and field
 */
export async function readSidecar(path: string): Promise<TuneWords> {
  const { plainYaml } = await import('./yaml.ts');
  const written = readRegularText(allowed(path), MOST_BYTES, (why) => invalid(path, why));
  const content = plainYaml(written, (why) => invalid(path, why));
  if (content === null || content === undefined) return NO_WORDS;
  if (typeof content !== 'object' || Array.isArray(content)) throw invalid(path, 'expected "field: value" lines');
  return toWords(content as Record<string, unknown>, (why) => invalid(path, why));
}

const FIELDS = ['title', 'notes', 'role', 'motorcycle', 'fuel', 'mods', 'tags'];

function toWords(content: Record<string, unknown>, fault: (why: string) => RevsyncError): TuneWords {
  const unknown = Object.keys(content).find((k) => !FIELDS.includes(k));
  if (unknown !== undefined) throw fault(`there is no field "${unknown}"; known: ${FIELDS.join(', ')}`);
  const text = (name: string, most: number): string | null => {
    const value = content[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string') throw fault(`${name} is no text`);
    if (value.length > most) throw fault(`${name} is longer than ${most} characters`);
    return value.trim();
  };
  const list = (name: string): string[] => {
    const value = content[name];
    if (value === undefined || value === null) return [];
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : null;
    if (items === null || items.length > MOST_LIST || items.some((i) => typeof i !== 'string' || i.length > MOST_TEXT))
      throw fault(`${name} is no list of at most ${MOST_LIST} short texts`);
    return (items as string[]).map((i) => i.trim()).filter((i) => i !== '');
  };
  const fuel = content['fuel'] ?? {};
  if (typeof fuel !== 'object' || Array.isArray(fuel)) throw fault('fuel is no "ron: 95" and "ethanolPercent: 10"');
  const number = (name: string, low: number, high: number): number | null => {
    const value = (fuel as Record<string, unknown>)[name];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || !(value >= low && value <= high))
      throw fault(`fuel: ${name} is no number from ${low} to ${high}`);
    return value;
  };
  const role = text('role', 20);
  if (role !== null && !TUNE_ROLES.includes(role as TuneRole)) throw fault(`role is one of ${TUNE_ROLES.join(', ')}`);
  return {
    title: text('title', MOST_TEXT),
    notes: text('notes', MOST_NOTE),
    role: role as TuneRole | null,
    motorcycle: text('motorcycle', MOST_TEXT),
    ron: number('ron', 60, 130),
    ethanolPercent: number('ethanolPercent', 0, 100),
    mods: list('mods'),
    tags: list('tags'),
  };
}

function invalid(path: string, why: string): RevsyncError {
  return new RevsyncError(
    'SIDECAR_INVALID',
    `${path}: ${why}`,
    'A sidecar has title, notes, role (stock, tuned), motorcycle, fuel (ron, ethanolPercent), mods, tags.',
  );
}
