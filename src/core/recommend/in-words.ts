/** Why, what it gives, what it costs and what to check first, in plain words; a beginner is warned where an expert is informed. */

import { placeLines } from '../first-ride.ts';
import { plainVerdict } from '../plain-verdict.ts';
import type { Asking, Candidate, Recommended } from './candidate.ts';
import type { Claims } from './claims.ts';
import type { RecommendData } from './data.ts';
import { fittedParts, octaneInHand } from './filters.ts';
import { featureOf, goalShare, goalsOf } from './goals.ts';

type Words = Pick<Recommended, 'why' | 'gives' | 'costs' | 'checkFirst'>;

export function inWords(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): Words {
  return {
    why: why(candidate, claims, asking, data),
    gives: gives(candidate, asking),
    costs: costs(candidate, claims, asking, data),
    checkFirst: checkFirst(candidate, claims, asking, data),
  };
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));

function why(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): string[] {
  const { report, rating, like } = candidate;
  const { safety } = report.scores;
  const beginner = asking.skill === 'beginner';
  const says = [
    beginner && plainVerdict(report).word === 'FINE'
      ? `Nothing dangerous was found in it: safety ${safety.value} of 100.`
      : `Safety ${safety.value} of 100 (${report.coverage.areas.filter((a) => a.judged).length} of ${report.coverage.areas.length} danger areas judged).`,
  ];
  if (candidate.ownRead) says.push('It is your own factory read.');
  else if (report.stock.wholeFileIsFactory) says.push('It is a factory image of this motorcycle, byte for byte.');
  else if (report.definition !== null) says.push(`It is for this motorcycle and its ECU (${report.definition.title}).`);
  const fitted = fittedParts(asking, data);
  const shared = claims.parts.filter((p) => fitted.includes(p));
  if (shared.length > 0) says.push(`It was made for ${list(shared)}, as fitted to yours.`);
  else if (fitted.length === 0 && claims.parts.length === 0)
    says.push('Like your motorcycle, it names no parts that the factory did not fit.');
  const served = goalsOf(asking, data).filter((g) => goalShare(g, candidate, claims, asking, data) >= 0.6);
  if (served.length > 0) says.push(`It serves ${list(served)}.`);
  if (like !== null)
    says.push(`Its calibration is like ${like.path.split(/[\\/]/).at(-1)}, which you gave ${like.stars} of 5.`);
  if (rating !== null) says.push(`You gave it ${rating.stars} of 5${rating.note === '' ? '' : `: ${rating.note}`}.`);
  return says;
}

function gives(candidate: Candidate, asking: Asking): string[] {
  const { report } = candidate;
  const { torque, efficiency, reason } = report.performance;
  const { stock } = report;
  if (candidate.ownRead) return ['What your motorcycle left the factory with.'];
  if (stock.reference === 'none' && !stock.wholeFileIsFactory)
    return ['What it changes is not known: no stock was there when it was analysed.'];
  const unchanged = stock.wholeFileIsFactory || (stock.mapsChanged.length === 0 && stock.mapsEqual > 0);
  if (unchanged) return ['The factory’s own behaviour: every map that is known is as the factory made it.'];
  const says: string[] = [];
  if (torque === null) says.push(`Torque: not known. ${sentence(reason)}`);
  else if (torque.lowPercent === 0 && torque.highPercent === 0) says.push('Torque at full load: as stock.');
  else
    says.push(
      `Torque at full load: ${signed(torque.changePercent)} % (${signed(torque.lowPercent)} to ${signed(torque.highPercent)}).`,
    );
  if (efficiency !== null && efficiency.changePercent !== 0)
    says.push(
      `Distance on a litre at cruise: ${signed(efficiency.changePercent)} % (${signed(efficiency.lowPercent)} to ${signed(efficiency.highPercent)}).`,
    );
  const plates = stock.mapsChanged.filter((m) => /throttle|plate|etv/i.test(m.title));
  if (plates.length > 0) {
    const steep = featureOf('throttleSteepness', candidate, asking);
    says.push(
      `Another throttle response${steep === null ? '' : ` (steepest ${Math.round(steep * 100) / 100} % of plate for each % of grip)`}.`,
    );
  }
  return says;
}

/** The first sentence of a refusal, without its "unknown". */
function sentence(reason: string): string {
  const first = reason.replace(/^torque unknown: /, '').split(/\. /)[0] ?? '';
  return first === '' ? '' : `${first[0]!.toUpperCase()}${first.slice(1)}.`;
}

