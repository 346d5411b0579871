/**
 * What a checked text may not say, whatever its numbers: that something is safe or cleared, where else to look, names that the
 * evidence does not hold, another language in which numbers could hide. Doubt drops the text: a sentence less harms nobody.
 */

/** Turned round or held against something, a word of ease is a warning: "not safe", "beyond the safe limit". */
const TURNED =
  /(?:\b(?:not|never|cannot|can't|isn't|aren't|wasn't|no longer|hardly|barely|nor|neither|less than|anything but|far from|beyond|past|above|over|below|under|outside(?: of)?|exceeds?|exceeding|exceeded|more than|higher than|than)(?:\s+(?:be|is|are|was|being|called|considered|what|the|a|an|any|its|it|of|deemed|judged|seen as|regarded as|normally|usually|such|engine|to|still|within|something|anything|what's|that|would|[\d.,]+ ?(?:°C|°|%|ms|rpm|λ|m\/s)?|limit of))*\s+)$/i;
const TURNED_BACK =
  /\b(?:not|never|isn't|aren't|no longer)\s+(?:only|just|merely|simply|exceed\w*|beyond|past|above|over|outside|more|far)\b/i;

/** What is not known to be so is not said to be so: "no proof that it is healthy", "whether it still protects". */
const UNPROVEN =
  /(?:\b(?:whether|if|unclear|uncertain|unknown|(?:no|not|without|lacks?|never|nobody|nothing|hardly|doesn't|don't|cannot|can't|couldn't|isn't|little)\b[^.;,!?]{0,25}\b(?:prov\w+|proof|means?|shows?|says?|guarantees?|tells?|knows?|know|known|sure|certain|certainty|sign|evidence|judged?|seen?|told|assum\w+|conclude\w*|confirm\w*|reason to))\b(?:(?!\b(?:and|but|so|yet)\b)[^.;,:!?]){0,50})$/i;
/** Said of a purpose: "whether on purpose", "intentional edits and errors cannot be told apart". */
const PURPOSE = /^(?:by design|on purpose|deliberate|intended|intentional)/i;
const NOT_KNOWN =
  /^[^.;,!?]{0,60}\b(?:(?:was|were|is|are|has|have|could|can)(?: been)? ?(?:not|n't)|wasn't|weren't|isn't|couldn't|cannot|can't|nobody|never)\b[^.;!?]{0,25}\b(?:judged|checked|verified|tested|known|told|seen|examined|assessed|evaluated|measured|looked|confirmed|established|said|answered|clear|sure|read)\b/i;

/** Words of ease. Each is looked at in its place. */
const EASE =
  /\b(safe(?:ly|st|r)?|harmless(?:ly)?|benign|welcome|pleasure|beneficial|alright|negligible|insignificant|trivial|unproblematic|risk[- ]free|trouble[- ]free|acceptable|tolerable|ok|okay|fine(?!-?tun)|good|great|excellent|perfect(?:ly)?|healthy|flawless|optimal|ideal|suitable|reliable|trustworthy|(?<=\b(?:is|are|be|looks?|seems?|remains?|mechanically|perfectly|completely|a|very|and)\s)sound(?!\s+of)|solid|conservative|approved?|cleared|certified|guaranteed?|permitted|okayed|by design|on purpose|deliberate(?:ly)?|(?<!\b(?:factory|maker|manufacturer|stock|than)\s)intended|intentional(?:ly)?)\b/gi;
/** Said of a number to go back to ("a safe value", "a good margin"), it is advice, no verdict. */
const ADVICE_AFTER =
  /^\s+(?:limit|limits|range|margin|margins|value|values|level|levels|figure|threshold|side|practice|idea|operation|window|region|zone|bound|bounds|operating|riding|rpm|speed|speeds|temperature|temperatures|combustion|lambda|mixture|fuel|quality|mechanic|tuner|workshop)\b/i;
/** "The safe margin is gone" */
const LOST =
  /^\s+\w+\s+(?:is|are|has been|was)\s+(?:gone|lost|used up|exhausted|eaten|exceeded|passed|left behind|too small|missing)\b/i;
const ADVICE_BEFORE =
  /\b(?:back to|return to|restore|regain|into|toward|towards|reduce to|until|find|keep|for|remove[sd]?|eats?|erode[sd]?|reduce[sd]?|lose[sd]?|loses|losing|no|without|little|less|use|on the|needed for|necessary for|required for|to stay (?:in|within|at)|stay within|outside|needs?)\s+(?:an?\s+|the\s+|any\s+)?$/i;

/** A fault that is denied. */
const DENIED =
  /\b(?:no|not|never|without|isn't|aren't|nothing|none|neither|hardly any|little|zero|free of|free from|low|minimal|small|negligible)\s+(?:an?\s+|any\s+|of\s+|is\s+|are\s+|be\s+|the\s+|really\s+|real\s+|very\s+|great\s+|serious\s+|particular\s+|immediate\s+|knock\s+|engine\s+|too\s+|especially\s+|that\s+){0,3}(?:risks?|dangers?|dangerous|problem\w*|concerns?|concerning|issues?|harm\w*|damag\w*|worr\w*|faults?|threats?|unsafe|critical|serious|severe|hazard\w*|alarming|matters?|wrong)\b/i;
/** A clearance in other words. */
const CLEARANCES: RegExp[] = [
  /\b(?:can|may|should|could|might|please|safely|simply|just)\s+(?:be\s+|safely\s+)?(?:ignore|ignored|disregard\w*|overlook\w*|dismiss\w*|skip|skipped|suppress\w*)\b/i,
  /^(?:ignore|disregard|overlook|dismiss|suppress)\b/i,
  /\b(?:false (?:alarm|positive)|not a fault|nothing (?:to|wrong|stands out|unusual|else)|no (?:need\b|(?:reason|cause) (?:to|for)|action|changes?|further (?:action|changes?|work|steps?|checks?|findings?|faults?)|findings?|faults?|objection)|go ahead|all (?:clear|good|in order|right|well)|in order(?! to\b)|in the clear|good to go|(?<!\bnot |n't |\bnot yet )ready (?:to|for)|free to|feel free|don't worry|do not worry|rest assured|(?<!\b(?:before you|not|n't|never|nobody should|cannot|hardly) )trust (?:this|the|it|me))\b/i,
  /\b(?:you|one|riders?|it|tune|file|map|bike|motorcycle)\s+(?:can|may|could|is free to|is ready to|is allowed to)\s+(?:now\s+|still\s+|be\s+)*(?:rid\w*|flash\w*|us(?:e|ed)\b(?! (?:more|less|too|extra|up|excess))|run\b(?! (?:\w+ly )?(?:much |far |very |too |so |slightly )?(?:hot|lean|rich|rough|too|out|into|away|warm|warmer|poor|bad|uneven|dry|short|on|leaner|richer|hotter|rougher|at|with))|go\b(?! (?:wrong|up|down|out|over|beyond|past|unnoticed|undetected|lean|on|too|through))|install\w*|load(?:ed)?\b|keep(?! \w+ing)|kept|trust\w*)/i,
  /\b(?:well |still |all |safely |comfortably |lies |is |are |stays |stay |remains? |falls? |sits? )(?:well |still |comfortably |safely )?(?:within|inside|in)\s+(?:the\s+|its\s+|all\s+|every\s+|normal\s+|factory\s+)*(?:limits?|ranges?|specs?|specifications?|tolerances?|bounds?|order)\b/i,
  /\b(?:passe[sd]|pass)\s+(?:all|every|the|each|this)?\s*(?:rules?|checks?|tests?|inspections?|judg\w+)\b/i,
  /\b(?:rules?|checks?|tests?|inspections?)\b.*\bpass(?:ed|es)?\b/i,
  /\b(?:rules?|findings?|limits?|report|checker|tool)\s+(?:is|are|was|were|seems?|may be|might be|must be)\s+(?:wrong|mistaken|false|too strict|overly|outdated|exaggerat\w*|incorrect|cautious)/i,
  /\bdo(?:es)? not (?:matter|apply|need|hurt|require|pose|endanger|affect)\b|\bwon't (?:hurt|harm|matter|damage)\b|\bwill not (?:hurt|harm|matter|damage)\b|\bdoesn't (?:matter|hurt|harm)\b/i,
  /\b(?:recommend\w*|advise[sd]?|suggest\w*|encourag\w*)\s+(?:to\s+|that you\s+)?(?:rid(?:e|ing)|flash\w*|us(?:e|ing)|install\w*|keep\w*)\s+(?:it|this|the (?:tune|file|map)|as)\b/i,
  /(?<!\b(?:octane|fuel|RON) )\b(?:score|rating|rate (?:it|this|the)|rated|grade[sd]?|verdict)\b.*\d|\d+\s+points\b|\d.*\b(?:score|rating|grade|verdict)\b|\bout of\s+(?:10|100|5|ten|a hundred|one hundred|five)\b/i,
  /\b(?:risks?|dangers?|threats?|effects?|impact|differences?|problems?|hazards?|excess|deviations?)\s+(?:here\s+)?(?:is|are|seems?|remains?|stays?|would be)\s+(?:\w+\s+)?(?:small|low|minor|slight|little|minimal|limited|negligible|tiny|cosmetic|theoretical|harmless|manageable|remote)\b/i,
  /\b(?:small|minor|slight|little|tiny|cosmetic|theoretical|manageable|remote|mere)\s+(?:matter|detail|issue|problem|risk|danger|threat|concern|thing|effect|chance|blemish|flaw)\b/i,
  /\bwithout\s+(?:\w+\s+)?(?:consequences?|harm|trouble|effects?|penalty|fear|worry|hesitation|danger|risk|damage)\b/i,
  /(?<!\b(?:not|no longer|never|nor|hardly|without)\s(?:have\s|has\s|be\s)?)\b(?:plenty of|enough|ample|sufficient|adequate|large|wide|good|comfortable|generous)\s+(?:\w+\s+)?(?:margin|headroom|reserves?|room|safety)\b/i,
  /(?<!\b(?:than|what|all)\s(?:(?:the|this|an|any|its|most|such an?)\s)?)\b(?:engine|it|motor|pistons?|rods?|bottom end|riders?|bike)\s+(?:will|can|should|may|could|does|would|is able to|is built to|is made to)?\s*(?:still |easily |well )?(?:copes?|handles?|survives?|tolerates?|withstands?|endures?|takes? it|takes? this|lives? with)\b/i,
  /\b(?:can|will|should|could|would)\s+(?:easily |well |still )?(?:cope|handle|survive|tolerate|withstand|endure)\b/i,
  /\b(?:on paper|in theory|theoretical\w*|cosmetic|for years)\b/i,
  /\b(?:overstat\w*|exaggerat\w*|overly|pedantic|nitpick\w*|too (?:cautious|careful|strict)|(?:no|not|n't|without|never|nothing|need\w*|hardly|less|little)\s+(?:\w+\s+){0,2}?worr\w*|worry not|worry-free|relax\w*|secure\w*|bulletproof|robust|harmony|happy|happily|enjoy\w*|recommended as is)\b/i,
  /\b(?:nothing|no one|nobody)\s+(?:\w+\s+){0,2}(?:bad|serious|wrong|dangerous|happens?|breaks?|fails?|to)\b/i,
  /\b(?:it|engine|this|everything)\s+(?:still\s+)?(?:holds|works|runs) ?(?:well|up|fine|out|together|nicely|perfectly|great)?(?=\s*[.,;!]|\s*$)/i,
  /\b(?:improves|improved|enhance[sd]?|benefits|advantages?|vouch\w*|let it be|go for it|(?:makes|is|runs|gets|becomes|feels)\s+(?:it\s+|the \w+\s+)?(?:\w+ and )?(?:better|best))\b/i,
  /\b(?:is|are|stays?|remains?|looks?|seems?|runs?)\s+(?:just |quite |all |perfectly |still |about |exactly )*(?:right|correct|proper|under control|in check|as (?:it|they) (?:should|ought)|what (?:it|they) (?:should|ought)|in balance|balanced|unharmed|undamaged|unaffected)\b/i,
  /\b(?:full marks|top marks|highest (?:score|rating)|perfect score|thumbs up|a pass)\b/i,
];
/** Said of what was found, it takes the edge off: "that is normal", "is common". Not of knock that is to be expected. */
const USUAL =
  /\b(?:is|are|be|being|as|quite|rather|very|entirely|perfectly|completely|considered)\s+(?:\w+\s+)?(?:normal|common|expected|typical|usual|ordinary|routine|standard practice|customary|frequent)\b(?!\s+(?:ranges?|limits?|operation|load|values?|way))/i;
const BAD = /\b(?:knock\w*|detonation|damage|failure|wear|overheating|trouble|breakage|seizure|faults?)\b/i;
/** A clause that takes something back must say something of the evidence or of the danger. */
const TAKEN_BACK =
  /\b(?:but|yet|though|although|however|(?<!\b(?:stand\w*|sit\w*|stays?|stood)\s)still|nevertheless|nonetheless|despite|even so|(?:only|merely|just)(?=\s+(?:a|an|slightly|marginally|barely|briefly|rarely|seldom|on|in|sometimes|minor|small|little|few)\b))\b([^.;!?]*)/gi;
const SUBSTANCE =
  /\d|\b(?:stock|factory|original|limit\w*|allow\w*|knock\w*|deton\w*|damag\w*|risk\w*|danger\w*|lean\w*|rich\w*|hot\w*|heat\w*|overheat\w*|wear\w*|burn\w*|seiz\w*|fail\w*|break\w*|bend\w*|lose\w*|loss\w*|exhaust|valves?|pistons?|combustion|gaskets?|coils?|plugs?|boil\w*|power|torque|hidden|forces?|inertia|stress\w*|loads?|ris(?:es?|ing)|grow\w*|climb\w*|oil|rings?|rods?|bearings?|springs?|tyres?|sparks?|fuel\w*|mixture|throttle|limiter|fan|coolant|temperature\w*|current|dwell|hesitat\w*|surg\w*|foul\w*|(?:not|n't) (?:judged|checked|known|measured|verified|tested|examined|assessed|evaluated|looked)|unknown|cannot|before|after|once|until|above|over|under|below|degrees|percent|lambda|rpm|high|late|early|more|less|octane|cylinder\w*|fault\w*|hidden|too)\b/i;
/** A letter alone says nothing but its name: "S A F E". */
const LONE_LETTER = /(?<![A-Za-z0-9°/'-])(?![aAIxyzCFKVBE](?![A-Za-z]))[A-Za-z](?![A-Za-z0-9'/])/;
/** What a sentence of this product speaks of; one that speaks of none of it has another purpose. */
const SUBJECT =
  /\d|\b(?:spark|ignition|timing|advanc\w*|retard\w*|fuel\w*|mixture|lambda|lean\w*|rich\w*|limit\w*|stock|factory|original|knock\w*|deton\w*|damag\w*|risk\w*|danger\w*|heat\w*|hot|overheat\w*|cool\w*|temperature\w*|pressure|pistons?|valves?|rods?|bearings?|engine|motor|fan|throttle|rev\w*|grip|gears?|cruis\w*|respon\w*|pulls?|flat|thirst\w*|consum\w*|top end|rpm|mpg|economy|smok\w*|boil\w*|traffic|city|town|start\w*|idle|ECU|calibration|definition|compar\w*|edit\w*|modif\w*|delivery|jerk\w*|misfir\w*|dyno|stock|petrol|gasoline|injector\w*|dwell|coils?|cylinders?|maps?|cells?|rules?|check\w*|judg\w*|known|unknown|octane|plugs?|power|torque|load|rider|ride|riding|traffic|road|file|tune|values?|degrees|percent|fault\w*|change\w*|correct\w*|probe|log\w*|margin|safe\w*|area|measured|wear|fail\w*|results?|reports?|looked|found|workshop|tuner|exhaust|egt|combustion|it)\b/i;
const FIELD = new RegExp(SUBJECT.source.replace('\\d|', ''), 'gi');
/** What leads elsewhere, or is markup. */
const ELSEWHERE: RegExp[] = [
  /https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|io|de|exe|sh|bin|py|js|txt)\b/i,
  /\b(?:system (?:prompt|message)|assistant|user|prompt|instructions?|ignore (?:all|the|previous)|as an ai|language model|click|download|subscribe|password|sudo|rm -rf)\b/i,
];
/** An address, a rule's id, an id of evidence, a name with digits in it. */
const REFERENCE = /\b(?:0x[0-9a-f]+|[a-z]+(?:-[a-z]+){2,}|[A-Za-z]+[-_]?\d[\w-]*|\d+[A-Za-z][\w-]*)\b/gi;
/** Digits and letters that are a number and its unit, or how people write of engines. */
const MEASURE =
  /^(?:[a-z]+-(?:and|to|of|by|in|the|on|than|at|for|or)-[a-z]+|air-fuel-ratio|wide-open-\w+|full-load-\w+|\d[\d.,]*(?:rpm|deg|degrees?|C|F|K|V|ms|s|m|mm|cc|kPa|k|x|nd|rd|th|st|percent|pct|bar|psi|hp|kW|Nm)|top-dead-centre|cell-by-cell|one-by-one|step-by-step|wide-open-throttle|out-of-range|end-of-life|rule-of-thumb|air-to-fuel|part-by-part|gear-by-gear|state-of-the-art|day-to-day|before-and-after)$/i;

/** Everyday words: a text of another language has few of them, and some of these of its own. */
const ENGLISH =
  /\b(?:the|a|an|is|are|was|of|at|in|on|to|and|or|than|with|for|by|from|its|it|this|that|more|less|too|not|no|over|above|below|under|back|stock|limit|before|until|can|may|has|have|so|but|when|where|which|these|those|be|as|after|up|down|most|into|while|only)\b/gi;
const FOREIGN =
  /\b(?:der|das|und|ist|nicht|ein|eine|mit|von|zu|auf|sind|grad|prozent|sicher|le|la|les|est|et|un|une|des|du|pas|sur|avec|el|los|las|es|una|por|para|il|lo|gli|che|di|della|sono|het|een|niet|voor|os|um|uma|com|sem|och|inte|eins|zwei|drei|vier|sechs|sieben|acht|neun|zehn|zwanzig|hundert|tausend|deux|trois|quatre|cinq|sept|huit|neuf|dix|vingt|trente|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|treinta|cien|quattro|cinque|sei|sette|otto|nove|dieci|venti|trenta|cento)\b/gi;
const ROMAN = /\b(?=[IVXLCDM]{2,}\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b/;

/** What is wrong with the words of a text, or null. @param clean the rules found no fault: that may be said beside what they did not check */
export function wordingFault(text: string, clean = false): string | null {
  const words = text.match(/[A-Za-z]+/g) ?? [];
  if (words.length < (SUBJECT.test(text) ? 2 : 3)) return 'it says nothing';
  if (/(.)\1{5,}/.test(text) || /\b(\w+)(?:\W+\1\b){3,}/i.test(text)) return 'it repeats itself';
  const clauses = text
    .toLowerCase()
    .split(/[,.;:]\s*(?:and\s+|but\s+)?/)
    .filter((c) => c.split(' ').length >= 4);
  if (new Set(clauses).size < clauses.length) return 'it repeats itself';
  for (const pattern of ELSEWHERE) if (pattern.test(text)) return 'it leads elsewhere';
  const foreign = text.match(FOREIGN)?.length ?? 0;
  const english = text.match(ENGLISH)?.length ?? 0;
  // Terse remarks are made of the field's own words.
  const field = text.match(FIELD)?.length ?? 0;
  if (foreign > 0 || (english / words.length < 0.08 && (english + field) / words.length < 0.25))
    return 'it is not in plain English';
  if (ROMAN.test(text)) return 'a number in Roman letters';
  if (text.split(/(?<=[.!?])\s+/).some((sentence) => !SUBJECT.test(sentence)))
    return 'a sentence that speaks of something else';
  if (LONE_LETTER.test(text)) return 'letters that stand alone';
  for (const sentence of text.split(/(?<=[.;!?])\s+/)) {
    if (eases(clean && UNCHECKED.test(text) ? sentence.replace(NOTHING_FOUND, 'a result') : sentence))
      return 'it calls something safe or in order';
  }
  return null;
}

/** True where a text names an address, a rule, an id, a motorcycle, a title that `known` (all that the evidence says) does not hold. */
export function namesUnknown(text: string, known: string): boolean {
  const names = [...text.matchAll(REFERENCE)].map(([name]) => name).filter((name) => !MEASURE.test(name));
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map(([, title]) => title ?? '');
  return (text.match(/"/g)?.length ?? 0) % 2 === 1 || [...names, ...quoted].some((name) => !knows(known, name));
}

/** As a word of its own, or the beginning of one: "F1" is not in "F12", "CBR600" is in "CBR600RR". */
function knows(known: string, name: string): boolean {
  const place = known.toLowerCase().indexOf(name.toLowerCase());
  if (name === '' || place < 0) return false;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${escaped}${/\d$/.test(name) ? '(?!\\d)' : ''}`, 'i').test(known);
}

const NOTHING_FOUND =
  /\b(?:no (?:\w+ )?(?:faults?|problems?|findings?|issues?|concerns?|warnings?)|nothing(?: wrong)?)\b(?: (?:was|were|has been|have been|is|are))? ?(?:found|seen|flagged|reported|detected|raised)?/gi;
const UNCHECKED =
  /\b(?:(?:not|n't|never|nothing to|nobody) ?(?:be |been |have )?(?:checked|judged|look\w*|known|verified|run|tested|covered|applied|compared|measured)|un(?:checked|known|judged|tested|verified)|skipped|left out|left unchecked|without a stock|no stock)\b|n't (?:be |been )?(?:checked|judged|known|run|tested|applied|compared)/i;
/** "Only 15 % is within bounds" says that more is not. */
const ONLY_WITHIN =
  /\b(?:only|just|at most|up to|no more than)\s+[\d.,]+\s*\S{0,10}\s+(?:is|are|would be|lies?|counts? as)\s+(?:within|inside|in)\s+(?:the\s+)?(?:limits?|bounds?|tolerances?|order|range)/gi;

/** Words that what is praised is not: "a good part of the heat", "a perfect storm". */
const OF_SOMETHING_ELSE =
  /^\s+(?:part|deal|many|share|reason|cause|amount|heat|harm|damage|danger|risk|storm|recipe|way to (?:break|burn|kill|melt|ruin|seize|destroy|wreck)|example|sign|clue|reference|comparison|probe|half|chance|likelihood|care|caution|distance|load|stress|strain|wear|concern|while|bit|deal)\b/i;
/** "Up to 7 °C would be tolerable": more is not. */
const AT_MOST =
  /\b(?:up to|at most|no more than|less than|below|under|only|within|between)\b[^.;,]{0,30}\bwould (?:still )?be\s+$/i;

function unproven(before: string): boolean {
  const match = UNPROVEN.exec(before);
  return match !== null && !/\b(?:need|requir|necess|doubt)/i.test(match[0]);
}

function eases(said: string): boolean {
  const sentence = said.replace(ONLY_WITHIN, ' ');
  if (DENIED.test(sentence) || CLEARANCES.some((pattern) => pattern.test(sentence.trim()))) return true;
  const usual = USUAL.exec(sentence);
  if (
    usual !== null &&
    !BAD.test(sentence.slice(0, usual.index)) &&
    !TURNED.test(`${sentence.slice(0, usual.index)}${usual[0].replace(/\w+$/, '')}`)
  )
    return true;
  for (const [, clause] of sentence.matchAll(TAKEN_BACK)) if (!SUBSTANCE.test(clause ?? '')) return true;
  for (const match of sentence.matchAll(EASE)) {
    // "Leaner-than-permitted"
    const before = sentence.slice(0, match.index).replace(/-/g, ' ');
    const after = sentence.slice(match.index + match[0].length);
    if (TURNED_BACK.test(before)) return true;
    if (
      TURNED.test(before) ||
      unproven(before) ||
      OF_SOMETHING_ELSE.test(after) ||
      AT_MOST.test(before) ||
      (PURPOSE.test(match[0]) && NOT_KNOWN.test(after))
    )
      continue;
    if (
      /^(?:safe|good|sound|solid|healthy|acceptable|reliable|conservative|suitable|permitted|ideal|optimal)$/i.test(
        match[0],
      ) &&
      ADVICE_AFTER.test(after) &&
      (ADVICE_BEFORE.test(before) || LOST.test(after))
    )
      continue;
    return true;
  }
  return false;
}
