/** Main tables of firmwares whose names are not known: what unit, axes and title say together. */
import type { Axis, Role } from '../../core/model.ts';

/** A main table has at least so many cells; smaller ones correct something. */
const FEWEST_CELLS = 64;
/** Words of tables that lie over speed and load, too, and are none of the main ones. */
const NOT_MAIN =
  /trim|corr|retard|comp|idle|crank|launch|boost|knock|vvt|cam|flex|blend|wmi|water|nitrous|dwell|phase|inj.*(angle|timing)|delta|diff|dev|delay|smooth|hyst|warm|accel|lag/i;
/** The second and later ones of a kind are for a switch or a blend. */
const LATER = /[2-9](dozen|_z)?$/i;
const LOADS = new Set(['intakePressure', 'throttle', 'load']);

/**
 * Null where not everything agrees: a guess here would be judged as the truth.
 * @param title of the .ini, '' without one
 */
export function meantBy(name: string, title: string, unit: string, axes: readonly Axis[], cells: number): Role | null {
  const [x, y] = axes;
  if (x === undefined || y === undefined || cells < FEWEST_CELLS) return null;
  const over = [x, y].filter((a) => a.known).map((a) => a.quantity);
  if (!over.includes('engineSpeed') || !over.some((q) => LOADS.has(q))) return null;
  const words = `${name.replaceAll('_', ' ').replace(/([a-z])(?=[A-Z])/g, '$1 ')} ${title}`;
  if (NOT_MAIN.test(words) || LATER.test(name)) return null;
  if (unit === '°') return /\b(spark|ign(ition)?|adv(ance)?|timing)\b/i.test(words) ? 'spark' : null;
  if (unit === 'AFR' || unit === 'λ') return /\b(afr|lambda|target)\b/i.test(words) ? 'lambdaTarget' : null;
  if (/^(%|prc|percent)$/i.test(unit)) return /\b(ve|volumetric)\b/i.test(words) ? 've' : null;
  return null;
}
