/** Projects of TunerStudio: the made-up ones of fixtures/msq, and damaged text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tune, TuneMap } from '../../core/model.ts';
import { format } from './index.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/msq/', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/msq/', import.meta.url));
const here = existsSync(CORPUS);

const read = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const decode = (bytes: Uint8Array, ini: Uint8Array | null = null): Tune =>
  format.decode(bytes, {
    name: 'x.msq',
    sha256: () => '',
    companion: ini === null ? null : { name: 'x.ini', bytes: ini },
  });
const map = (tune: Tune, id: string): TuneMap => {
  const found = tune.maps.find((m) => m.id === id);
  if (found === undefined) throw new Error(`no ${id} in ${tune.maps.map((m) => m.id).join()}`);
  return found;
};

/** A project of so many constants. */
const project = (body: string, head = '<?xml version="1.0" encoding="ISO-8859-1"?>'): Uint8Array =>
  Uint8Array.from(
    `${head}<msq xmlns="http://www.msefi.com/:msq"><versionInfo fileFormat="5.0" nPages="1" signature="speeduino 202402 "/><page number="0">${body}</page></msq>`,
    (c) => c.charCodeAt(0),
  );
const constant = (name: string, text: string, attributes = ''): string =>
  `<constant name="${name}" ${attributes}>${text}</constant>`;
