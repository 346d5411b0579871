/** Real factory and tuned files: what is bundled finds them, factory images stay quiet, near-misses are refused. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeDocument, analyzeOne, CORPUS } from './analyze-in-process.ts';

const here = existsSync(CORPUS);

/** Factory images of the bundled families. */
const FACTORY: [string, string][] = [
  ['xdf-bin/vfr1200f-mge/38770-MGE-773.bin', 'honda-38770-mge-773'],
  ['xdf-bin/cbr1000rr-mgp/38770-MGP-A01.bin', 'honda-38770-mgp-a01'],
  ['xdf-bin/cbr1000rr-mgp/38770-MGP-D01.bin', 'honda-38770-mgp-a01'],
  ['xdf-bin/cbr500r-mgz/38770-MGZ-A03.bin', 'honda-38770-mgz'],
  ['xdf-bin/cbr500r-mgz/38770-MGZ-C02.bin', 'honda-38770-mgz'],
  ['xdf-bin/cbr500r-mgz/38770-MGZ-D02.bin', 'honda-38770-mgz'],
  ['bin-nodef/honda-keihin/38770-MGZ-C03.bin', 'honda-38770-mgz'],
  ['xdf-bin/cbr500r-mjw/38770-MJW-AQ1.bin', 'honda-38770-mjw-a301'],
  ['xdf-bin/cbr500r-mjw/38770-MJW-DR1.bin', 'honda-38770-mjw-a301'],
  ['xdf-bin/msx125-k26-911/38770-K26-911.bin', 'honda-38770-k26-911'],
  ['xdf-bin/msx125-k26-911/38770-K26-931.bin', 'honda-38770-k26-911'],
  ['xdf-bin/msx125-k26-b13/38770-K26-B13.bin', 'honda-38770-k26-b13'],
  ['xdf-bin/z125-k0f/38770-K0F-A01.bin', 'honda-38770-k0f-a01'],
  ['bin-codedef/honda-cbr250rr-k64/38770-K64-N04.bin', 'honda-38770-k64-n04'],
  ['xdf-bin/hayabusa-gen3/Hayabusa gen 3 stock.bin', 'suzuki-32990-10l-5jcxsj10'],
  ['bin-codedef/hayabusa-gen2-k8/K8.bin', 'suzuki-hayabusa-dj18se11'],
  ['bin-codedef/suzuki-ecueditor/Bking-DJ47SE01.bin', 'suzuki-bking-dj47se01'],
  ['bin-codedef/suzuki-ecueditor/gixxerk9-DJB5SE01.bin', 'suzuki-gsxr1000-djb5se01'],
  ['bin-codedef/suzuki-ecueditor/DJ55SE10.bin', 'suzuki-gsxr600-dj55se10'],
  ['bin-codedef/suzuki-ecueditor/DJE4SE10.bin', 'suzuki-gsxr600-dje4se10'],
  ['xdf-bin/ducati-900ss-15m/AM28F010_DUCATI_900_SS_EU.bin', 'ducati-iaw-15m-900ss'],
];

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(CORPUS + path));

