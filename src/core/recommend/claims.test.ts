import { expect, test } from 'vitest';
import { compileKnowledge } from '../../catalog/compile-knowledge.ts';
import { claimsOf } from './claims.ts';
import type { RecommendData } from './data.ts';

const data = (await compileKnowledge('rules')).data['recommend'] as RecommendData;

test.each([
  ['r6-full-exhaust-filter-98ron.bin', { ron: 98, parts: ['full exhaust', 'air filter'] }],
  ['R6_FullSystem_RON98_K&N.bin', { ron: 98, parts: ['air filter'] }],
  ['zx10 slip-on 93aki.bin', { ron: 97, parts: ['slip-on exhaust'] }],
  ['grom-170cc-kit.bin', { displacementCc: 170, parts: ['big bore kit'] }],
  ['busa e85 turbo.msq', { ethanolPercent: 85, parts: ['turbo or supercharger'] }],
  ['sv650-stock exhaust no filter.bin', { parts: [] }],
  ['camera-scan.bin', { parts: [] }],
  ['ron.bin', { ron: null }],
  ['ron999 e999 99999cc.bin', { ron: null, ethanolPercent: null, displacementCc: null }],
])('%s', (name, expected) => {
  expect(claimsOf([name], data)).toMatchObject(expected);
});

test('a name of a megabyte is read in its beginning', () => {
  expect(claimsOf(['cams '.repeat(200_000)], data).text.length).toBeLessThan(6000);
});
