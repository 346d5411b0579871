import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { format } from '../../formats/xdf/index.ts';
import { decode } from '../decode.ts';
import type { Tune, TuneMap } from '../model.ts';
import { assignRoles, inferUnits, type RoleData } from './assign-roles.ts';

const corpus = new URL('../../../../shared/corpus/xdf-bin/', import.meta.url);
const data = parse(readFileSync(new URL('../../../rules/roles.yaml', import.meta.url), 'utf8')) as RoleData;

function read(definition: string, image: string): Tune {
  const bytes = readFileSync(new URL(image, corpus));
  const parsed = format.parse(readFileSync(new URL(definition, corpus)), { name: definition, sha256: () => '' });
  const segments = [{ address: 0, bytes: new Uint8Array(bytes) }];
  return inferUnits(assignRoles(decode({ segments, source: { sha256: '', byteLength: bytes.length } }, parsed), data));
}

/** "role unitFrom unit" of a map by title, or by title and categories. */
function seen(tune: Tune, title: string, category?: string): string[] {
  return tune.maps
    .filter((m: TuneMap) => m.title === title && (category === undefined || m.categories.includes(category)))
    .map((m) => `${m.role} ${m.unitFrom} ${m.unit}`.trim());
}

function count(tune: Tune, role: string): number {
  return tune.maps.filter((m) => m.role === role).length;
}

describe.skipIf(!existsSync(corpus))('factory images (needs ../shared/corpus)', () => {
  it('VFR1200F', () => {
    const tune = read('vfr1200f-mge/HONDA_VFR1200F_38770-MGE-773.xdf', 'vfr1200f-mge/38770-MGE-773.bin');
    expect(count(tune, 'fuel')).toBe(8);
    expect(count(tune, 'spark')).toBe(12);
    expect(count(tune, 'throttle')).toBe(8);
    expect(count(tune, 'throttle.restriction')).toBe(8);
    expect(seen(tune, 'IGN ADV - G1-2 - Cyl #1')).toEqual(['spark inferred °']);
    expect(seen(tune, 'TPS - Cyl #1')).toEqual(['fuel inferred ms']);
    expect(seen(tune, 'RPM LImit - confirmed')).toEqual(['revLimiter inferred rpm']);
    expect(seen(tune, 'Limiter - ECGV - confirmed')).toEqual(['other none']);
    // 0 to 5299 "%": the equation is off by some factor, so it stays raw.
    expect(seen(tune, 'TBW (ETV) #2 - Gear #1')).toEqual(['throttle none']);
    const map = tune.maps.find((m) => m.title === 'TPS - Cyl #1');
    expect(map?.axes.map((a) => a.quantity)).toEqual(['throttle', 'engineSpeed']);
    expect(map?.variant).toEqual({ cylinder: '1', load: 'throttle' });
    expect(new Set(tune.maps.filter((m) => m.role === 'spark').map((m) => m.family)).size).toBe(1);
    expect(new Set(tune.maps.filter((m) => m.role === 'throttle').map((m) => m.family)).size).toBeLessThanOrEqual(2);
  });

  it('CBR1000RR 2012', () => {
    const tune = read('cbr1000rr-mgp/CBR1000RR_2012_US.xdf', 'cbr1000rr-mgp/38770-MGP-A01.bin');
    expect([count(tune, 'fuel'), count(tune, 'spark'), count(tune, 'spark.neutral')]).toEqual([16, 12, 1]);
    expect(seen(tune, 'Cyl1', 'TPS vs RPM')).toEqual(['fuel none', 'fuel none']);
    expect(seen(tune, 'Rev Limit Fuel Gear N')).toEqual(['revLimiter.neutral inferred rpm']);
    expect(count(tune, 'injector.balance')).toBe(2);
  });

  it.each(['A03', 'C02', 'D02'])('CBR500R %s', (image) => {
    const tune = read('cbr500r-mgz/38770-MGZ.xdf', `cbr500r-mgz/38770-MGZ-${image}.bin`);
    expect([count(tune, 'fuel'), count(tune, 'spark'), count(tune, 'spark.neutral')]).toEqual([4, 6, 1]);
    expect(seen(tune, 'TPS vs RPM Cyl 1')).toEqual(['fuel none']);
    expect(seen(tune, 'Ignition G1 Cyl 1')).toEqual(['spark inferred °']);
    expect(seen(tune, 'In-Gear Fuel Cut')).toEqual(['revLimiter inferred rpm']);
  });

  it('Z125 and MSX125', () => {
    const z125 = read('z125-k0f/38770-K0F-A01.xdf', 'z125-k0f/38770-K0F-A01.bin');
    expect(seen(z125, 'TPS vs RPM')).toEqual(['fuel inferred ms']);
    expect(seen(z125, 'TPS vs RPM TPS Fail')).toEqual(['fuel.limp inferred ms']);
    expect(seen(z125, 'Ignition TPS Fail')).toEqual(['spark.limp inferred °']);
    const msx = read('msx125-k26-911/38770-K26-911.xdf', 'msx125-k26-911/38770-K26-911.bin');
    expect(seen(msx, 'Ignition 1-6')).toEqual(['spark inferred °']);
    expect(seen(msx, 'Ignition N')).toEqual(['spark.neutral inferred °']);
    expect(seen(msx, 'Fuel Cut 1')).toEqual(['revLimiter inferred rpm']);
  });

  it('Ducati 900SS', () => {
    const tune = read('ducati-900ss-15m/Ducati_M15_3.xdf', 'ducati-900ss-15m/AM28F010_DUCATI_900_SS_EU.bin');
    const roles = Object.fromEntries(tune.maps.map((m) => [m.title, m.role]));
    expect(roles).toMatchObject({
      'Base Fuel Map - Horizontal': 'fuel',
      'Cylinder 2 Delta Fuel Map - Vertical': 'fuel.delta',
      'Base Ignition Map': 'spark',
      'Idle Ignition': 'spark.idle',
    });
    expect(tune.maps.find((m) => m.title === 'Base Fuel Map - Horizontal')?.unitFrom).toBe('none');
  });

  it('Hayabusa Gen3', () => {
    const tune = read('hayabusa-gen3/Suzuki-GSXR1300-32910-10LX0.xdf', 'hayabusa-gen3/Hayabusa gen 3 stock.bin');
    expect([count(tune, 'fuel'), count(tune, 'fuel.neutral'), count(tune, 'spark')]).toEqual([48, 8, 4]);
    expect(seen(tune, 'Limiter #1')).toEqual(['revLimiter inferred rpm']);
    expect(seen(tune, 'Fan Temperature Control')).toEqual(['fan inferred °C']);
    expect(seen(tune, 'TPS - Mode A | Gear 1')).toEqual(['fuel none']);
  });
});
