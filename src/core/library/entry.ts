/** What the library keeps of an analysis beside the report: words to search by, and the fingerprint. */
import type { Fingerprint } from '../fingerprint.ts';

export const TUNE_ROLES = ['stock', 'tuned'] as const;
export type TuneRole = (typeof TUNE_ROLES)[number];

/** What somebody says of a tune: its own file, a sidecar, or the user. Hostile: escape before showing. */
export interface TuneWords {
  title: string | null;
  notes: string | null;
  role: TuneRole | null;
  /** In the author's words: "Honda VFR1200F 2013". */
  motorcycle: string | null;
  ron: number | null;
  ethanolPercent: number | null;
  mods: string[];
  tags: string[];
}

/** Nobody said anything. */
export const NO_WORDS: TuneWords = {
  title: null,
  notes: null,
  role: null,
  motorcycle: null,
  ron: null,
  ethanolPercent: null,
  mods: [],
  tags: [],
};

export interface LibraryEntry {
  /** The motorcycle in every name that a rider may use. */
  bike: string;
  /** What was changed against stock, in a rider's words. */
  changes: string;
  /** What was judged, in words: "safety risky", the worst findings. */
  verdict: string;
  /** What the tune or its sidecar says. */
  said: TuneWords;
  /** Stock where the file is known to be the factory's, tuned where cells differ; null: not known. */
  role: TuneRole | null;
  /** Tunes of one family have the same maps at the same places: the definition's hash, or the format. */
  family: string | null;
  /** Null: nothing was decoded here, the analysis came from elsewhere without it. */
  fingerprint: Fingerprint | null;
}

/** The later one goes first; lists are joined. */
export function joinWords(said: TuneWords, own: TuneWords | null): TuneWords {
  if (own === null) return said;
  const notes = [own.notes, said.notes].filter((n) => n !== null);
  return {
    title: own.title ?? said.title,
    notes: notes.length === 0 ? null : notes.join('\n'),
    role: own.role ?? said.role,
    motorcycle: own.motorcycle ?? said.motorcycle,
    ron: own.ron ?? said.ron,
    ethanolPercent: own.ethanolPercent ?? said.ethanolPercent,
    mods: [...new Set([...own.mods, ...said.mods])],
    tags: [...new Set([...own.tags, ...said.tags])],
  };
}
