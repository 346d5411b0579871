/**
 * What a tune can be said to have changed: the vocabulary of the checks, as riders and tuners write it. A text that names a subject
 * speaks of it; a finding has the subjects that its own rule, title and map name. So a new rule needs no entry here as long as it
 * uses the field's words (subjects.test.ts holds every shipped rule to that).
 */
import type { EvidenceItem } from './evidence.ts';

interface Subject {
  id: string;
  /** Names the setting itself: said of something else, it is another claim. */
  named: RegExp;
  /** Goes with it, and with others too: speaks for the subject, never of a foreign one. */
  near: RegExp | null;
  /** Effects (below) that it can have. */
  effects: readonly string[];
}

const words = (source: string): RegExp => new RegExp(String.raw`\b(?:${source})\b`, 'i');

const SUBJECTS: readonly Subject[] = [
  {
    id: 'spark',
    named: words(
      String.raw`spark|ignition|timing|(?:over-?|pre-?)?advanc\w*|retard\w*|BTDC|ATDC|TDC|top dead cent(?:re|er)`,
    ),
    near: words(
      String.raw`fires?|firing|ignites?|knock\w*|pinging|pinking|deton\w*|pre-?ignition|octane|degrees?|flame|early|late|later|earlier`,
    ),
    effects: ['power', 'heat', 'knock', 'response', 'consumption', 'exhaust'],
  },
  {
    id: 'mixture',
    named: words(
      String.raw`mixtures?|lambda|AFR|air[- ]fuel|lean|leaner|leaned|leans|leaning|leanest|leanness|rich|richer|richest|richness|enrich\w*|(?:over|under)-?fuel\w*|fuell?ing|injectors?|injection|injects?|injected|volumetric|VE|(?:less|more|extra|too much|too little|enough|missing|little|additional|cut|cuts|add|added|adds|remove\w*|reduc\w*|restore|the) (?:of )?(?:the )?(?:fuel|petrol|gasoline)|fuel (?:maps?|tables?|cells?|cut|delivery|quantity|pulse|trim|target|spread|split|supply)`,
    ),
    near: /λ|\b(?:fuel\w*|petrol|gasoline|stoichiometric\w*|starv\w*|feeds?|fed|drown\w*|flood\w*|target|cylinders?)\b/i,
    effects: ['power', 'heat', 'knock', 'response', 'consumption', 'exhaust', 'plugs'],
  },
  {
    id: 'revs',
    named: words(
      String.raw`(?:rev[- ]?|rpm |speed )?limiters?|rev[- ]?(?:limit|limits|cut|cut-?off|ceiling)|rpm (?:limit|ceiling|cut)|red ?lines?|over-?rev\w*|piston (?:speeds?|acceleration)|launch\w*|quickshift\w*|shift cut|soft limit|hard limit`,
    ),
    near: words(
      String.raw`revs?|revved|revving|pistons?|rods?|con-?rods?|bearings?|crank\w*|valves?|valve ?train|valve float|bottom end|top end|inertia|ceiling|rpm`,
    ),
    effects: ['power', 'revs', 'heat', 'response'],
  },
  {
    id: 'cooling',
    named: words(
      'fans?|radiator fan|radiators?|overheat(?:ing)? protection|(?:coolant|engine|fan|switch-on) temperature (?:limits?|thresholds?|target)|thermostats?',
    ),
    near: words(
      String.raw`coolant|cooling|cool|heat\w*|hot|hotter|temperatures?|overheat\w*|boil\w*|traffic|thermal\w*|warm\w*`,
    ),
    effects: ['heat', 'power', 'knock'],
  },
  {
    id: 'throttle',
    named: words(
      String.raw`throttle opens?|throttle (?:maps?|plates?|openings?|angles?|tables?|bod(?:y|ies)|valves?|blades?|limits?|restriction\w*|control)|throttles|(?:ride|throttle|drive)[- ]by[- ]wire|butterfl(?:y|ies)|traction control|wheelie control`,
    ),
    near: words(
      String.raw`throttle|grip|twist ?grip|opens?|opened|opening|plates?|abrupt\w*|wheelspin|traction|rear (?:wheel|tyre|tire)|delivery`,
    ),
    effects: ['power', 'response', 'grip'],
  },
  {
    id: 'coil',
    named: words(String.raw`dwell\w*|coils?|coil-on-plug`),
    near: words(String.raw`charg\w*|misfir\w*|current|saturat\w*|burn\w*|spark|ignition`),
    effects: ['heat', 'misfire', 'power'],
  },
  {
    id: 'boost',
    named: words(String.raw`boost\w*|wastegates?|turbo\w*|superchar\w*`),
    near: words('pressure'),
    effects: ['power', 'heat', 'knock', 'response'],
  },
  {
    id: 'idle',
    named: words('idl(?:e|es|ing) (?:speed|target|advance|mixture|spark|timing|control)'),
    near: words('idl(?:e|es|ing)'),
    effects: ['response', 'heat', 'consumption'],
  },
  {
    id: 'start',
    named: words(
      String.raw`cranking|cold[- ]start\w*|after-?start|warm-?up|(?:acceleration|cold) (?:enrichment|fuel)|overrun`,
    ),
    near: words(String.raw`start\w*|cold|warm\w*|cranks?|accelerat\w*`),
    effects: ['response', 'consumption', 'plugs', 'starting', 'exhaust'],
  },
  {
    id: 'loop',
    named: words('closed[- ]loop|narrow-?band|adaptation|adaptive'),
    near: words('probe|sensor|correct\\w*'),
    effects: ['consumption', 'heat', 'response', 'knock'],
  },
  {
    id: 'sensor',
    named: words(
      '(?:pressure|temperature|throttle|oxygen|bank-?angle|barometric|coolant|air) sensors?|sensor (?:curve|scale)s?|barometric|oil-?pressure|air[- ]temperature (?:correction|compensation)',
    ),
    near: words('sensors?|height|altitude|reads?|reading'),
    effects: ['response', 'heat', 'consumption', 'power'],
  },
  {
    id: 'watch',
    named: words('knock control|trouble codes?|speed restriction|speed limit|emissions?|EGR|checksum'),
    near: words(String.raw`codes?|warning|lamp|switched off|licen[cs]e|tyres?|exhaust|flash\w*`),
    effects: ['exhaust', 'knock', 'revs', 'power'],
  },
  {
    // No tune holds these: a sentence about them is about no finding.
    id: 'hardware',
    named: words('(?:oil|water|fuel) pumps?|fuel pressure|brakes?|suspension|gearbox'),
    near: null,
    effects: [],
  },
];

