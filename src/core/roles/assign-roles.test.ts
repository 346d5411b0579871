import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { roleSchema } from '../../catalog/role-schema.ts';
import type { Role, TuneMap, Variant } from '../model.ts';
import { assignRoles } from './assign-roles.ts';
import type { RoleData } from './role-data.ts';
import { testAxis, testMap, testTune } from './test-maps.ts';

const written: unknown = parse(readFileSync(new URL('../../../rules/roles.yaml', import.meta.url), 'utf8'));
const data = written as RoleData;
const RPM = Array.from({ length: 20 }, (_, i) => 1000 + i * 500);

function assigned(map: TuneMap, overrides: Record<string, Role> = {}): TuneMap {
  return assignRoles(testTune([map]), data, overrides).maps[0] ?? map;
}

/** A 20 by 16 map over engine speed. */
function overSpeed(title: string, categories: string[], unit = ''): TuneMap {
  const axes = [
    testAxis(
      'x',
      Array.from({ length: 16 }, (_, i) => i * 6.5),
    ),
    testAxis('y', RPM),
  ];
  return testMap({ title, categories, rows: 20, columns: 16, axes, unit });
}

describe('rules/roles.yaml', () => {
  it('is what the schema says', () => {
    expect(roleSchema.safeParse(written).error?.issues ?? []).toEqual([]);
  });
});

