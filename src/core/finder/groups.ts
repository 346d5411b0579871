/** Maps of one shape that lie side by side: cylinders, gears and modes of one purpose. */

import { readElements } from './elements.ts';
import { featuresOf, type SurfaceFeatures } from './features.ts';
import type { FoundMap } from './find-maps.ts';
import type { FoundAxis } from './shapes.ts';

export interface MapGroup {
  maps: FoundMap[];
  rows: number;
  columns: number;
  elementBytes: 1 | 2;
  byteOrder: 'big' | 'little';
  x: FoundAxis | null;
  y: FoundAxis | null;
  /** Raw breakpoints. */
  xValues: number[] | null;
  yValues: number[] | null;
  /** Median over the maps. */
  features: SurfaceFeatures;
}

/** Bytes that may lie between two maps of a group: axes of their own, a header. */
const MAX_GAP_BYTES = 400;

export function breakpointsOf(bytes: Uint8Array, axis: FoundAxis | null): number[] | null {
  return axis === null ? null : Array.from(readElements(bytes, axis.offsetBytes, axis.count, axis.type));
}

export function cellsOf(bytes: Uint8Array, map: FoundMap): Int32Array {
  return readElements(bytes, map.offsetBytes, map.rows * map.columns, map.reading.type);
}

/** Candidates of medium confidence or better, in groups, in the order of the image. */
export function groupMaps(bytes: Uint8Array, maps: readonly FoundMap[]): MapGroup[] {
  const groups: MapGroup[] = [];
  const open: { maps: FoundMap[]; features: SurfaceFeatures[] }[] = [];
  for (const map of maps) {
    if (map.confidence === 'low') continue;
    const features = featuresOf(
      cellsOf(bytes, map),
      map.rows,
      map.columns,
      map.reading.type.elementBytes,
      breakpointsOf(bytes, map.x),
      breakpointsOf(bytes, map.y),
    );
    const last = open.at(-1);
    const before = last?.maps.at(-1);
    const follows =
      before !== undefined &&
      before.rows === map.rows &&
      before.columns === map.columns &&
      before.reading.type.elementBytes === map.reading.type.elementBytes &&
      before.reading.type.byteOrder === map.reading.type.byteOrder &&
      map.offsetBytes - before.offsetBytes - before.byteLength <= MAX_GAP_BYTES &&
      isAlike(last!.features[0]!, features);
    if (follows) {
      last!.maps.push(map);
      last!.features.push(features);
    } else {
      open.push({ maps: [map], features: [features] });
    }
  }
  for (const { maps: members, features } of open) {
    const first = members[0]!;
    const { elementBytes, byteOrder } = first.reading.type;
    groups.push({
      maps: members,
      rows: first.rows,
      columns: first.columns,
      elementBytes,
      byteOrder,
      x: first.x,
      y: first.y,
      xValues: breakpointsOf(bytes, first.x),
      yValues: breakpointsOf(bytes, first.y),
      features: medianFeatures(features),
    });
  }
  return groups;
}

/** Fuel by pressure and fuel by throttle may touch: they differ in how they run along the rows. */
function isAlike(a: SurfaceFeatures, b: SurfaceFeatures): boolean {
  return (
    Math.abs(a.alongColumns - b.alongColumns) < 0.45 &&
    Math.abs(a.alongRows - b.alongRows) < 0.6 &&
    Math.abs(a.columnShare - b.columnShare) < 0.4
  );
}

function medianFeatures(list: readonly SurfaceFeatures[]): SurfaceFeatures {
  const middle = (pick: (f: SurfaceFeatures) => number): number => {
    const sorted = list.map(pick).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)]!;
  };
  return {
    ...list[0]!,
    alongColumns: middle((f) => f.alongColumns),
    alongRows: middle((f) => f.alongRows),
    columnShare: middle((f) => f.columnShare),
    rowShare: middle((f) => f.rowShare),
    contrast: middle((f) => f.contrast),
    straightness: middle((f) => f.straightness),
    plateau: middle((f) => f.plateau),
  };
}