/** They hold a subject's word and do not speak of it: places on the map, parts, meters, grades of fuel. */
const NO_SUBJECT: RegExp[] = [
  /\b(?:wide[- ]open|full|half|part|light|closed|small|high|low|mid|steady|open|more|less|constant|any|whole|partial|of|at|on|near|above|below|over|under)[- ]throttle\b/gi,
  /\d[\d.,]*\s*(?:°|%|degrees|percent)?\s*(?:\/|per)\s*(?:1[ ,]?000|thousand)\s*rpm/gi,
  /\bthrottle (?:positions?|range|area)\b/gi,
  /(?:%|percent|°|degrees) (?:of )?throttle(?! (?:maps?|plates?|opening))/gi,
  /\b(?:spark|ignition) plugs?\b/gi,
  /\b(?:ignition|spark) (?:coils?|dwell|modules?|drivers?|system|transistors?)\b/gi,
  /\b(?:lambda|wideband(?: lambda)?|wide-band(?: lambda)?) (?:probes?|sensors?|meters?|loggers?|logs?)\b/gi,
  /\bfuel (?:consumption|economy|grades?|octane|quality|ratings?|mileage|pump|RON|in the tank)\b/gi,
  /\b(?:pump|premium|regular|better|race|super|high-octane|octane|unburnt|unburned|poor|standard|road|95|this|such|low-octane) (?:fuel|petrol|gasoline)\b/gi,
  /\b(?:air-?fuel |fuel-?air |burning |fresh |the )?mixture (?:burns?|ignites?|explodes?|detonates?|self-ignites?|in the cylinders?)\b/gi,
  /\b(?:ignites?|lights?|burns?|fires?) the (?:air-?fuel )?mixture\b/gi,
  /\b(?:cooling) (?:effect|reserve|down|fuel|gas)\b/gi,
  /\b(?:better|stronger|weaker|weak|strong|no|hotter|fat|between|a|each|every) sparks?\b(?! (?:advance|timing|maps?|lead|is|tables?|over|under|above|below))/gi,
  /(?<=\bdwell )limiters?/gi,
  /\bvalve timing\b|\bin advance\b|\bat (?:the )?(?:rev )?limiter\b(?= load)/gi,
];

/** A text without what only looks like a subject. */
function bare(text: string): string {
  return NO_SUBJECT.reduce((plain, phrase) => plain.replace(phrase, ' '), text);
}

/** Ids of the subjects that a text names. */
export function subjectsNamed(text: string): Set<string> {
  const plain = bare(text);
  return new Set(SUBJECTS.filter((s) => s.named.test(plain)).map((s) => s.id));
}

/** Does the text speak of one of them, by its name or by what goes with it? */
export function speaksOf(text: string, subjects: ReadonlySet<string>): boolean {
  return SUBJECTS.some((s) => subjects.has(s.id) && (s.named.test(text) || s.near?.test(text) === true));
}

