/**
 * Is the right definition chosen? `npm run choice` holds a library of hundreds (bundled ones, every public XDF of the corpus, and each of
 * them moved by a few bytes, as another revision would be) against every image of the corpus and writes docs/definition-choice.md.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Candidate } from '../../app/definition-candidate.ts';
import { fitImage } from '../../app/fit-image.ts';
import { sha256 } from '../../app/read-input.ts';
import { bundledDefinitions, rankCandidates } from '../../app/resolve-definition.ts';
import { loadKnowledge } from '../../catalog/knowledge.ts';
import type { Definition, Image, Storage } from '../../core/model.ts';
import { format as xdf } from '../../formats/xdf/index.ts';
import { CORPUS } from '../finder/images.ts';

/** Sisters that are known to be of another revision, and that no id tells apart. */
const SHIFTS = [-508, -16, -4, 2, 10, 100];
/** Pairs of the corpus' list whose XDF is for another software, by what the corpus' notes say. */
const WRONG_PAIRS = [
  'HONDA_VFR1200F_38770-MGE-773.xdf|38770-MGE-D41.bin',
  'HONDA_VFR1200F_38770-MGE-XXX-GERMAN-2013-SB.xdf|38770-MGE-773.bin',
  '38770-MJW.xdf|38770_MJW_D51.bin',
  'Ducati_M15_3.xdf|AM28F010_DUCATI_900_SS_EU.bin',
  'Suzuki-GSXR1300-32910-10LX0.xdf|Hayabusa gen 3 stock.bin',
  'CBR1000RR_2012_US.xdf|38770-MGP-A92.bin',
];

/** The public EEPROM of its type; it has no facts of a factory image. */
const KNOWN_BUELL = 'buell-bueib';

interface Entry {
  definition: Definition;
  /** Path in the corpus, the bundled id, or either with its shift. */
  name: string;
  origin: Candidate['origin'];
}

function moved(definition: Definition, shift: number): Definition {
  const at = (s: Storage): Storage => ({ ...s, address: s.address + shift });
  return {
    ...definition,
    id: `${definition.id}${shift > 0 ? '+' : ''}${shift}`,
    // Another revision has another id: what is measured is what places tell.
    identifiers: [],
    checksums: [],
    items: definition.items.map((item) => ({
      ...item,
      storage: item.storage === null ? null : at(item.storage),
      axes: item.axes.map((axis) =>
        axis.source.kind === 'stored'
          ? { ...axis, source: { ...axis.source, storage: at(axis.source.storage) } }
          : axis,
      ),
    })),
  };
}

async function library(files: readonly string[]): Promise<Entry[]> {
  const bundled = (await bundledDefinitions(null)).map(
    (d): Entry => ({ definition: d, name: d.id, origin: 'bundled' }),
  );
  const published: Entry[] = [];
  for (const file of files.filter((f) => f.endsWith('.xdf'))) {
    try {
      const definition = xdf.parse(new Uint8Array(readFileSync(join(CORPUS, file))), { name: basename(file), sha256 });
      published.push({ definition, name: file, origin: 'user' });
    } catch {
      // Scrambled and truncated ones: refused, as they should be.
    }
  }
  const own = [...bundled, ...published];
  const variants = own.flatMap(({ definition, name }) =>
    SHIFTS.map((s): Entry => ({ definition: moved(definition, s), name: `${name} moved ${s}`, origin: 'user' })),
  );
  return [...own, ...variants];
}

/** Which entries are right for which image: facts of factory images, and the pairs of the corpus. */
async function truth(files: readonly string[]): Promise<Map<string, Set<string>>> {
  const right = new Map<string, Set<string>>();
  const add = (image: string, name: string): void => void right.set(image, (right.get(image) ?? new Set()).add(name));
  const stock = await loadKnowledge('stock');
  for (const file of files) {
    const hash = sha256(new Uint8Array(readFileSync(join(CORPUS, file))));
    for (const s of stock) if (s.images.some((i) => i.sha256 === hash)) add(file, s.definition);
  }
  for (const line of readFileSync(join(CORPUS, 'PAIRS.tsv'), 'utf8').trim().split('\n').slice(1)) {
    const [definition = '', image = '', shift = ''] = line.split('\t');
    if (shift === '' && !WRONG_PAIRS.includes(`${basename(definition)}|${basename(image)}`)) add(image, definition);
  }
  for (const [image, names] of right) {
    // Two images of one bundled family hold the same software: what is right for one is right for the other.
    const family = [...names].find((n) => stock.some((s) => s.definition === n));
    if (family === undefined) continue;
    for (const others of right.values()) if (others.has(family)) for (const n of others) add(image, n);
  }
  return right;
}

