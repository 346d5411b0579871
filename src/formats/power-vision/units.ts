/** Units of Power Vision to the product's: °F to °C and thousands of rpm to rpm, so that limits mean what they say. */

export interface Shown {
  unit: string;
  /** What an axis in this unit is called. */
  name: string;
  from(value: number): number;
}

/** Named before the general ones. */
const UNITS: [RegExp, string, string][] = [
  [/^degrees$/i, '°', ''],
  [/^kilopascals$/i, 'kPa', 'manifold pressure'],
  [/^miles per hour$/i, 'mph', 'vehicle speed'],
  [/^lambda$/i, 'λ', 'lambda'],
  [/^(switch|option|1\s*=\s*true)$/i, '', ''],
];

const same = (value: number): number => value;
/** Conversions leave no tail of binary rounding: 205 °F are 96.1 °C. */
const tidy = (value: number): number => Math.round(value * 1e6) / 1e6;

/** "… Hysteresis" is the temperature at which it ends, not a difference: 302 °F and 293 °F stand together in a public file. */
export function shownIn(units: string): Shown {
  const text = units.trim();
  if (/^fahrenheit$/i.test(text)) return { unit: '°C', name: 'temperature', from: (v) => tidy(((v - 32) * 5) / 9) };
  if (/^rpmx1000$/i.test(text)) return { unit: 'rpm', name: 'rpm', from: (v) => tidy(v * 1_000) };
  const known = UNITS.find(([spelling]) => spelling.test(text));
  return known === undefined ? { unit: text, name: text, from: same } : { unit: known[1], name: known[2], from: same };
}
