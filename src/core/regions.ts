/** Which part of an engine's life a cell belongs to. Shared types; the maths stands below. */

/** One byte per cell, row-major: 1 belongs to the region. */
export interface RegionMasks {
  /** False: no engine-speed axis, or no load axis where one is needed: no rule above `low` may use the masks. */
  known: boolean;
  idle: Uint8Array;
  cruise: Uint8Array;
  highLoad: Uint8Array;
  /** Load at or above 75 % of the axis' full scale. */
  wideOpen: Uint8Array;
  reachable: Uint8Array;
  /** Index into axes of the engine speed and the load, or null. */
  speedAxis: 'x' | 'y' | null;
  loadAxis: 'x' | 'y' | null;
  reason: string | null;
}

export interface Regions {
  /** Limiter that bounds the regions: the stock's or the motorcycle's, never the tune's own. */
  limiterRpm: number | null;
  limiterFrom: 'stockFile' | 'stockKnown' | 'motorcycle' | 'axis' | null;
  idleRpm: number | null;
  byMap: Map<string, RegionMasks>;
}
