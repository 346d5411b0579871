/** Made-up analyses by the hundred thousand, as lines of an export: small reports, each with another bike, score and note. */
import { RECORD } from '../../app/exchange-record.ts';
import { FINGERPRINT_LAYOUT, FINGERPRINT_LENGTH } from '../../core/fingerprint.ts';
import { NO_WORDS } from '../../core/library/entry.ts';
import { refusedReport } from '../../core/refused-report.ts';
import { type Report, SCHEMA_VERSION } from '../../core/report.ts';
import { seededRandom } from '../search-eval/seeded-random.ts';

const BIKES = [
  'suzuki/hayabusa-gsx1300r-2008-2020',
  'honda/cbr1000rr-2008-2016',
  'honda/vfr1200f-2010-2017',
  'honda/grom-2014-2020',
];
const NOTES = [
  'full exhaust and filter',
  'circuit only',
  'daily commute',
  'E85 with larger injectors',
  'soft for rain',
  'high altitude',
];
const AT = '2026-01-01T00:00:00.000Z';

/** One line, with its line feed. The same index gives the same line. */
export function syntheticLine(index: number): string {
  const random = seededRandom(index + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const id = index.toString(16).padStart(16, '0');
  const bike = pick(BIKES);
  const record = {
    record: RECORD,
    analysisId: id,
    firstAt: AT,
    lastAt: AT,
    schemaVersion: SCHEMA_VERSION,
    toolVersion: '0.0.0',
    ruleset: { version: '1.0.0', hash: '0123456789abcdef' },
    definitionSha256: null,
    library: {
      changes: `more fuel, runs richer at full throttle, variant ${Math.floor(1_000 * random())}`,
      said: { ...NO_WORDS, notes: `${pick(NOTES)}, number ${index}` },
      family: bike,
      fingerprint: fingerprintText(random),
    },
    own: null,
    metrics: ['spark.wot.advance.max', 'mixture.wot.lambda.max', 'limiter.rpm'].map((m) => ({
      id: m,
      mapId: null,
      value: 100 * random(),
      unit: '',
      reason: null,
    })),
    report: syntheticReport(id, bike, Math.round(100 * random())),
  };
  return `${JSON.stringify(record)}\n`;
}

function syntheticReport(id: string, bike: string, safety: number): Report {
  const base = refusedReport(
    { path: `tunes/${id}.bin`, sha256: id.padStart(64, '0'), byteLength: 262_144 },
    { code: 'X', message: '', hint: '' },
    { format: null, definition: null, conditions: { ron: null, ethanolPercent: null, altitudeM: null, mods: [] } },
  );
  return {
    ...base,
    outcome: 'analysed',
    refusal: null,
    analysisId: id,
    motorcycle: { id: bike, name: bike, confidence: 'high', alternatives: [] },
    scores: {
      ...base.scores,
      safety: { ...base.scores.safety, value: safety, level: safety >= 60 ? 'MODERATE' : 'RISKY' },
    },
  };
}

/** As an export writes it; half the changes are none, as in real tunes. */
function fingerprintText(random: () => number): { layout: number; values: string; changes: string } {
  const numbers = (of: () => number): string =>
    Buffer.from(Float32Array.from({ length: FINGERPRINT_LENGTH }, of).buffer).toString('base64');
  return {
    layout: FINGERPRINT_LAYOUT,
    values: numbers(() => 40 * random()),
    changes: numbers(() => (random() < 0.5 ? 0 : 10 * random() - 5)),
  };
}
