/** The catalogue of checks, number by number: which rules implement each, and what of it no rule says, with the reason. */
import type { Rule } from '../../core/rules/rule.ts';

interface Entry {
  id: string;
  about: string;
  /** Clauses without a rule of their own, each with why. */
  open: string[];
}

const entry = (id: string, about: string, ...open: string[]): Entry => ({ id, about, open });

/** In the order of the catalogue. */
export const CATALOGUE: Entry[] = [
  entry(
    'R01',
    'erased or zero block',
    'blocks outside of tables: the definition says nothing about those bytes, `compare` names them',
  ),
  entry('R02', 'axis neither rises nor falls'),
  entry('R03', 'duplicate breakpoints'),
  entry('R04', 'axis ends before the limiter'),
  entry(
    'R05',
    'load axis ends before the boost',
    'pressure axis of an engine without boost: a note that would stand on every file whose axis ends at 95 kPa',
  ),
  entry('R06', 'saturated cells', 'four cells side by side are not told from four apart: the share judges both'),
  entry(
    'R07',
    'impossible values',
    "the range that a definition states is its editor's default more often than a limit, so it is shown and never judged",
  ),
  entry('R08', 'flat map'),
  entry(
    'R09',
    'map or rows copied over others',
    'front and rear identical without stock: factory maps of GSX-R are identical too',
  ),
  entry(
    'R10',
    'checksum, id, size',
    'a foreign id or size is no finding: the file is refused with the reason, before anything is judged',
  ),
  entry('R11', 'air-fuel ratio against lambda'),
  entry(
    'R12',
    'units of time, temperature, pressure',
    'a false "ms" is taken back to raw counts when the file is decoded, with a warning',
  ),
  entry('R13', 'volumetric efficiency'),
  entry('R14', 'ragged surface'),
  entry('R15', 'cliff', 'fuel along load: factory maps step by 25 to 36 % from one throttle breakpoint to the next'),
  entry(
    'R16',
    'island cell',
    'whether a lone cell is lean or advanced does not raise its class: the rules against stock and on targets do',
  ),
  entry('R17', 'one of a coupled set changed'),
  entry('R18', 'change against stock'),
  entry('R19', 'lean at full load'),
  entry('R20', 'rich at full load'),
  entry('R21', 'cruise mixture'),
  entry('R22', 'idle mixture'),
  entry(
    'R23',
    'overrun cut',
    'factory tables of the overrun cut hold counts or switch-off marks (Hayabusa Gen3: 25 500): only their change against stock is judged',
  ),
  entry('R24', 'target leans out with load'),
  entry('R25', 'fuel of cylinders'),
  entry('R26', 'cylinder trim clipped'),
  entry(
    'R27',
    'cranking fuel',
    'the range at -10 °C is not held: projects multiply warm-up and after-start on top, and differ in how',
  ),
  entry('R28', 'warm-up'),
  entry('R29', 'after start'),
  entry('R30', 'required fuel against the engine'),
  entry('R31', 'stoichiometric ratio and fuel', 'a missing flex curve: no project at hand has a flex sensor in use'),
  entry('R32', 'acceleration enrichment'),
  entry('R33', 'air-temperature correction'),
  entry('R34', 'barometric correction'),
  entry(
    'R35',
    'injector duty',
    'the duty of a project is not computed from its required fuel and volumetric efficiency: the sum depends on how the firmware scales both, and for a Hayabusa project that runs it comes to 207 % at 8800 rpm, so it would prove nothing; staged sets: the file does not say which share each set takes',
  ),
  entry('R36', 'injector capacity against power'),
  entry('R37', 'injector dead time'),
  entry('R38', 'closed loop'),
  entry('R39', 'adaptive range and learnt value'),
  entry(
    'R40',
    'absolute advance at full load',
    'boosted engines: against stock alone, for factory maps of boosted engines go down to 0 degrees',
  ),
  entry('R41', 'advance against stock'),
  entry('R42', 'advance without reward'),
  entry('R43', 'load slope inverted'),
  entry('R44', 'slope along speed, low-speed advance'),
  entry(
    'R45',
    'light-load advance',
    'a note over 60 degrees without stock: it would stand on every Suzuki file (77 to 87.5 degrees)',
  ),
  entry('R46', 'retarded spark'),
  entry('R47', 'idle advance'),
  entry('R48', 'cranking advance'),
  entry('R49', 'spark of cylinders'),
  entry('R50', 'temperature retard removed'),
  entry('R51', 'knock control'),
  entry('R52', 'octane margin', 'charge temperature and humidity: nobody knows them before the ride'),
  entry('R53', 'dwell', 'counts without a unit (Hayabusa Gen3): their change against stock is judged'),
  entry('R54', 'overdwell protection'),
  entry('R55', 'limiter against stock'),
  entry('R56', 'limiter against redline'),
  entry('R57', 'piston speed'),
  entry('R58', 'piston acceleration'),
  entry('R59', 'order of cuts, hysteresis', 'spark-only cut with a catalyst: no file says that a catalyst is fitted'),
  entry('R60', 'neutral, cold, limp limits'),
  entry('R61', 'launch and flat shift', 'how long a retard lasts: projects end it by the clutch, not by a clock'),
  entry('R62', 'fan'),
  entry('R63', 'overheat protection'),
  entry('R64', 'emission functions', 'whether the hardware is still fitted: no file says it'),
  entry('R65', 'speed and gear restriction'),
  entry('R66', 'boost'),
  entry('R67', 'fail-safe sensors and trouble codes', 'crank-sensor codes: no definition at hand names their bits'),
  entry('R68', 'sensor calibration'),
  entry(
    'R69',
    'throttle map',
    'twice the steepness of stock: how far each cell opens beyond stock says it cell by cell',
  ),
  entry('R70', 'throttle restriction'),
  entry('R71', 'idle target'),
  entry('R72', 'overrun and engine brake'),
  entry('R73', 'quickshifter', 'retard-only shifts: no definition at hand holds one'),
  entry('R74', 'declared parts'),
];

