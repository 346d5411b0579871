/** Every worked number of the physics notes, one row each. */
import { describe, expect, test } from 'vitest';
import {
  airDensity,
  pressureAtAltitudeKpa,
  saeJ607,
  saeJ1349,
  trustedSaeJ1349,
  uncorrectedLambdaShare,
  vapourPressurePa,
} from './air.ts';
import * as engine from './engine.ts';
import { fuelOf, fuelVolumeFactor } from './fuels.ts';
import * as injectors from './injectors.ts';
import { effectiveCompression, knockMargin, octaneNeedChange } from './knock.ts';
import {
  bestShiftRpm,
  forceOverNextGear,
  limiterMove,
  peakPowerUpTo,
  type TorqueCurve,
  torqueAt,
} from './rev-limit.ts';
import * as torque from './torque.ts';

const value = (estimate: { kind: string; value?: number }): number => {
  if (estimate.kind !== 'known' || estimate.value === undefined) throw new Error('refused');
  return estimate.value;
};

const CURVE: TorqueCurve = Object.entries({ 9000: 88, 9500: 86, 10000: 83, 10500: 78, 11000: 72, 11500: 65 }).map(
  ([rpm, torqueNm]) => ({ rpm: Number(rpm), torqueNm }),
);

/** [name, computed, expected, last digit] */
type Oracle = [string, number, number, number];

