/** What a report says beside its findings, a name and a text each, once for every reporter that people read. */
import { AREA_NAMES } from '../core/coverage.ts';
import type { Report } from '../core/report.ts';
import { checksumText } from './checksum-text.ts';
import { rideLine } from './ride-log-text.ts';

export interface Fact {
  name: string;
  text: string;
}

/** In the order in which they are read: is it for this motorcycle, what was changed, what may be expected, what was looked at. */
export function reportFacts(report: Report): Fact[] {
  const facts: (Fact | null)[] = [
    { name: 'compatibility', text: fitText(report) },
    report.profile === null ? null : { name: 'for', text: profileText(report) },
    { name: 'against stock', text: stockText(report) },
    of('checksum', checksumText(report)),
    of('expected', expectedText(report)),
    of('measured', report.log == null ? null : rideLine(report.log)),
    { name: 'judged', text: judgedText(report) },
  ];
  return facts.filter((f) => f !== null);
}

const of = (name: string, text: string | null): Fact | null => (text === null ? null : { name, text });

/** The cap that decides: the lowest. The others stand in `explain`. */
export function lowestCap({ scores }: Report): string | null {
  const [cap] = [...scores.safety.caps].sort((a, b) => a.at - b.at);
  return cap === undefined ? null : `${cap.at} at most: ${cap.reason}`;
}

function fitText({ scores: { compatibility } }: Report): string {
  if (compatibility.value === null) return `unknown: ${compatibility.reason}`;
  return `${String(compatibility.value).padStart(3)} / 100  ${compatibility.deductions[0]?.reason ?? 'this motorcycle'}`;
}

function judgedText({ coverage }: Report): string {
  const open = coverage.areas.filter((a) => !a.judged).map((a) => AREA_NAMES[a.id]);
  return `${coverage.areas.length - open.length} of ${coverage.areas.length} danger areas${open.length === 0 ? '' : `; not judged: ${open.join(', ')}`}`;
}

/** What the tune changes against stock in one line; null where nothing can be said that the lines around do not say. */
function expectedText({ performance, stock }: Report): string | null {
  if (stock.reference === 'none' || stock.wholeFileIsFactory || stock.mapsChanged.length === 0) return null;
  const { torque, efficiency, limiter, terms } = performance;
  const number = (p: NonNullable<Report['performance']['torque']>): string =>
    p.lowPercent === 0 && p.highPercent === 0
      ? 'as stock'
      : `${sign(p.changePercent)} % (${sign(p.lowPercent)} to ${sign(p.highPercent)})`;
  const because = (at: string): string => {
    const reason = terms.find((t) => t.changePercent === null && t.id.endsWith(at))?.reason.split(/[:.] /)[0];
    return reason === undefined ? '' : ` (${reason})`;
  };
  const known = [
    ...(torque === null ? [] : [`torque ${number(torque)}`]),
    ...(efficiency === null ? [] : [`range on a tank ${number(efficiency)}`]),
    ...(limiter === null || limiter.inertiaLoadPercent === 0
      ? []
      : [`${sign(limiter.inertiaLoadPercent)} % load on rods and valve gear at the limiter`]),
  ];
  const open = [
    ...(torque === null ? [{ what: 'torque', why: because('full load') }] : []),
    ...(efficiency === null ? [{ what: 'range', why: because('cruise') }] : []),
  ];
  // The same reason is said once.
  const reasons = [...new Set(open.map((o) => o.why))];
  const unknown = reasons.map(
    (why) =>
      `no prediction of ${open
        .filter((o) => o.why === why)
        .map((o) => o.what)
        .join(' and ')}${why}`,
  );
  return [...known, ...unknown].join('; ');
}

const sign = (value: number): string => (value > 0 ? `+${value}` : String(value));

/** Whose fuel and parts were taken. */
function profileText({ profile, conditions }: Report): string {
  const { ron, ethanolPercent, mods } = conditions;
  const fuel = ron === null ? 'octane not said' : `RON ${ron}`;
  const ethanol = ethanolPercent === null ? '' : `, ${ethanolPercent} % ethanol`;
  return `your profile ${profile?.id}: ${fuel}${ethanol}${mods.length === 0 ? '' : `, ${mods.join(', ')}`}`;
}

function stockText({ stock }: Report): string {
  if (stock.reference === 'none') return 'no stock is known: changes cannot be seen';
  if (stock.wholeFileIsFactory) return 'this is a factory image, byte for byte';
  const known = stock.mapsEqual + stock.mapsChanged.length;
  const source = stock.reference === 'stockFile' ? stock.source : 'the family’s factory images';
  if (stock.mapsChanged.length === 0)
    return stock.reference === 'stockFile'
      ? `all ${known} maps are those of ${source}; that it is stock is your word`
      : `all ${known} maps are the factory's (${source})`;
  return `${stock.mapsChanged.length} of ${known} maps changed (${source})`;
}

/** "whose maps, whose definition, what proves it": the line under the name of the file. */
export function identityParts({ motorcycle, definition, tune, ecu, format }: Report): string[] {
  const counted = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`);
  const counts = [counted(tune.maps, 'map'), counted(tune.curves, 'curve'), counted(tune.scalars, 'value')];
  return [
    motorcycle === null ? 'Motorcycle unknown' : motorcycle.name,
    definition?.title ?? ecu?.id ?? format?.id ?? '',
    definition?.evidence[0] ?? '',
    counts.filter((t) => t !== '').join(', '),
  ].filter((t) => t !== '');
}

/** What a finding was held against, in words. */
export const REFERENCE_WORDS: Record<Report['findings'][number]['reference'], string> = {
  stockFile: 'against the stock file',
  stockKnown: 'against the factory images',
  motorcycle: 'against the motorcycle',
  absolute: 'by itself',
};

/** "Spark advance and 11 more · 12 maps, 165 cells · against the stock file" */
export function findingPlace(finding: Report['findings'][number]): string {
  const { map, alsoIn, cellCount, reference } = finding;
  const where = map === null ? '' : `${map.title}${alsoIn.length > 0 ? ` and ${alsoIn.length} more` : ''}`;
  const cells = cellCount > 1 ? `${alsoIn.length + 1} ${alsoIn.length === 0 ? 'map' : 'maps'}, ${cellCount} cells` : '';
  return [where, cells, REFERENCE_WORDS[reference]].filter((t) => t !== '').join(' · ');
}