function costs(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): string[] {
  const { report } = candidate;
  const says: string[] = [];
  const beginner = asking.skill === 'beginner';
  for (const f of report.findings.filter((x) => x.status === 'fail' && x.severity !== 'info').slice(0, 4)) {
    const what = f.message === '' ? f.ruleId.replaceAll('-', ' ') : f.message;
    says.push(beginner ? `Warning: ${what}. ${f.why}` : `${f.severity}: ${what}`);
  }
  const spark = featureOf('sparkOverStockDegrees', candidate, asking);
  if (spark !== null && spark >= 0.5)
    says.push(
      `Up to ${Math.round(spark * 10) / 10}° more spark at full load takes about as many octane numbers of knock margin.`,
    );
  const { limiter } = report.performance;
  if (limiter !== null && limiter.inertiaLoadPercent > 0)
    says.push(
      `The limiter is ${Math.round(limiter.toRpm - limiter.fromRpm)} rpm higher: ${signed(limiter.inertiaLoadPercent)} % load on rods and valve gear.`,
    );
  const margin = octaneInHand(candidate, asking, data);
  if (margin !== null && margin < data.octane.warnUnder)
    says.push(
      `${beginner ? 'Warning: y' : 'Y'}our fuel is ${Math.round(-margin * 10) / 10} octane numbers under what the engine asks for (an estimate, good to four).`,
    );
  const fitted = fittedParts(asking, data);
  const notNamed = fitted.filter((p) => !claims.parts.includes(p));
  if (notNamed.length > 0)
    says.push(`It does not say that it was made for ${list(notNamed)}: with more air it may run lean at full load.`);
  const notFitted = claims.parts.filter((p) => !fitted.includes(p));
  if (notFitted.length > 0)
    says.push(`It was made for ${list(notFitted)}, which yours has not: it may run rich at full load.`);
  const said = report.secondOpinion;
  if (said != null && said.deduction > 0)
    says.push(`The local model (${said.model}) would take ${said.deduction} points off its safety.`);
  if (said != null && (said.compatibility === 'doubtful' || said.compatibility === 'doesNotFit'))
    says.push(`The local model (${said.model}) doubts that it fits this motorcycle.`);
  const open = report.coverage.areas.filter((a) => !a.judged);
  if (open.length > 0) says.push(`Not judged: ${open.map((a) => a.reason.split(':')[0]).join(', ')}.`);
  return says.length > 0 ? says : ['Nothing that was judged.'];
}

function checkFirst(candidate: Candidate, claims: Claims, asking: Asking, data: RecommendData): string[] {
  const { report } = candidate;
  const says: string[] = [];
  if (candidate.elsewhere)
    says.push('It was judged on another machine and imported: analyze the file itself here before you flash it.');
  if (!candidate.current)
    says.push('It was judged by other rules than those in force: analyze it again before anything else.');
  if (report.stock.reference === 'none' && !report.stock.wholeFileIsFactory && !candidate.ownRead)
    says.push(
      'Hold it against your own factory read: revsync profile edit … --stock original.bin, then analyze it again.',
    );
  if (asking.ron === null) says.push('Say which fuel you use (--ron or --aki): octane was not weighed.');
  else if (asking.motorcycle.fuelRonMin === null)
    says.push(
      `The least octane of this motorcycle is not known here: look into its manual before you use RON ${asking.ron}.`,
    );
  if (claims.ethanolPercent === null && (asking.ethanolPercent ?? 0) > 10)
    says.push('The tune does not say for which ethanol it was made.');
  if (candidate.motorcycle !== null && candidate.motorcycle.id !== asking.motorcycle.id)
    says.push(`It was judged as ${report.motorcycle?.name}: analyze it again with --bike ${asking.motorcycle.id}.`);
  says.push(...placeLines(report.firstRideSheet.cells).slice(0, 2));
  const fitted = fittedParts(asking, data);
  if (fitted.some((p) => !claims.parts.includes(p))) says.push('Log lambda at full load before you ride hard.');
  if ((asking.altitudeM ?? 0) > 1500)
    says.push(
      `At ${asking.altitudeM} m the engine asks for less octane; come down on it and it asks for all of it again.`,
    );
  if (asking.skill === 'beginner')
    says.push(
      'Keep your own factory read safe before you flash anything, and have somebody who has done it before beside you.',
    );
  else if (says.length === 0)
    says.push('Keep your own factory read; log lambda and listen for knock on the first ride.');
  return says;
}
