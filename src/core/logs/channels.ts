/** Which field of a log is which channel, and its unit brought to the channel's. */
import type { ChannelId, LogFieldData } from './log-data.ts';
import type { LogField } from './port.ts';

/** A recognised field. Channel value = raw * factor + offset; lambda may still be an air-fuel ratio. */
export interface Channel {
  id: ChannelId;
  /** Index among the log's fields. */
  index: number;
  field: LogField;
  factor: number;
  offset: number;
  /** The log states a unit that is not known for this channel: taken as the channel's own. */
  unknownUnit: boolean;
}

/** Lower case, spaces for anything that is no letter and no digit. */
export const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** By channel unit: how other units come to it, [factor, offset]. Names without spaces, dots, degree signs, in lower case. */
const UNITS: Record<string, Record<string, [number, number]>> = {
  s: { s: [1, 0], sec: [1, 0], seconds: [1, 0], ms: [0.001, 0], msec: [0.001, 0], us: [1e-6, 0], min: [60, 0] },
  rpm: { rpm: [1, 0], '1/min': [1, 0], 'u/min': [1, 0], krpm: [1_000, 0], rpmx1000: [1_000, 0] },
  '%': { '%': [1, 0], percent: [1, 0] },
  '°C': { c: [1, 0], celsius: [1, 0], f: [5 / 9, -160 / 9], fahrenheit: [5 / 9, -160 / 9], k: [1, -273.15] },
  kPa: {
    kpa: [1, 0],
    bar: [100, 0],
    mbar: [0.1, 0],
    hpa: [0.1, 0],
    psi: [6.894757, 0],
    psia: [6.894757, 0],
    inhg: [3.386389, 0],
    mmhg: [0.1333224, 0],
  },
  'km/h': { 'km/h': [1, 0], kph: [1, 0], kmh: [1, 0], mph: [1.609344, 0], 'm/s': [3.6, 0] },
  ms: { ms: [1, 0], msec: [1, 0], s: [1_000, 0], us: [0.001, 0], usec: [0.001, 0] },
  V: { v: [1, 0], volts: [1, 0], volt: [1, 0], mv: [0.001, 0] },
};

/** "deg C", "°C" and "C" are one. */
const plainUnit = (unit: string): string =>
  unit
    .toLowerCase()
    .replace(/[\s.°º]/g, '')
    .replace(/^deg(?=[cfk]$)/, '');

/** [factor, offset] from a stated unit to a channel's; null: not known. */
export function toUnit(from: string, to: string): [number, number] | null {
  const known = UNITS[to];
  if (known === undefined || plainUnit(from) === '') return [1, 0];
  return known[plainUnit(from)] ?? null;
}

/** At most one field for each channel: the first name of the table that the log has. */
export function recognise(fields: readonly LogField[], data: LogFieldData): Channel[] {
  const byName = new Map<string, number>();
  for (const [i, field] of fields.entries()) {
    const name = plainName(field.name);
    if (name !== '' && !byName.has(name)) byName.set(name, i);
  }
  const channels: Channel[] = [];
  for (const { id, unit, names } of data.channels) {
    for (const entry of names) {
      const named = typeof entry === 'string' ? { name: entry } : entry;
      const index = byName.get(named.name);
      if (index === undefined) continue;
      const field = fields[index]!;
      const own = toUnit(field.unit === '' ? (named.unit ?? '') : field.unit, unit);
      // A lambda in volts is a narrowband probe, which cannot say how rich or lean.
      if ((id === 'lambda' || id === 'lambda2' || id === 'target') && /^m?v(olts?)?$/i.test(field.unit)) continue;
      const [factor, offset] = own ?? [1, 0];
      const sign = named.sign ?? 1;
      channels.push({ id, index, field, factor: factor * sign, offset: offset * sign, unknownUnit: own === null });
      break;
    }
  }
  return channels;
}

/** Over this it is an air-fuel ratio: no engine runs at lambda 5. */
const MOST_LAMBDA = 5;

/** Lambda of a reading that may be an air-fuel ratio. */
export const lambdaOfReading = (value: number, stoichiometric: number): number =>
  value > MOST_LAMBDA ? value / stoichiometric : value;
