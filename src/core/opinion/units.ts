/** Units as people write them, each as the one that the evidence uses. A unit that is not here is no unit. */

interface Form {
  unit: string;
  /** At the start of what follows the number. */
  after: RegExp;
}

/** Longer forms before their beginnings: "°/1000 rpm" before "°C" before "°". */
const FORMS: Form[] = [
  ['°/1000 rpm', String.raw`(?:°|deg(?:ree)?s?)\s*(?:\/|per|within|in|over)\s*(?:1[ ,]?000|thousand)\s*(?:rpm|revs?)`],
  ['%/1000 rpm', String.raw`(?:%|per ?cent|percent)\s*(?:\/|per)\s*(?:1[ ,]?000|thousand)\s*(?:rpm|revs?)`],
  [
    '%/10 K',
    String.raw`(?:%|per ?cent|percent)\s*(?:\/|per)\s*(?:10|ten)\s*(?:K|kelvin|°C|deg(?:ree)?s?(?: C| celsius)?)`,
  ],
  ['%/%', String.raw`%\s*(?:\/|per)\s*%`],
  ['ms/V', String.raw`(?:ms|milliseconds?)\s*(?:\/|per)\s*(?:V|volts?)`],
  ['m/s²', String.raw`(?:m\/s²|met(?:re|er)s? per second squared)`],
  ['m/s', String.raw`(?:m\/s|met(?:re|er)s? per second)`],
  ['°C', String.raw`(?:°\s*C|deg(?:ree)?s?\.?\s*C|deg(?:ree)?s?\s+(?:celsius|centigrade)|celsius|centigrade|C)`],
  ['°F', String.raw`(?:°\s*F|deg(?:ree)?s?\.?\s*F|deg(?:ree)?s?\s+fahrenheit|fahrenheit|F)`],
  ['°', String.raw`(?:°|deg(?:ree)?s?\.?)(?:\s*(?:BTDC|before top dead cent(?:re|er)|crank(?:shaft)?))?`],
  ['rpm', String.raw`(?:rpm|r\/min|rev\/min|1\/min|rev(?:olution)?s? per minute|revs)`],
  ['%', '(?:%|per ?cent|percent|pct)'],
  ['λ', '(?:λ|lambda)'],
  ['AFR', String.raw`(?::\s?1\s+)?(?:AFR|air[- ]fuel ratio)`],
  [':1', String.raw`(?::\s?1|to one|to 1)(?![.,]\d)`],
  ['ms', '(?:ms|milliseconds?|msec)'],
  ['cc/min', String.raw`(?:cc\/min|cc per minute)`],
  ['cc', String.raw`(?:cc|ccm|cm³|cm3|cubic cent\w+)`],
  ['mm', '(?:mm|millimet(?:re|er)s?)'],
  ['kPa', 'kPa'],
  ['bar', 'bar'],
  ['psi', 'psi'],
  ['V', '(?:V|volts?)'],
  ['kW', 'kW'],
  ['hp', '(?:hp|PS|bhp|horsepower)'],
  ['Nm', 'Nm'],
  ['K', '(?:K|kelvin)'],
  ['RON', '(?:RON)'],
  ['AKI', '(?:AKI)'],
  ['octane', String.raw`octane(?:\s+(?:numbers?|points?))?`],
  ['km/h', '(?:km/h|kph|mph)'],
  ['s', '(?:s|sec|seconds?)'],
  ['min', '(?:min|minutes?|hours?|days?)'],
  ['km', '(?:km|miles?|met(?:re|er)s?|m|feet|ft)'],
  ['times', '(?:x|×|times|fold)'],
].map(([unit, source]) => ({ unit: unit!, after: new RegExp(`^[\\s-]?${source}(?![A-Za-z0-9/])`, 'i') }));

/** °C, °F, C, F, K, V, s, m and PS count in their own case only: "a C" is no Celsius, "38 v 30" are no volts. */
const CASED: Record<string, RegExp> = {
  '°C': /^[\s-]?(?:C|.*(?:°\s*C|[Cc]elsius|[Cc]entigrade|\sC))$/,
  '°F': /^[\s-]?(?:F|.*(?:°\s*F|[Ff]ahrenheit|\sF))$/,
  V: /V$|volt/i,
};

/** What is counted, singular. */
const COUNTED =
  /^(maps?|tables?|cells?|cylinders?|gears?|limit values?|axes|axis|breakpoints?|rules?|findings?|areas?|items?|values?|flags?|switches|switch|patch(?:es)?|rows?|columns?|pairs?|fans?|steps?|modes?|points?|strokes?|valves?|checks?|faults?|problems?|issues?|concerns?|places?|spots?|entry|entries|positions?|files?|injectors?|limits?|changes?|things?|dangers?|risks?|errors?|mistakes?|deviations?|settings?|warnings?)(?![A-Za-z0-9])/i;

/** Words that may stand between a count and what is counted. */
const BETWEEN =
  /^(?:(?:spark|ignition|fuel|main|high|full|load|flagged|changed|affected|different|of|the|other|danger|required|more|such|these|those|its|our|bad|failed|failing|reported|throttle|lambda|mixture|stock|single|separate|factory|known|decoded|lean|rich|adjacent|neighbouring|heat|timing|cooling|coil|dwell|mechanical|serious|main|major|big|real|grave|dangerous|severe|critical|important|separate|distinct|clear|engine|cruise|idle|hot|cold|upper|lower|middle|raised|lowered|retarded|advanced|whole|similar|edited|modified|altered|worst)[\s-]){0,3}/i;

const SINGULAR: Record<string, string> = { axes: 'axis', switches: 'switch', patches: 'patch' };

/** A unit at the start of a text, and how many characters it takes; null where there is none. */
export function unitAt(text: string): { unit: string; length: number } | null {
  for (const { unit, after } of FORMS) {
    const match = after.exec(text)?.[0];
    if (match === undefined) continue;
    const cased = CASED[unit];
    if (cased !== undefined && !cased.test(match)) continue;
    return { unit, length: match.length };
  }
  const gap = /^[\s-]?/.exec(text)![0].length;
  const rest = text.slice(gap);
  const words = BETWEEN.exec(rest)![0].length;
  // The words between must not swallow what is counted: "12 limit values" and "12 fuel maps".
  for (const skip of words > 0 ? [0, words] : [0]) {
    const noun = COUNTED.exec(rest.slice(skip))?.[1]?.toLowerCase();
    if (noun === undefined) continue;
    const singular = SINGULAR[noun] ?? noun.replace(/s$/, '');
    return { unit: singular === 'switch' ? 'flag' : singular, length: gap + skip + noun.length };
  }
  return null;
}

/** Units of findings under their canonical name: "cells" -> "cell", "1" -> "". */
export function canonicalUnit(unit: string): string {
  const plain = unit.trim();
  if (plain === '' || plain === '1') return '';
  return unitAt(` ${plain}`)?.unit ?? plain.toLowerCase();
}
