import { describe, expect, it } from 'vitest';
import { compileKnowledge } from './compile-knowledge.ts';
import { toMotorcycle } from './motorcycles.ts';

const all = (await compileKnowledge('rules')).motorcycles;

describe('shipped motorcycles', () => {
  it('are at least 200 with unique ids and at least one source each', () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(new Set(all.map((m) => m.id)).size).toBe(all.length);
    for (const m of all) expect(m.sources.length, m.id).toBeGreaterThan(0);
  });

  // The five checks that catch swapped units and copied typos of open data sets.
  it.each(all.map((m) => [m.id, m] as const))('%s agrees with arithmetic', (_id, m) => {
    const swept = ((Math.PI / 4) * m.boreMm ** 2 * m.strokeMm * m.cylinders) / 1000;
    expect(Math.abs(swept / m.displacementCc - 1), `swept ${swept}`).toBeLessThan(0.01);

    const top = m.revLimitRpm ?? m.redlineRpm;
    if (top !== null) expect((2 * m.strokeMm * top) / 60_000, 'mean piston speed, m/s').toBeLessThan(27);

    if (m.peakTorqueNm !== null) {
      const barPerNm = (2 * Math.PI * (m.strokes / 2)) / (m.displacementCc * 1e-6) / 1e5;
      const bmep = m.peakTorqueNm * barPerNm;
      expect(bmep, 'bmep, bar').toBeGreaterThan(m.strokes === 4 ? 8 : 4);
      expect(bmep, 'bmep, bar').toBeLessThan(m.aspiration === 'na' ? 15.2 : 24);
    }
    if (m.peakPowerKw !== null && m.peakPowerRpm !== null && m.peakTorqueNm !== null) {
      const torqueAtPower = (9549.3 * m.peakPowerKw) / m.peakPowerRpm;
      expect(torqueAtPower).toBeLessThanOrEqual(m.peakTorqueNm * 1.005);
      expect(torqueAtPower).toBeGreaterThanOrEqual(m.peakTorqueNm * 0.62);
    }
    if (m.redlineRpm !== null && m.peakPowerRpm !== null) {
      expect(m.redlineRpm).toBeGreaterThanOrEqual(m.peakPowerRpm);
      expect(m.redlineRpm).toBeLessThanOrEqual(m.peakPowerRpm * 1.35);
    }
  });
});

describe('toMotorcycle', () => {
  const good = {
    make: 'Honda',
    model: 'Test 100',
    yearFrom: 2010,
    yearTo: 2012,
    category: 'naked',
    displacementCc: 100,
    cylinders: 1,
    layout: 'single',
    valvetrain: 'SOHC 2v/cyl',
    boreMm: 50,
    strokeMm: 51,
    strokes: 4,
    aspiration: 'na',
    cooling: 'air',
    sources: ['a test'],
    confidence: 'low',
  };

  it('leaves what is absent null', () => {
    const m = toMotorcycle(good, 'honda/test-100-2010-2012');
    expect([m.compressionRatio, m.redlineRpm, m.fuelRonMin, m.throttle]).toEqual([null, null, null, null]);
    expect(m.aliases).toEqual([]);
  });

  it.each([
    ['a misspelt field', { ...good, compresionRatio: 12 }, 'honda/test-100-2010-2012'],
    ['a number as text', { ...good, boreMm: '50' }, 'honda/test-100-2010-2012'],
    ['no source', { ...good, sources: [] }, 'honda/test-100-2010-2012'],
    ['years swapped', { ...good, yearFrom: 2013 }, 'honda/test-100-2013-2012'],
    ['years unlike the name', good, 'honda/test-100-2010-2013'],
    ['an id without years', good, 'honda/test-100'],
    ['nothing', null, 'honda/test-100-2010-2012'],
  ])('refuses %s', (_what, object, id) => {
    expect(() => toMotorcycle(object, id)).toThrowError(expect.objectContaining({ code: 'MOTORCYCLE_INVALID' }));
  });
});