const ORACLES: Oracle[] = [
  ['1a torque at lambda 1', torque.torqueShareOfLambda(1), 0.9675, 1e-4],
  ['1b lambda of best torque', torque.BEST_TORQUE_LAMBDA, 0.856, 1e-4],
  ['1c lambda 0.80 to 0.88', value(torque.torqueChangeOfLambda(0.8, 0.88)), 0.65, 0.01],
  ...(
    [
      [0.7, 0.922, 1.549],
      [0.75, 0.969, 1.376],
      [0.8, 0.992, 1.26],
      [0.85, 1, 1.177],
      [0.86, 1, 1.163],
      [0.88, 0.999, 1.138],
      [0.9, 0.996, 1.115],
      [0.92, 0.992, 1.095],
      [0.95, 0.985, 1.069],
      [1, 0.968, 1.034],
      [1.05, 0.947, 1.006],
      [1.1, 0.923, 0.985],
    ] as const
  ).flatMap(([lambda, share, use]): Oracle[] => [
    [`torque share at lambda ${lambda}`, torque.torqueShareOfLambda(lambda), share, 1e-3],
    [`fuel use at lambda ${lambda}`, torque.fuelUseOfLambda(lambda), use, 1e-3],
  ]),
  ['2 fuel per kWh, lambda 0.86 to 1.00', value(torque.fuelUseChangeOfLambda(0.86, 1)), -11.1, 0.1],
  ['2 torque, lambda 0.86 to 1.00', value(torque.torqueChangeOfLambda(0.86, 1)), -3.2, 0.1],
  ...(
    [
      [0, 1],
      [2, 0.998],
      [4, 0.993],
      [5, 0.989],
      [6, 0.984],
      [8, 0.972],
      [10, 0.957],
      [12, 0.939],
      [15, 0.905],
      [20, 0.836],
      [25, 0.754],
      [30, 0.661],
    ] as const
  ).map(
    ([degrees, share]): Oracle => [
      `torque ${degrees}° from best timing`,
      torque.torqueShareOfSpark(degrees),
      share,
      1e-3,
    ],
  ),
  ['3a 8° to 4° from best', value(torque.torqueChangeOfSpark(8, 4)), 2.1, 0.1],
  ['3b degrees that cost 5 %', torque.degreesForTorqueShare(0.95), 10.8, 0.1],
  [
    '4 mixture and spark together',
    value(torque.combined([torque.torqueChangeOfLambda(14.2 / 14.7, 12.9 / 14.7), torque.torqueChangeOfSpark(8, 4)])),
    4.15,
    0.01,
  ],
  ['4 ten percent more fuel', torque.lambdaAfterFuel(0.88, 0.1), 0.8, 1e-9],
  ['5a power', engine.powerKw(112.4, 11_500), 135.4, 0.1],
  ['5a BMEP', engine.bmepBar(112.4, 998), 14.15, 0.01],
  ...(
    [
      [290, 1.242],
      [250, 1.071],
    ] as const
  ).map(
    ([fuelUse, ve]): Oracle => [
      `5b volumetric efficiency at ${fuelUse} g/kWh`,
      value(
        engine.volumetricEfficiency({
          powerKw: (112.4 * 11_500) / 9549.3,
          rpm: 11_500,
          displacementCc: 998,
          fuelUse,
          airFuelRatio: 12.9,
          airDensity: 1.184,
        }),
      ),
      ve,
      1e-3,
    ],
  ),
  ['5c Hayabusa', engine.bmepBar(155, 1340), 14.54, 0.01],
  ['5c M8-107', engine.bmepBar(150, 1746), 10.8, 0.01],
  ['6 mean piston speed', engine.meanPistonSpeed(42.5, 13_500), 19.125, 1e-3],
  ['6 largest piston speed', engine.largestPistonSpeed(42.5, 13_500, 100).speed, 30.71, 0.01],
  ['6 its crank angle', engine.largestPistonSpeed(42.5, 13_500, 100).atDegrees, 78.5, 0.1],
  ['6 piston acceleration', engine.pistonAcceleration(42.5, 13_500, 100), 51_495, 1],
  ['6 inertia 13500 to 14000', engine.inertiaLoadChangePercent(13_500, 14_000), 7.54, 0.01],
  ['6 inertia 11200 to 11600', engine.inertiaLoadChangePercent(11_200, 11_600), 7.3, 0.1],
  ...([82.94, 85.56, 86.92, 85.77, 82.94, 78.28] as const).map(
    (kw, i): Oracle => [`7a power at ${CURVE[i]!.rpm}`, engine.powerKw(CURVE[i]!.torqueNm, CURVE[i]!.rpm), kw, 0.01],
  ),
  ['7a peak power to 10500', peakPowerUpTo(CURVE, 10_500)!.kw, 86.92, 0.01],
  ['7a peak power to 11500', peakPowerUpTo(CURVE, 11_500)!.kw, 86.92, 0.01],
  ['7a inertia 10500 to 11500', engine.inertiaLoadChangePercent(10_500, 11_500), 19.95, 0.01],
  ['7b force against the next gear at 11000', value(forceOverNextGear(CURVE, 11_000, 0.85)), 0.978, 1e-3],
  ['7b the next gear pulls harder from', value(bestShiftRpm(CURVE, 0.85)), 10_825, 10],
  ['8a lb/h for 200 hp', injectors.injectorPoundsPerHour(200, 0.5, 4, 0.8), 31.25, 0.01],
  ['8b hp of 19 lb/h', injectors.horsepowerOfInjectors(19, 0.5, 4, 0.8), 121.6, 0.1],
  ['8c kW of 270 cc/min', injectors.powerOfInjectorsKw(270, 4, 0.85, 304), 135, 0.1],
  ['8d cc/min for 147.1 kW', injectors.injectorCcPerMin(147.1, 4, 0.85, 304), 294, 0.5],
  ['8 cycle at 13500', injectors.cycleMs(13_500), 8.889, 1e-3],
  ['8 85 % of it', injectors.cycleMs(13_500) * 0.85, 7.556, 1e-3],
  ['8 duty', injectors.injectorDuty(6.556, 1, 13_500), 0.85, 1e-3],
  ['8 duty with two squirts', injectors.injectorDuty(2.7777, 1, 13_500, 2), 0.85, 1e-3],
  ['8e required fuel 1299 cc', injectors.requiredFuelMs(1299, 4, 14.7, 318, 1.184), 6.62, 0.01],
  ['8e required fuel 1340 cc', injectors.requiredFuelMs(1340, 4, 14.7, 318, 1.184), 6.83, 0.01],
  ['8 pressure 3.0 to 3.5 bar', injectors.flowChangeOfPressurePercent(3, 3.5), 8, 0.1],
  ['2 0.50 lb/hp·h', injectors.gramsPerKwh(0.5), 304.14, 0.01],
  ['9 H2 at 200 kPa', effectiveCompression(8.5, 200), 14.5, 0.1],
  ['9 compression 10 to 11', torque.efficiencyChangeOfCompression(10, 11), 2.83, 0.01],
  ['9 compression 13 to 14', torque.efficiencyChangeOfCompression(13, 14), 1.9, 0.01],
  [
    '9 octane need of pistons and spark',
    octaneNeedChange({ compression: { now: 13, stock: 11 }, advanceDegrees: 2 }),
    10,
    1e-9,
  ],
  ['9 margin', knockMargin(95, 95, { compression: { now: 13, stock: 11 }, advanceDegrees: 2 }), -10, 1e-9],
  ...(
    [
      [101_325, 15, 0, 1.225],
      [99_000, 25, 0, 1.1567],
      [101_325, 25, 0.5, 1.1769],
      [84_500, 20, 0.4, 0.9999],
      [101_325, 35, 0.6, 1.1311],
    ] as const
  ).map(
    ([pa, celsius, humidity, density]): Oracle => [
      `10 density ${pa} Pa ${celsius} °C`,
      airDensity(pa, celsius, humidity),
      density,
      1e-4,
    ],
  ),
  ...(
    [
      [990, 25, 1],
      [900, 30, 1.1288],
      [1000, 15, 0.9684],
      [850, 20, 1.1828],
    ] as const
  ).map(
    ([mbar, celsius, factor]): Oracle => [
      `10 SAE J1349 ${mbar} mbar ${celsius} °C`,
      saeJ1349(mbar, celsius),
      factor,
      1e-4,
    ],
  ),
  ['10 vapour pressure, inHg', vapourPressurePa(((85 - 32) * 5) / 9, 0.85) / 3386.39, 1.0315, 1e-4],
  ['10 SAE J607, hot', saeJ607(27.818, 85), 1.1011, 1e-4],
  ['10 SAE J607, cool', saeJ607(30.1 - vapourPressurePa(((55 - 32) * 5) / 9, 0.3) / 3386.39, 55), 0.9935, 1e-4],
  ['10 SAE J607 at the SAE reference', saeJ607(29.23, 77), 1.0402, 1e-4],
  ['10 pressure at 2000 m', pressureAtAltitudeKpa(2000), 79.5, 0.1],
  ['10 lambda at 2000 m', uncorrectedLambdaShare(79.5), 0.785, 1e-3],
  ['10 12.9:1 at 2000 m', 12.9 * uncorrectedLambdaShare(79.5), 10.1, 0.1],
  ['11 wheel power', value(engine.wheelPowerKw(100)), 90, 1e-9],
  ...(
    [
      [0, 1],
      [10, 1.037],
      [85, 1.428],
      [100, 1.542],
    ] as const
  ).map(([percent, factor]): Oracle => [`12 volume of E${percent}`, fuelVolumeFactor(percent), factor, 1e-3]),
  ['12 12.5 on a petrol gauge with E10', (12.5 / 14.7) * fuelOf(10).stoichiometric, 11.97, 0.01],
  ['12 12.5 on a petrol gauge with E85', (12.5 / 14.7) * fuelOf(85).stoichiometric, 8.31, 0.01],
  ['12 12.5 on a petrol gauge with E100', (12.5 / 14.7) * fuelOf(100).stoichiometric, 7.65, 0.01],
];

