/**
 * RomRaider and ECUFlash XML: a ROM is known by an internal id, builds on others by name, and its tables say where they are.
 * ECUFlash: one ROM a file, <include>, named scalings, hex without 0x. RomRaider: many ROMs a file, base="…", scalings inside tables.
 */

import { readBytes } from '../../core/bytes.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Definition, DefinitionItem, Identifier, Image, Undecoded } from '../../core/model.ts';
import { hexBytes } from '../../core/patch-item.ts';
import type { DefinitionContext, DefinitionFormat, Detection } from '../../core/ports.ts';
import { decodeText, headText } from '../../core/text.ts';
import { childOf, childrenOf, parseXmlText, textIn, type XmlElement } from '../../core/xml.ts';
import { hexAddress, toItem } from './items.ts';
import { type FindRom, idOf, layersOf, mergeLayers } from './merge.ts';

/** RomRaider's collection of all Subarus has 30 MB. */
const MAX_BYTES = 48 * 1024 * 1024;
/** Files beside the definition that are opened to find a base. */
const MAX_BESIDE = 400;

function detect(bytes: Uint8Array): Detection | null {
  const head = headText(bytes, 16_384);
  if (!/^\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<roms?[\s>]/i.test(head)) return null;
  if (/<romid[\s>]|<table[\s>]|<scaling[\s>]|<include>/i.test(head))
    return { confidence: 0.97, because: 'holds the elements rom and romid' };
  return { confidence: 0.7, because: 'its root is <rom>' };
}

const WHAT = 'the RomRaider or ECUFlash definition';

function romsOf(root: XmlElement): XmlElement[] {
  return root.name === 'roms' ? childrenOf(root, 'rom') : [root];
}

function parse(bytes: Uint8Array, context: DefinitionContext): Definition {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', `${WHAT} has over 48 MiB`, 'The largest known has 30.');
  let mended = 0;
  const root = parseXmlText(decodeText(bytes).text, WHAT, (tags) => {
    mended = tags;
  });
  if (root.name !== 'rom' && root.name !== 'roms')
    throw new RevsyncError('ROMRAIDER_MALFORMED', `${WHAT} starts with <${root.name}>`, 'Its root is <rom> or <roms>.');
  const roms = romsOf(root);
  const rom = choose(roms, context.image ?? null);
  if (rom === null) throw new RevsyncError('ROMRAIDER_EMPTY', `${WHAT} holds no ROM`, 'Download it again.');
  const find = finder(roms, context);
  const layers = layersOf(rom, find);
  const merged = mergeLayers(layers, childrenOf(root, 'scaling'));
  const items: DefinitionItem[] = [];
  const undecoded: Undecoded[] = [];
  let absent = 0;
  for (const [name, table] of merged.tables) {
    const item = toItem(table, merged, name);
    if (item === null) absent++;
    else if ('reason' in item) undecoded.push({ id: name, title: name, reason: item.reason });
    else items.push(item);
  }
  const romid = childOf(rom, 'romid');
  const facts = (name: string): string => (romid === undefined ? '' : textIn(romid, name));
  const vehicle = ['year', 'make', 'market', 'model', 'submodel', 'transmission'].map(facts).filter((t) => t !== '');
  const id = idOf(rom);
  const stem = context.name.replace(/\.[^.]*$/, '');
  const warnings = absent === 0 ? [] : [`${absent} tables of the base have no address in this ROM`];
  if (mended > 0) warnings.push(`${mended} tags were mended: a space that lacks, an attribute that is stated twice`);
  if (roms.length > 1)
    warnings.push(
      `the file holds ${roms.length} ROMs; ${id === '' ? 'one' : id} was taken${context.image === undefined ? '' : ' by its id in the image'}`,
    );
  return {
    id: id === '' ? stem : id,
    title: [id, vehicle.join(' ')].filter((t) => t !== '').join(', ') || stem,
    description: textIn(rom, 'notes').replace(/\s+/g, ' ').slice(0, 2_000),
    format: 'romraider',
    sha256: context.sha256(bytes),
    ecu: {
      maker: null,
      family: facts('memmodel') || null,
      partNumbers: [facts('caseid') || facts('ecuid')].filter((t) => t !== ''),
    },
    motorcycles: [],
    sources: [],
    imageBytes: fileSize(facts('filesize')),
    identifiers: identifiers(rom),
    checksums:
      facts('checksummodule') === ''
        ? []
        : [
            {
              title: 'whole image',
              method: `ECUFlash's module ${facts('checksummodule').slice(0, 40)}`,
              regions: [{ from: 0, to: null }],
              elementBytes: 1,
              storedBytes: 1,
              byteOrder: 'big',
              storedAt: null,
              equals: null,
            },
          ],
    items,
    undecoded,
    warnings,
    confirmedOnImage: null,
  };
}

