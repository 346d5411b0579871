/** The library's entry of an analysis: its words from the file, the sidecar and what was measured, and its fingerprint. */
import { RevsyncError } from '../core/errors.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import { describe } from '../core/library/describe.ts';
import { joinWords, type LibraryEntry, NO_WORDS, type TuneWords } from '../core/library/entry.ts';
import type { Motorcycle } from '../core/model.ts';
import type { Report } from '../core/report.ts';
import type { StockReference } from '../core/stock.ts';
import type { Decoded } from './decode-file.ts';
import { MOST_NOTE, readSidecar, sidecarOf } from './sidecar.ts';

export interface EntrySource {
  report: Report;
  decoded: Decoded;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  cwd: string;
  warn(text: string): void;
}

/** A sidecar that cannot be read is said and left out. */
export async function libraryEntry({
  report,
  decoded,
  motorcycle,
  stock,
  cwd,
  warn,
}: EntrySource): Promise<LibraryEntry> {
  const { tune, candidate, definitionSha256 } = decoded;
  const changed = tune.maps.filter((m) => stock?.maps.get(m.id)?.equal === false);
  const limiterRpm = stock?.limiterRpm ?? motorcycle?.revLimitRpm ?? motorcycle?.redlineRpm ?? null;
  return describe({
    report,
    motorcycle,
    fingerprint: fingerprintOf(tune, stock, limiterRpm),
    // Self-describing tunes of one firmware share names and places of their maps.
    family: candidate?.definition.sha256 ?? definitionSha256 ?? `${tune.format}:${tune.ecu.signature ?? ''}`,
    changedRoles: [...new Set(changed.map((m) => m.role.split('.')[0]!))],
    // A definition's remarks are about the definition.
    said: joinWords(
      wordsOfTune(candidate === null ? tune.notes : []),
      await sidecarWords(report.input.path, cwd, warn),
    ),
  });
}

/** What a TunerStudio tune says about itself: the comment, whose markup is none of a person's words. */
function wordsOfTune(notes: readonly string[]): TuneWords {
  const text = notes
    .map((n) =>
      n
        .replace(/<[^>]{0,200}>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((n) => n !== '')
    .join('\n')
    .slice(0, MOST_NOTE);
  return { ...NO_WORDS, notes: text === '' ? null : text };
}

async function sidecarWords(path: string, cwd: string, warn: (text: string) => void): Promise<TuneWords | null> {
  const sidecar = sidecarOf(path, cwd);
  if (sidecar === null) return null;
  try {
    return await readSidecar(sidecar);
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
    warn(`revsync: ${error.code}: ${error.message}\n  ${error.hint}`);
    return null;
  }
}
