/** Maps and tunes of formats that hold physical values and nothing of an image: what such a file does not say is filled in here. */
import type { Axis, Tune, TuneFacts, TuneMap } from './model.ts';
import { NO_FACTS } from './no-facts.ts';

/** What such a format knows of a map. */
export type PlainMap = Pick<TuneMap, 'id' | 'title' | 'rows' | 'columns' | 'axes' | 'cells' | 'unit'> &
  Partial<TuneMap>;

/** A map of values as they stand in the file. Its decode is verified where every axis is known. */
export function plainMap(given: PlainMap): TuneMap {
  const { rows, columns, unit } = given;
  return {
    description: '',
    categories: [],
    kind: rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar',
    role: 'other',
    roleConfidence: 0,
    variant: {},
    family: given.id,
    unitFrom: unit === '' ? 'none' : 'definition',
    digits: null,
    raw: null,
    confidence: given.axes.every((a) => a.known) ? 'verified' : 'plausible',
    at: null,
    state: null,
    unset: false,
    range: { min: null, max: null },
    inUse: null,
    ...given,
  };
}

/** An axis of values as they stand in the file; indices 1…n where there are none. */
export function plainAxis(
  axis: 'x' | 'y',
  count: number,
  given: { quantity: Axis['quantity']; unit: string; breakpoints: number[]; labels?: string[] | null } | null,
): Axis {
  const rest = { axis, raw: null, digits: null, at: null };
  if (given === null) {
    const breakpoints = Array.from({ length: count }, (_, i) => i + 1);
    return { ...rest, quantity: 'unknown', unit: '', breakpoints, known: false, labels: null };
  }
  return { ...rest, labels: null, ...given, known: given.breakpoints.every(Number.isFinite) };
}

/** A tune that states nothing but its maps. */
export function plainTune(
  given: Pick<Tune, 'format' | 'maps'> & Partial<Omit<Tune, 'facts'>> & { facts?: Partial<TuneFacts> },
): Tune {
  return {
    ecu: { id: null, family: null, signature: null },
    undecoded: [],
    warnings: [],
    notes: [],
    ...given,
    facts: { ...NO_FACTS, ...given.facts },
  };
}
