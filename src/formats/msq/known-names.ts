/** What the common names of TunerStudio projects mean, for files that come without their .ini. Names as the firmwares' own .ini files have them. */
import type { Quantity, Role, RoleBase } from '../../core/model.ts';

/** Names of the breakpoints along columns and, for a map, along rows. */
export interface Bins {
  x: string;
  y?: string;
}

/** A setting and the words with which it says no. */
export interface Condition {
  setting: string;
  off: RegExp;
}

export interface KnownName {
  role: Role;
  /** The first pair of which all are there with the right length counts: firmwares share names and differ in the bins. */
  bins: Bins[];
  /** Of the x axis of a curve, where its name and unit do not tell. */
  quantity: Quantity | null;
  /** The unit that the file states must look like this: firmwares use one name for values and for breakpoints. */
  unit: RegExp | null;
  /** In use only where none of these says no. */
  needs: Condition[];
  /** In use only where at least one of these does not say no. */
  needsOne: Condition[];
  /** What it means where it is one number and no curve; null: the same. */
  single: Role | null;
}

type Options = Partial<Omit<KnownName, 'role' | 'bins'>>;

const known = (role: Role, bins: Bins[], options: Options = {}): KnownName => ({
  role,
  bins,
  quantity: null,
  unit: null,
  needs: [],
  needsOne: [],
  single: null,
  ...options,
});
const map = (role: Role, x: string, y: string, needs: Condition[] = []): KnownName =>
  known(role, [{ x, y }], { needs });
const curve = (role: Role, x: string, quantity: Quantity, options: Options = {}): KnownName =>
  known(role, [{ x }], { quantity, ...options });
const scalar = (role: Role, needs: Condition[] = [], options: Options = {}): KnownName =>
  known(role, [], { needs, ...options });

const OFF = /^(off|no|none|false|disabled?|not used|invalid)$/i;
const on = (setting: string): Condition => ({ setting, off: OFF });
const only = (setting: string, off: RegExp): Condition => ({ setting, off });

/** Speeduino: the target table corrects the fuel by the sensor or is multiplied in; with neither it is a note. */
const SPEEDUINO_TARGET: Options = { needsOne: [on('egoType'), on('incorporateAFR')] };
/** Speeduino: a limiter that cuts nothing limits nothing; the soft one retards the spark. */
const SPEEDUINO_SOFT = [only('engineProtectType', /^(off|fuel only)$/i)];
const SPEEDUINO_HARD = [on('engineProtectType'), only('hardRevMode', /^(off|coolant based|invalid)$/i)];
/** MegaSquirt: the limiter needs a way to limit. */
const MEGASQUIRT_LIMITER: Condition[] = [
  on('RevLimOption_retard'),
  on('RevLimOption_spkcut'),
  on('RevLimOption_fuelprog'),
  on('RevLimOption_fuelcut'),
  // MegaSquirt 2 before 3.3 names the way in one setting.
  on('RevLimOption'),
];
const RUSEFI_LIMITER: Condition[] = [on('cutFuelOnHardLimit'), on('cutSparkOnHardLimit')];
const RUSEFI_BOOST = (loop: string): Bins[] => [
  { x: 'boostRpmBins', y: `boost${loop}LoadBins` },
  { x: 'boostRpmBins', y: 'boostLoadBins' },
];
const MEGASQUIRT_DWELL = [only('dwellmode', /^(fixed duty|time after spark|charge at trigger)$/i)];

