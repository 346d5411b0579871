/** One hand-made fault for each metric of the smaller families, and the number it must give. */
import { describe, expect, test } from 'vitest';
import type { Tune } from '../model.ts';
import { testAxis } from '../roles/test-maps.ts';
import { LOADS, roadTune, SPEEDS } from '../test-tune.ts';
import {
  add,
  type Case,
  changed,
  curve,
  type Extra,
  flag,
  lambda,
  measured,
  plus,
  road,
  scalar,
  settings,
  spark,
  twin,
  worstOf,
} from './test-measure.ts';

const cases: [string, string, Case, number | null | undefined][] = [
  // octane: physics oracle 9, 13:1 pistons in an 11:1 engine and two degrees more are 10 ON short
  [
    'pistons and advance',
    'octane.margin',
    {
      tune: changed('spark', (v) => v + 2),
      stock: road(),
      bike: { compressionRatio: 11 },
      conditions: { ron: 95, mods: ['13:1 pistons'] },
    },
    -10,
  ],
  ['height helps', 'octane.margin', { tune: road(), stock: road(), conditions: { ron: 91, altitudeM: 2000 } }, -1],
  ['fuel not said', 'octane.margin', { tune: road(), stock: road() }, null],
  ['no motorcycle', 'octane.margin', { tune: road(), bike: null, conditions: { ron: 80 } }, undefined],
  [
    'near best timing',
    'spark.fullLoad.gainless.max',
    { tune: changed('spark', (v) => v + 3), stock: road(), bike: { compressionRatio: 25 } },
    3,
  ],
  // sets
  [
    'copied twin',
    'map.copiedOverTwin.count',
    {
      tune: add(road(), twin('two', '2', spark()), twin('one', '1', spark())),
      stock: add(road(), twin('two', '2', plus(spark(), 2)), twin('one', '1', spark())),
    },
    1,
  ],
  [
    'twins equal in stock too',
    'map.copiedOverTwin.count',
    {
      tune: add(road(), twin('two', '2', spark()), twin('one', '1', spark())),
      stock: add(road(), twin('two', '2', spark()), twin('one', '1', spark())),
    },
    0,
  ],
  [
    'two sets',
    'tune.mapSets.count',
    {
      tune: add(
        road(),
        { ...spark(), title: 'a', id: 'a', variant: { mode: 'MS0' } },
        { ...spark(), title: 'b', id: 'b', variant: { mode: 'MS1' } },
      ),
    },
    2,
  ],
  // switches
  [
    'tip-over off',
    'switch.bankAngle.off',
    {
      tune: add(road(), flag('Tip-over Sensor Enabled', 'protection.bankAngle', false)),
      stock: add(road(), flag('Tip-over Sensor Enabled', 'protection.bankAngle', true)),
    },
    1,
  ],
  [
    'a delete that is off',
    'switch.bankAngle.off',
    { tune: add(road(), flag('Tip-over delete', 'protection.bankAngle', false)) },
    0,
  ],
  [
    'nothing says what it does',
    'switch.knock.off',
    { tune: add(road(), flag('Knock Sensor Type in use', 'protection.knock', false)) },
    undefined,
  ],
  [
    'knock retard',
    'spark.knock.retardLimit.max',
    { tune: settings(add(road(), scalar('knock_maxRetard', 25, { unit: 'Deg' })), { knock_mode: 'Digital' }) },
    25,
  ],
  [
    'knock not in use',
    'spark.knock.retardLimit.max',
    { tune: settings(add(road(), scalar('knock_maxRetard', 25, { unit: 'Deg' })), { knock_mode: 'Off' }) },
    undefined,
  ],
  // boost
  [
    'boost over stock',
    'boost.target.overStock.percent',
    {
      tune: add(road(), curve('b', [150, 180], { role: 'boost.target', unit: 'kPa' })),
      stock: add(road(), curve('b', [150, 150], { role: 'boost.target', unit: 'kPa' })),
      bike: { aspiration: 'supercharged' },
    },
    20,
  ],
  [
    'no cut',
    'boost.cut.absent.count',
    { tune: add(road(), curve('b', [150], { role: 'boost.target', unit: 'kPa' })), bike: { aspiration: 'turbo' } },
    1,
  ],
  [
    'cut far above',
    'boost.cut.overTarget.percent',
    {
      tune: add(
        road(),
        curve('b', [150], { role: 'boost.target', unit: 'kPa' }),
        scalar('c', 210, { role: 'protection.boost', unit: 'kPa' }),
      ),
      bike: { aspiration: 'turbo' },
    },
    40,
  ],
  [
    'not charged',
    'boost.cut.absent.count',
    { tune: add(road(), scalar('c', 0, { role: 'protection.boost', unit: 'kPa' })) },
    undefined,
  ],
  [
    'hot air',
    'boost.target.risesWithAir.count',
    {
      tune: add(
        road(),
        curve('b', [100, 120, 110], {
          role: 'boost.duty',
          unit: '%',
          axes: [testAxis('x', [0, 30, 60], 'airTemperature', 'C')],
        }),
      ),
    },
    1,
  ],
  // overrun
  [
    'fuel back at idle',
    'overrun.resume.overIdle.rpm',
    { tune: settings(add(road(), scalar('dfcoRPM', 1300)), { dfcoEnabled: 'On' }) },
    100,
  ],
  ['no cut', 'overrun.off.count', { tune: settings(road(), { dfcoEnabled: 'Off' }) }, 1],
  // trims
  [
    'trim at its end',
    'fuel.trim.clipped.count',
    {
      tune: add(road(), {
        title: 't',
        role: 'fuel.trim',
        unit: '%',
        rows: 2,
        columns: 2,
        cells: Float64Array.of(50, 3, 0, 0),
      }),
    },
    1,
  ],
  [
    'trims not in use',
    'fuel.trim.clipped.count',
    {
      tune: add(road(), {
        title: 't',
        role: 'fuel.trim',
        unit: '%',
        rows: 2,
        columns: 2,
        cells: Float64Array.of(50, 3, 0, 0),
        inUse: false,
      }),
    },
    undefined,
  ],
  ...(
    [
      ['around 100: neutral is not clipped', [100, 100, 101, 99], 0],
      ['around 100: at both ends', [87.5, 112.4, 100, 100], 2],
    ] as const
  ).map(([name, cells, wanted]): [string, string, Case, number] => [
    name,
    'fuel.trim.clipped.count',
    {
      tune: add(road(), {
        title: 't',
        role: 'fuel.trim',
        unit: '%',
        rows: 2,
        columns: 2,
        cells: Float64Array.from(cells),
      }),
    },
    wanted,
  ]),
  // sensors
  [
    'throttle in counts',
    'sensor.throttle.span',
    { tune: add(road(), scalar('tpsMin', 20, { unit: 'ADC' }), scalar('tpsMax', 220, { unit: 'ADC' })) },
    200,
  ],
  [
    'throttle in volts',
    'sensor.throttle.span',
    { tune: add(road(), scalar('tpsMin', 0.5, { unit: 'V' }), scalar('tpsMax', 4.5, { unit: 'V' })) },
    818.4,
  ],
  // limiters that settings switch off
  ...(
    [
      ['every limiter off', false, false, 2],
      ['one limiter left', false, true, undefined],
      ['not said', null, null, undefined],
    ] as const
  ).map(([name, soft, hard, wanted]): [string, string, Case, number | undefined] => {
    const others = road().maps.filter((m) => !m.role.startsWith('revLimiter'));
    return [
      name,
      'limiter.switchedOff.count',
      {
        tune: add(
          { ...road(), maps: others },
          scalar('soft', 9_000, { role: 'revLimiter.soft', unit: 'rpm', inUse: soft }),
          scalar('hard', 9_500, { role: 'revLimiter.hard', unit: 'rpm', inUse: hard }),
        ),
      },
      wanted,
    ];
  }),
  ...(
    [
      ['rpm', 2_200],
      ['K', 315],
      ['ms', 60],
    ] as const
  ).map(([unit, value]): [string, string, Case, undefined] => [
    `where the idle table ends, in ${unit}`,
    'spark.idle.advance.max',
    { tune: add(road(), scalar('ColdIdleCutoff', value, { role: 'spark.idle', unit })) },
    undefined,
  ]),
  [
    'an advance at idle',
    'spark.idle.advance.max',
    { tune: add(road(), scalar('ColdIdleAdv', 25, { role: 'spark.idle', unit: '°' })) },
    25,
  ],
  // a main table that was never set beside one that is
  ...(
    [
      ['veTable without breakpoints', { unset: true }, {}, 1],
      ['veTable that is set', { unset: false }, {}, 0],
      ['air by a meter', { unset: true }, { loadAlgorithm: 'maf' }, undefined],
      ['a project of which nothing is set', { unset: true }, { settings: { 'revsync.unset': 'true' } }, undefined],
    ] as const
  ).map(([name, given, facts, wanted]): [string, string, Case, number | undefined] => {
    const tune = add(
      { ...road(), maps: [] },
      { title: 've', role: 've', unit: '%', rows: 2, columns: 2, cells: Float64Array.of(50, 60, 70, 80), ...given },
    );
    return [name, 'map.main.unset.count', { tune: { ...tune, facts: { ...tune.facts, ...facts } } }, wanted];
  }),
  // knock control that the firmware does not have yet
  ...(
    [
      ['speeduino 202207', undefined],
      ['speeduino 202501', 25],
    ] as const
  ).map(([signature, wanted]): [string, string, Case, number | undefined] => [
    `knock retard of ${signature}`,
    'spark.knock.retardLimit.max',
    {
      tune: {
        ...settings(add(road(), scalar('knock_maxRetard', 25, { unit: 'Deg' })), { knock_mode: 'Analog' }),
        ecu: { id: null, family: 'Speeduino', signature },
      },
    },
    wanted,
  ]),
  [
    'adaptive reach',
    'adaptive.reach.overStock.percent',
    {
      tune: add(road(), scalar('AFV Maximum Value', 200, { unit: '%' })),
      stock: add(road(), scalar('AFV Maximum Value', 150, { unit: '%' })),
    },
    50,
  ],
  ['learnt', 'adaptive.stored.off.percent', { tune: add(road(), scalar('AFV Rear', 128, { unit: '%' })) }, 28],
  [
    'retard removed',
    'spark.temperatureRetard.removed.percent',
    {
      tune: add(road(), curve('Air temp retard', [0, 0, 0], { role: 'spark.trim', unit: '°' })),
      stock: add(road(), curve('Air temp retard', [0, 2, 4], { role: 'spark.trim', unit: '°' })),
    },
    100,
  ],
  // hardware: physics 8c, four injectors of 270 cc/min feed 135.0 kW
  [
    'injectors',
    'injector.capacity.ratio',
    { tune: settings(road(), {}, { injectorCcMin: 270 }), bike: { peakPowerKw: 134.98223684210527 * 1.05 } },
    1,
  ],
  [
    'E85 on petrol',
    'fuel.ethanol.shortfall.percent',
    { tune: road(), stock: road(), conditions: { ethanolPercent: 85 } },
    (1 - 1 / (1 + (0.428 / 85) * 75)) * 100,
  ],
  ['E10', 'fuel.ethanol.shortfall.percent', { tune: road(), stock: road(), conditions: { ethanolPercent: 10 } }, 0],
  [
    'parts',
    'parts.fuelUnchanged.count',
    { tune: road(), stock: road(), conditions: { mods: ['full exhaust', 'filter', 'blue paint'] } },
    2,
  ],
  [
    'big bore',
    'parts.displacement.mismatch.percent',
    { tune: road(), stock: road(), conditions: { mods: ['big bore 1098 cc'] } },
    (1098 / 998 - 1) * 100,
  ],
];

