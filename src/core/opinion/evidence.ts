/**
 * The most telling part of a report as numbered lines for a model: what it may cite, and what its words are held against.
 * No text of the analysed file goes in but field words of titles (plain-text.ts): whoever wrote the file cannot speak here.
 */
import type { Motorcycle } from '../model.ts';
import { SEVERITIES } from '../model.ts';
import type { Finding, Report } from '../report.ts';
import { withUnit } from '../rules/message.ts';
import { type Quantity, quantitiesOf } from './grounds.ts';
import { evidenceText, plainTitle } from './plain-text.ts';
import { estimateTokens } from './tokens.ts';
import { canonicalUnit } from './units.ts';

export type EvidenceKind = 'specification' | 'conditions' | 'finding' | 'measurement' | 'difference' | 'coverage';

export interface EvidenceItem {
  /** "F1": what the model cites. */
  id: string;
  kind: EvidenceKind;
  /** What the id stands for in the report: a finding's id, "coverage:heat", "stock", "motorcycle", "conditions". */
  refersTo: string;
  /** The line without its id. */
  line: string;
  quantities: Quantity[];
  finding: Finding | null;
  /** It says that something was not looked at, or is not known. */
  open: 'missing' | 'notJudged' | null;
  /** Something was changed against stock. */
  changed: boolean;
}

export interface Evidence {
  items: EvidenceItem[];
  /** What is sent, byte for byte. */
  text: string;
  tokens: number;
  /** As it may be written in a sentence; '' where it is not known. */
  motorcycle: string;
  /** Findings that found no room. */
  left: number;
}

/** Evidence goes in at every request; the fixed part only once per server. */
export const EVIDENCE_TOKENS = 700;
/** Never more, whatever is asked. */
export const MOST_EVIDENCE_TOKENS = 1_500;

const LINE_CHARACTERS = 270;
const MESSAGE_CHARACTERS = 130;
const FIX_CHARACTERS = 120;
const OPEN = '<<<EVIDENCE';
const CLOSE = 'EVIDENCE>>>';

/** Built from the whole report (findings of every status). Same report, same bytes. */
export function evidenceOf(report: Report, motorcycle: Motorcycle | null, most = EVIDENCE_TOKENS): Evidence {
  const budget = Math.min(most, MOST_EVIDENCE_TOKENS);
  const items: EvidenceItem[] = [];
  let tokens = estimateTokens(`${OPEN}\n${CLOSE}\n`);
  const add = (draft: Draft): boolean => {
    const line = evidenceText(draft.line, LINE_CHARACTERS);
    const cost = estimateTokens(`${draft.id}  ${line}\n`);
    if (tokens + cost > budget) return false;
    tokens += cost;
    items.push(withQuantities({ ...draft, line }));
    return true;
  };
  add(specification(report, motorcycle));
  add(conditions(report));
  add(stockItem(report));
  for (const item of coverage(report)) add(item);
  const failed = telling(report.findings);
  let told = 0;
  for (const [i, finding] of failed.entries()) {
    // Where the room is short, what is wrong comes before what to do about it.
    const id = `F${i + 1}`;
    if (add(findingItem(finding, id, true)) || add(findingItem(finding, id, false))) told++;
  }
  for (const [i, map] of changedMaps(report).entries()) {
    const title = plainTitle(map.title);
    const line = `${title === '' ? map.kind : title}: ${map.changedCells === null ? 'changed against stock' : `${map.changedCells} cells changed against stock`}`;
    add({
      id: `D${i + 1}`,
      kind: 'difference',
      refersTo: `stock:${map.id}`,
      line,
      finding: null,
      open: null,
      changed: true,
      numbers: () => quantitiesOf(line).map((q) => ({ ...q, counts: 'changed' as const })),
    });
  }
  for (const [i, finding] of passes(report.findings).entries()) add(passItem(finding, `P${i + 1}`));
  const text = `${OPEN}\n${items.map((item) => `${item.id} ${item.line}`).join('\n')}\n${CLOSE}`;
  return { items, text, tokens, motorcycle: nameOf(report), left: failed.length - told };
}

/** An item before its numbers are read; `numbers` where they are more than its line says. */
type Draft = Omit<EvidenceItem, 'quantities'> & { numbers?: () => Quantity[] };

/** Numbers are read when somebody asks for them: a question needs none. */
function withQuantities({
  numbers,
  ...item
}: Omit<EvidenceItem, 'quantities'> & { numbers?: () => Quantity[] }): EvidenceItem {
  let read: Quantity[] | null = null;
  return {
    ...item,
    get quantities() {
      read ??= numbers === undefined ? quantitiesOf(item.line) : numbers();
      return read;
    },
  };
}

const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);

/** Failed and not suppressed, as the report has them: worst first. */
function telling(findings: Finding[]): Finding[] {
  return findings
    .filter((f) => f.status === 'fail' && f.suppressed === null)
    .map((f, i) => ({ f, i }))
    .sort((a, b) => rank(a.f) - rank(b.f) || a.i - b.i)
    .map(({ f }) => f);
}

