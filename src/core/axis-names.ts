/** What an axis means by the name that its definition gives it: for formats that name axes (ECUFlash, A2L, PVV, CSV). */
import type { Quantity } from './model.ts';
import { wordsOf } from './roles/words.ts';

/** The first that holds counts. Every word or phrase stands whole in the name, cut as titles are. */
const NAMES: [Quantity, string[]][] = [
  ['throttle', ['tps', 'throttle', 'throttle position', 'tp', 'alpha', 'wdkba', 'drosselklappe']],
  ['grip', ['grip', 'accelerator', 'app', 'pedal', 'twist grip']],
  ['engineSpeed', ['rpm', 'engine speed', 'engine rpm', 'drehzahl', 'nmot', 'n', 'speed rpm', 'rpmx']],
  ['vehicleSpeed', ['vehicle speed', 'speed', 'vss', 'km h', 'mph', 'kmh']],
  ['batteryVoltage', ['battery', 'battery voltage', 'batt', 'vbat', 'volts', 'ub', 'voltage']],
  ['headTemperature', ['head temperature', 'head temp', 'cht']],
  ['coolantTemperature', ['coolant', 'engine temp', 'engine temperature', 'water', 'clt', 'ect', 'tmot']],
  ['airTemperature', ['iat', 'air temp', 'air temperature', 'intake temp', 'mat', 'tans', 'ansaug']],
  ['barometricPressure', ['baro', 'barometric', 'barometer', 'atmospheric', 'atmosphere']],
  ['boost', ['boost']],
  ['intakePressure', ['map', 'iap', 'manifold', 'intake pressure', 'manifold pressure']],
  ['load', ['load', 'engine load', 'last', 'rl']],
  ['airflow', ['maf', 'airflow', 'air flow', 'mass']],
  ['gear', ['gear', 'gang']],
  ['lambda', ['lambda', 'afr']],
  ['ethanol', ['ethanol', 'flex']],
  ['time', ['time', 'seconds']],
];

/** Words that make a name another thing: "boost error" is no boost, "load # 1" may be. */
const NOT = ['error', 'delta', 'change', 'difference', 'gradient', 'rate', 'condition'];

/** `unknown` where the name says nothing for certain. */
export function quantityOfName(name: string): Quantity {
  const words = wordsOf(name);
  if (words.some((w) => NOT.includes(w))) return 'unknown';
  const text = ` ${words.join(' ')} `;
  for (const [quantity, phrases] of NAMES) if (phrases.some((p) => text.includes(` ${p} `))) return quantity;
  return 'unknown';
}

/** Words that some editors write where no unit is known. */
const NO_UNIT = /^(units?|raw|hex|-|none|n\/a|dec|value|integer|x)?$/i;

/** A stated unit, '' where the word states none. */
export function statedUnit(unit: string): string {
  const text = unit.trim();
  if (NO_UNIT.test(text)) return '';
  return /^rpm$/i.test(text) || /^(1\/min|u\/min|min-1)$/i.test(text) ? 'rpm' : text;
}

/** Quantity and unit of an axis from its name and its stated unit; a name that says nothing certain stays readable in the unit. */
export function namedAxis(name: string, unit: string): { quantity: Quantity; unit: string } {
  const stated = statedUnit(unit);
  const byName = quantityOfName(name);
  const quantity = byName === 'unknown' && stated === 'rpm' ? 'engineSpeed' : byName;
  if (quantity === 'throttle' && /deg|°/i.test(stated)) return { quantity: 'throttleAngle', unit: stated };
  if (quantity === 'engineSpeed' && stated === '') return { quantity, unit: 'rpm' };
  if (quantity !== 'unknown' || name.trim() === '') return { quantity, unit: stated };
  const text = name.trim().slice(0, 60);
  return {
    quantity,
    unit: stated === '' || stated.toLowerCase() === text.toLowerCase() ? text : `${text} (${stated})`,
  };
}
