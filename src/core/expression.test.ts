import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileExpression, type Scope } from './expression.ts';

const scope = (x: number): Scope => ({
  variable: (name) => (name === 'X' ? x : Number.NaN),
  self: () => x,
  row: 2,
  column: 3,
  rows: 4,
  columns: 5,
  cell: (r, c, raw) => r * 100 + c * 10 + (raw ? 1 : 0),
  that: (id, r, c, raw) => id + r * 100 + c * 10 + (raw ? 1 : 0),
  address: (at, bits, lsb, signed) => at + bits + (signed ? 1 : 0) + (lsb ? 2 : 0),
});
const run = (text: string, x = 7): number => compileExpression(text).run(scope(x));

describe('equations of TunerPro', () => {
  test.each([
    ['X*2+1', 15],
    ['x*2+1', 15],
    ['2+3*4', 14],
    ['2^3^2', 512],
    ['2*3^2', 18],
    ['-X', -7],
    ['-X^2', -49],
    ['(-X)^2', 49],
    ['2*-X^2+1', -97],
    ['2^-1', 0.5],
    ['0.5*X+1', 4.5],
    ['X/4-1', 0.75],
    ['X/3', 7 / 3],
    ['BITAND(X;5)', 5],
    ['(X+1)*(X-1)', 48],
    ['0x10+1.165e0', 17.165],
    ['X>>1', 3],
    ['1<<4', 16],
    ['IF(X==7;1;2)', 1],
    ['if(X>10;1;2)', 2],
    ['IF(X=7;1;2)', 1],
    ['POW(2;10)', 1024],
    ['MROUND(7.3;0.5)', 7.5],
    ['ABS(0-X)', 7],
    ['ROW()*1000+COL()*100+ROWS()*10+COLS()', 2345],
    ['CELL(2;3;TRUE)', 231],
    ['CELL(3;TRUE)', 31],
    ['INDEX()*100+INDEXES()', 1320],
    ['THIS()*2', 14],
    ['DEGREES(RADIANS(90))', 90],
    ['TANH(0.5)', Math.tanh(0.5)],
    ['LOG(100)', 2],
    ['SQR(9)', 81],
    ['THAT(1554;ROW();COL();FALSE)', 1784],
    ['ADDRESS(100;16;TRUE;FALSE)', 118],
    ['TRUE+FALSE', 1],
  ])('%s', (text, value) => expect(run(text)).toBeCloseTo(value, 9));

  test.each([
    ['LOG(100)', Math.log(100)],
    ['LOG10(100)', 2],
    ['SQR(9)', 3],
    ['X/2^14', 7 / 16_384],
    ['(0-2)*10^-2', -0.02],
  ])('%s in the words of TunerPro', (text, value) => {
    expect(compileExpression(text, 'tunerPro').run(scope(7))).toBeCloseTo(value, 12);
  });

  test.each(['X^2', '2^X', '(X+1)^2'])('%s of TunerPro is the exclusive or to one and the power to another', (text) => {
    expect(() => compileExpression(text, 'tunerPro')).toThrow(/exclusive or/);
    expect(run(text)).not.toBeNaN();
  });

  test.each(['X/0', 'X+Stoich', 'SQRT(0-1)', 'IF(Y;1;2)'])('%s cannot be computed: NaN, and nothing thrown', (text) => {
    expect(run(text)).toBeNaN();
  });

  test.each([
    ['', 'empty'],
    ['X +', 'cut short'],
    ['NOSUCH(1)', 'an unknown function'],
    ['X.constructor', 'a member'],
    ['[1]', 'a list'],
    ['"text"', 'a text'],
    ['this', 'this'],
    ['X=>1', 'a function'],
    ['constructor("return 1")()', 'a call of a call'],
    [`${'('.repeat(200)}X${')'.repeat(200)}`.replace('X', `${'-'.repeat(100)}X`), 'a nesting bomb'],
    ['X+'.repeat(2_000), 'too long'],
  ])('%s: refused (%s)', (text) => {
    expect(() => compileExpression(text)).toThrow(expect.objectContaining({ code: 'EQUATION_INVALID' }));
  });

  test('a straight line is known as one, and gives the same numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.integer({ min: 0, max: 65_535 }), (a, x) => {
        const text = `X*${Math.abs(a).toFixed(4)}+1.5`;
        const { linear } = compileExpression(text);
        expect(linear).not.toBeNull();
        expect(x * linear!.factor + linear!.offset).toBe(run(text, x));
      }),
    );
  });
});
