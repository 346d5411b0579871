/**
 * revsync's own definitions: rules/definitions/*.yaml and files of users. One line a map, as a tuner would write it down.
 * docs/definition-format.md describes every field.
 */
import { parse as parseYaml } from 'yaml';
import { RevsyncError } from '../../core/errors.ts';
import type { Definition, Sha256 } from '../../core/model.ts';
import type { DefinitionFormat, Detection } from '../../core/ports.ts';
import { build } from './build.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** @param cut the bytes may end inside a character */
function text(bytes: Uint8Array, cut = false): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

function detect(bytes: Uint8Array): Detection | null {
  if (bytes.length === 0 || bytes.length > MAX_BYTES) return null;
  const content = text(bytes.subarray(0, 65_536), true);
  if (content === null || content.includes('\0')) return null;
  const has = (key: string): boolean => new RegExp(`^${key}:`, 'm').test(content);
  if (has('ecu') && has('image') && (has('maps') || has('scalars')))
    return { confidence: 0.9, because: 'has the sections ecu, image and maps' };
  return null;
}

/**
 * A definition from an object as YAML gives it.
 * @param id the file's name without its ending
 * @throws RevsyncError DEFINITION_INVALID with the place of every fault
 */
export function fromObject(object: unknown, sha256: string, id: string): Definition {
  return build(object, sha256, id);
}

function parse(bytes: Uint8Array, { name, sha256 }: { name: string; sha256: Sha256 }): Definition {
  const content = bytes.length > MAX_BYTES ? null : text(bytes);
  if (content === null)
    throw new RevsyncError(
      'DEFINITION_INVALID',
      `${name} is no text of at most 4 MiB`,
      'Definitions are YAML in UTF-8.',
    );
  let object: unknown;
  try {
    object = parseYaml(content, { maxAliasCount: 0, logLevel: 'error' });
  } catch (error) {
    throw new RevsyncError(
      'DEFINITION_INVALID',
      `${name}: ${(error as Error).message.split('\n')[0]}`,
      'Check the indentation at that line.',
      error,
    );
  }
  return fromObject(object, sha256(bytes), name.replace(/\.ya?ml$/i, ''));
}

export const format: DefinitionFormat = {
  kind: 'definition',
  byItself: true,
  id: 'revsync-definition',
  title: 'revsync definition (YAML)',
  extensions: ['.yaml', '.yml'],
  reads: '[its own page](../definition-format.md)',
  detect,
  parse,
};