describe('assignRoles', () => {
  it.each<[string, string[], number, number, Role]>([
    ['Idle :: Neutral/Clutch-in', ['MS0', 'Idle'], 8, 2, 'idle'],
    ['Idle :: Gear 1-6', ['MS0', 'Idle'], 8, 2, 'idle'],
    ['Ignition idle', ['Idle'], 8, 2, 'spark.idle'],
    ['TBW (ETV) RPMS', [], 18, 1, 'axis'],
    ['90 A 00 max. TPS deg Table', [], 1, 24, 'throttle.restriction'],
  ])('%s of %j with %i by %i cells is %s', (title, categories, rows, columns, role) =>
    expect(assigned(testMap({ title, categories, rows, columns })).role).toBe(role),
  );

  it.each<[string, string[], Role, Variant]>([
    // Title says nothing but the twin; its category does.
    ['Cyl1', ['Fuel', 'MAP vs RPM', 'MS0'], 'fuel', { cylinder: '1', mode: 'MS0', load: 'pressure' }],
    ['Cyl4', ['Fuel', 'TPS vs RPM', 'MS1'], 'fuel', { cylinder: '4', mode: 'MS1', load: 'throttle' }],
    ['Gear3', ['Ignition', 'MS0'], 'spark', { gear: '3', mode: 'MS0' }],
    ['GearN', ['Ignition'], 'spark.neutral', { gear: 'N' }],
    ['MS0', ['Fuel', 'Injector Balance'], 'injector.balance', { mode: 'MS0' }],
    ['MS0', ['Steering Damper'], 'other', { mode: 'MS0' }],
    ['MAP vs RPM Cyl 2', ['Fuel', 'MAP'], 'fuel', { cylinder: '2', load: 'pressure' }],
    ['TPS vs RPM Cyl 1', ['Fuel', 'TPS'], 'fuel', { cylinder: '1', load: 'throttle' }],
    ['TPS vs RPM Fast-Idle', ['Fuel', 'TPS'], 'fuel.idle', { load: 'throttle' }],
    ['TPS vs RPM TPS Fail', ['Fuel', 'TPS'], 'fuel.limp', { load: 'throttle' }],
    ['Ignition Gear N', ['Ignition'], 'spark.neutral', { gear: 'N' }],
    ['Ignition G3 Cyl 1', ['Ignition', 'Group 3'], 'spark', { gear: 'group 3', cylinder: '1' }],
    ['Ignition 1-6', ['Ignition'], 'spark', {}],
    ['Ignition N', ['Ignition'], 'spark.neutral', {}],
    ['Ignition TPS Fail', ['Ignition'], 'spark.limp', {}],
    ['MAP or IAP - Cyl #1', ['Fuel'], 'fuel', { cylinder: '1', load: 'pressure' }],
    ['TPS - Cyl #4', ['Fuel'], 'fuel', { cylinder: '4', load: 'throttle' }],
    ['IGN ADV - G1-2 - Cyl #2', ['Ignition Timing'], 'spark', { gear: '1-2', cylinder: '2' }],
    ['IGN ADV - Neutral', ['Ignition Timing'], 'spark.neutral', {}],
    ['TBW (ETV) #2 - Gear #1', ['Throttle Limiters'], 'throttle', { gear: '1' }],
    ['RPM To ETV 3 - Gear #2 - Limited till 6000 RPM', ['Throttle Limiters'], 'throttle.restriction', { gear: '2' }],
    ['Uknown DTC ECU Map Type #2 - #1', ['Unknown'], 'other', {}],
    ['TPS - Mode A | Gear 1', ['Fuel', 'TPS', 'Mode A'], 'fuel', { mode: 'A', gear: '1', load: 'throttle' }],
    ['IAP - User Mode | Gear 6', ['Fuel', 'IAP', 'User Mode'], 'fuel', { mode: 'user', gear: '6', load: 'pressure' }],
    ['TPS - Neutral/Clutch-In | Cyl 1', ['Fuel', 'TPS'], 'fuel.neutral', { cylinder: '1', load: 'throttle' }],
    ['IGN :: Advance Timing - Cyl 1', ['Ignition', 'Ignition Advance'], 'spark', { cylinder: '1' }],
    ['IGN :: Volt-Dwell - 1', ['Ignition', 'Ignition Volt-Dwell'], 'dwell', {}],
    ['ETV - Mode C | Gear 5', ['Throttle By Wire', 'Mode C'], 'throttle', { mode: 'C', gear: '5' }],
    ['Base Fuel Map - Horizontal', ['Fuel'], 'fuel', { bank: 'horizontal' }],
    ['Cylinder 2 Delta Fuel Map - Vertical', ['Fuel'], 'fuel.delta', { cylinder: '2', bank: 'vertical' }],
    ['Base Ignition Map', ['Spark'], 'spark', {}],
    ['Accel Enrichment', ['Fuel Trims'], 'enrichment.acceleration', {}],
    ['AFR Target', ['Fuel'], 'lambdaTarget', {}],
    ['FIMAP Mode2', ['Fuel'], 'fuel', { mode: '2' }],
    ['IGMAP Mode3', ['Ignition'], 'spark', { mode: '3' }],
    ['Map 3D: Timing Table Rear', [], 'spark', { bank: 'rear' }],
    ['Map 3D: Fuel Map Front', [], 'fuel', { bank: 'front' }],
    ['Offset Ignition map', [], 'spark.delta', {}],
    ['Offset Fuel map', [], 'fuel.delta', {}],
    ['Fuel Correction Left 1 TPS v RPM', ['Tunable'], 'fuel.trim', { bank: 'left', load: 'throttle' }],
    ['Fuel Engine Temp Correction', [], 'correction.engineTemperature', {}],
    ['Fuel: Pressure-Air Temp Correction', [], 'correction.barometric', {}],
    ['Ignition Air temp correction', [], 'spark.trim', {}],
    ['Secondary Throttle Target', ['STP'], 'throttle.secondary', {}],
    ['Ram Air Correction', ['Fuel'], 'fuel.ramAir', {}],
    ['Torque demand Sport', [], 'throttle.torque', { mode: 'sport' }],
    ['VE (MAP based/Front Cyl)', [], 've', { bank: 'front', load: 'pressure' }],
    ['Air-Fuel Ratio', [], 'lambdaTarget', {}],
    ['Closed Throttle Spark (Rear Cyl)', [], 'spark.idle', { bank: 'rear' }],
    ['Adaptive Knock Retard', [], 'spark.knock', {}],
    // German and ASAP
    ['Zündkennfeld Volllast', [], 'spark', {}],
    ['Zündung über Lufttemp', [], 'spark.trim', {}],
    ['Einspritzzeit Kennfeld', [], 'fuel', {}],
    ['Sollambda Kennfeld', [], 'lambdaTarget', {}],
    ['KFZW2', [], 'spark', {}],
    ['KFLBTS', [], 'protection.component', {}],
    ['Luftaufwand', [], 've', {}],
    // A spark map is not in milliseconds, and nothing is known of a bare number.
    ['3D map x23y36 at 0x2d4e2', [], 'other', {}],
    ['New Table 4', ['Development'], 'other', {}],
  ])('%s %j is %s', (title, categories, role, variant) => {
    const map = assigned(overSpeed(title, categories));
    expect(map.role).toBe(role);
    expect(map.variant).toMatchObject(variant);
  });

  it.each<[string, string[], number, Role]>([
    ['RPM LImit - confirmed', ['Limiters'], 2, 'revLimiter'],
    ['Rev Limit Fuel / IGN.', ['Settings', 'Limiters'], 2, 'revLimiter'],
    ['Rev Limit Fuel Gear N', ['Settings', 'Limiters'], 2, 'revLimiter.neutral'],
    ['Neutral Fuel Cut', ['Limiters'], 2, 'revLimiter.neutral'],
    ['In-Gear Fuel Cut', ['Limiters'], 2, 'revLimiter'],
    ['Fuel Cut', ['Limiters'], 2, 'revLimiter'],
    ['Limiter #3', ['Limiters'], 2, 'revLimiter'],
    ['Limiter - ECGV - confirmed', ['Limiters'], 14, 'other'],
    ['Limiter U1', ['Testing'], 3, 'other'],
    ['Top Speed Limit', ['Limiters'], 3, 'protection.speed'],
    ['Speed', ['Limiters'], 1, 'protection.speed'],
    ['Torque Limiter Gear 1', ['Limiters', 'Ignition'], 35, 'spark.torqueLimit'],
    ['RPM warn (value 1)', [], 1, 'revLimiter.warning'],
    ['RPM limit (value 1)', [], 1, 'revLimiter.cut'],
    ['Revlimit cutoff 1', ['Settings'], 1, 'revLimiter.cut'],
    ['Revlimit return 1', ['Settings'], 1, 'revLimiter.resume'],
    ['Max rpm', [], 8, 'revLimiter'],
    ['Max rpm, Return Fueling', [], 8, 'revLimiter.resume'],
    ['RPM Fixed Kill Limit Trigger', [], 1, 'revLimiter.kill'],
    ['RPM Fixed Kill Limit Recharge', [], 1, 'revLimiter.resume'],
    ['RPM gear limits', [], 8, 'revLimiter.gear'],
    ['Hard Limit Ignition Pattern Front', [], 1, 'other'],
    ['Drehzahlbegrenzer hart', [], 1, 'revLimiter.hard'],
    ['NMAX', [], 1, 'revLimiter.cut'],
    ['Deceleration Fuel Cut', ['Fuel'], 64, 'correction.overrun'],
    ['Fan Temperature Control', ['Fan Control'], 2, 'fan'],
    ['Fan 1 temperatur', [], 1, 'fan.on'],
    ['Left Fan Low Speed Temp Disable', [], 1, 'fan.off'],
    ['Lüfter ein', [], 1, 'fan.on'],
    ['Lüfter aus', [], 1, 'fan.off'],
    ['RPM Neutral', ['Fuel', 'Idle RPM'], 1, 'idle.target'],
    ['Leerlaufdrehzahl Soll', [], 16, 'idle.target'],
    ['TPS Breakpoints', ['Breakpoints'], 25, 'axis'],
    ['RPM Map Points 1 (16 bit)', [], 16, 'axis'],
    ['SparkMapTPS_BreakPoints', [], 16, 'axis'],
    ['Rpm Ignition', [], 16, 'axis'],
    ['Throttle Position Sensor Default Value', [], 1, 'sensor.default'],
    ['Engine Temperature Sensor Number of Errors', [], 1, 'other'],
    ['Idle Ignition', ['Spark'], 16, 'spark.idle'],
    ['WOT Spark Advance Reduction', [], 8, 'spark.reduction'],
    ['Warmup Enrichment', [], 12, 'enrichment.warmup'],
    ['Startup Fuel Pulsewidth', [], 8, 'enrichment.cranking'],
    ['WOT Enrichment', [], 1, 'enrichment.fullLoad'],
    ['AFV Maximum Value', [], 1, 'correction.closedLoop'],
    ['Fuel Pump Duty Cycle Table', [], 8, 'other'],
    ['Air Temperature Trim', ['Fuel Trims'], 16, 'correction.airTemperature'],
    ['Quickshifter kill time', [], 6, 'launch.quickshift'],
    ['ECMID', [], 5, 'other'],
  ])('%s %j is %s', (title, categories, cells, role) => {
    expect(assigned(testMap({ title, categories, columns: cells })).role).toBe(role);
  });

  it('sees one family in twins and two in what differs', () => {
    const family = (title: string, categories: string[]) => assigned(overSpeed(title, categories)).family;
    expect(family('TPS - Cyl #1', ['Fuel'])).toBe(family('TPS - Cyl #4', ['Fuel']));
    expect(family('TPS - Mode A | Gear 1', ['Fuel'])).toBe(family('TPS - Mode C | Gear 6', ['Fuel']));
    expect(family('IGN ADV - G1-2 - Cyl #1', ['Ignition'])).toBe(family('IGN ADV - G5-6 - Cyl #4', ['Ignition']));
    expect(family('Fuel Map Front', [])).not.toBe(family('Fuel Warmup Map Front', []));
  });

  it('keeps what a definition stated and obeys a person', () => {
    const stated = testMap({ title: 'Ignition map', rows: 20, columns: 16, role: 'spark.limp', roleConfidence: 1 });
    expect(assigned(stated)).toMatchObject({ role: 'spark.limp', roleConfidence: 1 });
    expect(assigned(stated, { 'Ignition map': 'fuel' })).toMatchObject({ role: 'fuel', roleConfidence: 1 });
    const known = testMap({ title: 'afrTable', rows: 16, columns: 16, role: 'lambdaTarget', roleConfidence: 0.95 });
    expect(assigned(known)).toMatchObject({ role: 'lambdaTarget', roleConfidence: 0.95 });
    const open = testMap({ title: 'revLimitRpmBoostBins' });
    expect(assignRoles(testTune([known, open]), data).maps[1]?.role).toBe('other');
  });

  it('trusts a doubted title less, and a map without engine speed', () => {
    const sure = assigned(overSpeed('Ignition map', []));
    expect(sure.roleConfidence).toBeGreaterThan(assigned(overSpeed('Ignition map ?', [])).roleConfidence);
    const blind = testMap({ title: 'Ignition map', rows: 20, columns: 16 });
    expect(sure.roleConfidence).toBeGreaterThan(assigned(blind).roleConfidence);
    expect(assigned(overSpeed('Ignition map', [], 'ms')).role).not.toBe('spark');
  });

  it('survives hostile titles', () => {
    for (const title of ['', '\u0000', '['.repeat(10_000), 'cyl '.repeat(5_000), '1'.repeat(100_000), '__proto__']) {
      expect(() => assigned(overSpeed(title, [title]))).not.toThrow();
    }
  });
});
