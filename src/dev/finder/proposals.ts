/**
 * What is proposed for images that nobody has defined: `npm run finder:proposals` writes docs/proposals.md. Every factory image of
 * bin-nodef, and car images, for which nothing may be proposed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Proposed, propose } from '../../app/propose.ts';
import { inputFromBytes } from '../../app/read-input.ts';
import { decode } from '../../core/decode.ts';
import type { TuneMap } from '../../core/model.ts';
import { CORPUS } from './images.ts';

const FOLDER = 'bin-nodef/honda-keihin';
const CARS = [
  'xdf-bin/volvo-s90-m44/Stock S90.BIN',
  'xdf-bin/nissan-s13-sr20/sr20det.bin',
  'xdf-bin/gm-p01-12212156/2002 Silverado 5.3 Truck MT 12212156.bin',
  'a2l-bin/bmw-mss52-a2l/52_508a2lform.bin',
  'ecuflash/evo8-94170008/bgutch_2003_evo8_02_18_2026.hex',
];

function row(file: string, bytes: Uint8Array, { definition, reason, families }: Proposed): string {
  if (definition === null) return `| ${basename(file)} | nothing: ${reason} | | | | |`;
  const image = { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
  const { maps } = decode(image, definition);
  const count = (role: string, load?: string): string => {
    const own = maps.filter((m) => m.role === role && m.variant.load === load);
    return own.length === 0
      ? ''
      : `${own.length} ${role}${load === undefined ? '' : ` by ${load}`} ${own[0]!.rows}x${own[0]!.columns}`;
  };
  const found = [count('fuel', 'pressure'), count('fuel', 'throttle'), count('spark'), count('throttle')].filter(
    (t) => t !== '',
  );
  const limiters = maps.filter((m) => m.role.startsWith('revLimiter')).map((m) => m.cells[0]!);
  const loads = maps.filter(
    (m) => m.kind === 'map' && m.axes.some((a) => a.axis === 'x' && a.quantity !== 'index'),
  ).length;
  const all = maps.filter((m) => m.kind === 'map').length;
  return `| ${basename(file)} | ${families[0]?.definition} | ${found.join(', ')} | ${speeds(maps)} | ${loads} of ${all} | ${limiters.slice(0, 3).join(', ') || 'none found'} |`;
}

/** First and last engine speed of the axis that most maps have. */
function speeds(maps: readonly TuneMap[]): string {
  const seen = new Map<string, number>();
  for (const axis of maps.flatMap((m) => m.axes))
    if (axis.quantity === 'engineSpeed') {
      const text = `${Math.round(axis.breakpoints[0]!)} to ${Math.round(axis.breakpoints.at(-1)!)}`;
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'not found';
}

async function main(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to propose for');
    return;
  }
  const files = [...readdirSync(join(CORPUS, FOLDER)).map((f) => `${FOLDER}/${f}`), ...CARS].filter((f) =>
    /\.(bin|hex)$/i.test(f),
  );
  const rows: string[] = [];
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(join(CORPUS, file)));
    rows.push(row(file, bytes, await propose(inputFromBytes(bytes))));
    console.log(rows.at(-1));
  }
  writeFileSync(
    'docs/proposals.md',
    `<!-- Written by npm run finder:proposals. Do not edit. -->

# What is proposed for images that nobody has defined

Factory images of Honda for which no definition was found anywhere, and images of cars, for which nothing may be proposed. \`revsync definitions
propose\` as a rider runs it; every item is a guess until a person confirms it. Limiters: the likely first, at most three.

| image | most alike | maps | engine speed of most maps, rpm | maps with their columns' axis | limiters proposed, rpm |
|---|---|---|---|---|---|
${rows.join('\n')}
`,
  );
}

await main();