/** "1024kb", "1mb". */
function fileSize(text: string): number[] {
  const match = /^(\d{1,5})\s*(kb|mb)$/i.exec(text.trim());
  return match === null ? [] : [Number(match[1]) * (match[2]!.toLowerCase() === 'kb' ? 1_024 : 1_048_576)];
}

/** The id that must stand in the image; empty where the definition names none ("force" of RomRaider takes any image). */
function identifiers(rom: XmlElement): Identifier[] {
  const romid = childOf(rom, 'romid');
  if (romid === undefined) return [];
  const address = hexAddress(textIn(romid, 'internalidaddress'));
  const hex = textIn(romid, 'internalidhex').replace(/\s+/g, '');
  const text = textIn(romid, 'internalidstring');
  if (address === null || text.toLowerCase() === 'force') return [];
  const isHex = /^([0-9a-f]{2}){1,64}$/i.test(hex);
  if (!isHex && (text === '' || text.length > 64)) return [];
  const bytes = (isHex ? hexBytes(hex) : null) ?? new TextEncoder().encode(text);
  return [{ address, bytes, text: isHex ? hex.toUpperCase() : text, what: 'calibration', required: true }];
}

/** The ROM whose id is in the image; else the last that has an id, since bases come first. */
function choose(roms: XmlElement[], image: Image | null): XmlElement | null {
  if (image !== null) {
    const fitting = roms.filter((rom) =>
      identifiers(rom).some(({ address, bytes }) => {
        const there = readBytes(image, address, bytes.length);
        return there !== null && bytes.every((b, i) => b === there[i]);
      }),
    );
    // Of several the longest id says most.
    const length = (rom: XmlElement): number => identifiers(rom)[0]?.bytes.length ?? 0;
    if (fitting.length > 0) return fitting.reduce((a, b) => (length(b) > length(a) ? b : a));
  }
  return roms.filter((r) => identifiers(r).length > 0).at(-1) ?? roms.at(-1) ?? null;
}

/** ROMs by id: of this file, then the file of that name, then any file beside it, then one of that name in the folders around. */
function finder(roms: XmlElement[], { beside, name }: DefinitionContext): FindRom {
  const known = new Map<string, XmlElement>();
  const add = (list: XmlElement[]): void => {
    for (const rom of list) if (!known.has(idOf(rom))) known.set(idOf(rom), rom);
  };
  add(roms);
  const opened = new Set<string>([name]);
  const open = (file: string, read: (name: string) => Uint8Array | null): void => {
    if (opened.has(file) || opened.size > MAX_BESIDE) return;
    opened.add(file);
    const bytes = read(file);
    if (bytes === null || detect(bytes) === null) return;
    try {
      const root = parseXmlText(decodeText(bytes).text, file, () => {});
      if (root.name === 'rom' || root.name === 'roms') add(romsOf(root));
    } catch (error) {
      // A broken neighbour is no reason to refuse this file, unless it is the base: then it stays missing.
      if (!(error instanceof RevsyncError)) throw error;
    }
  };
  return (id) => {
    if (known.has(id)) return known.get(id)!;
    const xml = (beside?.names ?? []).filter((n) => n.toLowerCase().endsWith('.xml'));
    const here = (name: string): Uint8Array | null => beside?.read(name) ?? null;
    for (const file of xml.filter((n) => n.toLowerCase() === `${id.toLowerCase()}.xml`)) open(file, here);
    for (const file of xml) if (!known.has(id)) open(file, here);
    // ECUFlash keeps the bases of a maker in a folder of their own: metadata/subaru/Bases, metadata/subaru/Forester.
    if (!known.has(id)) open(`${id}.xml`, (name) => beside?.around?.(name) ?? null);
    return known.get(id) ?? null;
  };
}

export const format: DefinitionFormat = {
  kind: 'definition',
  id: 'romraider',
  title: 'RomRaider or ECUFlash XML',
  extensions: ['.xml'],
  reads:
    "base and include from the file, from files beside it or in the folders around, axes by position, scalings with expressions, float, interleaved, column-major (`swapxy`), switches; the internal id must be in the image. In a file of many ROMs the image's id chooses",
  detect,
  parse,
};
