/** Reports for the tests of the second opinion and for the bench of models: shipped rules, made-up values, every unit there is. */
import type { CellRef, Motorcycle } from '../model.ts';
import { refusedReport } from '../refused-report.ts';
import type { AreaId, Finding, Report } from '../report.ts';
import { band } from '../rules/bands.ts';
import { fill } from '../rules/message.ts';
import type { Rule } from '../rules/rule.ts';

/** One finding to make: the rule, its measured value, what else its message names, and where. */
export interface Made {
  rule: string;
  value: number;
  /** Of the made-up finding, whatever the shipped rule says today: sentences of the tests name it. */
  limit: number;
  facts?: Record<string, number>;
  rpm?: number;
  throttle?: number;
  /** The map's own unit, for the pair of tune and stock. */
  unit?: string;
  title?: string;
  cells?: number;
  others?: number;
  stock?: boolean;
}

/** A report that somebody has labelled: what a reader must be told, and what would be an invention. */
export interface Labelled {
  name: string;
  made: Made[];
  /** Ids of rules whose fault a good second opinion names. */
  mustName: string[];
  ron?: number;
  notJudged?: AreaId[];
  changed?: [title: string, cells: number][];
}

/** The made-up motorcycle of all of them. */
export const MOTORCYCLE: Motorcycle = {
  id: 'example/four-600',
  make: 'Example',
  model: 'Four 600',
  generation: null,
  yearFrom: 2008,
  yearTo: 2010,
  category: 'sport',
  displacementCc: 599,
  cylinders: 4,
  layout: 'inline',
  valvetrain: 'dohc',
  boreMm: 67,
  strokeMm: 42.5,
  compressionRatio: 13.1,
  aspiration: 'na',
  cooling: 'liquid',
  strokes: 4,
  redlineRpm: 16500,
  revLimitRpm: 16700,
  peakPowerKw: 94,
  peakPowerRpm: 14500,
  peakTorqueNm: 65,
  peakTorqueRpm: 11000,
  fuelRonMin: 95,
  fuelSystem: 'injection',
  throttle: 'ride-by-wire',
  idleRpm: 1300,
  ecuFamily: null,
  sources: [],
  confidence: 'medium',
  aliases: [],
};

export const LABELLED: Labelled[] = [
  {
    name: 'lean and advanced',
    made: [
      {
        rule: 'spark-over-stock-at-full-load',
        limit: 6,
        value: 7,
        facts: { tune: 35.75, stock: 28.75 },
        unit: '°',
        rpm: 7500,
        throttle: 55.2,
        cells: 18,
        title: 'Spark advance',
        stock: true,
      },
      {
        rule: 'full-load-mixture-lean',
        limit: 0.98,
        value: 0.99,
        facts: { lambda: 0.99 },
        unit: 'λ',
        rpm: 9500,
        throttle: 75.2,
        cells: 15,
        title: 'Lambda target',
      },
      { rule: 'fan-late', limit: 112, value: 114, facts: { on: 114 }, unit: '°C', title: 'Fan on and off' },
    ],
    mustName: ['spark-over-stock-at-full-load', 'full-load-mixture-lean'],
    changed: [
      ['Spark advance', 20],
      ['Lambda target', 15],
    ],
  },
  {
    name: 'limiter raised',
    made: [
      {
        rule: 'limiter-over-stock',
        limit: 3,
        value: 4.2,
        facts: { tune: 17_400, stock: 16_700 },
        unit: 'rpm',
        title: 'Rev limiter',
        stock: true,
      },
      { rule: 'piston-speed-high', limit: 27.8, value: 27.9, facts: { tune: 17_400 }, unit: 'rpm' },
    ],
    mustName: ['limiter-over-stock'],
    notJudged: ['heat'],
  },
  {
    name: 'less fuel than stock',
    made: [
      {
        rule: 'fuel-leaner-than-stock',
        limit: 9,
        value: 11.4,
        facts: { tune: 4.43, stock: 5.0 },
        unit: 'ms',
        rpm: 8200,
        throttle: 92.5,
        cells: 34,
        others: 3,
        title: 'Fuel by throttle, cylinder 2',
        stock: true,
      },
      {
        rule: 'fuel-cylinder-split',
        limit: 30,
        value: 34.4,
        rpm: 5500,
        throttle: 97.3,
        cells: 32,
        title: 'Fuel by throttle, cylinder 1',
      },
    ],
    mustName: ['fuel-leaner-than-stock'],
    ron: 95,
    notJudged: ['heat', 'throttle'],
  },
  {
    name: 'throttle by wire opened',
    made: [
      {
        rule: 'throttle-opens-further-than-stock',
        limit: 25,
        value: 37,
        facts: { tune: 53, stock: 16 },
        unit: '%',
        rpm: 5000,
        throttle: 81,
        cells: 44,
        others: 2,
        title: 'Throttle, gear 2',
        stock: true,
      },
      {
        rule: 'fuel-richer-than-stock',
        limit: 15,
        value: 23.3,
        facts: { tune: 6.1, stock: 4.95 },
        unit: 'ms',
        rpm: 3000,
        throttle: 69,
        cells: 12,
        title: 'Fuel by throttle, cylinder 3',
        stock: true,
      },
    ],
    mustName: ['throttle-opens-further-than-stock'],
  },
  {
    name: 'spark shape',
    made: [
      { rule: 'spark-cliff', limit: 30, value: 44, rpm: 4250, throttle: 60, cells: 6, title: 'IGN ADV - G3-4' },
      { rule: 'negative-advance', limit: -5, value: -6.5, rpm: 2400, throttle: 88, cells: 3, title: 'IGN ADV - G1-2' },
    ],
    mustName: ['spark-cliff'],
    notJudged: ['fullLoadMixture'],
  },
  {
    name: 'heat and dwell',
    made: [
      {
        rule: 'fan-later-than-stock',
        limit: 7,
        value: 11,
        facts: { tune: 109, stock: 98 },
        unit: '°C',
        title: 'Fan on',
        stock: true,
      },
      { rule: 'dwell-long', limit: 6, value: 6.4, rpm: 3000, cells: 5, title: 'Dwell' },
    ],
    mustName: ['fan-later-than-stock'],
    ron: 98,
  },
  {
    name: 'nothing found',
    made: [],
    mustName: [],
    ron: 95,
  },
  {
    name: 'small things',
    made: [
      {
        rule: 'spark-under-stock-at-full-load',
        limit: 8,
        value: 9.5,
        facts: { tune: 24, stock: 33.5 },
        unit: '°',
        rpm: 11_250,
        throttle: 100,
        cells: 22,
        title: 'Ignition 2D',
        stock: true,
      },
      {
        rule: 'cruise-mixture-rich',
        limit: 0.88,
        value: 0.86,
        facts: { lambda: 0.86 },
        unit: 'λ',
        rpm: 4000,
        throttle: 20,
        cells: 9,
        title: 'AFR target',
      },
    ],
    mustName: ['spark-under-stock-at-full-load'],
    notJudged: ['revLimiter'],
  },
];

