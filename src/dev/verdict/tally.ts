/** Counts over cases: what the table prints and the bars are held to. */
import type { Severity } from '../../core/model.ts';
import { catalogueOf } from './catalogue.ts';
import { type CaseResult, type SubjectResult, WITH_STOCK } from './run-subject.ts';

export interface Rate {
  n: number;
  hits: number;
}

export interface FaultRow {
  id: string;
  title: string;
  side: 'with' | 'without';
  n: number;
  excluded: number;
  found: number;
  rightMap: number;
  rightCell: number;
  severityMet: number;
  /** Of cases that an expert calls high or critical: those that still got sixty or more. */
  scoredTooWell: number;
  scoreBefore: number | null;
  scoreAfter: number | null;
}

export interface Side {
  faults: Rate;
  rightMap: Rate;
  rightCell: Rate;
  severityMet: Rate;
  needsNoReference: Rate;
  scoredTooWell: Rate;
}

/** Cases of one fault that miss a bar: by fault and side, in the families looked at and in those held out. */
export interface Missed {
  id: string;
  bar: 'least severity, with stock' | 'needs no reference' | 'scores 60 or more though high';
  looked: number;
  heldOut: number;
}

export interface Tally {
  subjects: { judged: number; passedOver: { subject: string; because: string }[] };
  families: { looked: string[]; heldOut: string[] };
  rows: FaultRow[];
  missed: Missed[];
  exclusions: Record<string, number>;
  sides: Record<
    'looked' | 'heldOut' | 'all',
    { with: Side; without: Side; harmless: Rate; untouched: Rate; monotone: Rate }
  >;
  /** Alarms above low on untouched files and after harmless edits, by rule: how many of so many. */
  alarms: Record<string, { untouched: number; harmless: number }>;
  /** By rule: untouched files on which it says anything, alarms, faults on which it has a new finding. */
  rules: Record<string, { untouchedAny: number; untouchedAbove: number; injected: number }>;
  untouchedFiles: number;
  injectedCases: number;
}

const rate = (list: readonly CaseResult[], hit: (c: CaseResult) => boolean): Rate => ({
  n: list.length,
  hits: list.filter(hit).length,
});

const grave = (s: Severity | null): boolean => s === 'critical' || s === 'high';

/** An expert's class of high or more, and the file still gets sixty points. */
const tooWell = (c: CaseResult): boolean => c.scoreAfter !== null && c.scoreAfter >= 60;

const aboveMedium = (c: CaseResult): boolean => c.alarms.some((a) => grave(a.severity));

function sideOf(cases: readonly CaseResult[]): Side {
  return {
    faults: rate(cases, (c) => c.found),
    rightMap: rate(cases, (c) => c.rightMap),
    rightCell: rate(cases, (c) => c.rightCell),
    severityMet: rate(cases, (c) => c.severityMet),
    needsNoReference: rate(
      cases.filter((c) => catalogueOf(c.id)?.needsNoReference === true && c.floor !== null),
      (c) => c.rightMap,
    ),
    scoredTooWell: rate(
      cases.filter((c) => grave(c.floor)),
      tooWell,
    ),
  };
}

