/** An analysis in a rider's words: what search reads, by meaning and by word. */
import { type Fingerprint, limiterChange, meanChange } from '../fingerprint.ts';
import type { Motorcycle } from '../model.ts';
import type { Report } from '../report.ts';
import type { LibraryEntry, TuneRole, TuneWords } from './entry.ts';

export interface Described {
  report: Report;
  motorcycle: Motorcycle | null;
  fingerprint: Fingerprint | null;
  family: string | null;
  said: TuneWords;
  /** Base roles of the maps that differ from stock; empty where that is not known. */
  changedRoles: readonly string[];
}

/** Everything that search keeps of an analysis. */
export function describe({ report, motorcycle, fingerprint, family, said, changedRoles }: Described): LibraryEntry {
  const role = said.role ?? roleOf(report);
  return {
    bike: bikeWords(motorcycle, report, said),
    changes: changeWords(report, fingerprint, role, changedRoles).join('. '),
    verdict: verdictWords(report),
    said,
    role,
    family,
    fingerprint,
  };
}

/** Known to be the factory's, known to differ from it, or neither. */
function roleOf({ stock }: Report): TuneRole | null {
  if (stock.wholeFileIsFactory) return 'stock';
  if (stock.mapsChanged.length > 0) return 'tuned';
  return null;
}

function bikeWords(motorcycle: Motorcycle | null, report: Report, said: TuneWords): string {
  const own = [said.motorcycle ?? '', report.ecu?.family ?? '', report.ecu?.id ?? '', report.definition?.title ?? ''];
  if (motorcycle === null) return [report.motorcycle?.name ?? '', ...own].filter((w) => w !== '').join(', ');
  const { make, model, generation, aliases, category, displacementCc, layout, yearFrom, yearTo } = motorcycle;
  return [
    `${make} ${model}${generation === null ? '' : ` ${generation}`} ${yearFrom}-${yearTo}`,
    ...aliases,
    `${category} ${displacementCc} cc ${layout}`,
    ...own,
  ]
    .filter((w) => w !== '')
    .join(', ');
}

/** A change under these is none worth a word: percent of fuel, degrees, percent of throttle, rpm. */
const LEAST = { fuel: 1, lambda: 1, spark: 0.5, throttle: 1.5, limiter: 60 };

interface Wording {
  group: 'fuel' | 'lambda' | 'spark' | 'throttle';
  up: string;
  down: string;
}

const WORDINGS: readonly Wording[] = [
  { group: 'fuel', up: 'more fuel, runs richer', down: 'less fuel, runs leaner' },
  // A higher lambda is a leaner mixture.
  { group: 'lambda', up: 'leaner mixture target', down: 'richer mixture target' },
  { group: 'spark', up: 'more timing, ignition advanced', down: 'timing pulled, ignition retarded' },
  { group: 'throttle', up: 'throttle opens more, sharper response', down: 'throttle opens less, softer response' },
];

function changeWords(
  report: Report,
  fingerprint: Fingerprint | null,
  role: TuneRole | null,
  changedRoles: readonly string[],
): string[] {
  const words: string[] = [];
  if (role === 'stock') words.push('original factory file, stock, unmodified');
  if (fingerprint !== null) {
    for (const { group, up, down } of WORDINGS) {
      const [upper, lower] = [meanChange(fingerprint, group, 'upper'), meanChange(fingerprint, group, 'lower')];
      const [u, l] = [sense(upper, LEAST[group]), sense(lower, LEAST[group])];
      const say = (s: number): string => (s > 0 ? up : down);
      if (u !== 0 && u === l) words.push(`${say(u)} everywhere`);
      else {
        if (u !== 0) words.push(`${say(u)} at full throttle`);
        if (l !== 0) words.push(`${say(l)} at part throttle and cruise`);
      }
    }
    const limiter = sense(limiterChange(fingerprint), LEAST.limiter);
    if (limiter !== 0) words.push(limiter > 0 ? 'rev limiter raised, revs higher' : 'rev limiter lowered, revs less');
  }
  // Changed in a way that has no number: raw counts, a hash alone, a role without a grid.
  for (const [base, name] of NAMES) {
    const told = words.some((w) => name.told.test(w));
    if (changedRoles.includes(base) && !told) words.push(`${name.text} changed`);
  }
  if (words.length === 0 && report.stock.mapsChanged.length > 0) words.push('changed against stock');
  return words;
}

const NAMES: readonly [string, { text: string; told: RegExp }][] = [
  ['fuel', { text: 'fuel map', told: /fuel/ }],
  ['ve', { text: 'fuel map', told: /fuel/ }],
  ['lambdaTarget', { text: 'mixture target', told: /mixture target/ }],
  ['spark', { text: 'ignition timing map', told: /ignition/ }],
  ['throttle', { text: 'throttle map', told: /throttle opens/ }],
  ['revLimiter', { text: 'rev limiter', told: /rev limiter/ }],
  ['fan', { text: 'radiator fan', told: /fan/ }],
  ['idle', { text: 'idle', told: /idle/ }],
  ['dwell', { text: 'coil dwell', told: /dwell/ }],
  ['injector', { text: 'injector data', told: /injector/ }],
  ['enrichment', { text: 'cold start and acceleration enrichment', told: /enrichment/ }],
  ['protection', { text: 'protections', told: /protections/ }],
];

function verdictWords({ scores, findings }: Report): string {
  const failed = findings.filter((f) => f.status === 'fail' && f.severity !== 'info' && f.severity !== 'low');
  const titles = [...new Set(failed.map((f) => f.title.toLowerCase()))].slice(0, 4);
  const { level } = scores.safety;
  return [...(level === null ? [] : [`safety ${level.toLowerCase()}`]), ...titles].join('. ');
}

const sense = (value: number, least: number): number => (Math.abs(value) >= least ? Math.sign(value) : 0);

/** The words of people and what follows from them. */
export function wordsText({ title, notes, ron, ethanolPercent, mods, tags }: TuneWords): string {
  return [
    title ?? '',
    notes ?? '',
    ron === null ? '' : `fuel ${ron} RON`,
    ethanolPercent === null ? '' : `fuel E${ethanolPercent} ethanol`,
    mods.length === 0 ? '' : `parts: ${mods.join(', ')}`,
    tags.join(', '),
  ]
    .filter((w) => w !== '')
    .join('. ');
}

/** Models read some 250 words; the rest of a long note adds nothing. */
const MOST_CHARACTERS = 1_200;

/** What an embedding model reads: the people's words first, the motorcycle last, since fields find that by themselves. */
export function embeddingText(entry: LibraryEntry, words: TuneWords, bikeName: string): string {
  const text = [wordsText(words), entry.changes, bikeName].filter((w) => w !== '').join('. ');
  return text.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
}
