/** Derived numbers: what the rules judge. Pure functions of a tune, its motorcycle and what is known of its stock. */
import type { Measured } from '../logs/measure.ts';
import type { CellRef, Conditions, Motorcycle, Tune, TuneMap } from '../model.ts';
import type { Regions } from '../regions.ts';
import type { Reference } from '../report.ts';
import type { StockReference } from '../stock.ts';

export interface MeasureInput {
  tune: Tune;
  motorcycle: Motorcycle | null;
  stock: StockReference | null;
  conditions: Conditions;
  /** Which cells are idle, cruise, high load, reachable: by map id. */
  regions: Regions;
  /** What ride logs measured; null or absent: none was given. */
  log?: Measured | null;
}

/** A cell with what was measured there, in the metric's unit: the rule keeps those beyond its lowest limit. */
export interface MeasuredCell extends CellRef {
  measure: number;
}

/** One derived number of one map (or of the tune, mapId null) and the cells it came from. */
export interface Metric {
  /** Dotted, from general to particular: "spark.fullLoad.overStock.max". */
  id: string;
  mapId: string | null;
  /** Null: could not be measured here; `reason` says why and the rule ends as not checked. */
  value: number | null;
  reason: string | null;
  unit: string;
  reference: Reference;
  /** In any order, all that were measured and are not at ease; a cell's `value` is the map's own. */
  cells: MeasuredCell[];
  /** Named values for messages and conditions: {tune: 38.1, stock: 29.8}. Texts are already safe to print. */
  facts: Record<string, number | string>;
}

/** What a metric is, for the rule schema and the documentation. */
export interface MetricInfo {
  id: string;
  unit: string;
  title: string;
  /** `above`: larger is worse. */
  worse: 'above' | 'below';
}

/** One file of src/core/metrics: declares its metrics and measures them. Found by the generated registry. */
export interface MetricFamily {
  id: string;
  metrics: MetricInfo[];
  /** Returns a Metric for each map it applies to; none where it does not apply. Must not throw on any tune. */
  measure(input: MeasureInput): Metric[];
  /** Metrics about what all families measured together. */
  after?(input: MeasureInput, measured: readonly Metric[]): Metric[];
}

export type { TuneMap };