const SPEEDUINO: Record<string, KnownName> = {
  SoftRevLim: scalar('revLimiter.soft', SPEEDUINO_SOFT),
  hardRevLim: scalar('revLimiter.hard', SPEEDUINO_HARD),
  coolantProtRPM: curve('revLimiter.hard', 'coolantProtTemp', 'coolantTemperature', {
    needs: [on('engineProtectType'), only('hardRevMode', /^(off|fixed|invalid)$/i)],
  }),
  engineProtectMaxRPM: scalar('protection.rpm', [on('engineProtectType')]),
  boostLimit: scalar('protection.boost', [on('boostCutEnabled')]),
  afrProtectDeviation: scalar('protection.mixture', [on('afrProtectEnabled')]),
  oilPressureProtMins: curve('protection.oilPressure', 'oilPressureProtRPM', 'engineSpeed', {
    needs: [on('oilPressureProtEnbl')],
  }),
  fanSP: scalar('fan.on', [on('fanEnable')]),
  fanHyster: scalar('fan.hysteresis', [on('fanEnable')]),
  dwellrun: scalar('dwell.running', [only('useDwellMap', /^yes$/i)]),
  dwellTable: map('dwell.running', 'rpmBinsDwell', 'loadBinsDwell', [on('useDwellMap')]),
  dwellcrank: scalar('dwell.cranking'),
  dwellLim: scalar('dwell.limit', [on('useDwellLim')]),
  dwellRates: curve('correction.dwell', 'brvBins', 'batteryVoltage'),
  injOpen: scalar('injector.deadTime'),
  dutyLim: scalar('injector.dutyLimit'),
  reqFuel: scalar('injector.requiredFuel'),
  CrankAng: scalar('spark.cranking'),
  lnchHardLim: scalar('launch.rpm', [on('launchEnable')]),
  lnchSoftLim: scalar('launch.softRpm', [on('launchEnable')]),
  asePct: curve('enrichment.afterStart', 'aseBins', 'coolantTemperature'),
  crankingEnrichValues: curve('enrichment.cranking', 'crankingEnrichBins', 'coolantTemperature'),
  primePulse: curve('enrichment.priming', 'primeBins', 'coolantTemperature'),
  airDenRates: curve('correction.airTemperature', 'airDenBins', 'airTemperature'),
  baroFuelValues: curve('correction.barometric', 'baroFuelBins', 'barometricPressure'),
  injBatRates: curve('correction.battery', 'brvBins', 'batteryVoltage'),
  iatRetRates: curve('correction.spark', 'iatRetBins', 'airTemperature'),
  cltAdvValues: curve('correction.spark', 'cltAdvBins', 'coolantTemperature'),
  // The targets of closed loop; open loop reads its own duty or steps, and the idle advance is measured from the target.
  iacCLValues: curve('idle.target', 'iacBins', 'coolantTemperature', {
    needsOne: [only('iacAlgorithm', /^(none|on\/off|(pwm|stepper) open loop)$/i), on('idleAdvEnabled')],
  }),
  idleAdvValues: curve('spark.idle', 'idleAdvBins', 'engineSpeed', { needs: [on('idleAdvEnabled')] }),
  // Open loop holds duty in the same bytes.
  boostTable: map('boost.target', 'rpmBinsBoost', 'tpsBinsBoost', [
    on('boostEnabled'),
    only('boostType', /^open loop$/i),
  ]),
  stagingTable: map('injector.staging', 'rpmBinsStaging', 'loadBinsStaging', [on('stagingEnabled')]),
};

const BG_FUEL: Bins = { x: 'frpm_table', y: 'fmap_table' };

