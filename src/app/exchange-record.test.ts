import { describe, expect, test } from 'vitest';
import { syntheticLine } from '../dev/bench/synthetic-library.ts';
import { linesOf } from './exchange.ts';
import { readLine } from './exchange-record.ts';

const GOOD = JSON.parse(syntheticLine(1)) as Record<string, unknown> & { report: Record<string, unknown> };
const read = (change: (record: typeof GOOD) => void) => {
  const record = structuredClone(GOOD);
  change(record);
  return readLine(JSON.stringify(record), new Map());
};

describe('a line', () => {
  test('of an export is a record', () => {
    const line = readLine(syntheticLine(1), new Map());
    expect(line.kind === 'record' && line.record.report.analysisId).toBe('0000000000000001');
  });

  test('may hold more fields of a later version, and they are left out', () => {
    const line = read((r) => {
      Object.assign(r.report, { mood: 'good' });
      Object.assign(r, { weather: 'fair' });
    });
    expect(line.kind).toBe('record');
    expect(line.kind === 'record' && 'mood' in line.record.report).toBe(false);
  });

  test.each<[string, string, (r: typeof GOOD) => void]>([
    ['another id in the report', 'BAD_ID', (r) => Object.assign(r.report, { analysisId: 'ffffffffffffffff' })],
    ['an id that is none', 'BAD_FIELD', (r) => Object.assign(r, { analysisId: "1' OR '1" })],
    [
      'a hash that is none',
      'BAD_ID',
      (r) => Object.assign(r.report, { input: { path: 'x', sha256: '../../etc', byteLength: 1 } }),
    ],
    ['a missing report', 'BAD_REPORT', (r) => Reflect.deleteProperty(r, 'report')],
    [
      'a text for a number',
      'BAD_REPORT',
      (r) => Object.assign(r.report, { coverage: { ratio: '1', areas: [], notChecked: [] } }),
    ],
    ['a time that is none', 'BAD_FIELD', (r) => Object.assign(r, { lastAt: 'yesterday' })],
    ['a huge text', 'BAD_FIELD', (r) => Object.assign(r, { toolVersion: 'x'.repeat(1_000) })],
    [
      'a short fingerprint',
      'BAD_FIELD',
      (r) => Object.assign(r['library'] as object, { fingerprint: { layout: 1, values: 'AAAA', changes: 'AAAA' } }),
    ],
    ['another schema', 'OTHER_SCHEMA', (r) => Object.assign(r, { schemaVersion: '9.0.0' })],
    ['another kind of record', 'UNKNOWN_RECORD', (r) => Object.assign(r, { record: 'revsync-analysis/99' })],
  ])('with %s is bad', (_, code, change) => {
    expect(read(change)).toMatchObject({ kind: 'bad', code });
  });

  test.each([
    ['{', 'NOT_JSON'],
    ['null', 'NOT_A_RECORD'],
    ['[]', 'NOT_A_RECORD'],
    ['{"a": 1}', 'NOT_A_RECORD'],
    ['{"__proto__": {"record": "x"}}', 'NOT_A_RECORD'],
    [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'NOT_A_RECORD'],
  ])('%.20s is bad', (text, code) => {
    expect(readLine(text, new Map())).toMatchObject({ kind: 'bad', code });
  });

  test('numbers beyond all numbers are refused', () => {
    expect(readLine(syntheticLine(1).replace('"ratio":0', '"ratio":1e999'), new Map())).toMatchObject({ kind: 'bad' });
  });

  test('of refused files and errors holds nothing to keep', () => {
    expect(readLine('{"input": {}, "outcome": "refused"}', new Map()).kind).toBe('skipped');
    expect(readLine('{"schemaVersion": "1", "errors": []}', new Map()).kind).toBe('skipped');
  });
});

describe('lines of a stream', () => {
  const split = async (chunks: string[], most = 10): Promise<(string | null)[]> => {
    const lines: (string | null)[] = [];
    const stream = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })();
    for await (const line of linesOf(stream, most, '-')) lines.push(line);
    return lines;
  };

  test.each([
    [['a\nb\n'], ['a', 'b']],
    [
      ['a', 'b\n', '\nc'],
      ['ab', '', 'c'],
    ],
    [
      ['01234567', '89X', 'tail\nok\n'],
      [null, 'ok'],
    ],
    [['0123456789ABC'], [null]],
    [[], []],
  ])('%j', async (chunks, expected) => {
    expect(await split(chunks)).toEqual(expected);
  });

  test('a character cut in two is whole again', async () => {
    const bytes = Buffer.from('ä\n');
    const lines: (string | null)[] = [];
    const stream = (async function* () {
      yield bytes.subarray(0, 1);
      yield bytes.subarray(1);
    })();
    for await (const line of linesOf(stream, 10, '-')) lines.push(line);
    expect(lines).toEqual(['ä']);
  });
});
