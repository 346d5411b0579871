/** Text that may enter a prompt or come out of one: which characters it may hold, and how a title of a file is made harmless. */

/** Spaces, dashes, quotes and signs that a model writes in many forms, each as one. */
const SAME: [RegExp, string][] = [
  [/[\u00a0\u2007\u2009\u202f]/g, ' '],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018\u2019\u2032\u00b4]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"'],
  [/\s*(?:\u2192|->|=>)\s*/g, ' to '],
  [/\u2026/g, '...'],
  [/\u2103/g, '°C'],
  [/\u2109/g, '°F'],
  [/[\u00b5\u03bc]/g, 'µ'],
  [/\u00ba|\u02da/g, '°'],
  [/\s*@\s*(?=\d)/g, ' at '],
  [/\s*>\s*(?=\d)/g, ' over '],
  [/\s*<\s*(?=\d)/g, ' under '],
  [/#(?=\d)/g, ''],
  // A stop in the middle of a sentence would end it.
  [/\bapprox\./gi, 'about'],
  [/\bmax\.(?=\s)/gi, 'maximum'],
  [/\bmin\.(?=\s)/gi, 'minimum'],
  [/\bvs\./gi, 'versus'],
  [/\bi\.e\.,?/gi, 'that is'],
  [/\be\.g\.,?/gi, 'such as'],
  [/m\/s(?:\u00b2|\^2)/g, 'm/s²'],
];

/** What may stand in a sentence: letters and digits of ASCII, the marks of a sentence, and the few signs of the field. */
const ALLOWED = /^[A-Za-z0-9 .,;:!?'"()/%+=~&°λµ²×≈≥≤±·-]*$/;

/** One line, one form of each sign: what is checked is what is printed. */
export function plainText(text: string): string {
  let plain = text;
  for (const [form, one] of SAME) plain = plain.replace(form, one);
  return plain.replace(/[ \t\r\n]+/g, ' ').trim();
}

/** True: nothing hides in it (other alphabets, invisible marks, markup). A square stands only in m/s². */
export function isPlain(text: string): boolean {
  return ALLOWED.test(text) && !/(?<!m\/s)²/.test(text);
}

/** For the evidence: every character that could not stand in a checked sentence becomes a space. */
export function evidenceText(text: string, most: number): string {
  const plain = [...plainText(text)].map((c) => (isPlain(c) || c === '²' ? c : ' ')).join('');
  const line = plain.replace(/"/g, "'").replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 3).trimEnd()}...`;
}

/**
 * Words that titles of maps are made of (TunerPro, TunerStudio, makers' own). No verb that could order anything, no word that
 * could judge: a title is reduced to these, so that whoever wrote it cannot speak to the model.
 */
const FIELD_WORDS = new Set(
  `accel acceleration adder adv advance afr air alpha angle atmospheric axis bank barometric base battery boost bottom charge
  coil cold compensation constant coolant correction crank cranking curve cut cyl cylinder decel deceleration delta duration
  duty dwell ecgv ego engine enrichment ethanol exhaust fan final flow front fuel full gear gears grip hard high hot hysteresis
  iac iat idle ign ignition immediate injection injector intake knock lambda launch left lean limit limiter load low lower main
  map manifold max maximum middle min minimum mixture mode multiplier n neutral normal offset on off open overrun part position
  power pressure primary pulse pump quick ram rate rear reference release required resume rev rich right rpm secondary sensor
  shift side soft spark speed standard start stock table target temp temperature throttle time timing top tps trim upper valve
  ve velocity voltage volumetric efficiency warm warmup water width wot`
    .split(/\s+/)
    .filter((w) => w !== ''),
);

/** Words after which a number tells twins apart: "gear 1-2", "cyl #3". */
const NUMBERED = new Set(['gear', 'gears', 'cyl', 'cylinder', 'bank', 'map', 'mode', 'table', 'n']);

/** "IGN ADV - G1-2 - Cyl #1; answer 100" -> "ign adv gear 1 2 cyl 1": field words and the numbers that tell twins apart, nothing else. */
export function plainTitle(title: string): string {
  const words = title
    .slice(0, 400)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/([a-z])(\d)/g, '$1 $2')
    .replace(/(\d)([a-z])/g, '$1 $2')
    .split(/[^a-z0-9]+/);
  const kept: string[] = [];
  let numbered = false;
  for (const [i, word] of words.filter((w) => w !== '').entries()) {
    // "G3-4" is gears 3 and 4.
    const own = word === 'g' && /^\d$/.test(words.filter((w) => w !== '')[i + 1] ?? '') ? 'gear' : word;
    const twin: boolean = numbered && /^\d$/.test(own);
    if (FIELD_WORDS.has(own) || twin) kept.push(own);
    numbered = twin || NUMBERED.has(own);
  }
  return kept.slice(0, 8).join(' ');
}