const codeOf = (bytes: Uint8Array): unknown => {
  try {
    decode(bytes);
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
};

describe('the made-up project', () => {
  const road = decode(read(`${FIXTURES}road.msq`));

  test('is recognised by its content under any name', () => {
    expect(format.detect(read(`${FIXTURES}road.msq`), 'a.bin')?.confidence).toBe(0.99);
    expect(format.detect(read(`${FIXTURES}ABOUT.md`), 'a.msq')).toBeNull();
  });

  test('holds maps, curves and scalars, and no variables of the project', () => {
    const count = (kind: string): number => road.maps.filter((m) => m.kind === kind).length;
    expect([count('map'), count('curve'), count('scalar'), road.undecoded.length]).toEqual([5, 16, 14, 0]);
    expect(road.maps.some((m) => m.id === 'rpmhigh')).toBe(false);
    expect(road).toMatchObject({ ecu: { family: 'Speeduino', signature: 'speeduino 202402' }, warnings: [] });
    expect(road.notes).toEqual(['Made up: a twin on the road, 20 °C']);
  });

  test('rows are load, lowest first; columns are engine speed', () => {
    const ve = map(road, 'veTable');
    expect(ve.axes.map((a) => [a.axis, a.quantity, a.unit, a.breakpoints[0], a.breakpoints.at(-1)])).toEqual([
      ['x', 'engineSpeed', 'rpm', 1_000, 11_500],
      ['y', 'throttle', '%', 0, 100],
    ]);
    expect([ve.cells[0], ve.cells[7], ve.cells[8 * 7]]).toEqual([38, 38, 83]);
    expect(ve).toMatchObject({ confidence: 'verified', unit: '%', unitFrom: 'definition', raw: null, at: null });
  });

  test.each([
    ['veTable', 've', null],
    ['advTable1', 'spark', null],
    ['afrTable', 'lambdaTarget', true],
    ['lambdaTable', 'lambdaTarget.copy', true],
    ['veTable2', 've.second', false],
    ['hardRevLim', 'revLimiter.hard', true],
    ['SoftRevLim', 'revLimiter.soft', true],
    ['fanSP', 'fan.on', true],
    ['fanHyster', 'fan.hysteresis', true],
    ['dwellrun', 'dwell.running', true],
    ['dwellcrank', 'dwell.cranking', null],
    ['dwellLim', 'dwell.limit', true],
    ['injOpen', 'injector.deadTime', null],
    ['dutyLim', 'injector.dutyLimit', null],
    ['reqFuel', 'injector.requiredFuel', null],
    ['wueRates', 'enrichment.warmup', null],
    ['wueBins', 'axis', null],
    ['asePct', 'enrichment.afterStart', null],
    ['airDenRates', 'correction.airTemperature', null],
    ['CrankAng', 'spark.cranking', null],
    ['lnchHardLim', 'launch.rpm', false],
    ['rpmBins', 'axis', null],
    ['divider', 'other', null],
  ])('%s is %s, in use: %s', (id, role, inUse) => {
    expect(map(road, id)).toMatchObject({ role, inUse });
  });

  test('a column is a curve over its own bins', () => {
    const curve = map(road, 'wueRates');
    expect(curve).toMatchObject({ kind: 'curve', rows: 1, columns: 8 });
    expect(curve.axes).toHaveLength(1);
    expect(curve.axes[0]).toMatchObject({ quantity: 'coolantTemperature', unit: '°C', known: true });
    expect(map(road, 'injBatRates').axes[0]).toMatchObject({ quantity: 'batteryVoltage', unit: 'V' });
  });

  test('facts of the engine are the stated ones, the others unknown', () => {
    expect(road.facts).toMatchObject({
      cylinders: 2,
      strokes: 4,
      displacementCc: null,
      injectorCcMin: null,
      stoichiometricAfr: 14.7,
      loadAlgorithm: 'alphaN',
      squirtsPerCycle: 1,
    });
    expect(road.facts.settings).toMatchObject({ egoType: 'Wide Band', 'tunerstudio.temperature': '°C' });
    expect(road.facts.settings['revsync.unset']).toBeUndefined();
  });

  test('with its .ini tables have titles and the same numbers', () => {
    const told = decode(read(`${FIXTURES}road.msq`), read(`${FIXTURES}firmware.ini`));
    expect(map(told, 'veTable').description).toBe('VE Table');
    expect(map(told, 'injBatRates').description).toBe('Injector voltage correction');
    expect(told.maps.map((m) => Array.from(m.cells))).toEqual(road.maps.map((m) => Array.from(m.cells)));
    expect(told.warnings).toEqual([]);
  });

  test('an .ini of other firmware is said, a file that is none is refused', () => {
    const other = Uint8Array.from(
      '[MegaTune]\nsignature = "speeduino 201601"\n[Constants]\na = scalar, U08, 0, "", 1, 0\n',
      (c) => c.charCodeAt(0),
    );
    expect(decode(read(`${FIXTURES}road.msq`), other).warnings.join()).toContain('speeduino 201601');
    expect(() => decode(read(`${FIXTURES}road.msq`), read(`${FIXTURES}ABOUT.md`))).toThrow(
      expect.objectContaining({ code: 'INI_INVALID' }),
    );
  });
});

describe('memory that was never written', () => {
  const erased = decode(read(`${FIXTURES}erased.msq`));

  test.each([
    ['veTable', 255],
    ['advTable1', 215],
    ['afrTable', 25.5],
    ['lambdaTable', 1.7346939],
    ['rpmBins', 25_500],
    ['wueRates', 255],
    ['wueBins', 215],
  ])('%s of %d is unset', (id, value) => {
    expect(map(erased, id)).toMatchObject({ unset: true });
    expect(map(erased, id).cells[0]).toBe(value);
  });

  test('the project says so', () => {
    expect(erased.facts.settings['revsync.unset']).toBe('true');
    expect(erased.warnings.join()).toContain('unset project');
    expect(map(erased, 'asePct').unset).toBe(false);
  });

  test.each([
    ['U08, 0, [2x2], "%", 1.0, 0.0', 255, true],
    ['U08, 0, [2x2], "%", 0.5, 0.0', 255, false],
    ['U08, 0, [2x2], "deg", 1.0, -40', 215, true],
    ['U16, 0, [2x2], "rpm", 1.0, 0.0', 65_535, true],
    ['S16, 0, [2x2], "deg", 0.1, 0.0', -0.1, true],
    ['S16, 0, [2x2], "ms", 0.001, 0.0', 0, false],
    ['U08, 0, [2x2], {computed}, 0.5, 0.0', 127.5, true],
  ])('with %s cells of %d are unset: %s', (declared, value, unset) => {
    const ini = Uint8Array.from(`[Constants]\nt = array, ${declared}\n`, (c) => c.charCodeAt(0));
    const cells = `${value} ${value}\n${value} ${value}`;
    expect(map(decode(project(constant('t', cells, 'rows="2" cols="2"')), ini), 't').unset).toBe(unset);
  });
});

describe('damage', () => {
  test('bytes as the declared encoding says, cp1252 where it says UTF-8 and is none', () => {
    const degree = constant('fanSP', '90', 'units="\u00b0C"');
    expect(map(decode(project(degree)), 'fanSP').unit).toBe('°C');
    expect(map(decode(project(degree, '<?xml version="1.0" encoding="UTF-8"?>')), 'fanSP').unit).toBe('°C');
    expect(map(decode(project(degree, '')), 'fanSP').unit).toBe('°C');
  });

  test.each([
    ['fewer cells than stated', '1 2 3', 'rows="2" cols="2"', 'it says 4 cells and holds 3'],
    ['more cells than stated', '1 2 3 4 5', 'rows="2" cols="2"', 'it says 4 cells and holds 5'],
    ['no cells', ' ', 'rows="2" cols="2"', 'it says 4 cells and holds 0'],
    ['no shape', '1 2', 'rows="0" cols="2"', 'its shape is 0 by 2'],
    ['a shape of words', '1 2', 'rows="x" cols="2"', 'its shape is x by 2'],
    ['a shape beyond all bounds', '1 2', 'rows="99999" cols="99999"', 'its shape is 99999 by 99999'],
    ['words', '"a" "b"', 'rows="1" cols="2"', 'it says 2 cells and holds words'],
    ['no number at all', 'a b', 'rows="1" cols="2"', 'none of its cells is a number'],
  ])('%s is undecoded, with the reason', (_, text, attributes, reason) => {
    const tune = decode(project(constant('t', text, attributes) + constant('u', '1')));
    expect(tune.undecoded).toEqual([{ id: 't', title: 't', reason }]);
    expect(tune.maps.map((m) => m.id)).toEqual(['u']);
  });

  test('a cell that is no number is unknown and said, the others stay', () => {
    const tune = decode(project(constant('t', '1 x NaN 0x10 -2.5 1e3', 'rows="2" cols="3"')));
    expect(Array.from(map(tune, 't').cells)).toEqual([1, Number.NaN, Number.NaN, Number.NaN, -2.5, 1_000]);
    expect(tune.warnings).toEqual(['"t": 3 of 6 cells are no numbers']);
  });

  test('a constant that stands twice counts as last written, and is said', () => {
    const tune = decode(project(constant('t', '1') + constant('u', '2') + constant('t', '3')));
    expect(Array.from(map(tune, 't').cells)).toEqual([3]);
    expect(tune.warnings.join()).toContain('stands twice');
  });

  test('bins of another length are no axis: the table keeps indices and loses its certainty', () => {
    const tune = decode(
      project(constant('veTable', '1 2 3 4', 'rows="2" cols="2"') + constant('rpmBins', '1 2 3', 'rows="3" cols="1"')),
    );
    expect(map(tune, 'veTable').axes.map((a) => a.known)).toEqual([false, false]);
    expect(map(tune, 'veTable').confidence).toBe('plausible');
  });

  test('names of Object stay names', () => {
    const tune = decode(
      project(constant('__proto__', '"x"') + constant('constructor', '1') + constant('toString', '2')),
    );
    expect(tune.maps.map((m) => m.id)).toEqual(['constructor', 'toString']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each([
    ['not closed', '<msq><page><constant name="a">1</constant>', 'MSQ_TRUNCATED'],
    ['wrongly closed', '<msq><page></msq>', 'MSQ_MALFORMED'],
    ['another root', '<html><msq></msq></html>', 'MSQ_TRUNCATED'],
    ['a document type', '<!DOCTYPE msq [<!ENTITY a "b">]><msq></msq>', 'MSQ_MALFORMED'],
    ['an entity of its own', '<msq>&a;</msq>', 'MSQ_MALFORMED'],
    ['a constant without a name', '<msq><constant>1</constant></msq>', 'MSQ_MALFORMED'],
    ['nothing in it', '<msq></msq>', null],
  ])('%s', (_, text, code) => {
    expect(codeOf(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toBe(code);
  });

  test('any prefix of a project is refused, never half read', () => {
    const whole = read(`${FIXTURES}road.msq`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 8 }), (length) => {
        expect(codeOf(whole.subarray(0, length))).toMatch(/^MSQ_/);
      }),
    );
  });

  test('any damaged byte gives a tune or an expected error', () => {
    const whole = read(`${FIXTURES}road.msq`);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (place, byte) => {
        const damaged = whole.slice();
        damaged[place] = byte;
        expect(codeOf(damaged)).toSatisfy((c) => c === null || /^MSQ_/.test(`${c}`));
      }),
      { numRuns: 300 },
    );
  });
});

describe('settings decide what is in use', () => {
  const limiter = (...settings: [string, string][]): boolean | null =>
    map(
      decode(project(constant('hardRevLim', '9000') + settings.map(([n, v]) => constant(n, `"${v}"`)).join(''))),
      'hardRevLim',
    ).inUse;

  test('Speeduino: a limiter that cuts nothing', () => {
    expect(limiter()).toBeNull();
    expect(limiter(['engineProtectType', 'Both'], ['hardRevMode', 'Fixed'])).toBe(true);
    expect(limiter(['engineProtectType', 'Off'], ['hardRevMode', 'Fixed'])).toBe(false);
    expect(limiter(['engineProtectType', 'Both'], ['hardRevMode', 'Coolant based'])).toBe(false);
  });

  test('no limiter in use is said', () => {
    const tune = decode(project(constant('HardRevLim', '9000') + constant('engineProtectType', '"Off"')));
    expect(tune.warnings.join()).toContain('no rev limiter is in use');
  });

  test('MegaSquirt: one way to limit is enough; over temperature the curve governs', () => {
    const ways = ['retard', 'spkcut', 'fuelprog', 'fuelcut']
      .map((w) => constant(`RevLimOption_${w}`, '"Off"'))
      .join('');
    const tune = (more: string): Tune =>
      decode(project(constant('RevLimNormal2', '9000') + constant('RevLimRpm1', '1 2', 'rows="2" cols="1"') + more));
    const inUse = (more: string): (boolean | null)[] =>
      ['RevLimNormal2', 'RevLimRpm1'].map((id) => map(tune(more), id).inUse);
    expect(inUse('')).toEqual([null, null]);
    expect(inUse(`${ways}${constant('RevLimCLTbased', '"Normal"')}`)).toEqual([false, false]);
    const cut = ways.replace('"RevLimOption_spkcut" >"Off"', '"RevLimOption_spkcut" >"On"');
    expect(inUse(`${cut}${constant('RevLimCLTbased', '"Normal"')}`)).toEqual([true, false]);
    expect(inUse(`${cut}${constant('RevLimCLTbased', '"CLT based"')}`)).toEqual([false, true]);
  });

  test('two target tables that differ are both judged', () => {
    const two = (lambda: string): Tune =>
      decode(
        project(
          constant('stoich', '14.7') +
            constant('afrTable', '14.7 13.2', 'rows="1" cols="2" units="AFR"') +
            constant('lambdaTable', lambda, 'rows="1" cols="2" units="Lambda"'),
        ),
      );
    expect(map(two('1 0.898'), 'lambdaTable').role).toBe('lambdaTarget.copy');
    expect(map(two('1 1.1'), 'lambdaTable').role).toBe('lambdaTarget');
    expect(two('1 1.1').warnings.join()).toContain('different targets');
  });
});

describe('older and other firmware', () => {
  const nine = '1 2 3\n4 5 6\n7 8 9';
  const bins = (name: string, unit: string): string => constant(name, '1 2 3', `rows="3" cols="1" units="${unit}"`);
  test.each([
    ['Speeduino of 2015', 'veTable', 've', 'rpmBins', 'tpsBins', 'TPS', 'throttle', '%'],
    ['Speeduino of 2018', 'veTable', 've', 'rpmBins', 'mapBins', 'kPa', 'intakePressure', 'kPa'],
    ['Speeduino of 2018', 'advTable1', 'spark', 'rpmBins2', 'ignLoadBins', 'MAP', 'intakePressure', 'kPa'],
    ['Speeduino of 2018', 'afrTable', 'lambdaTarget', 'rpmBinsAFR', 'mapBinsAFR', 'kPa', 'intakePressure', 'kPa'],
    ['B&G MegaSquirt 2', 'veTable1', 've', 'frpm_table', 'fmap_table', 'kPa', 'intakePressure', 'kPa'],
    ['B&G MegaSquirt 2', 'afrTable1', 'lambdaTarget', 'frpm_table', 'fmap_table', 'kPa', 'intakePressure', 'kPa'],
    ['B&G MegaSquirt 2', 'advanceTable', 'spark', 'srpm_table', 'smap_table', 'kPa', 'intakePressure', 'kPa'],
  ])('%s: %s is %s over %s and %s', (_, name, role, x, y, unit, quantity, plain) => {
    const tune = decode(project(constant(name, nine, 'rows="3" cols="3"') + bins(x, 'RPM') + bins(y, unit)));
    expect(map(tune, name)).toMatchObject({ role, confidence: 'verified' });
    expect(map(tune, name).axes.map((a) => [a.quantity, a.unit])).toEqual([
      ['engineSpeed', 'rpm'],
      [quantity, plain],
    ]);
  });
  test.each([
    ['fuelTrim5Table', 'fuelTrimEnabled', 'No', false],
    ['fuelTrim5Table', 'fuelTrimEnabled', 'Yes', true],
    ['veTrim1', 'usevetrim', "Don't use VE Trim Tables", false],
    ['veTrim1', 'usevetrim', 'Use VE Trim Tables', true],
    ['boost_ctl_load_targets', 'boost_ctl_settings_cl', 'Open-loop', false],
    ['boost_ctl_load_targets', 'boost_ctl_settings_cl', 'Closed-loop', true],
    ['baroCorrDelta', 'baroCorr', 'None', false],
    ['RevLimRpm1', 'RevLimOption', 'Off', false],
    ['RevLimRpm1', 'RevLimOption', 'Spk retard, fuel cut', true],
  ])('%s with %s "%s" is in use: %s', (name, setting, word, inUse) => {
    const tune = decode(project(constant(name, nine, 'rows="3" cols="3"') + constant(setting, `"${word}"`)));
    expect(map(tune, name).inUse).toBe(inUse);
  });
});

test('boost of 255 kPa is asked for, 255 % is erased', () => {
  const cells = '255 255\n255 255';
  const tune = decode(
    project(
      constant('boost_ctl_load_targets', cells, 'rows="2" cols="2" units="kPa"') +
        constant('veTable1', cells, 'rows="2" cols="2" units="%"'),
    ),
  );
  expect(['boost_ctl_load_targets', 'veTable1'].map((id) => map(tune, id).unset)).toEqual([false, true]);
});

describe('a target table in two views, of which the settings say which one is edited', () => {
  const head = '<?xml version="1.0"?>';
  const views = (lambda: string, edited: string): Tune => {
    const body =
      constant('stoich', '14.7') +
      constant('afrTable', '14.7 13.2', 'rows="1" cols="2" units="AFR"') +
      constant('lambdaTable', lambda, 'rows="1" cols="2" units="Lambda"');
    const text = `${head}<msq><page>${body}</page><settings><setting name="${edited}" value="${edited}"/></settings></msq>`;
    return decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  };
  test.each([
    [
      'with a ratio of 9.8 before',
      '1.5 1.347',
      'AFR',
      ['lambdaTarget', 'lambdaTarget.copy'],
      'another stoichiometric ratio',
    ],
    ['past its end', '1.5 1.5', 'AFR', ['lambdaTarget', 'lambdaTarget.copy'], 'another stoichiometric ratio'],
    ['by hand', '1.5 1.1', 'AFR', ['lambdaTarget', 'lambdaTarget'], 'different targets'],
    [
      'and lambda is the edited one',
      '1.5 1.347',
      'LAMBDA',
      ['lambdaTarget.copy', 'lambdaTarget'],
      'another stoichiometric ratio',
    ],
  ])('that differ %s', (_, lambda, edited, roles, warning) => {
    const tune = views(lambda, edited);
    expect(['afrTable', 'lambdaTable'].map((id) => map(tune, id).role)).toEqual(roles);
    expect(tune.warnings.join()).toContain(warning);
  });
});

describe.skipIf(!here)('the corpus (needs ../shared/corpus)', () => {
  const COUNTS: [string, number, number, number][] = [
    ['microsquirt-am6/CurrentTune.msq', 39, 158, 573],
    ['microsquirt-am6/MSBeta_2022-05-30.msq', 39, 158, 573],
    ['microsquirt-am6/am6-efi_2023-03-13.msq', 39, 158, 573],
    ['ms3-volvo740/CurrentTune.msq', 92, 361, 1_070],
    ['ms3-volvo740/fuel-ve-default.msqpart', 1, 2, 0],
    ['ms3-volvo740/ignition-linuxman51.msqpart', 1, 2, 0],
    ['rusefi-mega100/mega100_base_tune.msq', 76, 304, 625],
    ['speeduino-cars/M50TU_PnP.msq', 21, 111, 221],
    ['speeduino-cars/NA6 PNP base tune.msq', 21, 111, 244],
    ['speeduino-cars/Speeduino base tune with wmi.msq', 12, 81, 167],
    ['speeduino-hayabusa/Busa_CurrentTune.msq', 21, 111, 244],
    ['speeduino-hayabusa/Hayabusa-R1_2025-01-05.msq', 21, 111, 244],
    ['speeduino-hayabusa/Hayabusa-R1_2025-10-07.msq', 21, 111, 244],
    ['speeduino-hayabusa/Hayabusa-R1_CurrentTune.msq', 21, 111, 244],
    ['speeduino-hayabusa/online_current_tune.msq', 21, 114, 221],
  ];

  test('every project of it stands here', () => {
    const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((f) => /\.msq(part)?$/.test(f));
    expect(files.sort()).toEqual(COUNTS.map(([f]) => f).sort());
  });

  test.each(COUNTS)('%s: %d maps, %d curves, %d scalars, main tables with axes', (file, maps, curves, scalars) => {
    const tune = decode(read(CORPUS + file));
    const count = (kind: string): number => tune.maps.filter((m) => m.kind === kind).length;
    expect([count('map'), count('curve'), count('scalar'), tune.undecoded]).toEqual([maps, curves, scalars, []]);
    const main = tune.maps.filter((m) => /^(ve|spark|lambdaTarget)$/.test(m.role));
    expect(main.length).toBeGreaterThan(0);
    for (const m of main) expect([m.id, m.axes.map((a) => a.known)]).toEqual([m.id, [true, true]]);
    expect(tune.facts.settings['revsync.unset']).toBe(file.endsWith('2025-01-05.msq') ? 'true' : undefined);
    // Whole projects have a limiter; parts hold a table only.
    const limiter = tune.maps.find((m) => m.role === 'revLimiter.hard');
    expect(limiter !== undefined).toBe(file.endsWith('.msq'));
  });

  test.each([
    ['speeduino-hayabusa/Hayabusa-R1_CurrentTune.msq', 'speeduino-hayabusa/202501.5.ini', 21],
    ['ms3-volvo740/CurrentTune.msq', 'ms3-volvo740/mainController.ini', 80],
    ['microsquirt-am6/CurrentTune.msq', 'microsquirt-am6/mainController.ini', 29],
    ['rusefi-mega100/mega100_base_tune.msq', 'rusefi-mega100/rusefi_mega100.ini', 75],
  ])('%s with its .ini: the built-in names agree with it, %d maps have axes', (file, ini, withAxes) => {
    const alone = decode(read(CORPUS + file));
    const told = decode(read(CORPUS + file), read(CORPUS + ini));
    expect(told.maps.filter((m) => m.kind === 'map' && m.axes.every((a) => a.known)).length).toBeGreaterThanOrEqual(
      withAxes,
    );
    for (const m of alone.maps) {
      const twin = map(told, m.id);
      expect(Array.from(twin.cells)).toEqual(Array.from(m.cells));
      if (m.role === 'other' || m.role === 'axis' || !m.axes.every((a) => a.known)) continue;
      const axesOf = (t: TuneMap): unknown => t.axes.map((a) => [a.unit, a.breakpoints]);
      expect([m.id, axesOf(twin)]).toEqual([m.id, axesOf(m)]);
    }
  });
});
