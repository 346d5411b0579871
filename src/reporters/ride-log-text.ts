/** A ride log in words and rows, for the reporters that show it to people. */
import type { RideCell, RideLog } from '../core/logs/ride-log.ts';
import { plainNumber, withUnit } from '../core/rules/message.ts';

/** Most cells of the short table. */
const MOST_ROWS = 8;

const name = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
const seconds = (n: number): string => (n < 120 ? `${Math.round(n)} s` : `${Math.round(n / 60)} min`);

/** One line for the verdict: how much was measured, and the score of the file alone. */
export function rideLine({ files, samples, cells, mapScore }: RideLog): string {
  const claimed = cells.filter((c) => c.claimed).length;
  const alone = mapScore.value === null ? 'not enough data' : `${mapScore.value} / 100 ${mapScore.level ?? ''}`;
  return `${files.map((f) => name(f.path)).join(', ')}: ${samples.used} of ${samples.read} samples used, ${claimed} cells measured; the file alone: ${alone}`;
}

/** What was left out, what the ride covered, what stood out. */
export function rideLogLines(log: RideLog): string[] {
  const { samples, coverage, extremes, knock, probe, stoichiometric } = log;
  const lasted = log.files.reduce<number | null>(
    (sum, f) => (f.seconds === null || sum === null ? null : sum + f.seconds),
    0,
  );
  const dropped = samples.dropped.map((d) => `${d.count} ${d.text}`);
  const held = [
    extremes.rpm === null ? '' : withUnit(Math.round(extremes.rpm), 'rpm'),
    extremes.coolantC === null ? '' : `coolant ${withUnit(extremes.coolantC, '°C')}`,
    extremes.intakeAirC === null ? '' : `intake air ${withUnit(extremes.intakeAirC, '°C')}`,
    extremes.batteryV === null ? '' : `battery at least ${withUnit(extremes.batteryV, 'V')}`,
    extremes.dutyPercent === null ? '' : `injector duty ${withUnit(extremes.dutyPercent, '%')} (${extremes.dutyFrom})`,
  ].filter((t) => t !== '');
  return [
    `${samples.used} of ${samples.read} samples${lasted === null ? '' : ` in ${seconds(lasted)}`} were steady${dropped.length === 0 ? '' : `; left out: ${dropped.join(', ')}`}.`,
    ...(log.map === null ? [`Nothing was placed in a map: ${log.reason}.`] : []),
    `Coverage: ${coverage.reason}. A cell without hits is not judged, and not good.`,
    ...(held.length === 0 ? [] : [`Held on the ride: ${held.join(', ')}.`]),
    knock === null
      ? 'Knock: the log has no field for it.'
      : `Knock: ${knock.events} events${knock.events === 0 ? ' in the log (a sensor that is switched off logs none either)' : ` in ${knock.cells.length} cells`}.`,
    ...(probe === null ? ['The log has no wideband probe: the mixture was not measured.'] : []),
    ...(probe !== null && stoichiometric.from === 'petrol'
      ? []
      : probe === null
        ? []
        : [`Air-fuel ratios were read with the tune's own stoichiometric ratio, ${stoichiometric.afr}.`]),
    ...log.notes.map((n) => `${n}.`),
  ];
}

export interface RideRow {
  place: string;
  hits: string;
  lambda: string;
  spread: string;
  target: string;
  deviation: string;
}

/** The cells that stray furthest, the flagged ones first. */
export function rideRows(log: RideLog, most = MOST_ROWS): RideRow[] {
  const flagged = new Set(log.flagged);
  const stray = (c: RideCell): number =>
    Math.abs(c.deviationPercent ?? 0) + (flagged.has(c.row * log.columns + c.column) ? 1_000 : 0);
  return log.cells
    .filter((c) => c.claimed)
    .sort((a, b) => stray(b) - stray(a) || a.row - b.row || a.column - b.column)
    .slice(0, most)
    .map((c) => ({
      place: placeOf(log, c),
      hits: String(Math.round(c.hits)),
      lambda: c.uncorrected.toFixed(3),
      spread: c.spread.toFixed(3),
      target: c.target === null ? '?' : c.target.toFixed(3),
      deviation: c.deviationPercent === null ? '?' : signed(c.deviationPercent),
    }));
}

export const RIDE_COLUMNS = ['place', 'hits', 'λ', 'spread', 'target', 'deviation %'] as const;

const signed = (n: number): string => `${n > 0 ? '+' : ''}${n.toFixed(1)}`;

function placeOf(log: RideLog, cell: RideCell): string {
  const at = (quantity: (q: string) => boolean): string => {
    const axis = log.axes.find((a) => quantity(a.quantity));
    const value = axis?.breakpoints[axis.axis === 'x' ? cell.column : cell.row];
    return value == null
      ? '?'
      : quantity('engineSpeed')
        ? `${plainNumber(value)} rpm`
        : withUnit(value, axis?.unit ?? '');
  };
  return `${at((q) => q === 'engineSpeed')}, ${at((q) => q !== 'engineSpeed')}`;
}