describe('a fault and its number', () => {
  test.each(cases)('%s: %s', (_, id, given, expected) => {
    const value = worstOf(given, id);
    if (typeof expected === 'number' && typeof value === 'number') expect(value).toBeCloseTo(expected, 6);
    else expect(value).toBe(expected);
  });
});

describe('no change goes unseen', () => {
  const every: [string, Extra][] = [
    ['fuel trim', { title: 'x', role: 'fuel.trim', rows: 2, columns: 2, cells: Float64Array.of(1, 2, 3, 4) }],
    ['spark correction', curve('x', [1, 2, 3], { role: 'spark.trim' })],
    ['neutral fuel', { title: 'x', role: 'fuel.neutral', rows: 2, columns: 2, cells: Float64Array.of(1, 2, 3, 4) }],
    ['limiter in counts', scalar('x', 200, { role: 'revLimiter' })],
    ['fan in counts', scalar('x', 200, { role: 'fan' })],
    ['nobody knows what', curve('x', [1, 2, 3], { role: 'other' })],
    ['mixture target', lambda(0.88)],
    ['flag', flag('x', 'other', true)],
  ];
  test.each(every)('%s', (_, map) => {
    const now = { ...map, cells: map.cells!.map((v) => v * 1.3), state: map.state === true ? false : null };
    const given = { tune: add(road(), now), stock: add(road(), map) };
    expect(worstOf(given, 'stock.changed.unseen.count')).toBe(0);
    const seen = measured(given).filter(
      (m) => m.mapId === map.title && /stock|changed/i.test(m.id) && (m.value ?? 0) > 0,
    );
    expect(seen.map((m) => m.id)).not.toEqual([]);
  });

  test('a map that stock does not have is named', () => {
    expect(worstOf({ tune: add(road(), scalar('new', 1)), stock: road() }, 'stock.changed.unseen.count')).toBe(1);
  });
});

