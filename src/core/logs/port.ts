/** What the core expects of a ride log's format: one folder of src/logs with one of these as its face. Bytes come in pieces. */
import type { Detection } from '../ports.ts';

/** One column of a log as its file names it. */
export interface LogField {
  name: string;
  /** As the file writes it, '' where it says none. */
  unit: string;
}

/** What stands before the samples. */
export interface LogHead {
  fields: LogField[];
  /** First line of what the logging program says about itself, '' where it says nothing. Hostile: escape before showing. */
  signature: string;
}

/** Takes what a reader finds. */
export interface LogSink {
  /** Called once before any sample. Returns the indexes of the fields that are wanted; the others are not decoded. */
  start(head: LogHead): readonly number[];
  /** One sample in physical units, in the order that was asked for; NaN: no number there. The array is used again for the next. */
  sample(values: Float64Array): void;
}

/** What was met beside the samples. */
export interface LogEnd {
  samples: number;
  /** Pieces that are no sample and no marker: damaged, cut off, a header written again. */
  skipped: number;
  markers: number;
}

/** Decodes one log piece by piece; what it holds between pieces is bounded. */
export interface LogReader {
  /** @throws RevsyncError where the head is damaged or too large */
  push(bytes: Uint8Array): void;
  /** @throws RevsyncError where no head was found at all */
  end(): LogEnd;
}

export interface LogFormat {
  /** Folder name under src/logs. */
  id: string;
  title: string;
  extensions: string[];
  /** By content: `head` is the first 64 KiB at most. Must not throw. Null: not mine. */
  detect(head: Uint8Array, name: string): Detection | null;
  open(sink: LogSink): LogReader;
}

/** Most bytes that a detector is shown. */
export const DETECT_BYTES = 65_536;
/** Most fields of a log; rusEFI writes some 1,400. */
export const MAX_FIELDS = 8_192;
