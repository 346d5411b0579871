/** Every number of a sentence, with its unit and with what the words around it claim it to be. */
import { wordNumberAt } from './number-words.ts';
import { unitAt } from './units.ts';

/** What the words right beside a number claim: "stock 28.8°", "limit 5°", "redline of 16500 rpm". */
export type Claim = 'stock' | 'limit' | 'redline' | 'limiter' | 'now' | null;

export interface Mention {
  /** NaN: a number that cannot be told ("dozens", "1/2", "12:30"). */
  value: number;
  /** Written decimals; -1 for each trailing zero of a whole number is not taken: see `zeros`. */
  decimals: number;
  /** Trailing zeros of a whole number: "3400" has two. */
  zeros: number;
  /** '' for a bare number. */
  unit: string;
  claim: Claim;
  /** "7° more", "11 % less": which way it is said to go. */
  direction: 'up' | 'down' | null;
  /** "over stock", "more than the limit": then the number is a difference, not a value. */
  differenceFrom: 'stock' | 'limit' | 'any' | null;
  /** "55 % throttle", "at 7500 rpm": the place, not what is measured there. Null: not said. */
  place: boolean | null;
  /** "about", "nearly": may be rounded to its own digits. */
  roughly: boolean;
  signed: '+' | '-' | null;
  /** "from 28.8 to 35.8°": what it was before. */
  from: boolean;
  /** Stands where a place is said: "at 97.3 %", "5500 rpm / 97.3 %". */
  beside: boolean;
  start: number;
  end: number;
  /** "Take 7° out": the way of the difference that an order would undo. */
  undone: 'up' | 'down' | null;
  /** "Set the limiter back to …": what something shall be. */
  ordered: boolean;
  /** What is said right after it makes it the doer: "4 cylinders fail", "RON 95 is too low". */
  predicate: string | null;
  /** "2 of 5 maps": the whole that a part is taken of. */
  whole: boolean;
  /** As written. */
  text: string;
}

