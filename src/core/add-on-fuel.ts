/** Fuel tables of boxes that sit between ECU and injectors: percent more or less fuel than the ECU asks for, over throttle and engine speed. */
import type { Tune, TuneMap } from './model.ts';
import { plainAxis, plainMap, plainTune } from './plain-map.ts';

/** Setting of a tune that holds nothing but such a table; its value names the box. */
export const ADD_ON = 'revsync.addOnFuel';

/** Percent that no table of a running engine goes past. */
const MOST_PERCENT = 100;
/** Nineteen cells in twenty lie inside, and neighbours along a row differ by no more than so much on average. */
const USUAL_PERCENT = 40;
const USUAL_STEP = 12;

/** Do these numbers, row-major, look like percent changes? A table of zeros does. */
export function looksLikePercent(cells: ArrayLike<number>, columns: number): boolean {
  let unusual = 0;
  let steps = 0;
  let pairs = 0;
  for (let i = 0; i < cells.length; i++) {
    const value = cells[i]!;
    if (!(Math.abs(value) <= MOST_PERCENT)) return false;
    if (Math.abs(value) > USUAL_PERCENT) unusual++;
    if (i % columns === 0) continue;
    steps += Math.abs(value - cells[i - 1]!);
    pairs++;
  }
  return cells.length > 0 && unusual * 20 <= cells.length && steps <= pairs * USUAL_STEP;
}

export interface AddOnTable {
  format: string;
  /** "Power Commander V". */
  box: string;
  /** Offset of the first cell; cells are bytes, row by row. */
  offsetBytes: number;
  lineStepBytes: number;
  signed: boolean;
  rpm: number[];
  throttle: number[];
  /** Row-major: engine speed down, throttle across. */
  raw: Float64Array;
  percentOf(raw: number): number;
  warnings: string[];
}

/** The table as a tune of one map, and what it does not hold. */
export function addOnTune(given: AddOnTable): Tune {
  const { raw, rpm, throttle, lineStepBytes, signed } = given;
  const map: TuneMap = plainMap({
    id: 'fuel-change',
    title: 'Fuel change',
    description: "Percent more or less fuel than the ECU's own",
    role: 'fuel.trim',
    roleConfidence: 1,
    rows: rpm.length,
    columns: throttle.length,
    axes: [
      plainAxis('x', throttle.length, { quantity: 'throttle', unit: '%', breakpoints: throttle }),
      plainAxis('y', rpm.length, { quantity: 'engineSpeed', unit: 'rpm', breakpoints: rpm }),
    ],
    unit: '%',
    cells: raw.map((v) => given.percentOf(v)),
    raw,
    // The layout was published once and no file with known contents was there to prove it.
    confidence: 'plausible',
    at: {
      offsetBytes: given.offsetBytes,
      elementBytes: 1,
      byteOrder: 'big',
      signed,
      float: false,
      layout: 'row',
      elementStepBytes: 1,
      lineStepBytes,
    },
  });
  return plainTune({
    format: given.format,
    ecu: { id: null, family: given.box, signature: null },
    maps: [map],
    warnings: [
      `${given.box}: percent of fuel over the ECU's own; the ECU's fuel, spark and limiter are not in this file, so the engine as a whole is not judged`,
      ...given.warnings,
    ],
    facts: { settings: { [ADD_ON]: given.box } },
  });
}
