/** What the common names of TunerStudio projects mean, for files that come without their .ini. */
import type { Quantity, Role } from '../../core/model.ts';

export interface KnownName {
  role: Role;
  /** Names of the breakpoints along columns (engine speed) and rows (load). */
  x?: string;
  y?: string;
  quantity?: Quantity;
  /** A setting that says whether it is in use, and the words that mean no. */
  needs?: { setting: string; off: RegExp };
}

const table = (role: Role, x: string, y: string, needs?: KnownName['needs']): KnownName => ({
  role,
  x,
  y,
  ...(needs === undefined ? {} : { needs }),
});
const OFF = /^(off|no|disabled?|none|not used|invalid)$/i;
const curve = (role: Role, x: string, quantity: Quantity): KnownName => ({ role, x, quantity });

/** Speeduino, MegaSquirt 2 and 3, MicroSquirt, rusEFI. */
export const KNOWN: Record<string, KnownName> = {
  // Speeduino
  veTable: table('ve', 'rpmBins', 'fuelLoadBins'),
  advTable1: table('spark', 'rpmBins2', 'mapBins1'),
  afrTable: table('lambdaTarget', 'rpmBinsAFR', 'loadBinsAFR', { setting: 'egoType', off: OFF }),
  lambdaTable: table('lambdaTarget', 'rpmBinsAFR', 'loadBinsAFR', { setting: 'egoType', off: OFF }),
  fuelTable2: table('ve.second', 'fuelRPM2Bins', 'fuelLoad2Bins', { setting: 'fuel2Mode', off: OFF }),
  advTable2: table('spark.second', 'spark2RPMBins', 'spark2LoadBins', { setting: 'spark2Mode', off: OFF }),
  boostTable: table('boost.target', 'rpmBinsBoost', 'tpsBinsBoost', { setting: 'boostEnabled', off: OFF }),
  wueRates: curve('enrichment.warmup', 'wueBins', 'coolantTemperature'),
  asePct: curve('enrichment.afterStart', 'aseBins', 'coolantTemperature'),
  crankingEnrichValues: curve('enrichment.cranking', 'crankingEnrichBins', 'coolantTemperature'),
  taeRates: curve('enrichment.acceleration', 'taeBins', 'unknown'),
  airDenRates: curve('correction.airTemperature', 'airDenBins', 'airTemperature'),
  baroFuelValues: curve('correction.barometric', 'baroFuelBins', 'barometricPressure'),
  injBatRates: curve('correction.battery', 'brvBins', 'batteryVoltage'),
  iacCLValues: curve('idle.target', 'iacBins', 'coolantTemperature'),
  idleAdvValues: curve('spark.idle', 'idleAdvBins', 'engineSpeed'),
  SoftRevLim: { role: 'revLimiter.soft' },
  HardRevLim: { role: 'revLimiter.hard' },
  fanSP: { role: 'fan.on', needs: { setting: 'fanEnable', off: OFF } },
  fanHyster: { role: 'fan.hysteresis', needs: { setting: 'fanEnable', off: OFF } },
  dwellrun: { role: 'dwell.running' },
  dwellcrank: { role: 'dwell.cranking' },
  dwellLim: { role: 'dwell.limit', needs: { setting: 'useDwellLim', off: OFF } },
  injOpen: { role: 'injector.deadTime' },
  dutyLim: { role: 'injector.dutyLimit' },
  reqFuel: { role: 'injector.requiredFuel' },
  CrankAng: { role: 'spark.cranking' },
  lnchHardLim: { role: 'launch.rpm', needs: { setting: 'launchEnable', off: OFF } },
  // MegaSquirt 2 and 3, MicroSquirt
  veTable1: table('ve', 'frpm_table1', 'fmap_table1'),
  veTable2: table('ve.second', 'frpm_table2', 'fmap_table2'),
  veTable3: table('ve.second', 'frpm_table3', 'fmap_table3'),
  advanceTable1: table('spark', 'srpm_table1', 'smap_table1'),
  advanceTable2: table('spark.second', 'srpm_table2', 'smap_table2'),
  advanceTable3: table('spark.second', 'srpm_table3', 'smap_table3'),
  afrTable1: table('lambdaTarget', 'arpm_table1', 'amap_table1'),
  afrTable2: table('lambdaTarget.second', 'arpm_table2', 'amap_table2'),
  RevLimNormal2: { role: 'revLimiter.hard' },
  max_coil_dur: { role: 'dwell.running' },
  crank_dwell: { role: 'dwell.cranking' },
  asePctTable: curve('enrichment.afterStart', 'tempTable', 'coolantTemperature'),
  wueBins: curve('enrichment.warmup', 'tempTable', 'coolantTemperature'),
  pwmidle_target_rpms: curve('idle.target', 'pwmidle_clt_temps', 'coolantTemperature'),
  idleadvance_curve: curve('spark.idle', 'idleadvance_rpms', 'engineSpeed'),
  // rusEFI
  ignitionTable: table('spark', 'ignitionRpmBins', 'ignitionLoadBins'),
  rpmHardLimit: { role: 'revLimiter.hard' },
  fanOnTemperature: { role: 'fan.on', needs: { setting: 'enableFan1', off: /^(no|false)$/i } },
  fanOffTemperature: { role: 'fan.off', needs: { setting: 'enableFan1', off: /^(no|false)$/i } },
  sparkDwellValues: curve('dwell.running', 'sparkDwellRpmBins', 'engineSpeed'),
  crankingAdvance: curve('spark.cranking', 'crankingAdvanceBins', 'engineSpeed'),
  idleAdvance: curve('spark.idle', 'idleAdvanceBins', 'engineSpeed'),
  cltIdleRpm: curve('idle.target', 'cltIdleRpmBins', 'coolantTemperature'),
  pedalToTpsTable: table('throttle', 'pedalToTpsPedalBins', 'pedalToTpsRpmBins'),
  launchRpm: { role: 'launch.rpm', needs: { setting: 'launchControlEnabled', off: /^(no|false)$/i } },
};

/** rusEFI calls its tables like Speeduino and its bins otherwise: the first that is there counts. */
export const OTHER_BINS: Record<string, { x: string; y: string }[]> = {
  veTable: [{ x: 'veRpmBins', y: 'veLoadBins' }],
  lambdaTable: [{ x: 'lambdaRpmBins', y: 'lambdaLoadBins' }],
  advTable1: [
    { x: 'rpmBins2', y: 'mapBins2' },
    { x: 'rpmBins', y: 'mapBins1' },
  ],
  afrTable: [{ x: 'rpmBinsAFR', y: 'tpsBinsAFR' }],
};