async function main(): Promise<void> {
  if (!existsSync(CORPUS)) {
    console.log('../shared/corpus is absent: nothing to choose from');
    return;
  }
  const files = (readdirSync(CORPUS, { recursive: true }) as string[]).map((f) => f.replaceAll('\\', '/')).sort();
  const entries = await library(files);
  const images = files.filter((f) => /\.(bin|hex|ori|eeprom)$/i.test(f));
  const right = await truth(images);
  const rows: string[] = [];
  const wrong: string[] = [];
  const missed: string[] = [];
  const times: number[] = [];
  let pairs = 0;
  for (const file of images) {
    const bytes = new Uint8Array(readFileSync(join(CORPUS, file)));
    const image: Image = {
      segments: [{ address: 0, bytes }],
      source: { sha256: sha256(bytes), byteLength: bytes.length },
    };
    const started = process.cpuUsage();
    const ranked = rankCandidates(
      entries.map(({ definition, origin, name }) => ({
        origin,
        path: name,
        ...fitImage(image, () => definition, 0, false),
      })),
    );
    const used = process.cpuUsage(started);
    times.push((used.user + used.system) / 1e6);
    const known = right.get(file) ?? new Set<string>();
    const fitting = ranked.filter((c) => c.fit.verdict === 'fits');
    const first = ranked[0]!;
    pairs += known.size;
    // A definition of the same software that the corpus does not list as a pair is right by its id.
    const named = ranked
      .filter((c) => c.fit.identified)
      .flatMap((c) => [...right.values()].filter((r) => r.has(c.path ?? '')));
    const isRight = (c: Candidate): boolean =>
      known.has(c.path ?? '') || c.fit.identified || named.some((r) => r.has(c.path ?? '')) || c.path === KNOWN_BUELL;
    for (const c of fitting)
      if (!isRight(c)) wrong.push(`${file}: ${c.path}: ${c.fit.evidence.slice(0, 2).join('; ')}`);
    for (const name of known)
      if (!fitting.some((c) => c.path === name))
        missed.push(`${file}: ${name}: ${ranked.find((c) => c.path === name)?.fit.verdict}`);
    const chosen = first.fit.verdict === 'fits' ? first.path : `none (nearest ${first.fit.verdict}: ${first.path})`;
    const isFirst = isRight(first);
    const said =
      known.size === 0
        ? fitting.length === 0
          ? 'none known, none used'
          : 'by its id'
        : isFirst
          ? first.fit.verdict === 'fits'
            ? 'right'
            : 'right, left uncertain'
          : 'NOT FIRST';
    rows.push(
      `| ${file} | ${chosen} | ${said} | ${fitting.length} | ${ranked.filter((c) => c.fit.verdict === 'uncertain').length} | ${times.at(-1)!.toFixed(2)} |`,
    );
    console.log(rows.at(-1));
  }
  const withTruth = images.filter((f) => right.has(f));
  const notFirst = rows.filter((r) => r.includes('NOT FIRST')).length;
  times.sort((a, b) => a - b);
  const text = `<!-- Written by npm run choice. Do not edit. -->

# Which definition is chosen

A library of ${entries.length} definitions (${entries.filter((e) => e.origin === 'bundled').length} bundled; public XDFs of motorcycles and cars; each of them moved by ${SHIFTS.join(', ')} bytes, as another
revision would be) held against ${images.length} images, ${entries.length * images.length} verdicts.

- images with a right definition: ${withTruth.length} (${pairs} right pairs); a right one is first in ${withTruth.length - notFirst}
- right pairs that do not get the verdict "fits" and so are never used unasked: ${missed.length} (below)
- wrong ones that fit, and would be used where the right one lacks: ${wrong.length}
- processor time for the whole library against one image: median ${times[Math.floor(times.length / 2)]!.toFixed(2)} s, most ${times.at(-1)!.toFixed(2)} s

${missed.length === 0 ? '' : `Right pairs that are left uncertain:\n\n${missed.map((m) => `- ${m}`).join('\n')}\n\n`}${wrong.length === 0 ? '' : `Wrong ones that fit:\n\n${wrong.map((m) => `- ${m}`).join('\n')}\n\n`}| image | first | verdict | fitting | uncertain | s |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
  writeFileSync('docs/definition-choice.md', text);
  console.log(text.split('| image')[0]);
}

await main();