/** Small and repeatable: the same damage in every run. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.skipIf(!here)('factory images (needs ../shared/corpus)', () => {
  test.each(FACTORY)('%s: found by itself, quiet, and not by silence', async (path, id) => {
    // Through stdin: bare, with nothing beside it.
    const report = await analyzeOne('-', {}, bytesOf(path));
    expect(report.definition).toMatchObject({ id, origin: 'bundled', verdict: 'fits' });
    expect(report.outcome).toBe('analysed');
    expect(report.scores.safety.value).toBeGreaterThanOrEqual(80);
    const loud = report.findings.filter(
      (f) => f.status === 'fail' && ['critical', 'high', 'medium'].includes(f.severity),
    );
    expect(loud.map((f) => f.id)).toEqual([]);
    expect(report.findingCounts.pass + report.findingCounts.fail).toBeGreaterThanOrEqual(12);
  });

  test.each(FACTORY)(
    '%s with 5 % of its calibration bytes changed: still found, with a number and findings',
    async (path, id) => {
      const bytes = bytesOf(path);
      const { decodeFile } = await import('../app/decode-file.ts');
      const decoded = await decodeFile(
        '-',
        { definition: null, shiftBytes: 0, roles: [], warn: () => undefined, readStdin: async () => bytes },
        { flags: { store: false }, env: {}, cwd: CORPUS },
      );
      const places = new Set<number>();
      for (const { at, cells } of decoded.tune.maps) {
        if (at !== null) for (let i = 0; i < cells.length * at.elementBytes; i++) places.add(at.offsetBytes + i);
      }
      const next = random(7);
      for (const place of places) if (next() < 0.05) bytes[place] = Math.floor(next() * 256);
      const report = await analyzeOne('-', {}, bytes);
      expect(report.definition?.id).toBe(id);
      expect(report.scores.safety.value).not.toBeNull();
      expect(report.findings.some((f) => f.status === 'fail' && f.severity !== 'info')).toBe(true);
    },
  );

  test('no other image gets a bundled definition', async () => {
    const relatives = ['38770-MGP-L01.bin', '38770-MGZ-C03.bin'];
    const strangers = [
      ...readdirSync(`${CORPUS}bin-nodef/honda-keihin`)
        .filter((f) => !relatives.includes(f))
        .map((f) => `bin-nodef/honda-keihin/${f}`),
      'xdf-bin/cbr500r-mjw/38770_MJW_D51.bin',
      'xdf-bin/cbr1000rr-mgp/38770-MGP-A92.bin',
      'xdf-bin/vfr1200f-mge/38770-MGE-D41.bin',
      'bin-codedef/honda-cbr250rr-k64/38770-K64-N01.bin',
      'xdf-bin/volvo-s90-m44/Stock S90.BIN',
      'powervision/harley-16D110002401/current_tune.bin',
      'a2l-bin/bmw-mss52-a2l/52_508a2lform.bin',
    ];
    for (const path of strangers) {
      const report = await analyzeOne('-', {}, bytesOf(path));
      expect([path, report.outcome, report.refusal?.code]).toEqual([path, 'refused', 'NO_DEFINITION']);
    }
  }, 240_000);
});

describe.skipIf(!here)('a tuned file against its stock (needs ../shared/corpus)', () => {
  test('names exactly the maps and cells that a byte comparison names', async () => {
    const folder = 'xdf-bin/vfr1200f-mge/';
    const report = await analyzeOne(`${CORPUS}${folder}38770-MGE-773_merged_maxValues.bin`, {
      stock: `${CORPUS}${folder}38770-MGE-773.bin`,
      definition: `${CORPUS}${folder}HONDA_VFR1200F_38770-MGE-773.xdf`,
    });
    const [a, b] = [bytesOf(`${folder}38770-MGE-773_merged_maxValues.bin`), bytesOf(`${folder}38770-MGE-773.bin`)];
    const { decodeFile } = await import('../app/decode-file.ts');
    const decoded = await decodeFile(
      `${CORPUS}${folder}38770-MGE-773.bin`,
      {
        definition: `${CORPUS}${folder}HONDA_VFR1200F_38770-MGE-773.xdf`,
        shiftBytes: 0,
        roles: [],
        warn: () => undefined,
        readStdin: async () => a,
      },
      { flags: { store: false }, env: {}, cwd: CORPUS },
    );
    const expected: Record<string, number> = {};
    for (const { id, at, rows, columns } of decoded.tune.maps) {
      let changed = 0;
      for (let i = 0; i < rows * columns; i++) {
        const row = Math.floor(i / columns);
        const [line, element] = at!.layout === 'row' ? [row, i % columns] : [i % columns, row];
        const from = at!.offsetBytes + line * at!.lineStepBytes + element * at!.elementStepBytes;
        if (a.subarray(from, from + at!.elementBytes).some((v, k) => v !== b[from + k])) changed++;
      }
      if (changed > 0) expected[id] = changed;
    }
    expect(Object.fromEntries(report.stock.mapsChanged.map((m) => [m.id, m.changedCells]))).toEqual(expected);
    expect(Object.keys(expected)).toHaveLength(41);
    const spark = report.findings.find((f) => f.ruleId === 'spark-over-stock-at-full-load');
    expect(spark).toMatchObject({ severity: 'high', reference: 'stockFile' });
    expect(spark?.value).toBeCloseTo(8.32, 6);
    expect(report.scores.safety.value).toBeLessThan(60);
  });

  test('a stock file that is the tune itself is no reference', async () => {
    const path = `${CORPUS}xdf-bin/vfr1200f-mge/38770-MGE-773.bin`;
    const { document, warnings } = await analyzeDocument([path], { stock: path });
    expect(document.reports[0]?.stock.reference).toBe('stockKnown');
    expect(warnings.join()).toContain('STOCK_REFUSED');
  });
});

describe.skipIf(!here)('projects of TunerStudio (needs ../shared/corpus)', () => {
  const files = here
    ? readdirSync(`${CORPUS}msq`, { recursive: true, encoding: 'utf8' })
        .filter((f) => f.endsWith('.msq'))
        .sort()
    : [];

  test.each(files)('%s opens; an erased one has no score, a running one has', async (file) => {
    const report = await analyzeOne(`${CORPUS}msq/${file}`);
    expect(report.refusal).toBeNull();
    if (file.endsWith('2025-01-05.msq')) {
      expect(report.scores.safety.value).toBeNull();
      expect(report.findings.filter((f) => f.status === 'fail')).toEqual([]);
      expect(report.scores.safety.reason).toContain('not set');
    } else if (file.endsWith('base tune with wmi.msq')) {
      // engineProtectType "Off": Speeduino then cuts nothing, and that is judged as no limiter at all.
      expect(report.findings.find((f) => f.ruleId === 'limiter-switched-off')).toMatchObject({
        status: 'fail',
        severity: 'high',
      });
      expect(report.scores.safety.value).toBeLessThan(60);
    } else {
      expect(report.scores.safety.value).not.toBeNull();
      // These run on a volumetric efficiency map whose mixture target was never set: a number, and never one that looks safe.
      if (/Busa_CurrentTune|Hayabusa-R1_(2025-10-07|CurrentTune)/.test(file)) {
        expect(report.scores.safety.value).toBeLessThan(80);
        expect(report.scores.safety.caps.length).toBeGreaterThan(0);
      }
      expect(report.findings.filter((f) => f.status === 'fail' && f.severity === 'critical').map((f) => f.id)).toEqual(
        [],
      );
    }
  });
});

test('a hundred runs give one document', async () => {
  const hashes = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const { document } = await analyzeDocument(['fixtures/example/track-day.bin'], {
      stock: 'fixtures/example/stock.bin',
    });
    const { run: _, ...rest } = document;
    hashes.add(createHash('sha256').update(JSON.stringify(rest)).digest('hex'));
  }
  expect(hashes.size).toBe(1);
});
