/** Maps as `revsync maps --format json` prints them. */
import type { TuneMap } from '../../core/model.ts';

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** Plain JSON, NaN as null, row-major. */
export function mapsJson(maps: readonly TuneMap[]): unknown[] {
  return maps.map((map) => ({
    id: map.id,
    title: map.title,
    description: map.description,
    kind: map.kind,
    role: map.role,
    roleConfidence: map.roleConfidence,
    variant: map.variant,
    unit: map.unit,
    unitFrom: map.unitFrom,
    rows: map.rows,
    columns: map.columns,
    axes: map.axes.map((a) => ({
      axis: a.axis,
      quantity: a.quantity,
      unit: a.unit,
      known: a.known,
      breakpoints: a.breakpoints.map(finite),
      labels: a.labels,
    })),
    cells: Array.from(map.cells, finite),
    raw: map.raw === null ? null : Array.from(map.raw),
    decodeConfidence: map.confidence,
    at:
      map.at === null
        ? null
        : {
            offsetBytes: map.at.offsetBytes,
            elementBytes: map.at.elementBytes,
            byteOrder: map.at.byteOrder,
            signed: map.at.signed,
            layout: map.at.layout,
          },
    state: map.state,
    unset: map.unset,
    inUse: map.inUse,
  }));
}
