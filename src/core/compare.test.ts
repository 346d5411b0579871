import { describe, expect, test } from 'vitest';
import { compareTunes } from './compare.ts';
import { compareBytes, coverMaps } from './compare-bytes.ts';
import { testAxis, testMap } from './roles/test-maps.ts';
import { cellOf, roadTune } from './test-tune.ts';

const at = (offsetBytes: number, elementBytes = 1) => ({
  offsetBytes,
  elementBytes,
  byteOrder: 'big' as const,
  signed: false,
  float: false,
  layout: 'row' as const,
  elementStepBytes: elementBytes,
  lineStepBytes: elementBytes * 4,
});

describe('maps and cells', () => {
  test('a tune against itself: every map the same', () => {
    const { same, maps } = compareTunes(roadTune().maps, roadTune().maps, true);
    expect(same).toBe(true);
    expect(maps.map((m) => m.status)).toEqual(['same', 'same', 'same', 'same']);
  });

  test('one cell: its place, both values, nothing else', () => {
    const tune = roadTune((m) => {
      m['spark']!.cells[cellOf(6000, 80)]! += 4;
    });
    const spark = compareTunes(roadTune().maps, tune.maps, true).maps[0]!;
    expect(spark.status).toBe('changed');
    expect(spark.changed).toHaveLength(1);
    const [cell] = spark.changed;
    expect([cell!.row, cell!.column]).toEqual([5, 8]);
    expect(cell!.to! - cell!.from!).toBeCloseTo(4, 9);
    expect(spark.uniform).toBeNull();
  });

  test('a map moved as a whole is one amount or one factor', () => {
    const richer = roadTune((m) => {
      m['fuel']!.cells = m['fuel']!.cells.map((v) => v * 1.05);
      m['spark']!.cells = m['spark']!.cells.map((v) => v + 3);
    });
    const [spark, fuel] = compareTunes(roadTune().maps, richer.maps, true).maps;
    expect(spark!.uniform?.kind).toBe('offset');
    expect(spark!.uniform?.value).toBeCloseTo(3, 6);
    expect(fuel!.uniform?.kind).toBe('factor');
    expect(fuel!.uniform?.value).toBeCloseTo(5, 6);
  });

  test('under the threshold: counted, not listed', () => {
    const tune = roadTune((m) => {
      m['spark']!.cells[0]! += 0.5;
      m['spark']!.cells[1]! += 2;
    });
    const [spark] = compareTunes(roadTune().maps, tune.maps, true, { value: 1, percent: false }).maps;
    expect(spark!.changed.map((c) => c.column)).toEqual([1]);
    expect(spark!.underThreshold).toBe(1);
  });

  test('an axis that moved is said, and the cells stay matched by index', () => {
    const tune = roadTune((m) => {
      const speeds = m['spark']!.axes[1]!;
      speeds.breakpoints = [...speeds.breakpoints.slice(0, 11), 13_000];
      m['spark']!.cells[7]! -= 2;
    });
    const [spark] = compareTunes(roadTune().maps, tune.maps, true).maps;
    expect(spark!.status).toBe('axesChanged');
    expect(spark!.axes).toEqual(['y: 1 of 12 breakpoints, first 12000 -> 13000 rpm']);
    expect(spark!.changed).toHaveLength(1);
  });

  test('other software: by title, then by role; other shapes are never resampled', () => {
    const small = testMap({
      title: 'Zündung',
      role: 'spark',
      unit: '°',
      rows: 2,
      columns: 2,
      axes: [testAxis('x', [0, 100], 'throttle', '%'), testAxis('y', [1000, 9000], 'engineSpeed', 'rpm')],
      cells: Float64Array.of(1, 2, 3, 4),
    });
    const { maps } = compareTunes(roadTune().maps, [small], false);
    expect(maps[0]).toMatchObject({ status: 'axesChanged', matchedBy: 'role', changed: [] });
    expect(maps[0]!.notes[0]).toMatch(/12x11 cells against 2x2/);
    expect(maps.slice(1).map((m) => m.status)).toEqual(['removed', 'removed', 'removed']);
  });

  test('twins that nothing tells apart are not paired by chance', () => {
    const twin = (offset: number) => testMap({ title: 'Table', role: 'spark', at: at(offset), id: `t${offset}` });
    const { maps } = compareTunes([twin(0), twin(4)], [twin(8), twin(12)], false);
    expect(maps.map((m) => m.status)).toEqual(['removed', 'removed', 'added', 'added']);
  });

  test('the same map at another place has moved', () => {
    const map = (offset: number) => testMap({ title: 'Table', id: `table@${offset}`, at: at(offset) });
    expect(compareTunes([map(0)], [map(16)], true).maps[0]!.status).toBe('moved');
  });
});

describe('bytes', () => {
  test('those in a map are explained, the others are named as runs', () => {
    const a = new Uint8Array(32);
    const b = a.slice();
    for (const i of [4, 5, 20, 21, 22, 30]) b[i] = 9;
    const covered = new Uint8Array(32);
    coverMaps(covered, [testMap({ title: 'm', kind: 'map', rows: 1, columns: 4, at: at(4) })], {
      masks: new Map(),
      patches: new Map(),
    });
    expect(compareBytes(a, b, covered)).toEqual({
      changed: 6,
      explained: 2,
      unexplained: [
        { offsetBytes: 20, length: 3 },
        { offsetBytes: 30, length: 1 },
      ],
      unexplainedRuns: 2,
    });
  });

  test('a flag explains its own bit and no other', () => {
    const covered = new Uint8Array(1);
    const flag = testMap({ title: 'f', kind: 'flag', id: 'f', at: at(0), state: true });
    coverMaps(covered, [flag], { masks: new Map([['f', 0x02]]), patches: new Map() });
    expect(compareBytes(Uint8Array.of(0), Uint8Array.of(2), covered).explained).toBe(1);
    expect(compareBytes(Uint8Array.of(0), Uint8Array.of(6), covered).explained).toBe(0);
  });

  test('what only the longer file has differs', () => {
    const { changed, unexplained } = compareBytes(new Uint8Array(4), new Uint8Array(6), new Uint8Array(6));
    expect([changed, unexplained]).toEqual([2, [{ offsetBytes: 4, length: 2 }]]);
  });
});
