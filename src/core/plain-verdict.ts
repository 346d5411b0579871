/** The report in one sentence for a rider: do not ride it, with care, fine for what, or unknown and why. Drawn from the report alone. */
import { unfitFor } from './compatibility.ts';
import { AREA_NAMES } from './coverage.ts';
import type { Finding, Report } from './report.ts';
import { atLeast } from './rules/bands.ts';

export type RideWord = 'DO NOT RIDE' | 'WITH CARE' | 'FINE' | 'NOTHING FOUND' | 'UNKNOWN';

export interface PlainVerdict {
  word: RideWord;
  /** Reads on from the word: no capital, one sentence or two, a full stop at the end. */
  text: string;
}

/** NOTHING FOUND is less than FINE: the motorcycle or its stock is not known, so that only limits that hold for any engine were asked. */
export function plainVerdict(report: Report): PlainVerdict {
  const { refusal, scores } = report;
  if (refusal !== null) return { word: 'UNKNOWN', text: 'nothing of this file was judged, neither good nor bad.' };
  const { safety, compatibility } = scores;
  const failed = report.findings.filter((f) => f.status === 'fail' && f.suppressed === null);
  const grave = failed.filter((f) => atLeast(f.severity, 'high'));
  const medium = failed.filter((f) => f.severity === 'medium');
  if (compatibility.level === 'INCOMPATIBLE')
    return {
      word: 'DO NOT RIDE',
      text: `this file is not for your ${unfitFor(compatibility, report.motorcycle === null)}: ${compatibility.deductions.map((d) => d.reason).join('; ')}.`,
    };
  if (grave.length > 0)
    return {
      word: 'DO NOT RIDE',
      text: `${named(grave)}. Mend that first${safety.value === null ? '; other things could not be judged at all' : ''}.`,
    };
  if (safety.value === null)
    return {
      word: 'UNKNOWN',
      text: `${whyUnknown(report)}${medium.length === 0 ? '' : ` Found: ${named(medium)}.`}`,
    };
  if (safety.level === 'RISKY' || safety.level === 'DANGEROUS')
    return {
      word: 'DO NOT RIDE',
      text: `many smaller faults add up: ${named(failed.filter((f) => f.severity !== 'info'))}.`,
    };
  if (compatibility.level === 'DOUBTFUL')
    return {
      word: 'WITH CARE',
      text: `the file may not be for your motorcycle: ${compatibility.deductions.map((d) => d.reason).join('; ')}.`,
    };
  const rest = limitsOf(report);
  if (medium.length > 0)
    return { word: 'WITH CARE', text: `${named(medium)}. Mend that, or know why it is so.${rest}` };
  const held = safety.caps.filter((c) => c.at <= (safety.value ?? 0)).sort((a, b) => a.at - b.at)[0];
  if (safety.level === 'MODERATE')
    return {
      word: 'WITH CARE',
      text: `nothing dangerous was found, but ${held === undefined ? 'small faults add up' : lowered(held.reason)}.${rest}`,
    };
  if (isUnknown(report)) return { word: 'NOTHING FOUND', text: `that is over a limit for any engine.${rest}` };
  return { word: 'FINE', text: `${fineFor(report)}.${rest}` };
}

const isUnknown = ({ motorcycle, stock }: Report): boolean =>
  motorcycle === null || (stock.reference === 'none' && !stock.wholeFileIsFactory);

/** What stands between the word and certainty. */
function limitsOf({ coverage, motorcycle, stock }: Report): string {
  const open = coverage.areas.filter((a) => !a.judged).map((a) => AREA_NAMES[a.id]);
  const noStock = stock.reference === 'none' && !stock.wholeFileIsFactory;
  const unknown = [
    ...(motorcycle === null ? ['your motorcycle (--bike)'] : []),
    ...(noStock ? ['its factory file (--stock)'] : []),
  ];
  const partly = stock.reference === 'stockKnown' && stock.mapsChanged.length > 0;
  return [
    open.length === 0 ? '' : ` Not judged: ${open.join(', ')}.`,
    unknown.length === 0 ? '' : ` Not held against ${unknown.join(' or ')}.`,
    partly ? ' Changes were compared in part only: with your own factory read (--stock) more may be found.' : '',
  ].join('');
}

function fineFor({ motorcycle, stock, conditions, tune }: Report): string {
  const { ron, ethanolPercent } = conditions;
  const fuel =
    ron === null ? '' : ` on RON ${ron}${ethanolPercent === null ? '' : ` with ${ethanolPercent} % ethanol`}`;
  const what = stock.wholeFileIsFactory
    ? 'the factory’s own file, byte for byte'
    : stock.mapsChanged.length === 0 && tune.maps > 0
      ? 'every map that is known is the factory’s'
      : 'no change from stock is over a limit';
  return `for the ${motorcycle?.name ?? 'motorcycle'}${fuel}, as far as it was judged: ${what}`;
}

/** "spark over stock at full load, the fan starts late and 1 more (1 critical and 2 high findings)" */
function named(findings: readonly Finding[]): string {
  const counts = [...new Set(findings.map((f) => f.severity))].map(
    (s) => `${findings.filter((f) => f.severity === s).length} ${s}`,
  );
  const total = findings.length;
  const titles = [...new Set(findings.map((f) => lowered(f.title)))];
  const shown = titles.slice(0, 2);
  const more = titles.length - shown.length;
  const first = more > 0 ? `${shown.join(', ')} and ${more} more` : and(shown);
  return `${first} (${and(counts)} ${total === 1 ? 'finding' : 'findings'})`;
}

const and = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** A title inside a sentence; names and abbreviations keep their capitals. */
const lowered = (title: string): string =>
  /^[A-Z][a-z]/.test(title) ? `${title[0]!.toLowerCase()}${title.slice(1)}` : title;

function whyUnknown({ scores, coverage }: Report): string {
  const open = coverage.areas.filter((a) => !a.judged).map((a) => AREA_NAMES[a.id]);
  const doubt = open.length === coverage.areas.length ? scores.safety.reason.replace(/^not enough data: /, '') : null;
  const why = doubt?.replace(/\.$/, '') ?? `${and(open)} could not be judged`;
  return `${why}. Nothing here says that it is safe to ride.`;
}
