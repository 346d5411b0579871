/** The maps of a tune, for looking at. */
import { RevsyncError } from '../core/errors.ts';
import type { Tune, TuneMap } from '../core/model.ts';
import { SCHEMA_VERSION } from '../core/report.ts';
import { mapsJson } from '../reporters/views/maps-json.ts';
import type { Decoded } from './decode-file.ts';
import { definitionInfo } from './resolve-definition.ts';

/** Exact id, exact title, else all whose id or title contains the text. @throws RevsyncError MAP_NOT_FOUND */
export function selectMaps(tune: Tune, text: string): TuneMap[] {
  const exact = tune.maps.filter((m) => m.id === text || m.title === text);
  if (exact.length > 0) return exact;
  const words = text.toLowerCase().split(/\s+/);
  const found = tune.maps.filter((m) => words.every((w) => `${m.id} ${m.title} ${m.role}`.toLowerCase().includes(w)));
  if (found.length > 0) return found;
  throw new RevsyncError('MAP_NOT_FOUND', `no map is called "${text}"`, 'revsync maps FILE lists them all.');
}

/** `maps --format json` */
export function mapsDocument(decoded: Decoded, maps: TuneMap[]): string {
  const { input, detected, candidate, tune } = decoded;
  const document = {
    schemaVersion: SCHEMA_VERSION,
    input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
    format: { id: detected.format.id, confidence: detected.confidence, because: detected.because },
    definition: candidate === null ? null : definitionInfo(candidate),
    ecu: { id: tune.ecu.id, family: tune.ecu.family },
    maps: mapsJson(maps),
    undecoded: tune.undecoded,
    warnings: tune.warnings,
    errors: [],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
