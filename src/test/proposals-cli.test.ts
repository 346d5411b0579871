/** A definition for an image that nobody has defined: proposed, looked at, confirmed, judged. The built entry, as a person meets it. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, PROJECT } from './analyze-in-process.ts';

const home = mkdtempSync(join(tmpdir(), 'revsync-propose-'));
const image = join(home, 'unknown.bin');

beforeAll(async () => {
  if (!existsSync(join(PROJECT, 'dist/main.js'))) await execa('npm', ['run', 'build'], { cwd: PROJECT });
  // The example with its calibration id out of the way: an image that no definition fits.
  const bytes = readFileSync(join(PROJECT, 'fixtures/example/stock.bin'));
  bytes.fill(0x20, 0, 0x100);
  writeFileSync(image, bytes);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function revsync(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(PROJECT, 'bin/revsync.js'), ...args], {
    cwd: home,
    reject: false,
    stdin: 'ignore',
    env: {
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      USE_LOCAL_LLM: 'false',
      COLUMNS: '200',
    },
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

const report = async (...args: string[]) =>
  JSON.parse((await revsync('analyze', image, '--no-store', '--format', 'json', ...args)).stdout).reports[0];

describe('candidates become a definition', () => {
  test('an image without a definition is refused with the next commands', async () => {
    const { stdout, exitCode } = await revsync('analyze', 'unknown.bin', '--no-store');
    expect(exitCode).toBe(2);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain('revsync definitions propose unknown.bin');
    expect(text).toContain('revsync maps unknown.bin --candidates');
  });

  test('an XDF of them is read, shown as guessed and never scored', async () => {
    const { stdout } = await revsync('maps', image, '--candidates', '--format', 'xdf');
    writeFileSync(join(home, 'candidates.xdf'), stdout);
    const judged = await report('--definition', 'candidates.xdf');
    expect(judged.outcome).toBe('notEnoughData');
    expect(judged.scores.safety.value).toBeNull();
    expect(judged.scores.safety.reason ?? judged.coverage.areas[0].reason).toContain('guessed, unconfirmed');
    expect(judged.tune.undecoded).toHaveLength(4);
    expect(judged.tune.undecoded[0].reason).toMatch(/^guessed, unconfirmed: /);
    const shown = JSON.parse((await revsync('maps', image, '-d', 'candidates.xdf', '--format', 'json')).stdout);
    expect(
      shown.maps.map((m: { decodeConfidence: string; at: { offsetBytes: number } }) => [
        m.decodeConfidence,
        m.at.offsetBytes,
      ]),
    ).toEqual([
      ['guessed', 0x1100],
      ['guessed', 0x1300],
      ['guessed', 0x1500],
      ['guessed', 0x1900],
    ]);
    // A person takes a table out of the category in TunerPro: it is confirmed.
    writeFileSync(join(home, 'mended.xdf'), stdout.replace('<CATEGORYMEM index="0" category="1" />', ''));
    expect((await report('--definition', 'mended.xdf')).tune.maps).toBe(1);
  });

  test('in YAML, item by item: yes, no, the rest stays a guess', async () => {
    const { stdout } = await revsync('maps', image, '--candidates', '--format', 'yaml');
    writeFileSync(join(home, 'c.yaml'), stdout);
    expect((await report('--definition', 'c.yaml')).scores.safety.value).toBeNull();
    const listed = await revsync('definitions', 'confirm', 'c.yaml', 'unknown.bin');
    expect(listed.stdout.split('\n').filter((l) => l.includes('Candidate at'))).toHaveLength(4);
    expect(listed.stderr).toContain('0 confirmed, 0 rejected, 4 still guessed');
    const answered = await revsync(
      'definitions',
      'confirm',
      'c.yaml',
      'unknown.bin',
      '--yes',
      'Candidate at 0x1100',
      '--no',
      '0x1300',
    );
    expect(answered.stderr).toContain('1 confirmed, 1 rejected, 2 still guessed; 1 items count');
    const text = readFileSync(join(home, 'c.yaml'), 'utf8');
    expect(text).toMatch(/Candidate at 0x1100.*confirmed: "?\d{4}-\d\d-\d\d, on image [0-9a-f]{16}/);
    expect(text).toMatch(/Candidate at 0x1300.*rejected: /);
    expect(text).toContain('# Candidates that the map finder proposes');
    const judged = await report('--definition', 'c.yaml');
    expect(judged.tune.maps).toBe(1);
    expect(judged.tune.undecoded.map((u: { reason: string }) => u.reason.split(':')[0])).toEqual([
      'rejected by a person',
      'guessed, unconfirmed',
      'guessed, unconfirmed',
    ]);
    const unknown = await revsync('definitions', 'confirm', 'c.yaml', 'unknown.bin', '--yes', 'Candidate at 0x11');
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('MAP_NOT_FOUND')]);
  });

  test('an XDF is confirmed in TunerPro, and is said so', async () => {
    const { stderr, exitCode } = await revsync('definitions', 'confirm', 'candidates.xdf', 'unknown.bin', '--all');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('category "Guessed, unconfirmed"')]);
  });

  test('nothing is proposed for an image that resembles no family, with its reason', async () => {
    const { stdout, stderr, exitCode } = await revsync('definitions', 'propose', 'unknown.bin', '-o', 'none.yaml');
    expect([stdout, exitCode]).toEqual(['', 2]);
    expect(stderr).toContain('nothing is proposed');
    expect(existsSync(join(home, 'none.yaml'))).toBe(false);
  });
});

const HONDA = `${CORPUS}bin-nodef/honda-keihin/38770-MFJ-A02.bin`;

describe.skipIf(!existsSync(HONDA))('a factory image without a definition (needs ../shared/corpus)', () => {
  beforeAll(() => copyFileSync(HONDA, join(home, 'mfj.bin')));

  test('its maps, engine speeds and limiter are proposed, each with why and how surely', async () => {
    const { stdout, stderr, exitCode } = await revsync(
      'definitions',
      'propose',
      'mfj.bin',
      '--format',
      'json',
      '-o',
      'mfj.yaml',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const { items, families } = JSON.parse(stdout);
    expect(families[0].definition).toMatch(/^honda-/);
    const fuel = items.filter((i: { role: string; load: string }) => i.role === 'fuel' && i.load === 'pressure');
    expect(fuel.length).toBeGreaterThanOrEqual(4);
    expect(fuel[0]).toMatchObject({
      rows: 38,
      columns: 25,
      confidence: 'high',
      because: expect.stringMatching(/^runs along/),
    });
    const limiters = items.filter((i: { role: string }) => i.role === 'revLimiter');
    expect(limiters[0].because).toContain('15300 and 15500');
    const text = readFileSync(join(home, 'mfj.yaml'), 'utf8');
    expect(text).toContain('text: MFJA40A');
  });

  test('its definition reads it, is not judged until confirmed, and then counts', async () => {
    const judge = async () =>
      JSON.parse((await revsync('analyze', 'mfj.bin', '-d', 'mfj.yaml', '--no-store', '--format', 'json')).stdout)
        .reports[0];
    const before = await judge();
    expect([before.outcome, before.tune.maps, before.scores.safety.value]).toEqual(['notEnoughData', 0, null]);
    await revsync(
      'definitions',
      'confirm',
      'mfj.yaml',
      'mfj.bin',
      '--yes',
      'Fuel by pressure, group 1',
      '--yes',
      'Rev limiter, candidate 1',
    );
    const after = await judge();
    expect([after.tune.maps, after.tune.scalars]).toEqual([4, 1]);
    expect(after.scores.safety.value).toBeNull();
  });
});

const THAI = `${CORPUS}bin-codedef/honda-cbr250rr-k64/38770-K64-N01.bin`;

describe.skipIf(!existsSync(THAI))('another revision (needs ../shared/corpus)', () => {
  test('its definition is moved in blocks and written; every item is a guess', async () => {
    copyFileSync(THAI, join(home, 'n01.bin'));
    const { stdout, exitCode } = await revsync(
      'definitions',
      'move',
      'honda-38770-k64-n04',
      'n01.bin',
      '-o',
      'n01.yaml',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/-476 bytes.*10 of 10/);
    expect(stdout).toMatch(/-508 bytes.*29 of 29/);
    const shown = JSON.parse((await revsync('maps', 'n01.bin', '-d', 'n01.yaml', '--format', 'json')).stdout);
    expect(shown.maps.length).toBeGreaterThan(30);
    expect(new Set(shown.maps.map((m: { decodeConfidence: string }) => m.decodeConfidence))).toEqual(
      new Set(['guessed']),
    );
  });
});

test('maps --candidates --twin weighs by a second image; without --candidates it says where it belongs', async () => {
  const twin = join(PROJECT, 'fixtures/example/track-day.bin');
  const stock = join(PROJECT, 'fixtures/example/stock.bin');
  const told = await revsync('maps', stock, '--candidates', '--twin', twin, '--format', 'json');
  expect(told.exitCode).toBe(0);
  const { candidates } = JSON.parse(told.stdout) as { candidates: { because: string }[] };
  expect(candidates.some((c) => c.because.includes('the second image differs here'))).toBe(true);
  const same = await revsync('maps', stock, '--candidates', '--twin', stock);
  expect(same.stderr).toContain('The second image was not used: the second image is the same, byte for byte.');
  const alone = await revsync('maps', stock, '--twin', twin);
  expect(alone.exitCode).toBe(2);
  expect(alone.stderr).toContain('--twin is for --candidates');
});