// A printed number may be off by one in its last digit.
test.each(ORACLES)('%s', (_, computed, expected, digit) => {
  expect(Math.abs(computed - expected)).toBeLessThanOrEqual(digit * 1.000_001);
});

test('a public guide that feeds cc to a formula of cubic inches and pounds is not what comes out', () => {
  expect(injectors.requiredFuelMs(1340, 4, 14.7, 318, 1.184)).toBeGreaterThan(3 * 1.87);
});

describe('outside its validity nothing is predicted', () => {
  test.each([
    ['lambda 0.65', torque.torqueChangeOfLambda(0.65, 0.85), /0\.7 to 1\.15/],
    ['lambda 1.2', torque.torqueChangeOfLambda(0.9, 1.2), /0\.7 to 1\.15/],
    ['no lambda', torque.torqueChangeOfLambda(Number.NaN, 0.9), /0\.7 to 1\.15/],
    ['fuel use at 1.12', torque.fuelUseChangeOfLambda(1, 1.12), /1\.1/],
    ['spark, best timing unknown', torque.torqueChangeOfSpark(null, 4), /direction/],
    ['spark 35° off', torque.torqueChangeOfSpark(35, 4), /30°/],
    [
      'a whole with one unknown part',
      torque.combined([torque.torqueChangeOfLambda(0.9, 0.88), torque.torqueChangeOfSpark(null, null)]),
      /direction/,
    ],
    ['1500 rpm past the curve', torqueAt(CURVE, 13_000), /1000 at most/],
    ['below the curve', torqueAt(CURVE, 5000), /below/],
    ['weather too far off', trustedSaeJ1349(900, 30), /0\.93 to 1\.07/],
  ])('%s', (_, estimate, reason) => {
    expect(estimate.kind).toBe('refused');
    expect(estimate.kind === 'refused' ? estimate.reason : '').toMatch(reason);
  });
});

