/** Memory that was never written reads 0xFF; a project that scales it holds 255, 25.5, 25500, 215 … That is neither good nor bad. */
import type { Axis } from '../../core/model.ts';

/** How the .ini says that raw values become the project's: value = (raw + translate) * scale. */
export interface Scaling {
  /** U08, S08, U16, S16, U32, S32, F32. */
  type: string;
  scale: number;
  translate: number;
}

/** 0xFF of one or two bytes under the scales that occur; 215 = 255 - 40, where the offset hides it. */
const USUAL = [255, 25.5, 2.55, 25_500, 127.5, 215, 510, 65_535, 6_553.5, 655.35];

/** The same in the units that a second name of the same bytes has: 25.5 AFR is 1.7347 λ at 14.7. */
const PER_STOICH = 25.5;

/** Raw values that erased memory has. */
function erasedRaws(type: string): number[] {
  switch (type.toUpperCase()) {
    case 'U08':
      return [255];
    case 'U16':
      return [65_535];
    case 'S08':
    case 'S16':
      return [-1];
    default:
      return [];
  }
}

/**
 * Is every cell the erased byte? One cell alone proves nothing.
 * @param scaling of the .ini: then it alone decides
 * @param stoich for tables in λ, null where the project does not state it
 */
export function isErased(cells: Float64Array, scaling: Scaling | null, stoich: number | null): boolean {
  const first = cells[0];
  if (first === undefined || cells.length < 2 || !cells.every((v) => v === first)) return false;
  if (scaling !== null && Number.isFinite(scaling.scale) && Number.isFinite(scaling.translate) && scaling.scale !== 0) {
    const half = Math.abs(scaling.scale) * 0.45;
    return erasedRaws(scaling.type).some((raw) => Math.abs(first - (raw + scaling.translate) * scaling.scale) < half);
  }
  const near = (value: number): boolean => Math.abs(first - value) <= Math.max(0.002, value * 0.0005);
  return USUAL.some(near) || (stoich !== null && near(PER_STOICH / stoich));
}

/** Breakpoints that are all one value were never set either: nobody can read the table. */
export const isBlank = (axis: Axis): boolean =>
  axis.known && axis.breakpoints.length > 2 && axis.breakpoints.every((b) => b === axis.breakpoints[0]);