const MEGASQUIRT: Record<string, KnownName> = {
  // MegaSquirt 2 may keep its fuel in 12 by 12 from 3.4 on.
  veTable1: known('ve', [{ x: 'frpm_table1', y: 'fmap_table1' }, BG_FUEL], {
    needs: [only('feature4_0VEtblsize', /^12x12$/)],
  }),
  veTable1dozen: map('ve', 'frpm_table1doz', 'fmap_table1doz', [only('feature4_0VEtblsize', /^16x16$/)]),
  veTable3: map('ve.second', 'frpm_table3', 'fmap_table3'),
  advanceTable1: map('spark', 'srpm_table1', 'smap_table1'),
  advanceTable2: map('spark.second', 'srpm_table2', 'smap_table2'),
  advanceTable3: map('spark.second', 'srpm_table3', 'smap_table3'),
  // B&G's own code for MegaSquirt 2 has one pair of bins for all tables of fuel, and one spark table without a number.
  afrTable1: known('lambdaTarget', [{ x: 'arpm_table1', y: 'amap_table1' }, BG_FUEL]),
  afrTable2: known('lambdaTarget.second', [{ x: 'arpm_table2', y: 'amap_table2' }, BG_FUEL]),
  advanceTable: map('spark', 'srpm_table', 'smap_table'),
  RevLimNormal2: scalar('revLimiter.hard', [only('RevLimCLTbased', /clt/i)], { needsOne: MEGASQUIRT_LIMITER }),
  RevLimRpm1: curve('revLimiter.hard', 'RevLimLookup', 'coolantTemperature', {
    needs: [only('RevLimCLTbased', /^normal$/i)],
    needsOne: MEGASQUIRT_LIMITER,
    // In the 2.x firmwares one number: where the retard begins, or the fuel comes back.
    single: 'revLimiter.soft',
  }),
  RevLimRpm2: scalar('revLimiter.hard', [on('RevLimOption')]),
  OverBoostKpa: scalar('protection.boost', [on('OverBoostOption')]),
  shift_cut_time: scalar('launch.quickshift', [on('shift_cut_on')]),
  max_coil_dur: scalar('dwell.running', MEGASQUIRT_DWELL),
  crank_dwell: scalar('dwell.cranking', MEGASQUIRT_DWELL),
  dwellcorr: curve('correction.dwell', 'dwellvolts', 'batteryVoltage'),
  asePctTable: known('enrichment.afterStart', [{ x: 'temp_table_p5' }, { x: 'tempTable' }], {
    quantity: 'coolantTemperature',
  }),
  crankPctTable: known('enrichment.cranking', [{ x: 'temp_table_p5' }, { x: 'tempTable' }], {
    quantity: 'coolantTemperature',
  }),
  cold_adv_table: curve('correction.spark', 'tempTable', 'coolantTemperature'),
  matRetard: curve('correction.spark', 'matTemps', 'airTemperature'),
  matCorrDelta2: curve('correction.airTemperature', 'matCorrTemps2', 'airTemperature'),
  baroCorrDelta: curve('correction.barometric', 'baroCorrVals', 'barometricPressure', { needs: [on('baroCorr')] }),
  pwmidle_target_rpms: curve('idle.target', 'pwmidle_clt_temps', 'coolantTemperature'),
  // Over load, speed or speed error, as idleadvance_on says, and the names of the bins differ by firmware: only the .ini tells.
  idleadvance_curve: known('spark.idle', [], { needs: [on('idleadvance_on')] }),
  // An open loop follows its table of duty and asks for no pressure.
  boost_ctl_load_targets: map('boost.target', 'boost_ctl_loadtarg_rpm_bins', 'boost_ctl_loadtarg_tps_bins', [
    on('boost_ctl_settings_on'),
    only('boost_ctl_settings_cl', /^open/i),
  ]),
  boost_ctl_pwm_targets: map('boost.duty', 'boost_ctl_pwmtarg_rpm_bins', 'boost_ctl_pwmtarg_tps_bins', [
    on('boost_ctl_settings_on'),
  ]),
  fanctl_ontemp: scalar('fan.on', [on('fanctl_settings_on')]),
  fanctl_offtemp: scalar('fan.off', [on('fanctl_settings_on')]),
  launch_hrd_lim: scalar('launch.rpm', [on('launch_opt_on')]),
};

