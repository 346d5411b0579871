/** Fills {placeholders} of messages and fixes with numbers that carry their unit. */
import type { CellRef, Quantity } from '../model.ts';
import type { Rule } from './rule.ts';

/** Decimals only where they mean something. */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** Counts: the sentence around them names what is counted. */
const COUNTED = new Set([
  'limits',
  'steps',
  'cells',
  'axes',
  'maps',
  'values',
  'breakpoints',
  'flags',
  'fans',
  'pairs',
  'sums',
  'rows',
  'sets',
  'cuts',
  'loops',
  'launches',
  'parts',
  'events',
]);

/** "38.1°", "10700 rpm", "23 %" */
export function withUnit(value: number, unit: string): string {
  const number = plainNumber(value);
  if (unit === '' || unit === '1' || COUNTED.has(unit)) return number;
  return unit === '°' ? `${number}°` : `${number} ${unit}`;
}

/** Control characters, terminal escapes, directions of writing, invisible letters and half characters out of text that a file supplied. */
export function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(ALL_UNPRINTABLE, ' ') : text;
}

/** A file's name in a command that a person may copy: it may hold what a shell would run, or begin like an option. */
export function shellQuoted(path: string): string {
  const clean = printable(path).replace(/^-(?=.)/, './-');
  return /^[\w./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
}

const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/u;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

const PLACE: Record<string, string[]> = {
  rpm: ['engineSpeed'],
  load: ['throttle', 'throttleAngle', 'grip', 'intakePressure', 'load', 'airflow', 'boost'],
};

/** " at 3400 rpm, 57 % throttle", or nothing where the map has no axes that say it. */
function placeOf(cell: CellRef | null): string {
  const named = (cell?.axisValues ?? []).filter(
    (a) => a.value !== null && a.quantity !== 'unknown' && a.quantity !== 'index',
  );
  const order = (quantity: string): number => (quantity === 'engineSpeed' ? 0 : 1);
  const parts = named
    .sort((a, b) => order(a.quantity) - order(b.quantity))
    .map((a) => {
      return axisPlace({ ...a, value: a.value! });
    });
  return parts.length === 0 ? '' : ` at ${parts.join(', ')}`;
}

const AXIS_NAMES: Partial<Record<Quantity, string>> = {
  throttle: 'throttle',
  throttleAngle: 'throttle',
  grip: 'grip',
  intakePressure: 'intake pressure',
  load: 'load',
  airflow: 'airflow',
  boost: 'boost',
  coolantTemperature: 'coolant',
  airTemperature: 'intake air',
  headTemperature: 'head',
  gear: 'gear',
  barometricPressure: 'outside pressure',
};

/** "57 % throttle", "3400 rpm"; "grip 80.9 of 82.9" where nobody knows the unit: how far along its axis, then. */
export function axisPlace({
  quantity,
  unit,
  value,
  last,
}: {
  quantity: Quantity;
  unit: string;
  value: number;
  last?: number | undefined;
}): string {
  if (quantity === 'engineSpeed') return withUnit(value, 'rpm');
  const name = AXIS_NAMES[quantity] ?? '';
  if (unit !== '') return `${withUnit(value, unit)} ${name}`.trim();
  return `${name} ${plainNumber(value)}${last === undefined ? '' : ` of ${plainNumber(last)}`}`.trim();
}

/**
 * {value}, {limit}: with the rule's unit; {limit.low} …: its bands; {rpm}, {load}: of the worst cell; any other name: a fact of the metric.
 */
export function fill(text: string, rule: Rule, facts: Record<string, number | string>, cell: CellRef | null): string {
  return text
    .replace(/\s*\bat \{rpm\}, \{load\}/g, placeOf(cell))
    .replace(/\{([\w.]+)\}/g, (_, name: string) => {
      if (name.startsWith('limit.')) {
        const limit = rule.limits[name.slice(6) as 'low'];
        return typeof limit === 'number' ? withUnit(limit, rule.limits.unit) : '';
      }
      const axis = PLACE[name];
      if (axis !== undefined) {
        const at = cell?.axisValues.find((a) => axis.includes(a.quantity));
        return at?.value == null ? 'an unknown place' : withUnit(at.value, name === 'rpm' ? 'rpm' : at.unit);
      }
      const value = facts[name];
      if (value === undefined) return '';
      return typeof value === 'string'
        ? printable(value)
        : name === 'value' || name === 'limit'
          ? withUnit(value, rule.limits.unit)
          : plainNumber(value);
    })
    .replace(/\s+/g, ' ')
    .trim();
}
