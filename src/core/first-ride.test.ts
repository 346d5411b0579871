/** The first-ride sheet and what-if: places as a rider meets them, a target with its source or none, effects by physics. */
import { describe, expect, test } from 'vitest';
import { analyzeOne, PROJECT } from '../test/analyze-in-process.ts';
import { stoichiometricAfr } from './compatibility.ts';
import { rideLines } from './first-ride.ts';
import { fuelVolume, pressureShare, whatIfLines } from './what-if.ts';

const tune = `${PROJECT}fixtures/example/track-day.bin`;
const stock = `${PROJECT}fixtures/example/stock.bin`;

describe('the first ride', () => {
  test('the worst place first, at most five, each with the stock file’s target', async () => {
    const { firstRideSheet: sheet, findings } = await analyzeOne(tune, { stock });
    expect(sheet.cells).toHaveLength(5);
    expect(sheet.cells[0]).toMatchObject({ findingId: findings[0]!.id, load: { quantity: 'throttle' } });
    expect(new Set(sheet.cells.map((c) => `${c.rpm} ${c.load?.value} ${c.gear}`)).size).toBe(5);
    for (const c of sheet.cells) {
      // The fixture's stock wants 0.90 less at most 0.02 there.
      expect(c.targetLambda).toBeGreaterThan(0.87);
      expect(c.targetLambda).toBeLessThan(0.91);
      expect(c.targetSource).toContain('stock file');
    }
    const lines = rideLines(sheet);
    expect(lines[0]).toMatch(/^Not before what is critical or high is mended/);
    // Places with the same thing to do and the same target are one line; then when to stop, and what to log.
    expect(lines.filter((l) => /listen for knock/.test(l))).toHaveLength(1);
    expect(lines.slice(-2).map((l) => l.split(' ')[0])).toEqual(['Stop', 'Log']);
    const near = sheet.cells.flatMap((a, i) =>
      sheet.cells
        .slice(i + 1)
        .filter((b) => Math.abs(a.rpm! - b.rpm!) <= 500 && Math.abs(a.load!.value - b.load!.value) < 10),
    );
    expect(near).toEqual([]);
  });

  test('a target that is itself in doubt is none', async () => {
    const { firstRideSheet } = await analyzeOne(tune);
    expect(firstRideSheet.cells.length).toBeGreaterThan(0);
    for (const c of firstRideSheet.cells)
      expect([c.targetLambda, c.targetSource]).toEqual([null, expect.stringContaining('in doubt')]);
  });

  test('a healthy file still says when to stop and what to log; a refused one is not to be ridden on', async () => {
    const healthy = (await analyzeOne(stock)).firstRideSheet;
    expect([healthy.cells, healthy.abort.length > 2, healthy.log.length > 2]).toEqual([[], true, true]);
    expect(rideLines((await analyzeOne('README.md')).firstRideSheet)).toEqual([
      expect.stringMatching(/^Do not ride on this report/),
    ]);
  });
});

describe('what if', () => {
  const none = { ron: null, ethanolPercent: null, altitudeM: null, mods: [] };

  test('nothing said: nothing answered', async () => {
    expect((await analyzeOne(tune)).whatIf).toBeNull();
  });

  test('too little octane is a finding because of the conditions, and the lines say so', async () => {
    const { whatIf } = await analyzeOne(tune, {
      stock,
      conditions: { ...none, ron: 91, altitudeM: 2000, ethanolPercent: 10 },
    });
    expect(whatIf?.effects).toHaveLength(3);
    expect(whatIf?.changed).toContainEqual(expect.objectContaining({ ruleId: 'octane-margin-short', before: null }));
    expect(whatIf!.compatibility.with!).toBeLessThan(whatIf!.compatibility.without!);
    expect(whatIfLines(whatIf).join(' ')).toMatch(/4 short.*14\.10.*21\.5 %/);
  });

  test('a part that no rule knows is not said to be judged', async () => {
    const said = async (...mods: string[]): Promise<string> =>
      whatIfLines((await analyzeOne(stock, { conditions: { ...none, mods } })).whatIf).join(' ');
    expect(await said('full exhaust')).toMatch(/fitted: full exhaust\. Rules that ask .* were judged with that/);
    const both = await said('full exhaust', 'turbo');
    expect(both).toMatch(/fitted: full exhaust\. .*No rule knows what turbo asks for: that was not judged/);
    expect(await said('13.5:1 pistons')).not.toContain('No rule knows');
  });

  test('a file that only the fuel does not fit is not said to be for another motorcycle', async () => {
    const { scores, firstRideSheet } = await analyzeOne(stock, {
      conditions: { ...none, ron: 80, ethanolPercent: 85 },
    });
    expect(scores.compatibility.level).toBe('INCOMPATIBLE');
    expect(firstRideSheet.reason).toMatch(/not for this fuel/);
    expect(scores.safety.reason).not.toContain('not for this motorcycle');
  });

  test('less octane never scores higher', async () => {
    let last = 101;
    for (const ron of [100, 98, 95, 93, 91, 87, 80]) {
      const { scores } = await analyzeOne(stock, { conditions: { ...none, ron } });
      expect(scores.safety.value ?? 0, `RON ${ron}`).toBeLessThanOrEqual(last);
      last = scores.safety.value ?? 0;
    }
  });

  test.each([
    ['E0', stoichiometricAfr(0), 14.7, 2],
    ['E10', stoichiometricAfr(10), 14.08, 1],
    ['E85', stoichiometricAfr(85), 9.77, 1],
    ['E85 by volume', fuelVolume(85), 1.428, 2],
    ['E10 by volume', fuelVolume(10), 1.037, 2],
    ['2000 m', pressureShare(2000), 0.785, 3],
  ])('physics: %s', (_, got, expected, digits) => expect(got).toBeCloseTo(expected, digits));
});