const DIGITS = /^(?:\d{1,3}(?:[ ,']\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)/;
/** Between two numbers of one unit: "3000 to 4500 rpm", "35.8° against 28.8", "7° (limit 5)". */
const JOINERS =
  /^[\s,;:()]*(?:(?:-|to|and|or|through|against|versus|vs\.?|instead|of|rather|not|than|from|over|in|where|while|whereas|with|by|the|a|an|its|is|was|are|it|only|just|about|at|most|least|up|down|between|compared|more|less|leaner|richer|higher|lower|later|earlier|further|above|below|under|beyond|past|stock|stock's|factory|factory's|original|limit|limits|allowed|allows|allow|stays|has|holds|says|value|target|should|be|for|said|should|maximum|threshold)[\s,;:()]+){0,7}(?:[(-]\s*)?$/i;

const UP =
  /^[\s-]*(?:of\s+)?(?:[a-z]+\s+){0,2}?(more|over|above|higher|further|later|beyond|past|extra|too (?:much|high|late|far|long|fast)|richer|longer|faster|increase|greater)\b/i;
const DOWN =
  /^[\s-]*(?:of\s+)?(?:[a-z]+\s+){0,2}?(retard\w*|after (?:top dead cent(?:re|er)|TDC)|ATDC|less|under|below|lower|earlier|short of|leaner|too (?:little|low|early|short)|shorter|slower|decrease|down)\b/i;
const OBJECT =
  /^(?:\s+[a-z]+){0,2}?\s*(?:than|over|above|beyond|past|under|below|of|from|short of)?\s*(?:what\s+)?(?:the\s+|its\s+|their\s+|a\s+)?(?:[a-z]+\s+)?(stock|factory|original|standard|oem|limit|maximum|allowed|threshold|rule)\b/i;

/** "from 28.8", "instead of 28.8", "than the 28.8", "28.8 to 35.8": what it was before. */
const FORMER =
  /\b(?:from|instead of|in place of|rather than|against|versus|vs\.?|compared (?:to|with)|than)\s+(?:the\s+)?$/i;
const MOVED_UP =
  /\b(?:advanced|raised|increased|higher|more|over|above|exceed\w*|later|richer|beyond|up|moved|leads?|exceed\w*)\b(?:\s+[a-z]+){0,4}?\s+by\s+(?:about\s+|some\s+|nearly\s+)?$|\b(?:adds?|adding|gains?)\s+(?:about\s+|some\s+)?$/i;
const MOVED_DOWN =
  /\b(?:retarded|reduced|lowered|decreased|lower|less|cut|dropped|pulled|leaner|under|below|earlier|down)\b(?:\s+[a-z]+){0,4}?\s+by\s+(?:about\s+|some\s+|nearly\s+)?$|\b(?:takes?|pulls?|removes?|cuts?|loses?|subtracts?)\s+(?:about\s+|some\s+)?$/i;
const CHANGED =
  /\b(?:change|deviation|difference|departure|offset|gap|excess|increase|reduction|rise|drop)\b(?:\s+(?:in|of|to)?\s*[a-z]+){0,3}?\s+of\s+(?:about\s+|some\s+)?$/i;
const VERB =
  /\b(?:is|are|was|were|lies|sits|goes|runs|stays|falls|rises|stands|has|and|but|which|that|at|in|or|with)\b/i;
/** Words that may stand between "stock" and its number. */
const FILL = String.raw`(?:\s+(?:value|setting|figure|advance|timing|target|map|limiter|file|calibration|fuel|spark|is|was|has|holds|had|says|gives|runs|uses|allows|permits|leaves|keeps|wants|of|at|with|being|stays|sits|stands|sets|set|cuts|used|to|now|raised|here|for|this|only|just|about|around)){0,4}\s*[:=,(]?\s*$`;
/** "7° over stock: …" and "more than the limit" compare; they name no value. */
const NOT_COMPARED = String.raw`(?<!(?:than|over|above|from|under|below|against|beyond|vs\.?|versus|past|to|with)\s+(?:the\s+|its\s+|a\s+)?)`;

/** After "than", "against", "past" only what stands right beside the word names its value: "past the limit (6°)". */
const BESIDE = String.raw`(?:'s)?(?:\s+(?:value|setting|figure|advance|timing|target|limit|limiter|of|at)){0,3}\s*\(?\s*(?:only\s+|just\s+|about\s+)?$`;

const BEFORE: [Claim, RegExp][] = [
  ['stock', new RegExp(String.raw`${NOT_COMPARED}\b(?:stock|factory|original|oem)(?:'s)?${FILL}`, 'i')],
  ['stock', new RegExp(String.raw`\b(?:stock|factory|original|oem)${BESIDE}`, 'i')],
  ['limit', new RegExp(String.raw`${NOT_COMPARED}\b(?:limit|maximum|threshold|bound|ceiling)${FILL}`, 'i')],
  [
    'limit',
    new RegExp(String.raw`\b(?:limit|maximum|threshold|ceiling|permitted|allowed|permissible|allowable)${BESIDE}`, 'i'),
  ],
  [
    'now',
    /(?<!\b(?:should|must|could|to|and|better)\s+(?:be\s+)?)\b(?:(?:is|was|are|but|now)\s+set (?:to|at)|currently|tune (?:has|uses|sets|holds|gives)|reach(?:es|ed|ing)|reads|measured)\s+(?:at\s+|is\s+|about\s+)?$/i,
  ],
  ['limit', /\b(?:limit|maximum|threshold) of\s+$/i],
  ['redline', new RegExp(String.raw`\bred ?line(?:'s)?${FILL}`, 'i')],
  ['limiter', new RegExp(String.raw`\b(?:rev[- ]?)?limiter${FILL}`, 'i')],
];
const AFTER: [Claim, RegExp][] = [
  [
    'stock',
    /^\s*\(?(?:of|in|as|at)?\s*(?:the\s+|its\s+)?(?:stock|factory|original|oem)\b(?!\s*[+-])(?!\s*[:=]?\s*(?:is\s+|was\s+)?\d)/i,
  ],
  ['limit', /^\s*\(?(?:of|is|as|being|stands as)?\s*(?:the\s+|a\s+)?(?:limit|maximum|threshold|ceiling)\b/i],
  ['limit', /^\s*(?:allowance|allowed|permitted)\b/i],
  ['limit', /^\s*(?:is|are|was)\s+(?:allowed|the limit|the maximum|permitted)\b/i],
  ['redline', /^\s*(?:of\s+)?(?:the\s+)?red ?line\b/i],
];

const TAKEN =
  /\d[\d.,]*\s*\S{0,8}\s+(?:in|from|of|by|at|as|on|with|for)\s+(?:the\s+)?(?:stock|factory|original)(?:\s+(?:file|map|calibration|tune))?\s*[,;]\s*(?:and\s+|but\s+)?$/i;
const OPPOSED_AFTER = /^\s*,?\s*(?:rather than|instead of|in place of|not|against|versus|vs\.?|compared)\b/i;
/** Of its own kind only: "4 cylinders" of an engine, "13.1:1 compression". */
const PREDICATE =
  /^\s*(?:compression|ratio|engine|motor|fuel|octane|petrol|gasoline)?\s*(?:\w+ly\s+)?(?:is|are|was|were|will|may|might|can|could|would|has|have|had|fail\w*|runs?|running|gets?|receive\w*|lack\w*|exceed\w*|break\w*|burn\w*|seiz\w*|knock\w*|melt\w*|goe?s?|die\w*|suffer\w*|deton\w*|overheat\w*|misfir\w*|affected|over|above|beyond|below|under|past|too|out|at risk|damaged|lost|dead|leak\w*|lean|rich|starv\w*|differ\w*)\b/i;
/** "Fan back to 98 °C first" */
const ORDERED_BACK = /(?:^|[.;!?:,]\s+)(?:the\s+)?(?:\w+\s+){1,3}back\s+(?:down\s+|up\s+)?to\s+$/i;
const ORDER = String.raw`(?:^|[.;!?:,]\s+|\b(?:and|then|or|should|must|please)\s+)`;
const TAKEN_OUT = new RegExp(
  String.raw`${ORDER}(?:take|pull|remove|cut|reduce|lower|drop|retard|subtract|shorten|trim)\b[^.;!?]{0,60}$`,
  'i',
);
const PUT_BACK = new RegExp(String.raw`${ORDER}(?:put|add|give|advance|raise|increase)\b[^.;!?]{0,60}$`, 'i');
/** An order, from its verb to the number: at the start of a sentence, or after what makes it one. */
const ORDERED =
  /(?:^|[.;!?:,]\s+|\b(?:and|then|or|should(?:\s+be)?|must(?:\s+be)?|needs? to(?:\s+be)?|please|better)\s+)(?:set|bring|put|lower|reduce|reset|return|restore|raise|move|turn|take|cut|drop|get|go|limit|keep|hold|change|adjust|correct|enrich|lean|shorten|wind|back|trim|dial|pull|give|brought|moved|lowered|raised|reduced|returned|restored|shortened|corrected)\b(?:(?!\b(?:is|was|are|were|has|had|which|that)\b)[^.;!?]){0,70}?\b(?:to|at|between|under|below|within|towards?|of)\s+(?:(?:the|about|at most|at least|no more than|less than|more than|within|up to|its|λ|lambda|factory|stock|original|value|limit|of|a|RON|maximum|and|[\d.,]+\s*(?:°C|°|ms|rpm|λ|%)?\s*(?:-|to|and))\s*)*[\s(]*$/i;
/** Some are verbs: "gears 3 and 4 step by …". */
const COUNTED_UNIT = /^(?:map|table|cell|row|column|mode|gear|step|change)$/;

/** Sentences end at a full stop that no digit follows. */
const stopsAt = (text: string, at: number): string => text.slice(at).split(/(?<=[.;!?])\s|$/)[0] ?? '';

const SINGLE = /^(an?|single)\s+(degree|percent|millisecond|kelvin|volt)(?!\s+of\b)\b/i;
/** Characters around a number that may speak of it. */
const NEAR = 90;

/** All numbers of a text, in order. */
export function mentionsOf(text: string): Mention[] {
  const found: Mention[] = [];
  let at = 0;
  while (at < text.length) {
    const before = at === 0 ? ' ' : text[at - 1]!;
    const rest = text.slice(at, at + NEAR);
    if (/[A-Za-z]/.test(rest[0]!)) {
      // "A degree over the limit" is one degree.
      const single = /[A-Za-z0-9]/.test(before) ? null : SINGLE.exec(rest);
      if (single !== null) {
        const end = at + single[0].length;
        push(found, text, at, at + single[1]!.length, end, {
          value: 1,
          decimals: 0,
          unit: unitAt(` ${single[2]}`)?.unit ?? '',
          signed: null,
        });
        at = end;
        continue;
      }
      const spelt = /[A-Za-z0-9]/.test(before)
        ? null
        : wordNumberAt(rest, /\b(?:one|a|two|three|four|five)[\s-]*$/i.test(text.slice(Math.max(0, at - 10), at)));
      if (spelt !== null) {
        const end = at + spelt.length;
        const unit = unitAt(text.slice(end, end + NEAR));
        const pronoun = spelt.value === 1 && spelt.kind === 'number' && spelt.decimals === 0;
        const measures = unit !== null && /[°%λ/]|^(?:rpm|ms|s|AFR|octane|kPa|bar|psi|V|K|times)$/.test(unit.unit);
        if (!pronoun || measures) {
          const kind = spelt.kind === 'part' ? '%' : spelt.kind === 'ordinal' ? 'gear#' : (unit?.unit ?? '');
          push(found, text, at, end, spelt.kind === 'number' && unit !== null ? end + unit.length : end, {
            value: spelt.value,
            decimals: spelt.decimals,
            unit: kind,
            signed: /\bminus\s+$/i.test(text.slice(Math.max(0, at - 12), at)) ? '-' : null,
          });
          if (spelt.kind === 'part') found.at(-1)!.roughly = true;
        }
        at = Math.max(end, found.at(-1)?.end ?? 0);
        continue;
      }
      at += /^[A-Za-z]+/.exec(rest)![0].length;
      continue;
    }
    const digits = /[A-Za-z0-9]/.test(before) ? null : DIGITS.exec(rest);
    if (digits !== null && (rest[0] !== '.' || /[\s(]/.test(before))) {
      at = number(found, text, at, digits[0]);
      continue;
    }
    at++;
  }
  inherit(found, text);
  return found;
}

function number(found: Mention[], text: string, start: number, written: string): number {
  let end = start + written.length;
  const grouped = /^\d{1,3}(?:[ ,']\d{3})+/.test(written);
  const plain = grouped ? written.replace(/[ ,']/g, '') : written.replace(',', '.');
  let value = Number(plain);
  const decimals = plain.split('.')[1]?.length ?? 0;
  const kilo = /^\s?k(?=[\s-]?(?:rpm|revs)\b)/i.exec(text.slice(end));
  if (kilo !== null) {
    value *= 1000;
    end += kilo[0].length;
  }
  // "1/2", "95/100", "12:30", "3.4.1": no number of the field.
  const glued = /^(?:\/\s?\d|\.\d|:\d\d)/.exec(text.slice(end));
  if (glued !== null && !/^:1\b/.test(text.slice(end))) value = Number.NaN;
  const sign =
    /(?:^|[\s(:=,])([+-])\s?$/.exec(text.slice(Math.max(0, start - 4), start))?.[1] ??
    (/\bminus\s+$|\bnegative(?:\s+(?!(?:and|but|or)\b)[a-z]+){0,4}\s+$/i.test(
      text.slice(Math.max(0, start - 45), start),
    )
      ? '-'
      : null);
  const unit = unitAt(text.slice(end, end + NEAR));
  push(found, text, start, end, unit === null ? end : end + unit.length, {
    value: kilo === null ? value : Math.round(value * 10) / 10,
    decimals: kilo === null ? decimals : 0,
    unit: unit?.unit ?? '',
    signed: sign as Mention['signed'],
    zeros: kilo === null ? undefined : Math.max(0, 3 - decimals),
  });
  const ordinal = /^(?:st|nd|rd|th)\b/i.exec(text.slice(end));
  if (ordinal !== null) {
    found.at(-1)!.unit = 'gear#';
    return end + ordinal[0].length;
  }
  return found.at(-1)!.end;
}

function push(
  found: Mention[],
  text: string,
  start: number,
  numberEnd: number,
  end: number,
  given: Pick<Mention, 'value' | 'decimals' | 'unit' | 'signed'> & { zeros?: number | undefined },
): void {
  // What is further away says nothing of this number.
  const before = text.slice(Math.max(0, start - NEAR), start).replace(/[+-]\s?$/, '');
  const after = stopsAt(text.slice(end, end + NEAR), 0);
  const zeros = given.zeros ?? (given.decimals > 0 ? 0 : (/0*$/.exec(text.slice(start, numberEnd))?.[0].length ?? 0));
  // "Later than it left the factory (109 °C rather than 98 °C)": what stands first in the brackets is the tune's.
  // "16 % in stock, 53 % in this file": a stock that has its number already claims no other.
  const taken = TAKEN.test(before);
  const opposed = taken || (/\(\s*$/.test(before) && OPPOSED_AFTER.test(after));
  const named =
    (opposed ? undefined : BEFORE.find(([, re]) => re.test(before))?.[0]) ??
    AFTER.find(([, re]) => re.test(after))?.[0] ??
    null;
  // Counts go no way: "4 maps deliver less fuel than stock". "Within 2° of stock" is a wish.
  const still = /^[a-z]{3,}$/.test(given.unit) && given.unit !== 'rpm' && given.unit !== 'octane';
  const within = /\b(?:within|inside)\s+(?:about\s+)?$/i.test(before);
  const up = still || within ? null : UP.exec(after);
  const down = still || within ? null : DOWN.exec(after);
  // "114 °C is over the limit" compares the value; "2 °C over the limit" is a difference.
  const way = VERB.test((up ?? down)?.[0] ?? '')
    ? null
    : up !== null && (down === null || up[0].length <= down[0].length)
      ? up
      : down;
  // "advanced by 7°", "adds 7°": a difference, whatever stands behind.
  const moved = MOVED_UP.test(before) ? 'up' : MOVED_DOWN.test(before) ? 'down' : null;
  const prefixed = prefixUnit(before, after, given.value, given.decimals);
  // "The gear 1-2 map": a number of a gear, no count of maps.
  const unit = given.unit === '' || (prefixed === 'gear#' && COUNTED_UNIT.test(given.unit)) ? prefixed : given.unit;
  // Of ignition, earlier is more and later is less; of lambda, richer is less.
  const turned =
    (unit === '°' && /^(?:earlier|later)$/i.test(way?.[1] ?? '')) ||
    (unit === 'λ' && /^(?:richer|leaner)$/i.test(way?.[1] ?? ''));
  const object = way === null ? null : (OBJECT.exec(after.slice(way[0].length))?.[0] ?? null);
  // "the 6° limit at 7500 rpm": the place is no limit.
  const isPlace = /\bat\s*$/i.test(before) && (unit === 'rpm' || LOAD.test(after));
  const claim = within || given.signed === '+' || (isPlace && (named === 'limit' || named === 'stock')) ? null : named;
  found.push({
    value: /\bfactor of\s*$/i.test(before) ? Number.NaN : given.value,
    decimals: given.decimals,
    zeros,
    unit,
    claim: way !== null || moved !== null ? null : claim,
    direction: moved ?? (way === null ? (given.signed === '+' ? 'up' : null) : (way === up) !== turned ? 'up' : 'down'),
    differenceFrom:
      object === null &&
      !FORMER.test(before) &&
      /^\s*(?:away\s+|off\s+)?from\s+(?:the\s+)?(?:stock|factory|original)\b/i.test(after)
        ? 'stock'
        : object !== null
          ? /stock|factory|original|standard|oem/i.test(object)
            ? 'stock'
            : 'limit'
          : moved === null && !CHANGED.test(before)
            ? null
            : 'any',
    place: claim === null || unit !== 'rpm' ? placeOf(unit, before, after) : null,
    roughly:
      /\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|close to|just (?:over|under)|~|≈|circa)\s*$|[~≈]\s?$/i.test(
        before,
      ),
    signed: given.signed,
    beside: /(?:\b(?:at|and|near|around|from|above|to|between)|[/,(-])\s*$/i.test(before),
    undone: TAKEN_OUT.test(before) ? 'up' : PUT_BACK.test(before) ? 'down' : null,
    ordered: ORDERED.test(text.slice(0, start)) || ORDERED_BACK.test(text.slice(0, start)),
    predicate: PREDICATE.exec(after)?.[0] ?? null,
    whole: /\bof\s+(?:the\s+|all\s+)?$/i.test(before),
    from: FORMER.test(before) || /^\s*to\s+\d/.test(after),
    start,
    end,
    text: text.slice(start, end).trim(),
  });
}

/** Units that stand before their number: "lambda 0.99", "gear 3", "RON 95". */
const MIXTURE = /\b(?:mixture|lambda|AFR|lean\w*|rich\w*|enrich\w*|stoichiometric\w*|target|cruise)\b|λ/i;

function prefixUnit(before: string, after: string, value: number, decimals: number): string {
  if (value < 3 && /(?:λ|\blambda\b)[^.;!?\d]{0,50}$/i.test(before)) return 'λ';
  // "0.02 richer" is a difference of lambda.
  if (value < 0.5 && decimals === 2 && /^\s*(?:too )?(?:richer|leaner)\b/i.test(after)) return 'λ';
  // Where a mixture is spoken of, a bare 0.86 is its lambda.
  if (value > 0.5 && value < 1.6 && decimals === 2 && MIXTURE.test(`${before} ${after}`)) return 'λ';
  if (/\bRON\s*$/i.test(before)) return 'RON';
  if (/\bAKI\s*$/i.test(before)) return 'AKI';
  if (/\bAFR(?:\s+(?:of|is|at))?\s*$/i.test(before)) return 'AFR';
  if (
    /\b(?:gears?|cylinders?|cyl\.?|banks?|modes?|maps?|tables?|rows?|columns?)\s*#?\s*(?:\d+\s*(?:-|and|to)?\s*)?$/i.test(
      before,
    )
  )
    return 'gear#';
  return '';
}

const LOAD = /^\s*(?:of\s+)?(?:throttle|grip|opening|load|tps|intake pressure)\b/i;
function placeOf(unit: string, before: string, after: string): boolean | null {
  if (unit === 'rpm')
    return /\b(?:at|from|near|around|above|below|between|to|and|by|past)\s*$/i.test(before) ? true : null;
  if (unit !== '%' && unit !== '°' && unit !== 'kPa') return null;
  if (LOAD.test(after) || /\b(?:throttle|grip|load)\s+(?:at\s+|of\s+)?$/i.test(before)) return true;
  if (/^\s*(?:less|more|leaner|richer|fuel|over|above|under|below|higher|lower|too)\b/i.test(after)) return false;
  return null;
}

/** "3000 to 4500 rpm": the first takes its unit from the second; "35.8° against 28.8 in stock": the second from the first. */
function inherit(found: Mention[], text: string): void {
  for (let i = found.length - 2; i >= 0; i--) {
    const [m, next] = [found[i]!, found[i + 1]!];
    if (m.unit !== '' || next.unit === '') continue;
    if (
      /^\s*(?:-|to|and|or|of|,|through|\/|versus|vs\.?|against|instead of|up to)\s*(?:about\s+|the\s+)?$/i.test(
        text.slice(m.end, next.start),
      )
    )
      Object.assign(m, { unit: next.unit, place: m.place ?? next.place });
  }
  for (let i = 1; i < found.length; i++) {
    const [last, m] = [found[i - 1]!, found[i]!];
    if (m.unit !== '' || last.unit === '' || !JOINERS.test(text.slice(last.end, m.start))) continue;
    m.unit = last.unit;
  }
}
