/** Everything that is asked of one file: untouched, with every fault, with every harmless edit. */
import { existsSync, readFileSync } from 'node:fs';
import type { Severity } from '../../core/model.ts';
import type { Report } from '../../core/report.ts';
import { faults, harmlessEdits } from './catalogue.ts';
import { changedMaps, compare } from './compare.ts';
import { drawFor } from './draw.ts';
import type { Editor } from './editor.ts';
import { atLeast, type Fault, type Harmless, type Injected } from './fault.ts';
import { perDegree } from './faults/surface.ts';
import { type Ask, judge, motorcycleOfReport, stockInput } from './judge.ts';
import { isMonotone, pairsOf, worstIn } from './monotone.ts';
import { fuelMaps, type Site, siteOf, sparkMaps, zone } from './site.ts';
import type { Subject } from './subject.ts';

export const SEED = 'revsync-verdict-1';

/** How a file was judged: against the untouched file; the same over a file tuned before; by shipped facts; by nothing. */
export type Mode = 'stock' | 'tunedAgainstStock' | 'known' | 'none';
export const WITH_STOCK: readonly Mode[] = ['stock', 'tunedAgainstStock'];

export interface CaseResult {
  subject: string;
  family: string;
  heldOut: boolean;
  mode: Mode;
  kind: 'fault' | 'harmless' | 'untouched' | 'monotone';
  id: string;
  /** Null: it was judged. Else why it could not be made here. */
  excluded: string | null;
  amplitude: string;
  /** Least severity asked for; null: has to stay quiet (nothing above low). */
  floor: Severity | null;
  found: boolean;
  rightMap: boolean;
  rightCell: boolean;
  severity: Severity | null;
  severityMet: boolean;
  scoreBefore: number | null;
  scoreAfter: number | null;
  /** New findings above low. */
  alarms: { rule: string; severity: Severity }[];
  fired: string[];
}

export interface SubjectResult {
  subject: string;
  family: string;
  heldOut: boolean;
  factory: boolean;
  /** Null: it takes part. Else why not. */
  passedOver: string | null;
  cases: CaseResult[];
}

interface Base {
  site: Site;
  report: Report;
  ask: Omit<Ask, 'bytes'>;
  mode: Mode;
}

/** Which of the cases are made. */
export interface Selection {
  /** Of the cases, 0..1. */
  share: number;
  /** Faults and harmless edits by id; null: all, and what is asked of the untouched file. */
  only: string[] | null;
}

export async function runSubject(subject: Subject, { share, only }: Selection): Promise<SubjectResult> {
  const result: SubjectResult = {
    subject: subject.id,
    family: subject.family,
    heldOut: subject.heldOut,
    factory: subject.factory,
    passedOver: null,
    cases: [],
  };
  if (!existsSync(subject.path)) return { ...result, passedOver: 'the file is not there' };
  const bytes = new Uint8Array(readFileSync(subject.path));
  const bases = await basesOf(subject, bytes);
  if (typeof bases === 'string') return { ...result, passedOver: bases };
  if (subject.factory && only === null) result.cases.push(...untouched(subject, bases));
  const pick = (mode: Mode): Base | undefined => bases.find((b) => b.mode === mode);
  const wanted = ({ id }: { id: string }): boolean => only === null || only.includes(id);
  for (const fault of faults.filter(wanted)) {
    const draws = fault.draws ?? 1;
    for (let n = 0; n < draws; n++) {
      const even = (drawFor(SEED, subject.id, fault.id, n, 'mode').below(2) + n) % 2 === 0;
      const modes: Mode[] = even ? ['stock', 'none'] : ['tunedAgainstStock', 'known'];
      for (const mode of modes) {
        if (drawFor(SEED, subject.id, fault.id, n, mode, 'share').next() >= share) continue;
        const base = pick(mode) ?? pick(mode === 'known' ? 'none' : 'stock');
        if (base !== undefined) result.cases.push(await runFault(subject, fault, base, n));
      }
    }
  }
  for (const edit of harmlessEdits.filter(wanted)) {
    const even = drawFor(SEED, subject.id, edit.id, 'mode').below(2) === 0;
    for (const mode of even ? (['stock', 'none'] as const) : (['tunedAgainstStock', 'known'] as const)) {
      if (drawFor(SEED, subject.id, edit.id, mode, 'share').next() >= share) continue;
      const base = pick(mode) ?? pick(mode === 'known' ? 'none' : 'stock');
      if (base !== undefined) result.cases.push(await runHarmless(subject, edit, base));
    }
  }
  const base = pick('stock');
  if (base !== undefined && only === null && drawFor(SEED, subject.id, 'monotone', 'share').next() < share)
    result.cases.push(...(await monotone(subject, base)));
  return result;
}