/** Subjects that an item of the evidence is about. */
export function subjectsOf(item: EvidenceItem): Set<string> {
  const known = cache.get(item);
  if (known !== undefined) return known;
  const { finding, kind, line } = item;
  const own =
    finding !== null
      ? [finding.ruleId.replaceAll('-', ' '), finding.title, finding.map?.title ?? ''].join('. ')
      : kind === 'difference' || kind === 'coverage'
        ? line.replace(/^judged:.*/, '')
        : '';
  const found = subjectsNamed(own);
  if (finding !== null) {
    // "Fuel cylinder split", "fan late", "throttle steep": a rule's own name is enough.
    const name = finding.ruleId.replaceAll('-', ' ');
    for (const [pattern, id] of BY_RULE) if (pattern.test(name)) found.add(id);
  }
  // What to do about it may name other settings: only where nothing else tells.
  if (finding !== null && found.size === 0) for (const id of subjectsNamed(finding.fix)) found.add(id);
  for (const [pattern, id] of BY_AREA) if (kind === 'coverage' && pattern.test(line)) found.add(id);
  cache.set(item, found);
  return found;
}
const cache = new WeakMap<EvidenceItem, Set<string>>();

/** Short words that name a subject in the id of a rule only. */
const BY_RULE: [RegExp, string][] = [
  [/\bfuel\b|\bve\b|\bcylinder trim\b/, 'mixture'],
  [/\bprobe\b/, 'loop'],
  [/\bthrottle\b/, 'throttle'],
  [/\bidle\b/, 'idle'],
  [/\bacceleration\b(?!.*piston)|\bafter start\b|\bwarm up\b/, 'start'],
  [/\bsensor\b|\boil pressure\b/, 'sensor'],
  [/\boverheat\b|\bfan\b/, 'cooling'],
  [/^(?!.*\bdwell\b).*\b(?:limit(?:er)?|piston)\b/, 'revs'],
  [/\bspeed limit\b|\bemission\b|\btrouble codes\b|\bknock\b/, 'watch'],
];
/** "Not judged: heat" */
const BY_AREA: [RegExp, string][] = [
  [/not judged:.*\bheat\b/, 'cooling'],
  [/not judged:.*\bthrottle\b/, 'throttle'],
  [/not judged:.*\brev limiter\b/, 'revs'],
  [/not judged:.*\bmixture\b/, 'mixture'],
  [/not judged:.*\bspark\b/, 'spark'],
];

/** What a rider can notice, as people write it. */
const EFFECTS: [string, RegExp][] = [
  [
    'power',
    words(
      String.raw`power\w*|torque|pulls?|pulling|stronger|weaker|punch\w*|accelerat\w*|faster|slower|sluggish|quicker|thrust|drive|lazy|flat|mid-?range|top end|gutless|strong|weak|dull|performance`,
    ),
  ],
  ['revs', words(String.raw`revs?|revving|over-?rev\w*|spins?|valve (?:float|bounce)|limiter`)],
  [
    'response',
    words(
      String.raw`respon\w*|abrupt\w*|snatch\w*|jerk\w*|smooth\w*|hesita\w*|surg\w*|rough\w*|stumbl\w*|harsh\w*|sharp\w*|sudden\w*|buck\w*|flat spots?|stutter\w*|kick\w*|lung\w*|twitch\w*|aggressive|lively|livelier|uneven\w*|vibrat\w*|nervous|direct|soft|spiky|throttle|grip|delivery|controll?able`,
    ),
  ],
  ['grip', words(String.raw`wheelspin|wheelies?|rear (?:wheel|tyre|tire)|traction|slid\w*|slip\w*`)],
  ['consumption', words(String.raw`consum\w*|economy|mileage|thirst\w*|drinks?|range|fuel use|petrol`)],
  ['heat', words(String.raw`hot|hotter|heat\w*|temperatures?|overheat\w*|warm\w*|boil\w*|thermal\w*|cook\w*|traffic`)],
  ['knock', words(String.raw`knock\w*|ping\w*|pink\w*|deton\w*|pre-?ignition|rattl\w*`)],
  ['exhaust', words(String.raw`exhaust|smok\w*|soot\w*|smell\w*|headers?|pops?|popping|backfir\w*|afterfir\w*|fumes`)],
  ['plugs', words(String.raw`plugs?|foul\w*|oil dilution|dilut\w*|carbon`)],
  ['misfire', words(String.raw`misfir\w*|cut(?:s|ting)? out|coils?|drop-?outs?`)],
  ['starting', words(String.raw`start\w*|cranks?`)],
];

/** Effects that a text names and that none of these subjects can have; null: it names no effect at all. */
export function strangeEffects(text: string, subjects: ReadonlySet<string>): string[] | null {
  const named = EFFECTS.filter(([, pattern]) => pattern.test(text)).map(([id]) => id);
  if (named.length === 0) return null;
  const possible = new Set(SUBJECTS.filter((s) => subjects.has(s.id)).flatMap((s) => s.effects));
  // A word may stand for more than one effect: one that is possible makes it one.
  return named.some((id) => possible.has(id)) ? [] : named;
}