/** A report from a label; `rules` are the shipped ones. */
export function makeReport(
  { name, made, ron, notJudged = [], changed = [] }: Labelled,
  rules: readonly Rule[],
): Report {
  const base = refusedReport(
    { path: `${name.replaceAll(' ', '-')}.bin`, sha256: 'a'.repeat(64), byteLength: 1024 },
    { code: '', message: '', hint: '' },
    {
      format: null,
      definition: null,
      conditions: { ron: ron ?? null, ethanolPercent: null, altitudeM: null, mods: [] },
    },
  );
  const findings = made.map((m) => makeFinding(m, rules));
  const value = Math.max(0, 100 - findings.length * 20);
  return {
    ...base,
    outcome: 'analysed',
    refusal: null,
    motorcycle: { id: MOTORCYCLE.id, name: 'Example Four 600 2008-2010', confidence: 'given', alternatives: [] },
    stock: {
      ...base.stock,
      reference: made.some((m) => m.stock) ? 'stockFile' : 'none',
      mapsEqual: 3,
      mapsChanged: changed.map(([title, cells]) => ({ id: `${title}@0x10`, title, changedCells: cells, kind: 'map' })),
    },
    scores: { ...base.scores, safety: { value, level: 'MODERATE', reason: '', deductions: [], caps: [], ifFixed: [] } },
    findings,
    findingCounts: { fail: findings.length, pass: 0, notApplicable: 0, notChecked: 40 },
    coverage: {
      ratio: 1 - notJudged.length / 5,
      areas: base.coverage.areas.map((a) => ({ ...a, judged: !notJudged.includes(a.id) })),
      notChecked: Array.from({ length: 40 }, (_, i) => ({ ruleId: `rule-${i}`, reason: 'nothing to measure it on' })),
    },
    analysisId: `${made.length}${name.length}00000000000000`.slice(0, 16),
  };
}

function makeFinding(made: Made, rules: readonly Rule[]): Finding {
  const rule = rules.find((r) => r.id === made.rule);
  if (rule === undefined) throw new Error(`no rule ${made.rule}`);
  const { severity, margin } = band(made.value, rule.limits);
  const { limit } = made;
  const facts = { ...made.facts, value: made.value, limit };
  const map = made.title === undefined ? null : { id: `${made.title}@0x10`, title: made.title };
  const place: CellRef = {
    mapId: map?.id ?? '',
    row: 0,
    column: 0,
    value: made.facts?.['tune'] ?? made.value,
    unit: made.unit ?? rule.limits.unit,
    axisValues: [
      ...(made.throttle === undefined ? [] : [{ quantity: 'throttle' as const, unit: '%', value: made.throttle }]),
      ...(made.rpm === undefined ? [] : [{ quantity: 'engineSpeed' as const, unit: 'rpm', value: made.rpm }]),
    ],
  };
  const { tune, stock } = made.facts ?? {};
  return {
    id: map === null ? rule.id : `${rule.id}:${map.id}`,
    ruleId: rule.id,
    title: rule.title,
    status: 'fail',
    severity: severity ?? 'info',
    map,
    alsoIn: Array.from({ length: made.others ?? 0 }, (_, i) => ({ id: `other${i}`, title: 'other' })),
    cells: [place],
    cellCount: made.cells ?? 1,
    value: made.value,
    unit: rule.limits.unit,
    limit,
    margin,
    reference: made.stock ? 'stockFile' : 'absolute',
    message: fill(rule.message, rule, facts, place),
    why: rule.why,
    fix: fill(rule.fix, rule, facts, place),
    sources: rule.sources,
    suppressed: null,
    compared: tune === undefined || stock === undefined ? null : { tune, stock, unit: place.unit },
    because: [],
  };
}
