/** Fuel tables of add-on boxes: what they take away and add, and how smoothly. 0 is the ECU's own fuel, which such a file does not hold. */
import { ADD_ON } from '../add-on-fuel.ts';
import type { TuneMap } from '../model.ts';
import { breakpointAt, loadAxisOf, speedAxisOf } from '../regions.ts';
import { blockAround, isRole, type Measured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const LEAN = 'addOn.fuel.fullLoad.leaner.max';
const LIGHT = 'addOn.fuel.lightLoad.leaner.max';
const RICH = 'addOn.fuel.richer.max';
const STEP = 'addOn.fuel.step.max';

/** Where no limiter is known: from here on an engine is under load at wide throttle. */
const LOADED_RPM = 3_000;
const LOADED_THROTTLE = 75;
const RUNNING_RPM = 1_500;

function measure(input: MeasureInput): Metric[] {
  if (input.tune.facts.settings[ADD_ON] === undefined) return [];
  return input.tune.maps.filter((m) => isRole(m, 'fuel.trim') && m.kind === 'map').flatMap((m) => ofTable(m, input));
}

function ofTable(map: TuneMap, { regions }: MeasureInput): Metric[] {
  const region = regions.byMap.get(map.id);
  const [speed, load] = [speedAxisOf(map), loadAxisOf(map)];
  const lean: Measured[] = [];
  const light: Measured[] = [];
  const rich: Measured[] = [];
  const steps: Measured[] = [];
  for (let row = 0, index = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++, index++) {
      const percent = map.cells[index]!;
      const rpm = breakpointAt(speed, row, column);
      const throttle = breakpointAt(load, row, column);
      const known = region?.known === true;
      const reachable = known ? region.reachable[index] === 1 : rpm >= RUNNING_RPM;
      if (!reachable || !Number.isFinite(percent)) continue;
      const high = known ? region.highLoad[index] === 1 : rpm >= LOADED_RPM && throttle >= LOADED_THROTTLE;
      if (percent < 0) (high ? lean : light).push({ index, measure: -percent });
      if (percent > 0) rich.push({ index, measure: percent });
      const above = index - map.columns;
      const spacing = (rpm - breakpointAt(speed, row - 1, column)) / 1_000;
      const change = row === 0 ? 0 : ((100 + percent) / Math.max(1, 100 + map.cells[above]!) - 1) * 100;
      if (high && spacing > 0 && change !== 0) steps.push({ index, measure: Math.abs(change) / spacing });
    }
  }
  const options = { worse: 'above', atEase: 0 } as const;
  const block = (list: Measured[]) => (worst: Measured | null) => ({ blockCells: blockAround(map, list, worst) });
  return [
    worstCell(LEAN, '%', map, lean, { ...options, facts: block(lean) }),
    worstCell(LIGHT, '%', map, light, { ...options, facts: block(light) }),
    worstCell(RICH, '%', map, rich, { ...options, facts: block(rich) }),
    worstCell(STEP, '%/1000 rpm', map, steps, options),
  ];
}

export const family: MetricFamily = {
  id: 'add-on-fuel',
  metrics: [
    { id: LEAN, unit: '%', title: 'Most fuel that an add-on box takes away at full load', worse: 'above' },
    { id: LIGHT, unit: '%', title: 'Most fuel that an add-on box takes away below full load', worse: 'above' },
    { id: RICH, unit: '%', title: 'Most fuel that an add-on box adds', worse: 'above' },
    {
      id: STEP,
      unit: '%/1000 rpm',
      title: 'Steepest change of an add-on box along engine speed at full load',
      worse: 'above',
    },
  ],
  measure,
};