describe('error bands', () => {
  test.each([
    [0.85, 1],
    [0.95, 1],
    [1, 2.5],
    [1.05, 2.5],
    [1.1, 5],
    [0.75, 5],
  ])('lambda %d: ±%d %% of torque', (lambda, band) => {
    expect(torque.lambdaBandPercent(lambda)).toBeCloseTo(band, 6);
  });
  test('a predicted whole has at least ±2 %, or half of itself', () => {
    const small = torque.combined([torque.torqueChangeOfLambda(0.9, 0.88)]);
    expect(small.kind === 'known' && small.high - small.value).toBeCloseTo(2, 6);
    const large = torque.combined([{ kind: 'known', value: 12, low: 11, high: 13 }]);
    expect(large.kind === 'known' && large.high - large.value).toBeCloseTo(6, 6);
  });
  test('spark ±1.5 % at 10° and ±4 % at 20°', () => {
    for (const [degrees, band] of [
      [10, 1.5],
      [20, 4],
    ] as const) {
      const e = torque.torqueChangeOfSpark(degrees, 0);
      expect(e.kind === 'known' && e.high - e.value).toBeCloseTo(band, 6);
    }
  });
  test('a curve is good to 3 %, past its end to 10 % for each 500 rpm', () => {
    const inside = torqueAt(CURVE, 9250);
    expect(inside.kind === 'known' && inside.high / inside.value).toBeCloseTo(1.03, 6);
    const past = torqueAt(CURVE, 12_000);
    expect(past).toMatchObject({ kind: 'known', value: 58 });
    expect(past.kind === 'known' && past.high / past.value).toBeCloseTo(1.1, 6);
  });
  test('volumetric efficiency from power is good to 10 %, losses to the wheel to 4 points', () => {
    const ve = engine.volumetricEfficiency({
      powerKw: 100,
      rpm: 10_000,
      displacementCc: 1000,
      fuelUse: 290,
      airFuelRatio: 13,
      airDensity: 1.18,
    });
    expect(ve.kind === 'known' && ve.high / ve.value).toBeCloseTo(1.1, 6);
    expect(engine.wheelPowerKw(100)).toMatchObject({ low: 86, high: 94 });
  });
});

describe('a moved limiter', () => {
  test('past peak power it adds load and no power', () => {
    expect(limiterMove(10_500, 11_500, 10_000)).toMatchObject({ peakPowerPercent: 0 });
    expect(limiterMove(10_500, 11_500, 10_000).inertiaLoadPercent).toBeCloseTo(19.95, 2);
  });
  test.each([[null], [12_000]])('peak power at %s: refused with the reason', (peak) => {
    const move = limiterMove(10_500, 11_500, peak);
    expect(move.peakPowerPercent).toBeNull();
    expect(move.reason).not.toBe('');
  });
});