describe('moved breakpoints', () => {
  /** The speeds of the spark map spread by a tenth, its cells left as they were. */
  const stretched = (): Tune =>
    roadTune(({ spark: map }) => {
      map!.axes[1] = { ...map!.axes[1]!, breakpoints: SPEEDS.map((n) => n * 0.8) };
    });

  test('are compared by place: the engine gets the advance of a higher speed', () => {
    const given = { tune: stretched(), stock: road() };
    expect(worstOf(given, 'axis.changedFromStock.count')).toBe(SPEEDS.length);
    // 8000 rpm now holds what 10 000 held, 20 degrees of speed; stock has 17.8 there.
    expect(worstOf(given, 'spark.fullLoad.overStock.max')).toBeGreaterThan(2);
  });

  test('and at the places of stock: a last breakpoint pulled out of reach leaves full throttle short of fuel', () => {
    const pulled = roadTune(({ fuel: map }) => {
      map!.axes[0] = { ...map!.axes[0]!, breakpoints: [...LOADS.slice(0, -1), 190] };
    });
    // At 100 % the ECU now reads a tenth of the way from 90 %: 6 - 0.36 of 6 ms at 9000 rpm; every cell is as it was.
    expect(worstOf({ tune: pulled, stock: road() }, 'fuel.fullLoad.leanerThanStock.max')).toBeGreaterThan(5);
  });

  test('and cells that moved with them are no change of spark', () => {
    const moved = roadTune(({ spark: map }) => {
      const speeds = SPEEDS.map((n, i) => (i > 0 && i < 8 ? n + 500 : n));
      map!.axes[1] = { ...map!.axes[1]!, breakpoints: speeds };
      map!.cells = Float64Array.from(
        speeds.flatMap((n) => LOADS.map((l) => 12 + Math.min(n, 9000) / 450 + (100 - l) * 0.08)),
      );
    });
    expect(worstOf({ tune: moved, stock: road() }, 'spark.fullLoad.overStock.max')).toBeCloseTo(0, 6);
  });
});
