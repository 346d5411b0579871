/** What an honest model would say of a finding: true sentences in many manners, with the relation that holds. For the tests. */
import { withUnit } from '../rules/message.ts';
import type { Relation } from './answer.ts';
import type { Evidence, EvidenceItem } from './evidence.ts';
import { relationHolds } from './relations.ts';

export interface Honest {
  text: string;
  evidence: string[];
  relation: Relation;
}

const number = (value: number): string =>
  String(Number(value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)));
const grouped = (value: number): string =>
  value >= 10_000 ? `${Math.floor(value / 1000)},${String(value % 1000).padStart(3, '0')}` : String(value);
const WORDS: Record<string, string> = {
  '°': 'degrees',
  '%': 'percent',
  '°C': 'degrees Celsius',
  λ: 'lambda',
  rpm: 'rpm',
  ms: 'milliseconds',
  'm/s': 'metres per second',
};
const SMALL = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
/** "eleven point four" */
const spelt = (value: number): string => {
  const [whole = '', part] = number(value).split('.');
  const head = SMALL[Number(whole)] ?? whole;
  if (part === undefined || head === whole) return number(value);
  return `${head} point ${[...part].map((d) => SMALL[Number(d)]).join(' ')}`;
};

/** True sentences about an item; [] for items that carry no concern. */
export function honestConcerns(item: EvidenceItem): Honest[] {
  const { finding } = item;
  if (item.open !== null) return openConcerns(item);
  if (finding === null || finding.status !== 'fail') return item.changed ? changedConcerns(item) : [];
  const { value, limit, compared } = finding;
  if (value === null || limit === null) return [];
  const at = place(item);
  const unit = finding.unit;
  const v = withUnit(value, unit);
  const l = withUnit(limit, unit);
  const longUnit = WORDS[unit];
  const past = value > limit ? 'aboveLimit' : 'belowLimit';
  const over = value > limit ? 'over' : 'under';
  const exceeds = value > limit ? 'exceeds' : 'falls below';
  const texts: [Relation, string][] = [
    [past, `${v}${at} is ${over} the limit of ${l}.`],
    [past, `The measured ${v} ${exceeds} the ${l} limit${at}.`],
    [past, `At ${v}, this is past the limit (${l}) and should be corrected before riding.`],
    [past, `This value of ${v} is not safe; the limit is ${l}.`],
    [past, `Value ${v} vs limit ${l}: the engine is at risk${at}.`],
    [past, `It goes beyond the safe limit of ${l}, reaching ${v}.`],
    [past, `With ${v} measured${at} the margin is gone, since ${l} is the limit.`],
    [past, `${finding.ruleId.replaceAll('-', ' ')}: ${v}, where ${l} is allowed.`],
    [past, `The finding shows ${v}, ${withUnit(Math.abs(value - limit), unit)} ${over} the limit.`],
    [past, 'This can damage the engine under sustained load and needs correcting first.'],
    [past, `A serious fault${at}: do not ride it until it is corrected.`],
    [
      past,
      `Affects ${finding.cellCount} ${finding.cellCount === 1 ? 'cell' : 'cells'}; the worst reads ${v} against a limit of ${l}.`,
    ],
  ];
  if (longUnit !== undefined) {
    texts.push(
      [past, `${number(value)} ${longUnit}${at} when the limit is ${number(limit)} ${longUnit}.`],
      [past, `Reading of ${spelt(Math.abs(value))} ${longUnit}${value < 0 ? ' below zero' : ''} is ${over} the limit.`],
    );
    if (value < 0) texts.pop();
  }
  if (compared !== null) texts.push(...comparedConcerns(item, at));
  if (/spark|advance/.test(finding.ruleId) && past === 'aboveLimit') {
    texts.push(
      [past, `Too much advance${at} raises cylinder pressure and the risk of knock.`],
      [past, `Knock and piston damage are likely${at} with this timing.`],
    );
  }
  if (/lean/.test(finding.ruleId))
    texts.push(
      [past, `The mixture is too lean${at}, which raises exhaust and piston temperatures.`],
      [past, 'Running lean at full load can burn valves and pistons.'],
    );
  if (/rich/.test(finding.ruleId)) texts.push([past, `The mixture is too rich${at}; it wastes fuel and fouls plugs.`]);
  if (/fan/.test(finding.ruleId))
    texts.push([past, 'The engine will run hot in traffic because the fan comes on too late.']);
  return texts
    .filter(([relation, text]) => text.length <= 150 && relationHolds(relation, item))
    .map(([relation, text]) => ({ text, evidence: [item.id], relation }));
}

function comparedConcerns(item: EvidenceItem, at: string): [Relation, string][] {
  const finding = item.finding!;
  const { tune, stock, unit } = finding.compared!;
  const up = tune > stock;
  const way: Relation = up ? 'aboveStock' : 'belowStock';
  const t = withUnit(tune, unit);
  const s = withUnit(stock, unit);
  const d = withUnit(Math.abs(tune - stock), unit);
  const v = withUnit(Math.abs(finding.value!), finding.unit);
  const more = up ? 'more' : 'less';
  return [
    [way, `${t} against ${s} in stock${at}.`],
    [way, `Stock is ${s} but this tune has ${t}${at}.`],
    [way, `${d} ${more} than stock${at}.`],
    [way, `It is ${up ? 'above' : 'below'} stock by ${d}: ${t} instead of ${s}.`],
    [way, `The factory value is ${s}; the tune ${up ? 'raises' : 'lowers'} it to ${t}.`],
    [way, `Raised or lowered from the factory's ${s} to ${t}, a change of ${v}.`],
    [way, `Compared with the stock value of ${s}, the tune uses ${t}${at}.`],
    [way, `The change is ${v} ${up ? 'above' : 'below'} the factory calibration${at}.`],
  ];
}

function place({ finding }: EvidenceItem): string {
  const values = finding?.cells[0]?.axisValues ?? [];
  const rpm = values.find((a) => a.quantity === 'engineSpeed')?.value ?? null;
  const throttle = values.find((a) => a.quantity === 'throttle')?.value ?? null;
  if (rpm === null) return '';
  return throttle === null ? ` at ${grouped(rpm)} rpm` : ` at ${grouped(rpm)} rpm and ${throttle} % throttle`;
}

function openConcerns({ id, open, refersTo }: EvidenceItem): Honest[] {
  const relation: Relation = open === 'notJudged' ? 'notJudged' : 'missing';
  const texts =
    refersTo === 'stock'
      ? [
          'Without a stock file nobody can say how far this differs from the factory.',
          'Stock is not known, so the changes cannot be compared.',
        ]
      : refersTo === 'conditions'
        ? [
            'The fuel octane was not given, so knock margin cannot be told.',
            'No octane was stated; check what fuel this was tuned for.',
          ]
        : refersTo === 'motorcycle'
          ? ['The motorcycle is not known, so engine limits could not be applied.']
          : [
              'This area was not judged, so its dangers are unknown.',
              'Some rules were not checked; a hidden fault may remain.',
              'Not everything was looked at, so treat the result with caution.',
            ];
  return texts.map((text) => ({ text, evidence: [id], relation }));
}

function changedConcerns({ id }: EvidenceItem): Honest[] {
  return [
    {
      text: 'This map was changed against stock and should be compared cell by cell.',
      evidence: [id],
      relation: 'changed',
    },
    { text: 'Large parts of this map differ from stock.', evidence: [id], relation: 'changed' },
  ];
}

/** All of them, over all items. */
export const honestOf = (evidence: Evidence): Honest[] => evidence.items.flatMap(honestConcerns);
