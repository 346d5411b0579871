/** What one name means in several firmwares, made-up projects of a few constants. */
import { describe, expect, test } from 'vitest';
import type { Tune, TuneMap } from '../../core/model.ts';
import { format } from './index.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const decode = (signature: string, body: string, ini: string | null = null): Tune =>
  format.decode(
    bytesOf(
      `<?xml version="1.0" encoding="ISO-8859-1"?><msq xmlns="http://www.msefi.com/:msq"><versionInfo fileFormat="5.0" signature="${signature}"/><page number="0">${body}</page></msq>`,
    ),
    { name: 'x.msq', sha256: () => '', companion: ini === null ? null : { name: 'x.ini', bytes: bytesOf(ini) } },
  );
const constant = (name: string, text: string, units = ''): string =>
  `<constant name="${name}"${units === '' ? '' : ` units="${units}"`}>${text}</constant>`;
const table = (name: string, rows: number, cols: number, units: string, value: (i: number) => number): string =>
  `<constant name="${name}" rows="${rows}" cols="${cols}" units="${units}">${Array.from({ length: rows * cols }, (_, i) => value(i)).join(' ')}</constant>`;
const map = (tune: Tune, id: string): TuneMap => tune.maps.find((m) => m.id === id)!;
describe('what is in use', () => {
  test('a boost target only in closed loop', () => {
    const of = (loop: string): boolean | null =>
      map(
        decode(
          'speeduino 202501',
          constant('boostEnabled', '"On"') +
            constant('boostType', `"${loop}"`) +
            table('boostTable', 8, 8, 'kPa', () => 150),
        ),
        'boostTable',
      ).inUse;
    expect([of('Closed Loop'), of('Open Loop')]).toEqual([true, false]);
    const ms3 = decode(
      'MS3 Format 0569.00 ',
      constant('boost_ctl_settings_on', '"On"') +
        constant('boost_ctl_settings_cl', '"Open-loop"') +
        table('boost_ctl_load_targets', 8, 8, 'kPa', () => 100),
    );
    expect(map(ms3, 'boost_ctl_load_targets').inUse).toBe(false);
  });

  test.each([
    ['PWM Open loop', 'Off', false],
    ['PWM Open loop', 'Added', true],
    ['PWM Closed loop', 'Off', true],
  ])('idle targets with %s and idle advance %s: %s', (idle, advance, used) => {
    const tune = decode(
      'speeduino 202501',
      constant('iacAlgorithm', `"${idle}"`) +
        constant('idleAdvEnabled', `"${advance}"`) +
        table('iacCLValues', 10, 1, 'RPM', (i) => i * 100) +
        table('iacBins', 10, 1, 'C', (i) => i * 10),
    );
    expect(map(tune, 'iacCLValues').inUse).toBe(used);
  });
});

describe('units and names of few firmwares', () => {
  test('a degree sign of UTF-8 in a file that says it is Latin-1', () => {
    const tune = decode('x', table('wueBins', 10, 1, '%', (i) => 200 - i) + table('tempTable', 10, 1, 'Â°F', (i) => i));
    expect(map(tune, 'tempTable').unit).toBe('°F');
  });

  test('axes that are labelled MAP and TPS', () => {
    const ve = (units: string): TuneMap['axes'][number] =>
      map(
        decode(
          'speeduino 202402',
          table('veTable', 8, 8, '%', (i) => 40 + i) +
            table('rpmBins', 8, 1, 'RPM', (i) => 1000 * (i + 1)) +
            table('fuelLoadBins', 8, 1, units, (i) => 12 * (i + 1)),
        ),
        'veTable',
      ).axes[1]!;
    expect(ve('MAP')).toMatchObject({ quantity: 'intakePressure', unit: 'kPa' });
    expect(ve('TPS')).toMatchObject({ quantity: 'throttle', unit: '%' });
  });

  test('the first Speeduino: warm-up over its own temperatures, not over a variable of the project', () => {
    const tune = decode(
      '20',
      table('wueBins', 10, 1, '%', (i) => 200 - 11 * i) +
        table('wueRates', 10, 1, 'C', (i) => 11 * i) +
        table('tempTable', 10, 1, '%', (i) => i - 40).replaceAll('constant', 'pcVariable'),
    );
    expect(map(tune, 'wueBins').axes[0]!.breakpoints).toEqual([0, 11, 22, 33, 44, 55, 66, 77, 88, 99]);
  });
});

test('the limiters of a MegaSquirt 2.x are one number each, and off where nothing limits', () => {
  const of = (option: string): unknown[] => {
    const tune = decode(
      'MS2Extra Serial325 ',
      constant('RevLimOption', `"${option}"`) +
        constant('RevLimRpm1', '6000', 'RPM') +
        constant('RevLimRpm2', '6300', 'RPM'),
    );
    return ['RevLimRpm1', 'RevLimRpm2'].map((id) => [map(tune, id).role, map(tune, id).inUse]);
  };
  expect(of('Fuel Cut')).toEqual([
    ['revLimiter.soft', true],
    ['revLimiter.hard', true],
  ]);
  expect(of('None')).toEqual([
    ['revLimiter.soft', false],
    ['revLimiter.hard', false],
  ]);
});

describe('a firmware of which no name is known', () => {
  const three = (stem: string, unit: string, load: string, z: (i: number) => number): string =>
    table(`${stem}_x`, 16, 1, 'Rpm', (i) => 500 * (i + 1)) +
    table(`${stem}_y`, 16, 1, load, (i) => 6 * (i + 1)) +
    table(`${stem}_z`, 16, 16, unit, z);

  test('unit, axes and name together tell its main tables', () => {
    const tune = decode(
      'home made',
      three('ignAdv_TPS', 'deg', 'TPS', () => 30) +
        three('fuelVE_MAP', 'prc', 'MAP', () => 80) +
        three('fuelAFR_TPS', 'AFR', 'TPS', () => 13) +
        three('InjPhase', 'deg', 'TPS', () => 300) +
        constant('IgnColdIdleCutoffRpm', '2200', 'rpm'),
    );
    const roles = ['ignAdv_TPS_z', 'fuelVE_MAP_z', 'fuelAFR_TPS_z', 'InjPhase_z', 'IgnColdIdleCutoffRpm'];
    expect(roles.map((id) => map(tune, id).role)).toEqual(['spark', 've', 'lambdaTarget', 'other', 'other']);
    expect(map(tune, 'ignAdv_TPS_z').roleConfidence).toBe(0.8);
  });

  test('nothing is guessed beside a known name of that role, nor a second table', () => {
    const known =
      table('advTable1', 16, 16, 'deg', () => 20) +
      table('rpmBins2', 16, 1, 'RPM', (i) => 500 * (i + 1)) +
      table('mapBins1', 16, 1, 'kPa', (i) => 6 * (i + 1));
    const beside = decode('x', known + three('ignAdv_TPS', 'deg', 'TPS', () => 30));
    expect(['advTable1', 'ignAdv_TPS_z'].map((id) => map(beside, id).role)).toEqual(['spark', 'other']);
    expect(
      map(
        decode(
          'x',
          three('ignAdv2', 'deg', 'TPS', () => 30),
        ),
        'ignAdv2_z',
      ).role,
    ).toBe('other');
  });
});
