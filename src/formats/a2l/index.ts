/**
 * ASAM MCD-2 MC (ASAP2, .a2l), 1.0 to 1.7: CHARACTERISTIC, AXIS_PTS, COMPU_METHOD, RECORD_LAYOUT. Files without PROJECT and in Latin-1
 * occur. Which order of bytes and which base address are right is confirmed by the axes of the image, where there is one.
 */

import { readBytes, readRaw } from '../../core/bytes.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { ByteOrder, Definition, DefinitionItem, Identifier, Image, Undecoded } from '../../core/model.ts';
import { isMonotonic } from '../../core/monotonic.ts';
import type { DefinitionContext, DefinitionFormat, Detection } from '../../core/ports.ts';
import { decodeText, headText } from '../../core/text.ts';
import { after, allOf, type Block, numberOf, parseBlocks } from './blocks.ts';
import { Methods } from './conversions.ts';
import { type Reading, readCharacteristic, Sources } from './items.ts';

/** The largest of a motorcycle seen has 3.5 MB; of a car some 100. */
const MAX_BYTES = 64 * 1024 * 1024;

function detect(bytes: Uint8Array): Detection | null {
  const head = headText(bytes, 16_384);
  if (head.includes('\0')) return null;
  if (
    /\/begin\s+(PROJECT|MODULE|CHARACTERISTIC|MOD_COMMON|MEASUREMENT|RECORD_LAYOUT|COMPU_METHOD|AXIS_PTS|IF_DATA)\b/.test(
      head,
    )
  )
    return { confidence: 0.97, because: 'holds blocks of ASAM MCD-2 MC (A2L)' };
  return /^\s*ASAP2_VERSION\s+\d/m.test(head) ? { confidence: 0.95, because: 'states a version of ASAP2' } : null;
}

function parse(bytes: Uint8Array, context: DefinitionContext): Definition {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the A2L has over 64 MiB', 'No motorcycle ECU needs that.');
  const missing: string[] = [];
  const root = parseBlocks(decodeText(bytes).text, (path) => {
    const text = included(path, context);
    // What stands in an .aml describes the interface of a tool.
    if (text === null && !/\.aml$/i.test(path)) missing.push(path.slice(0, 80));
    return text;
  });
  const lacks = missing.length === 0 ? '' : ` without the files that it includes: ${missing.slice(0, 4).join(', ')}`;
  const methods = new Methods(root);
  const sources = new Sources(root, methods);
  if (sources.characteristics.length === 0) {
    throw new RevsyncError(
      'A2L_EMPTY',
      `the A2L describes no characteristic${lacks}`,
      lacks === ''
        ? 'It may hold measurements alone, or be a part of another file: ask for the one with the calibration.'
        : 'Put the files that it includes into the same folder.',
    );
  }
  const image = context.image ?? null;
  const { reading, warnings } = chooseReading(root, sources, image);
  if (lacks !== '') warnings.add(`the A2L is read${lacks}`);
  const items: DefinitionItem[] = [];
  const undecoded: Undecoded[] = [];
  const seen = new Set<string>();
  for (const block of sources.characteristics) {
    const item = readCharacteristic(block, sources, reading);
    const title = block.tokens[0]?.text ?? '';
    if ('reason' in item) undecoded.push({ id: title, title, reason: item.reason });
    else {
      items.push(seen.has(item.key) ? { ...item, key: `${item.key}#${block.line}` } : item);
      const problem = methods.get(block.tokens[6]?.text ?? '').problem;
      if (problem !== null) warnings.add(problem);
    }
    seen.add(title);
  }
  const module = allOf(root, 'MODULE')[0];
  const stem = context.name.replace(/\.[^.]*$/, '');
  return {
    id: stem,
    title: module?.tokens[0]?.text ?? stem,
    description: (module?.tokens[1]?.text ?? '').slice(0, 1_000),
    format: 'a2l',
    sha256: context.sha256(bytes),
    ecu: { maker: null, family: modPar(root, 'ECU')?.text ?? null, partNumbers: [] },
    motorcycles: [],
    sources: [],
    imageBytes: [],
    identifiers: identifiers(root, reading.base),
    checksums: [],
    items,
    undecoded,
    warnings: [...warnings, ...methods.warnings],
    confirmedOnImage: null,
  };
}

/** Text of an included file, which must lie in the same folder; its path there may say more. */
function included(path: string, { beside }: DefinitionContext): string | null {
  const name = path.replace(/^.*[/\\]/, '').toLowerCase();
  const found = beside?.names.find((n) => n.toLowerCase() === name);
  const bytes = found === undefined ? null : (beside?.read(found) ?? null);
  return bytes === null || bytes.length > MAX_BYTES ? null : decodeText(bytes).text;
}