const INTERACTIONS: [string, (rule: Rule) => boolean][] = [
  [
    'lean and advanced',
    (r) =>
      /fuel-leaner-than-stock$|full-load-mixture-lean$|spark-over-stock-at-full-load/.test(r.id) &&
      r.raisedBy.length > 0,
  ],
  ['limiter and the end of the maps or of the injectors', (r) => r.id === 'limiter-over-stock'],
  [
    'fan or overheat protection and a lean engine',
    (r) => /^fan-late|^overheat-protection-late/.test(r.id) && r.raisedBy.length > 0,
  ],
  ['higher compression and stock spark', (r) => r.id === 'octane-margin-short'],
  ['steep throttle and traction control off', (r) => r.category === 'throttle' && r.raisedBy.length > 0],
];

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page, without its heading note. */
export function renderCatalogue(rules: readonly Rule[]): string {
  const lines = [
    '# The catalogue of checks',
    '',
    `Which of the ${rules.length} rules implement each number of the catalogue, and what of it has no rule, with the reason. A rule that finds`,
    'nothing to measure in a file ends as *not checked*, with what is missing, in every report.',
    '',
    '| number | about | rules | without a rule of its own |',
    '|---|---|---|---|',
    ...CATALOGUE.map(({ id, about, open }) => {
      const own = rules.filter((r) => r.catalogue.includes(id)).map((r) => r.id);
      return `| ${id} | ${about} | ${own.join(', ')} | ${cell(open.join('; '))} |`;
    }),
    '',
    '## Faults that make each other worse',
    '',
    '| together | rules that are raised, or that see both |',
    '|---|---|',
    ...INTERACTIONS.map(
      ([name, fits]) =>
        `| ${name} | ${rules
          .filter(fits)
          .map((r) => r.id)
          .join(', ')} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