/** Rules that passed with a number: a few, so that the model sees what is in order too. */
function passes(findings: Finding[]): Finding[] {
  return findings
    .filter(
      (f) => f.status === 'pass' && f.value !== null && f.limit !== null && f.unit !== '' && !/^[a-z]+$/.test(f.unit),
    )
    .slice(0, 6);
}

function changedMaps(report: Report): Report['stock']['mapsChanged'] {
  const size = (m: Report['stock']['mapsChanged'][number]): number => m.changedCells ?? 0;
  return [...report.stock.mapsChanged].sort((a, b) => size(b) - size(a) || a.id.localeCompare(b.id)).slice(0, 4);
}

/** "spark-over-stock-at-full-load" as words. */
export const ruleWords = (ruleId: string): string => evidenceText(ruleId.replaceAll('-', ' '), 60);

function findingItem(finding: Finding, id: string, withFix: boolean): Draft {
  const title = finding.map === null ? '' : plainTitle(finding.map.title);
  const maps = finding.map === null ? 0 : finding.alsoIn.length + 1;
  const where = [
    title === '' ? '' : `map ${title}`,
    finding.cellCount > 1
      ? `${finding.cellCount} cells${maps > 1 ? ` in ${maps} maps` : ''}`
      : maps > 1
        ? `${maps} maps`
        : '',
  ].filter((t) => t !== '');
  const limit =
    finding.limit === null || finding.message.includes('limit') ? '' : `limit ${withUnit(finding.limit, finding.unit)}`;
  const parts = [
    `${ruleWords(finding.ruleId)} (${finding.severity}): ${evidenceText(finding.message, MESSAGE_CHARACTERS)}${placeOf(finding)}`,
    limit,
    ...where,
  ];
  const said = parts.filter((p) => p !== '').join('; ');
  const fix = withFix ? evidenceText(finding.fix, FIX_CHARACTERS) : '';
  const changed = finding.reference === 'stockFile' || finding.reference === 'stockKnown';
  const numbers = (): Quantity[] => {
    const advice = quantitiesOf(fix).map((q) => ({ ...q, part: 'advice' as const, direction: null, place: null }));
    const own = finding.ruleId.includes('throttle') ? null : false;
    const stated = quantitiesOf(said).map((q) => ({ ...q, place: q.place ?? (q.unit === '%' ? own : null) }));
    const all = [...measured(finding), ...stated, ...advice];
    return [...all, ...all.filter((q) => isBareLambda(q, finding)).map((q) => ({ ...q, unit: 'λ' }))];
  };
  const line = withFix ? `${said}. Fix: ${fix}` : said;
  return { id, kind: 'finding', refersTo: finding.id, line, finding, open: null, changed, numbers };
}

/** Where, for messages that do not say it. */
function placeOf({ message, cells }: Finding): string {
  const speed = cells[0]?.axisValues.find((a) => a.quantity === 'engineSpeed')?.value ?? null;
  return speed === null || message.includes('rpm') ? '' : ` at ${withUnit(speed, 'rpm')}`;
}

/** "0.86 to 0.90": a mixture is often written without its sign. */
const isBareLambda = (q: Quantity, finding: Finding): boolean =>
  q.unit === '' && q.value > 0.5 && q.value < 2 && /lambda|mixture/.test(finding.ruleId);

/** What the finding itself holds, with its part; the line's own words add the places. */
function measured(finding: Finding): Quantity[] {
  const unit = canonicalUnit(finding.unit);
  const list: Quantity[] = [];
  const { value, limit, compared } = finding;
  const isLimiter = finding.ruleId.includes('limiter');
  // Of a throttle map the throttle is both the place and what is measured.
  const own = finding.ruleId.includes('throttle') ? null : false;
  if (value !== null) {
    const direction = compared == null ? null : compared.tune > compared.stock ? 'up' : 'down';
    list.push({ value, unit, part: compared == null ? 'value' : 'difference', direction, place: own });
    if (limit !== null) {
      const excess = value - limit;
      list.push({ value: limit, unit, part: 'limit', direction: null, place: own });
      if (excess !== 0)
        list.push({
          value: Math.abs(excess),
          unit,
          part: 'excess',
          direction: excess > 0 ? 'up' : 'down',
          place: own,
        });
    }
  }
  if (compared != null) {
    const pairUnit = canonicalUnit(compared.unit);
    const difference = compared.tune - compared.stock;
    list.push(
      { value: compared.tune, unit: pairUnit, part: isLimiter ? 'limiter' : 'tune', direction: null, place: own },
      { value: compared.stock, unit: pairUnit, part: 'stock', direction: null, place: own },
      {
        value: Math.abs(difference),
        unit: pairUnit,
        part: 'difference',
        direction: difference > 0 ? 'up' : 'down',
        place: own,
      },
    );
  }
  list.push({ value: finding.cellCount, unit: 'cell', part: 'value', direction: null, place: null });
  if (finding.map !== null)
    list.push({ value: finding.alsoIn.length + 1, unit: 'map', part: 'value', direction: null, place: null });
  return list;
}