function modPar(root: Block, keyword: string): { text: string } | undefined {
  for (const block of allOf(root, 'MOD_PAR')) {
    const found = after(block, keyword, 1, 1)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** EPK, the text of the software's version, at its address. */
function identifiers(root: Block, base: number): Identifier[] {
  const epk = modPar(root, 'EPK')?.text ?? '';
  const address = Number(modPar(root, 'ADDR_EPK')?.text ?? Number.NaN);
  if (epk.trim() === '' || epk.length > 128 || !Number.isInteger(address)) return [];
  const bytes = Uint8Array.from(epk, (c) => c.charCodeAt(0) & 0xff);
  return [{ address: address - base, bytes, text: epk, what: 'calibration', required: false }];
}

/** Is the version's text where it should be, counted from this base? */
function holdsEpk(root: Block, base: number, image: Image): boolean {
  return identifiers(root, base).some(({ address, bytes }) => {
    const there = readBytes(image, address, bytes.length);
    return there !== null && bytes.every((b, i) => b === there[i]);
  });
}

/** From so many stored axes on, their monotony decides. */
const ENOUGH_AXES = 5;

/**
 * The base address and the order of bytes under which most axes rise or fall. What the file states is kept unless another reading is
 * clearly right: files with a wrong BYTE_ORDER are public, and raw images begin at 0 while addresses are the processor's.
 */
function chooseReading(
  root: Block,
  sources: Sources,
  image: Image | null,
): { reading: Reading; warnings: Set<string> } {
  const stated: Reading = { base: 0, order: null, image };
  const warnings = new Set<string>();
  if (image === null) return { reading: stated, warnings };
  const first = score(sources, stated);
  const orders: (ByteOrder | null)[] = [null, 'big', 'little'];
  let best = { reading: stated, ...first };
  for (const base of basesOf(root, sources, image)) {
    for (const order of orders) {
      const reading = { base, order, image };
      const found = score(sources, reading);
      const clearly = found.good >= ENOUGH_AXES && found.good > best.good * 1.2 && found.good >= found.all * 0.7;
      // Where nothing lies inside the image as stated, a base that brings items in is a better start; the axes still have to confirm it.
      const inside = order === null && best.good === 0 && found.good > 0 && best.reading.base === 0 && base !== 0;
      const named =
        order === null &&
        base !== best.reading.base &&
        holdsEpk(root, base, image) &&
        !holdsEpk(root, best.reading.base, image);
      if (clearly || inside || named) best = { reading, ...found };
    }
  }
  const { base, order } = best.reading;
  if (base !== 0)
    warnings.add(
      `addresses are counted from 0x${base.toString(16).toUpperCase()}, where ${best.good} of ${best.all} stored axes rise or fall`,
    );
  if (order !== null)
    warnings.add(
      `the file states another order of bytes; ${best.good} of ${best.all} stored axes rise or fall read ${order}-endian, ${first.good} as stated`,
    );
  return { reading: best.reading, warnings };
}

/** 0, the starts of the stated memory segments, and the block in which the lowest address lies. */
function basesOf(root: Block, sources: Sources, image: Image): number[] {
  const bases = new Set<number>([0]);
  if ((image.segments[0]?.address ?? 0) !== 0) return [0];
  for (const module of allOf(root, 'MOD_PAR')) {
    for (const segment of module.blocks.filter((b) => b.name === 'MEMORY_SEGMENT').slice(0, 64)) {
      // Name, long name, program type, memory type, attribute, address, size.
      const address = numberOf(segment.tokens[5]);
      if (Number.isInteger(address) && address > 0) bases.add(address);
    }
  }
  let lowest = Number.POSITIVE_INFINITY;
  for (const block of [...sources.characteristics, ...sources.axisPoints.values()]) {
    const at = numberOf(block.tokens[block.name === 'AXIS_PTS' ? 2 : 3]);
    if (Number.isInteger(at)) lowest = Math.min(lowest, at);
  }
  const size = image.segments[0]?.bytes.length ?? 0;
  if (Number.isFinite(lowest) && size > 0)
    for (const unit of [size, 65_536]) bases.add(Math.floor(lowest / unit) * unit);
  return [...bases].slice(0, 12);
}

/** How many of the different stored axes rise or fall. */
function score(sources: Sources, reading: Reading): { good: number; all: number } {
  const places = new Set<string>();
  let good = 0;
  for (const block of sources.characteristics) {
    const kind = block.tokens[2]?.text;
    if (kind !== 'CURVE' && kind !== 'MAP') continue;
    const item = readCharacteristic(block, sources, reading);
    if ('reason' in item) continue;
    for (const { source, count } of item.axes) {
      if (source.kind !== 'stored' || count < 4) continue;
      const key = `${source.storage.address}:${count}`;
      if (places.has(key)) continue;
      places.add(key);
      const raw = readRaw(reading.image!, source.storage, 1, count);
      if (raw !== null && isMonotonic(raw)) good++;
    }
    if (places.size >= 400) break;
  }
  return { good, all: places.size };
}

export const format: DefinitionFormat = {
  kind: 'definition',
  id: 'a2l',
  title: 'ASAM MCD-2 MC (A2L)',
  extensions: ['.a2l'],
  reads:
    'CHARACTERISTIC, AXIS_PTS, COMPU_METHOD (IDENTICAL, LINEAR, RAT_FUNC, FORM, TAB), RECORD_LAYOUT, STD/COM/FIX/CURVE axes, bit masks; files without PROJECT, Latin-1. Not read, and said item by item: 64-bit elements, pointers, more than two axes, texts',
  detect,
  parse,
};