async function monotone(subject: Subject, base: Base): Promise<CaseResult[]> {
  const cases: CaseResult[] = [];
  for (const { id, smaller, larger } of pairsOf(base.site, SEED)) {
    const [a, b] = [
      await judge(subject, { ...base.ask, bytes: smaller }),
      await judge(subject, { ...base.ask, bytes: larger }),
    ];
    cases.push({
      ...blank(subject, base.mode, 'monotone', id),
      severity: worstIn(b.report),
      severityMet: isMonotone(a.report, b.report),
      scoreBefore: a.report.scores.safety.value,
      scoreAfter: b.report.scores.safety.value,
    });
  }
  return cases;
}

/** The file in each mode, judged before anything is done to it; a sentence where it takes no part. */
export async function basesOf(subject: Subject, bytes: Uint8Array): Promise<Base[] | string> {
  const plain = await judge(subject, { bytes, reference: 'known', stock: null });
  if (plain.decoded === null) return `it is refused: ${plain.report.refusal?.code ?? 'unknown'}`;
  if (plain.report.definition?.verdict === 'uncertain')
    return 'its definition fits only in part: nothing is judged above medium';
  if (plain.decoded.tune.facts.settings['revsync.unset'] === 'true') return 'its main maps were never set';
  const motorcycle = await motorcycleOfReport(plain.report);
  const site = siteOf(subject, plain.decoded, motorcycle);
  if (fuelMaps(site).length + sparkMaps(site).length === 0)
    return 'it has neither a fuel nor a spark map with known axes';
  const bases: Base[] = [];
  const against = await judge(subject, { bytes, reference: 'none', stock: null });
  bases.push({ site, report: against.report, ask: { reference: 'none', stock: null }, mode: 'none' });
  if (plain.report.stock.reference !== 'none') {
    bases.push({ site, report: plain.report, ask: { reference: 'known', stock: null }, mode: 'known' });
  }
  const stock = stockInput(bytes);
  const own = await judge(subject, { bytes, reference: 'file', stock });
  bases.push({ site, report: own.report, ask: { reference: 'file', stock }, mode: 'stock' });
  const tuned = mildTune(site);
  if (tuned !== null) {
    const judged = await judge(subject, { bytes: tuned, reference: 'file', stock });
    if (judged.decoded !== null) {
      bases.push({
        site: siteOf(subject, judged.decoded, motorcycle, plain.decoded),
        report: judged.report,
        ask: { reference: 'file', stock },
        mode: 'tunedAgainstStock',
      });
    }
  }
  return bases;
}

/** An evening's careful work: three percent richer at cruise, two at full load, a degree later at full load. */
function mildTune(site: Site): Uint8Array | null {
  const editor = site.edit();
  for (const map of fuelMaps(site)) {
    if (!scaleZone(site, editor, map.id, 'cruise', 1.03) || !scaleZone(site, editor, map.id, 'fullLoad', 1.02))
      return null;
  }
  for (const map of sparkMaps(site)) {
    const { unit, counts } = perDegree(map);
    for (const i of zone(site, map, 'fullLoad')) editor.set(map, i, map.cells[i]! - unit * (counts ? 1.7 : 1));
  }
  const bytes = editor.bytes();
  return Buffer.from(bytes).equals(Buffer.from(site.decoded.input.bytes)) ? null : bytes;
}