function passItem(finding: Finding, id: string): Draft {
  const line = `${ruleWords(finding.ruleId)}: not found; ${withUnit(finding.value!, finding.unit)}, limit ${withUnit(finding.limit!, finding.unit)}`;
  return { id, kind: 'measurement', refersTo: finding.id, line, finding, open: null, changed: false };
}

/** The name is a name: its digits are no quantities. */
function specification(report: Report, m: Motorcycle | null): Draft {
  const facts: string[] = [];
  if (m !== null) {
    facts.push(`${m.cylinders} cylinders`, `${m.displacementCc} cc`, `${m.cooling}-cooled`, `${m.strokes}-stroke`);
    if (m.aspiration !== 'na') facts.push(m.aspiration);
    if (m.compressionRatio !== null) facts.push(`compression ${m.compressionRatio}:1`);
    if (m.redlineRpm !== null) facts.push(`redline ${m.redlineRpm} rpm`);
    if (m.fuelRonMin !== null) facts.push(`needs RON ${m.fuelRonMin}`);
  }
  const known = facts.join(', ');
  const name = report.motorcycle === null ? 'motorcycle not known' : nameOf(report);
  return {
    id: 'S1',
    kind: 'specification',
    refersTo: 'motorcycle',
    line: known === '' ? name : `${name}, ${known}`,
    finding: null,
    open: report.motorcycle === null ? 'missing' : null,
    changed: false,
    numbers: () => quantitiesOf(known).map((q) => (q.part === 'redline' ? q : { ...q, counts: 'engine' as const })),
  };
}

const nameOf = (report: Report): string => evidenceText(report.motorcycle?.name ?? '', 60);

function conditions(report: Report): Draft {
  const { ron, ethanolPercent, altitudeM, mods } = report.conditions;
  const facts = [
    ron === null ? 'fuel octane not said' : `fuel RON ${ron}`,
    ...(ethanolPercent === null ? [] : [`${ethanolPercent} % ethanol`]),
    ...(altitudeM === null ? [] : [`ridden at ${altitudeM} m`]),
    ...(mods.length === 0 ? [] : [`parts fitted: ${plainTitle(mods.join(' ')) || 'some'}`]),
  ];
  return {
    id: 'S2',
    kind: 'conditions',
    refersTo: 'conditions',
    line: facts.join(', '),
    finding: null,
    open: ron === null ? 'missing' : null,
    changed: false,
  };
}

function stockItem(report: Report): Draft {
  const { reference, mapsEqual, mapsChanged, wholeFileIsFactory } = report.stock;
  const known = mapsEqual + mapsChanged.length;
  const line =
    reference === 'none'
      ? 'stock is not known: nothing could be held against the factory calibration'
      : wholeFileIsFactory
        ? 'the whole file is a known factory file'
        : `${mapsChanged.length} of ${known} maps changed against stock (${reference === 'stockFile' ? 'a stock file was given' : 'known factory readings'})`;
  return {
    id: 'S3',
    kind: 'difference',
    refersTo: 'stock',
    line,
    finding: null,
    open: reference === 'none' ? 'missing' : null,
    changed: mapsChanged.length > 0,
    numbers: () =>
      quantitiesOf(line).map((q, i) => ({ ...q, counts: i === 0 ? ('changed' as const) : ('total' as const) })),
  };
}

const AREAS = {
  fullLoadMixture: 'full-load mixture',
  fullLoadSpark: 'full-load spark',
  revLimiter: 'rev limiter',
  heat: 'heat',
  throttle: 'throttle',
} as const;

const PLAIN = { part: 'stated', direction: null, place: null } as const;

function coverage(report: Report): Draft[] {
  const { areas, notChecked } = report.coverage;
  const judged = areas.filter((a) => a.judged);
  const items: Draft[] = [
    {
      id: 'C1',
      kind: 'coverage',
      refersTo: 'coverage',
      line: `judged: ${judged.map((a) => AREAS[a.id]).join(', ') || 'nothing'}; ${notChecked.length} rules were not checked`,
      finding: null,
      open: notChecked.length > 0 ? 'notJudged' : null,
      changed: false,
      numbers: () =>
        ['rule', 'check'].map((unit) => ({ value: notChecked.length, unit, counts: 'unchecked' as const, ...PLAIN })),
    },
  ];
  for (const area of areas.filter((a) => !a.judged)) {
    items.push({
      id: `C${items.length + 1}`,
      kind: 'coverage',
      refersTo: `coverage:${area.id}`,
      line: `not judged: ${AREAS[area.id]}`,
      finding: null,
      open: 'notJudged',
      changed: false,
    });
  }
  return items;
}
