/** The shape of spark and fuel surfaces: cliffs, ragged rows, islands, flat maps. Divided differences, since breakpoints are uneven. */
import type { TuneMap } from '../model.ts';
import { type RegionMasks, speedAxisOf } from '../regions.ts';
import { othersOf } from './axes.ts';
import { isLive, type Measured, worstCell } from './cells.ts';
import type { MeasureInput, Metric, MetricFamily } from './metric.ts';

const FLAT = 'map.flat.uniqueValues';
const ids = (kind: 'spark' | 'fuel') => ({
  ragged: `${kind}.surface.ragged.max`,
  cliff: `${kind}.surface.cliff.max`,
  island: `${kind}.surface.island.max`,
});

/** Least distance of two engine speeds for a slope to mean something, rpm. */
const MIN_SPACING_RPM = 200;

function measure({ tune, stock, regions }: MeasureInput): Metric[] {
  const metrics: Metric[] = [];
  for (const map of tune.maps) {
    const kind = map.role === 'spark' ? 'spark' : map.role === 'fuel' || map.role === 've' ? 'fuel' : null;
    if (kind === null || map.kind !== 'map' || !isLive(map)) continue;
    const known = stock?.maps.get(map.id);
    const factory = known?.equal === true;
    const reference = known === undefined ? 'absolute' : stock!.kind;
    const own = (factory ? {} : shapeOf(map, kind, regions.byMap.get(map.id))) as Shape;
    const base = known?.map == null ? null : shapeOf(known.map, kind, regions.byMap.get(map.id));
    const unit = kind === 'spark' ? '°/1000 rpm' : '%/1000 rpm';
    const excess = (list: Measured[] | undefined, was: Measured[] | undefined): Measured[] => {
      // A factory map's own raggedness is no fault: only what goes past one and a half times its worst counts.
      const limit = was === undefined ? 0 : 1.5 * Math.max(0, ...was.map((m) => m.measure));
      return (list ?? []).filter((m) => m.measure > limit);
    };
    const { ragged, cliff, island } = ids(kind);
    const options = { worse: 'above', atEase: 0, reference } as const;
    // Raw counts have no degrees; their steps are judged against stock only.
    const measurable = factory || kind === 'fuel' || map.unitFrom !== 'none';
    if (measurable) {
      metrics.push(worstCell(ragged, unit, map, excess(own.ragged, base?.ragged), options));
      metrics.push(worstCell(cliff, unit, map, excess(own.cliff, base?.cliff), options));
      metrics.push(worstCell(island, kind === 'spark' ? '°' : '%', map, excess(own.island, base?.island), options));
    }
    if (map.cells.length >= 64) {
      const values = new Set(map.cells).size;
      metrics.push({
        ...worstCell(FLAT, 'values', map, [], { worse: 'below', atEase: factory ? 99 : values, reference }),
        value: factory ? 99 : values,
        facts: { others: othersOf(map, tune.maps) },
      });
    }
  }
  return metrics;
}

interface Shape {
  ragged?: Measured[];
  cliff?: Measured[];
  island?: Measured[];
}

function shapeOf(map: TuneMap, kind: 'spark' | 'fuel', region: RegionMasks | undefined): Shape {
  const speed = speedAxisOf(map);
  const shape: Required<Shape> = { ragged: [], cliff: [], island: [] };
  if (speed === null || region?.known !== true) return shape;
  const alongRows = speed.axis === 'y';
  const lines = alongRows ? map.columns : map.rows;
  const length = alongRows ? map.rows : map.columns;
  const at = (line: number, i: number): number => (alongRows ? i * map.columns + line : line * map.columns + i);
  for (let line = 0; line < lines; line++) {
    let before = Number.NaN;
    for (let i = 0; i + 1 < length; i++) {
      const [a, b] = [at(line, i), at(line, i + 1)];
      const spacing = speed.breakpoints[i + 1]! - speed.breakpoints[i]!;
      const [x, y] = [map.cells[a]!, map.cells[b]!];
      const upper = region.highLoad[a] === 1 && region.highLoad[b] === 1;
      if (
        !upper ||
        Math.abs(spacing) < MIN_SPACING_RPM ||
        !Number.isFinite(x) ||
        !Number.isFinite(y) ||
        (kind === 'fuel' && x <= 0)
      ) {
        before = Number.NaN;
        continue;
      }
      const slope = ((kind === 'spark' ? y - x : (y / x - 1) * 100) / spacing) * 1000;
      shape.cliff.push({ index: b, measure: Math.abs(slope) });
      if (Number.isFinite(before)) shape.ragged.push({ index: a, measure: Math.abs(slope - before) });
      before = slope;
    }
  }
  shape.island = islands(map, kind, region);
  return shape;
}

/**
 * Cells far from the median of their neighbours, where the neighbours agree among themselves: typing errors. At the edge of a table
 * there are five (full throttle is an edge); a corner has too few to say who is right.
 */
function islands(map: TuneMap, kind: 'spark' | 'fuel', region: RegionMasks): Measured[] {
  const found: Measured[] = [];
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const index = row * map.columns + column;
      if (region.reachable[index] !== 1) continue;
      const around: number[] = [];
      for (let r = Math.max(0, row - 1); r <= Math.min(map.rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(map.columns - 1, column + 1); c++)
          if (r !== row || c !== column) around.push(map.cells[r * map.columns + c]!);
      }
      if (around.length < 5 || !around.every(Number.isFinite)) continue;
      around.sort((a, b) => a - b);
      const [low, high] = [around[0]!, around[around.length - 1]!];
      const median = (around[(around.length - 1) >> 1]! + around[around.length >> 1]!) / 2;
      const scale = kind === 'spark' ? 1 : 100 / Math.max(1e-9, Math.abs(median));
      const off = Math.abs(map.cells[index]! - median) * scale;
      // A cell on a slope is off its median too: it must stand out of its neighbours' whole range.
      const outside = Math.max(low - map.cells[index]!, map.cells[index]! - high);
      if (outside > 0 && (high - low) * scale < off / 2) found.push({ index, measure: off });
    }
  }
  return found;
}

export const family: MetricFamily = {
  id: 'surface',
  metrics: [
    ...(['spark', 'fuel'] as const).flatMap((kind) => {
      const unit = kind === 'spark' ? '°/1000 rpm' : '%/1000 rpm';
      return [
        {
          id: ids(kind).ragged,
          unit,
          title: `Largest change of slope of ${kind} along engine speed at high load`,
          worse: 'above' as const,
        },
        {
          id: ids(kind).cliff,
          unit,
          title: `Steepest ${kind} along engine speed at high load`,
          worse: 'above' as const,
        },
        {
          id: ids(kind).island,
          unit: kind === 'spark' ? '°' : '%',
          title: `Cell of ${kind} that stands alone among its neighbours`,
          worse: 'above' as const,
        },
      ];
    }),
    { id: FLAT, unit: 'values', title: 'Different values in a map of 64 cells or more', worse: 'below' },
  ],
  measure,
};