const RUSEFI: Record<string, KnownName> = {
  ignitionTable: map('spark', 'ignitionRpmBins', 'ignitionLoadBins'),
  ignitionIatCorrTable: known('correction.spark', [{ x: 'ignitionIatCorrTempBins', y: 'ignitionIatCorrLoadBins' }]),
  rpmHardLimit: scalar('revLimiter.hard', [only('useCltBasedRpmLimit', /^(yes|true)$/i)], { needsOne: RUSEFI_LIMITER }),
  cltRevLimitRpm: curve('revLimiter.hard', 'cltRevLimitRpmBins', 'coolantTemperature', {
    needs: [on('useCltBasedRpmLimit')],
    needsOne: RUSEFI_LIMITER,
  }),
  boostCutPressure: scalar('protection.boost'),
  lambdaMaxDeviationTable: map('protection.mixture', 'lambdaMaxDeviationRpmBins', 'lambdaMaxDeviationLoadBins', [
    on('lambdaProtectionEnable'),
  ]),
  minimumOilPressureValues: curve('protection.oilPressure', 'minimumOilPressureBins', 'engineSpeed', {
    needs: [on('enableOilPressureProtect')],
  }),
  fanOnTemperature: scalar('fan.on', [on('fanPin')]),
  fanOffTemperature: scalar('fan.off', [on('fanPin')]),
  fan2OnTemperature: scalar('fan.on', [on('fan2Pin')]),
  fan2OffTemperature: scalar('fan.off', [on('fan2Pin')]),
  sparkDwellValues: curve('dwell.running', 'sparkDwellRpmBins', 'engineSpeed'),
  ignitionDwellForCrankingMs: scalar('dwell.cranking'),
  dwellVoltageCorrValues: curve('correction.dwell', 'dwellVoltageCorrVoltBins', 'batteryVoltage'),
  injector_battLagCorr: curve('injector.deadTime', 'injector_battLagCorrBins', 'batteryVoltage'),
  crankingAdvance: curve('spark.cranking', 'crankingAdvanceBins', 'engineSpeed'),
  idleAdvance: curve('spark.idle', 'idleAdvanceBins', 'engineSpeed', { needs: [on('useSeparateAdvanceForIdle')] }),
  cltIdleRpm: curve('idle.target', 'cltIdleRpmBins', 'coolantTemperature'),
  cltFuelCorr: curve('enrichment.warmup', 'cltFuelCorrBins', 'coolantTemperature'),
  iatFuelCorr: curve('correction.airTemperature', 'iatFuelCorrBins', 'airTemperature'),
  pedalToTpsTable: map('throttle', 'pedalToTpsRpmBins', 'pedalToTpsPedalBins'),
  boostTableOpenLoop: known('boost.duty', RUSEFI_BOOST('OpenLoop'), { needs: [on('isBoostControlEnabled')] }),
  boostTableClosedLoop: known('boost.target', RUSEFI_BOOST('ClosedLoop'), {
    needs: [on('isBoostControlEnabled'), only('boostType', /^open loop$/i)],
  }),
  launchRpm: scalar('launch.rpm', [on('launchControlEnabled')]),
};

/** Names that firmwares share, with bins or meanings of their own. */
const SHARED: Record<string, KnownName> = {
  // Speeduino, rusEFI
  veTable: known('ve', [
    { x: 'rpmBins', y: 'fuelLoadBins' },
    { x: 'veRpmBins', y: 'veLoadBins' },
    // Speeduino before 2019: bins of pressure or of throttle, by the algorithm.
    { x: 'rpmBins', y: 'mapBins' },
    { x: 'rpmBins', y: 'tpsBins' },
  ]),
  lambdaTable: known(
    'lambdaTarget',
    [
      { x: 'rpmBinsAFR', y: 'loadBinsAFR' },
      { x: 'lambdaRpmBins', y: 'lambdaLoadBins' },
    ],
    SPEEDUINO_TARGET,
  ),
  afrTable: known(
    'lambdaTarget',
    [
      { x: 'rpmBinsAFR', y: 'loadBinsAFR' },
      { x: 'rpmBinsAFR', y: 'mapBinsAFR' },
      { x: 'rpmBinsAFR', y: 'tpsBinsAFR' },
    ],
    SPEEDUINO_TARGET,
  ),
  advTable1: known('spark', [
    { x: 'rpmBins2', y: 'mapBins1' },
    { x: 'rpmBins2', y: 'mapBins2' },
    { x: 'rpmBins2', y: 'ignLoadBins' },
    { x: 'rpmBins2', y: 'tpsBins2' },
  ]),
  // Speeduino, MegaSquirt
  veTable2: known(
    've.second',
    [{ x: 'fuelRPM2Bins', y: 'fuelLoad2Bins' }, { x: 'frpm_table2', y: 'fmap_table2' }, BG_FUEL],
    { needs: [on('fuel2Mode')] },
  ),
  advTable2: known(
    'spark.second',
    [
      { x: 'rpmBins3', y: 'mapBins2' },
      { x: 'spark2RPMBins', y: 'spark2LoadBins' },
    ],
    { needs: [on('spark2Mode')] },
  ),
  // Speeduino holds the rates in *Rates over *Bins, MegaSquirt the other way round: the unit tells.
  wueRates: curve('enrichment.warmup', 'wueBins', 'coolantTemperature', { unit: /^%?$/ }),
  wueBins: known('enrichment.warmup', [{ x: 'wueRates' }, { x: 'tempTable' }], {
    quantity: 'coolantTemperature',
    unit: /^%$/,
  }),
  taeRates: curve('enrichment.acceleration', 'taeBins', 'unknown', { unit: /^%?$/ }),
  taeBins: curve('enrichment.acceleration', 'taeRates', 'unknown', { unit: /^(ms|%)$/ }),
  maeRates: curve('enrichment.acceleration', 'maeBins', 'unknown', { unit: /^%?$/ }),
  maeBins: curve('enrichment.acceleration', 'maeRates', 'unknown', { unit: /^(ms|%)$/ }),
};

