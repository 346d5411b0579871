import { describe, expect, test } from 'vitest';
import { compileCondition } from './condition.ts';

const scope = { engine: { cooling: 'air' }, table: { role: 'spark' }, stock: {}, conditions: {}, facts: {} };

describe('a condition of a stranger ends', () => {
  test.each([
    ['a regular expression', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")', 'matches'],
    ['the same behind a comment', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches // c\n ("^(a+)+$")', 'matches'],
    ['a regular expression inside', 'has(engine.cooling) && (true ? engine.cooling.matches("a") : false)', 'matches'],
    ['lists inside each other', '[1.0, 2.0].all(a, [1.0, 2.0].exists(b, a > b))', 'all'],
    ['a map of a list', '[1.0].map(a, a) == [1.0]', 'map'],
  ])('%s', (_, text, name) => {
    expect(() => compileCondition(text)).toThrow(`${name}() is not allowed`);
  });

  test('what rules need is there', () => {
    expect(compileCondition('has(engine.cooling) && engine.cooling.contains("i")')(scope)).toBe(true);
    expect(compileCondition('table.role.startsWith("spark") && table.role.endsWith("k")')(scope)).toBe(true);
    expect(compileCondition('size(table.role) > 99')(scope)).toBe(false);
    expect(compileCondition('engine.boreMm > 1.0')(scope)).toBe(null);
  });
});
