/** Raw to physical and back, for the conversions that are plain arithmetic. Equations live in core/equations.ts. */
import type { Conversion } from './model.ts';

type Plain = Exclude<Conversion, { kind: 'equation' }>;

/** Physical values of raw elements. A reciprocal of 0 is unknown. */
export function toPhysical(raw: Float64Array, conversion: Plain): Float64Array {
  switch (conversion.kind) {
    case 'identity':
      return raw.slice();
    case 'linear': {
      const { factor, offset } = conversion;
      const out = new Float64Array(raw.length);
      for (let i = 0; i < raw.length; i++) out[i] = raw[i]! * factor + offset;
      return out;
    }
    case 'reciprocal': {
      const { numerator } = conversion;
      return raw.map((v) => (v === 0 ? Number.NaN : numerator / v));
    }
    case 'table':
      return raw.map((v) => lookedUp(v, conversion));
  }
}

/** The raw value (not rounded) that gives a physical one; NaN where there is none. */
export function toRaw(physical: number, conversion: Plain): number {
  switch (conversion.kind) {
    case 'identity':
      return physical;
    case 'linear':
      return conversion.factor === 0 ? Number.NaN : (physical - conversion.offset) / conversion.factor;
    case 'reciprocal':
      return physical === 0 ? Number.NaN : conversion.numerator / physical;
    case 'table':
      return lookedUp(physical, {
        ...conversion,
        otherwise: null,
        points: conversion.points.map(([raw, value]): [number, number] => [value, raw]).sort((a, b) => a[0] - b[0]),
      });
  }
}

/** The value at a point, or between two of them. */
function lookedUp(x: number, { points, interpolate, otherwise }: Plain & { kind: 'table' }): number {
  for (const [i, [at, value]] of points.entries()) {
    if (at === x) return value;
    if (at < x) continue;
    const before = points[i - 1];
    if (before === undefined || !interpolate) break;
    return before[1] + ((x - before[0]) / (at - before[0])) * (value - before[1]);
  }
  return otherwise ?? Number.NaN;
}
