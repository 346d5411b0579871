import type { Axis, Quantity, Tune, TuneMap } from '../model.ts';
import { NO_FACTS } from '../no-facts.ts';

/** An axis for tests: known, without raw elements. */
export function testAxis(axis: 'x' | 'y', breakpoints: number[], quantity: Quantity = 'unknown', unit = ''): Axis {
  return { axis, quantity, unit, breakpoints, known: true, labels: null, raw: null, digits: null, at: null };
}

/** A map for tests: what is not given is empty, cells are zero. */
export function testMap(given: Partial<TuneMap> & { title: string }): TuneMap {
  const rows = given.rows ?? 1;
  const columns = given.columns ?? 1;
  const kind = rows > 1 && columns > 1 ? 'map' : rows * columns > 1 ? 'curve' : 'scalar';
  return {
    id: given.title,
    description: '',
    categories: [],
    kind,
    role: 'other',
    roleConfidence: 0,
    variant: {},
    family: '',
    rows,
    columns,
    axes: [],
    unit: '',
    unitFrom: given.unit ? 'definition' : 'none',
    digits: null,
    cells: new Float64Array(rows * columns),
    raw: null,
    confidence: 'plausible',
    at: null,
    state: null,
    unset: false,
    range: { min: null, max: null },
    inUse: null,
    ...given,
  };
}

/** A tune for tests. */
export function testTune(maps: TuneMap[]): Tune {
  return {
    format: 'test',
    ecu: { id: null, family: null, signature: null },
    maps,
    undecoded: [],
    warnings: [],
    notes: [],
    facts: NO_FACTS,
  };
}