export function tally(results: readonly SubjectResult[]): Tally {
  const took = results.filter((r) => r.passedOver === null);
  const all = took.flatMap((r) => r.cases);
  const judged = all.filter((c) => c.excluded === null);
  const isWith = (c: CaseResult): boolean => WITH_STOCK.includes(c.mode);
  const faultCases = judged.filter((c) => c.kind === 'fault');
  const untouchedCases = judged.filter((c) => c.kind === 'untouched');
  const harmlessCases = judged.filter((c) => c.kind === 'harmless');
  const rows: FaultRow[] = [];
  const ids = [...new Set(all.filter((c) => c.kind === 'fault').map((c) => c.id))];
  for (const id of ids) {
    for (const side of ['with', 'without'] as const) {
      const own = faultCases.filter((c) => c.id === id && isWith(c) === (side === 'with'));
      const out = all.filter(
        (c) => c.kind === 'fault' && c.id === id && c.excluded !== null && isWith(c) === (side === 'with'),
      );
      rows.push({
        id,
        title: catalogueOf(id)?.title ?? id,
        side,
        n: own.length,
        excluded: out.length,
        found: own.filter((c) => c.found).length,
        rightMap: own.filter((c) => c.rightMap).length,
        rightCell: own.filter((c) => c.rightCell).length,
        severityMet: own.filter((c) => c.severityMet).length,
        scoredTooWell: own.filter((c) => grave(c.floor) && tooWell(c)).length,
        scoreBefore: median(own.map((c) => c.scoreBefore)),
        scoreAfter: median(own.map((c) => c.scoreAfter)),
      });
    }
  }
  const exclusions: Record<string, number> = {};
  for (const c of all) if (c.excluded !== null) exclusions[c.excluded] = (exclusions[c.excluded] ?? 0) + 1;
  const part = (keep: (c: CaseResult) => boolean) => {
    const faults = faultCases.filter(keep);
    return {
      with: sideOf(faults.filter(isWith)),
      without: sideOf(faults.filter((c) => !isWith(c))),
      harmless: rate(harmlessCases.filter(keep), (c) => c.alarms.length > 0),
      untouched: rate(untouchedCases.filter(keep), aboveMedium),
      monotone: rate(
        judged.filter((c) => c.kind === 'monotone' && keep(c)),
        (c) => c.severityMet,
      ),
    };
  };
  const alarms: Tally['alarms'] = {};
  const rules: Tally['rules'] = {};
  const rule = (id: string) => {
    rules[id] ??= { untouchedAny: 0, untouchedAbove: 0, injected: 0 };
    return rules[id];
  };
  const alarm = (id: string) => {
    alarms[id] ??= { untouched: 0, harmless: 0 };
    return alarms[id];
  };
  for (const c of untouchedCases) {
    for (const id of c.fired) rule(id).untouchedAny++;
    for (const id of new Set(c.alarms.map((a) => a.rule))) {
      rule(id).untouchedAbove++;
      alarm(id).untouched++;
    }
  }
  for (const c of harmlessCases) for (const id of new Set(c.alarms.map((a) => a.rule))) alarm(id).harmless++;
  for (const c of faultCases) for (const id of c.fired) rule(id).injected++;
  const names = (held: boolean): string[] =>
    [...new Set(took.filter((r) => r.heldOut === held).map((r) => r.family))].sort();
  return {
    subjects: {
      judged: took.length,
      passedOver: results
        .filter((r) => r.passedOver !== null)
        .map((r) => ({ subject: r.subject, because: r.passedOver! })),
    },
    families: { looked: names(false), heldOut: names(true) },
    rows,
    missed: missedOf(faultCases),
    exclusions,
    sides: { looked: part((c) => !c.heldOut), heldOut: part((c) => c.heldOut), all: part(() => true) },
    alarms,
    rules,
    untouchedFiles: untouchedCases.length,
    injectedCases: faultCases.length,
  };
}

function missedOf(cases: readonly CaseResult[]): Missed[] {
  const isWith = (c: CaseResult): boolean => WITH_STOCK.includes(c.mode);
  const bars: [Missed['bar'], (c: CaseResult) => boolean][] = [
    ['least severity, with stock', (c) => isWith(c) && !c.severityMet],
    [
      'needs no reference',
      (c) => !isWith(c) && !c.rightMap && c.floor !== null && catalogueOf(c.id)?.needsNoReference === true,
    ],
    ['scores 60 or more though high', (c) => grave(c.floor) && tooWell(c)],
  ];
  return bars.flatMap(([bar, isMiss]) => {
    const misses = cases.filter(isMiss);
    return [...new Set(misses.map((c) => c.id))].map((id) => ({
      id,
      bar,
      looked: misses.filter((c) => c.id === id && !c.heldOut).length,
      heldOut: misses.filter((c) => c.id === id && c.heldOut).length,
    }));
  });
}

function median(values: (number | null)[]): number | null {
  const known = values.filter((v) => v !== null).sort((a, b) => a - b);
  return known[known.length >> 1] ?? null;
}
