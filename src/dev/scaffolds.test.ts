import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toMotorcycle } from '../catalog/motorcycles.ts';
import { toRule } from '../catalog/rules.ts';
import { fromObject } from '../formats/revsync-definition/index.ts';
import { scaffolds } from './scaffolds.ts';

/** Path and text of what is written. */
const written = (kind: string, id: string): [string, string] => {
  const files = Object.entries(scaffolds[kind]!(id));
  expect(files).toHaveLength(1);
  return files[0]!;
};

describe('what npm run new writes is valid as it stands', () => {
  test('a rule, with a hit and a miss', () => {
    const [path, text] = written('rule', 'spark/my-fault');
    expect(path).toBe('rules/checks/spark/my-fault.yaml');
    const rule = toRule(parse(text), 'my-fault');
    expect([rule.category, rule.examples.map((e) => e.says)]).toEqual(['spark', ['pass', 'medium']]);
    expect(rule.unproven).toMatch(/^.{60,}\.$/);
  });

  test('a motorcycle, whose make, model and years are those of its id', () => {
    const [path, text] = written('motorcycle', 'yamaha/mt-07-2014-2017');
    expect(path).toBe('rules/motorcycles/yamaha/mt-07-2014-2017.yaml');
    const { make, model, yearFrom, yearTo } = toMotorcycle(parse(text), 'yamaha/mt-07-2014-2017');
    expect([make, model, yearFrom, yearTo]).toEqual(['Yamaha', 'MT-07', 2014, 2017]);
  });

  test('a motorcycle without years in its id is none', () => {
    expect(scaffolds['motorcycle']!('yamaha/mt-07')).toEqual({});
  });

  test('a definition', () => {
    const [path, text] = written('definition', 'my-ecu');
    expect(path).toBe('rules/definitions/my-ecu.yaml');
    const { id, title, items } = fromObject(parse(text), '', 'my-ecu');
    expect([id, title, items]).toEqual(['my-ecu', 'Maker model, ECU part number', []]);
  });
});