const NAMES: Record<string, KnownName> = { ...SPEEDUINO, ...MEGASQUIRT, ...RUSEFI, ...SHARED };
const BY_NAME = new Map(Object.entries(NAMES).map(([name, entry]) => [name.toLowerCase(), entry]));

/** Trims of single cylinders: Speeduino fuelTrim1Table, MegaSquirt veTrim1. */
const TRIM = /^(fuelTrim\d+Table|veTrim\d+)$/i;

/** Trims of single cylinders, rusEFI: degrees added, percent of fuel. */
const CYLINDER_TRIM = /^(ign|fuel)Trims\d+_table$/i;

/**
 * What a name means; null where it is not known. Speeduino spelled HardRevLim and later hardRevLim: case says nothing.
 * @param unit as the file states it
 */
export function knownName(name: string, unit: string): KnownName | null {
  const trim = TRIM.exec(name);
  if (trim !== null) {
    const stem = name.replace(/Table$/i, '');
    const n = stem.replace(/\D/g, '');
    return known(
      'fuel.trim',
      [
        { x: `${stem}rpmBins`, y: `${stem}loadBins` },
        { x: `frpm_trim${n}`, y: `fmap_trim${n}` },
      ],
      { needs: [on('fuelTrimEnabled'), only('usevetrim', /^(don't|off|no)/i)] },
    );
  }
  const cylinder = CYLINDER_TRIM.exec(name)?.[1];
  if (cylinder !== undefined) {
    const kind = cylinder.toLowerCase() === 'ign' ? 'ign' : 'fuel';
    return map(kind === 'ign' ? 'spark.trim' : 'fuel.trim', `${kind}TrimRpmBins`, `${kind}TrimLoadBins`);
  }
  const entry = BY_NAME.get(name.toLowerCase());
  return entry === undefined || (entry.unit !== null && !entry.unit.test(unit)) ? null : entry;
}

/** Units that values of a role have in every firmware, where the file states none. Temperatures depend on the project. */
const UNIT_OF: Partial<Record<RoleBase, string>> = {
  ve: '%',
  spark: '°',
  revLimiter: 'rpm',
  dwell: 'ms',
  launch: 'rpm',
};
const UNIT_OF_REFINED: Record<string, string> = {
  'idle.target': 'rpm',
  'fuel.trim': '%',
  'spark.trim': '°',
  'injector.deadTime': 'ms',
  'injector.requiredFuel': 'ms',
  'injector.dutyLimit': '%',
};

/** The unit of a known name in a file that states none; '' where it could be several. */
export const usualUnit = (role: Role): string => UNIT_OF_REFINED[role] ?? UNIT_OF[role.split('.')[0] as RoleBase] ?? '';
