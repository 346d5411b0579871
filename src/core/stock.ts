/**
 * Stock: the first reference. Either a whole factory tune (a file that the user gave, the garage's own read) or the
 * facts that revsync ships about a family's factory images.
 */
import type { Tune, TuneMap } from './model.ts';

/** Readings along the engine speed, at breakpoints of the map itself. */
export interface StockReadings {
  rpm: number[];
  value: number[];
  unit: string;
}

/** What is shipped about one factory map: no calibration data, a hash and a few readings. */
export interface StockMapFacts {
  /** First 16 hex digits of the SHA-256 of the raw cells (as they stand in the image, row-major, big-endian words), one per known factory image. */
  raw: string[];
  /** Cells of the highest load breakpoint by rpm. */
  fullLoad: StockReadings | null;
  /** Largest spark, smallest fuel over the high-load region by rpm. */
  highLoad: StockReadings | null;
  /** Least and largest physical value anywhere in the map. */
  range: { min: number; max: number } | null;
  /** Scalars: the value itself. */
  value: number | null;
}

/** rules/stock/<definition id>.yaml */
export interface StockFacts {
  definition: string;
  images: { sha256: string; name: string; source: string }[];
  /** By the definition's title of the map. */
  maps: Record<string, StockMapFacts>;
  limiter: { cut: number; resume: number | null; unit: 'rpm' } | null;
  sources: string[];
}

export interface StockReference {
  kind: 'stockFile' | 'stockKnown';
  /** In words: the path, or whose facts. */
  source: string;
  /** The factory tune, decoded with the same definition. Null for shipped facts. */
  tune: Tune | null;
  facts: StockFacts | null;
  /** Highest limiter of normal running, rpm. */
  limiterRpm: number | null;
  /** By map id of the tune. */
  maps: Map<string, StockOfMap>;
  /** The whole image equals a known factory image or the stock file. */
  wholeFileIsFactory: boolean;
}

/** What is known of the stock of one map of the tune. */
export interface StockOfMap {
  /** Cells equal to a factory map's. */
  equal: boolean;
  /** The factory map where a stock file is there. */
  map: TuneMap | null;
  facts: StockMapFacts | null;
  /** Row-major index of cells that differ; null where only a hash is known. */
  changed: number[] | null;
}