function scaleZone(site: Site, editor: Editor, id: string, which: 'cruise' | 'fullLoad', factor: number): boolean {
  const map = site.decoded.tune.maps.find((m) => m.id === id)!;
  return zone(site, map, which).every((i) => editor.set(map, i, map.cells[i]! * factor) !== null);
}

function untouched(subject: Subject, bases: Base[]): CaseResult[] {
  return bases
    .filter((b) => b.mode === 'none' || b.mode === 'known')
    .map(({ report, mode }) => {
      const failed = report.findings.filter((f) => f.status === 'fail');
      return {
        ...blank(subject, mode, 'untouched', 'untouched'),
        scoreBefore: report.scores.safety.value,
        scoreAfter: report.scores.safety.value,
        alarms: failed
          .filter((f) => atLeast(f.severity, 'medium'))
          .map((f) => ({ rule: f.ruleId, severity: f.severity })),
        fired: [...new Set(failed.map((f) => f.ruleId))],
      };
    });
}

function blank(subject: Subject, mode: Mode, kind: CaseResult['kind'], id: string): CaseResult {
  return {
    subject: subject.id,
    family: subject.family,
    heldOut: subject.heldOut,
    mode,
    kind,
    id,
    excluded: null,
    amplitude: '',
    floor: null,
    found: false,
    rightMap: false,
    rightCell: false,
    severity: null,
    severityMet: false,
    scoreBefore: null,
    scoreAfter: null,
    alarms: [],
    fired: [],
  };
}

async function runFault(subject: Subject, fault: Fault, base: Base, n: number): Promise<CaseResult> {
  const result = blank(subject, base.mode, 'fault', fault.id);
  const made = fault.inject(base.site, drawFor(SEED, subject.id, fault.id, n, base.mode));
  if (made.kind === 'excluded') return { ...result, excluded: made.because };
  const withStock = WITH_STOCK.includes(base.mode);
  const floor = withStock ? made.floor : made.alone;
  if (made.floor === null) {
    // The amplitude came out below the lowest band: it belongs to the quiet side.
    return {
      ...(await judged(subject, base, made, { ...result, kind: 'harmless', id: `${fault.id} (below its bands)` })),
    };
  }
  const done = await judged(subject, base, made, { ...result, floor });
  if (fault.ends !== 'incompatible') return done;
  return done;
}

async function runHarmless(subject: Subject, edit: Harmless, base: Base): Promise<CaseResult> {
  const result = blank(subject, base.mode, 'harmless', edit.id);
  const made = edit.inject(base.site, drawFor(SEED, subject.id, edit.id, base.mode));
  if (made.kind === 'excluded') return { ...result, excluded: made.because };
  return judged(subject, base, made, result);
}

async function judged(subject: Subject, base: Base, made: Injected, result: CaseResult): Promise<CaseResult> {
  const { report, decoded } = await judge(subject, { ...base.ask, ...made.with, bytes: made.bytes });
  const scored = {
    ...result,
    amplitude: made.amplitude,
    scoreBefore: base.report.scores.safety.value,
    scoreAfter: report.scores.safety.value,
  };
  const fault = faults.find((f) => f.id === result.id);
  if (fault?.ends === 'incompatible') {
    // Refused, doubtful or incompatible, and no number.
    const { compatibility, safety } = report.scores;
    const told = report.outcome !== 'analysed' || compatibility.level === 'INCOMPATIBLE';
    const yes = told && safety.value === null;
    return {
      ...scored,
      found: told,
      rightMap: yes,
      rightCell: yes,
      severity: yes ? 'critical' : null,
      severityMet: yes,
    };
  }
  const changed = decoded === null ? null : changedMaps(base.site.decoded.tune, decoded.tune);
  const found = compare(base.report, report, made, changed);
  // An edit after which the file is refused was noticed, though at no map.
  const refused = decoded === null;
  if (refused && made.orRefused === true)
    return { ...scored, found: true, rightMap: true, rightCell: true, severity: 'critical', severityMet: true };
  return {
    ...scored,
    ...found,
    found: found.found || refused,
    severityMet:
      result.floor === null ? found.rightMap : found.severity !== null && atLeast(found.severity, result.floor),
  };
}
