/**
 * Does this definition fit this image? By evidence: size, embedded ids, checksum, monotonic axes, blank areas.
 *
 * A wrong definition of the right size still gives smooth-looking tables, so smoothness proves nothing; the share of stored
 * axes that are monotonic separates right from wrong (measured on 43 pairings: right ones 0-2 bad tables, wrong ones nearly all).
 */
import { imageBytes, imageSpan } from './arrangements.ts';
import { erasedRaw as erased, readRaw } from './bytes.ts';
import { checksumState, verifyChecksum } from './checksums.ts';
import { checkIdentifiers, NO_IDENTIFIERS } from './identifiers.ts';
import type { AxisDefinition, Definition, DefinitionItem, Image, Storage } from './model.ts';
import { isMonotonic } from './monotonic.ts';
import type { MovedBlock } from './moved.ts';

export type Verdict = 'fits' | 'uncertain' | 'mismatch';

export interface Fit {
  verdict: Verdict;
  /** 0..1, to rank definitions with the same verdict. */
  score: number;
  /** One sentence each, the telling first. */
  evidence: string[];
  /** Tables whose stored axes are all monotonic / that have one that is not. */
  goodTables: number;
  badTables: number;
  /** Tables with an axis that rises or falls but for a few breakpoints: edited or damaged, at the right place. */
  damagedTables: number;
  /** Of the suspect ones: items whose place is certain, since a breakpoint or two inside an axis are all that is wrong. */
  placed: Set<string>;
  /** Tables that lie wholly in 0xFF. */
  blankTables: number;
  /** Keys of items with a broken axis, blank cells or a place outside of the image. */
  suspect: Set<string>;
  /** Embedded ids found, as text. */
  identifiers: string[];
  /** Ids that name one calibration were declared and one of them is there. */
  identified: boolean;
  /** The id of another software of the family, where the image names one. */
  another: string | null;
  suggestion: { shiftBytes: number; goodTables: number } | null;
  /** Where a person asked what would make it fit: by how much its places are moved, block by block (core/moved.ts). */
  moved?: MovedBlock[];
}

/** Share of broken tables up to which a definition fits; C31, MSS54 and Reflex+ have up to a tenth with the right one. */
const MAX_BAD_SHARE = 0.1;
/** From this share on nothing speaks for the definition any more. */
const MISMATCH_BAD_SHARE = 0.9;
/** Right pairings have up to one table in twenty in 0xFF; a near-miss (CBR1000RR A92 under the 2012 definition) has a third. */
const MAX_BLANK_SHARE = 0.06;
const MISMATCH_BLANK_SHARE = 0.2;
/** Of the distinct axes, those that must be sound for an id to be believed. */
const MIN_SOUND_SHARE = 0.5;
/** How far a suggested shift may reach. Revisions seen were 4, 10, 476 and 508 bytes apart. */
const MAX_SHIFT_BYTES = 1024;

/**
 * @param shiftBytes added to every address, as `--shift` does
 * @param suggest look for a shift that would fit better: the slow part, for when a person asks about one definition
 */
export function fitDefinition(image: Image, definition: Definition, shiftBytes = 0, suggest = true): Fit {
  const evidence: string[] = [];
  // An id stands where the unshifted definition says: it speaks for that one, and against any shift.
  const unshifted = checkIdentifiers(image, definition);
  const ids = shiftBytes === 0 ? unshifted : NO_IDENTIFIERS;
  const contradicted = shiftBytes !== 0 && unshifted.identified && isSound(judgeTables(image, definition, 0));
  const size = imageBytes(image);
  // A HEX file may leave blank space out, or hold the calibration alone.
  const sizeFits =
    definition.imageBytes.length === 0 ||
    definition.imageBytes.includes(size) ||
    (image.addressed === true && definition.imageBytes.some((n) => size <= n && imageSpan(image) <= n));
  const checksums = checksumState(definition.checksums.map((c) => verifyChecksum(image, c)));
  const tables = judgeTables(image, definition, shiftBytes);
  const { bad, blank, damaged } = tables;
  const withAxes = tables.good + tables.placed.size + bad + damaged;
  // Two breakpoints exchanged in the middle of an axis are an edit: a definition that is off reads wrong ones at an end.
  const good = tables.good + tables.placed.size;
  const all = tables.all;
  // An edit breaks an axis or two. Where most are broken, the id stands in a file whose tables do not: another one's id, or a bad read.
  const contents = isSound(tables);
  const proven = ids.identified && contents;

  if (!sizeFits)
    evidence.push(`the image has ${size} bytes, the definition is for ${definition.imageBytes.join(' or ')}`);
  if (contradicted)
    evidence.push(
      `the id ${unshifted.found.join(', ')} stands where the definition says without a shift: a shift reads other bytes`,
    );
  if (ids.missingRequired.length > 0)
    evidence.push(`the id ${ids.missingRequired.join(', ')} is not where it should be`);
  if (ids.identified && !contents)
    evidence.push(
      `its id ${ids.found.join(', ')} is there, but ${tables.axes - tables.soundAxes} of ${tables.axes} stored axes neither rise nor fall: a bad read, another revision under the same id, or a file put together from two`,
    );
  else if (ids.identified)
    evidence.push(`its id ${ids.found.join(', ')} proves that the definition is for this software`);
  else if (ids.found.length > 0) evidence.push(`the id ${ids.found.join(', ')} is where it should be`);
  else if (ids.another !== null)
    evidence.push(`the image names its software ${ids.another}, the definition is for another of its family`);
  else if (ids.declared && ids.missingRequired.length === 0)
    evidence.push('none of the known calibration ids is in the image');
  if (withAxes > 0) evidence.push(`${tables.good} of ${withAxes} tables with stored axes have rising or falling axes`);
  else evidence.push('the definition stores no axes that could confirm it');
  if (tables.placed.size > 0)
    evidence.push(`${tables.placed.size} tables have an axis with one breakpoint out of order inside it`);
  if (damaged > 0) evidence.push(`${damaged} tables have axes that rise or fall but for a few breakpoints`);
  if (blank > 0) evidence.push(`${blank} of ${all} tables lie in blank flash (0xFF)`);
  if (tables.outside > 0) evidence.push(`${tables.outside} of ${all} items lie outside of the image`);
  if (checksums !== 'unknown')
    evidence.push(
      checksums === 'good'
        ? 'the checksum is right'
        : 'the checksum is wrong: edited without correction, or a bad read',
    );

  // Without an id that says which software this is, a nearly right axis is a wrong one: shifted definitions look so.
  const wrong = bad + damaged;
  const badShare = withAxes === 0 ? 0 : wrong / withAxes;
  const blankShare = all === 0 ? 0 : (blank + tables.outside) / all;
  const sound = withAxes === 0 ? 0 : (good + damaged) / withAxes;
  const right = ids.identified
    ? proven && blankShare < 0.5
    : ids.nearly && sound >= 0.8 && blankShare <= MAX_BLANK_SHARE;
  let verdict: Verdict = 'fits';
  if (!sizeFits || contradicted || ids.missingRequired.length > 0) verdict = 'mismatch';
  else if (right) {
    // The id says which software this is: broken axes are then damage, to be found by the rules, and no wrong definition.
    verdict = 'fits';
  } else if ((wrong > 0 && good === 0) || badShare >= MISMATCH_BAD_SHARE || blankShare >= MISMATCH_BLANK_SHARE)
    verdict = 'mismatch';
  else if (
    (ids.identified && !contents) ||
    badShare > MAX_BAD_SHARE ||
    (blankShare > MAX_BLANK_SHARE && blank + tables.outside > 1) ||
    (ids.declared && ids.found.length === 0) ||
    (good === 0 && ids.found.length === 0)
  ) {
    verdict = 'uncertain';
  }
  const suggestion = !suggest || verdict === 'fits' || shiftBytes !== 0 ? null : suggestShift(image, definition, good);
  const score =
    (sizeFits ? 1 : 0.2) *
    ((withAxes === 0 ? 0.15 * (1 - blankShare) : 0.6 * (good / withAxes)) +
      (checksums === 'good' ? 0.1 : 0) +
      (proven ? 0.3 : ids.found.length > 0 ? 0.15 : 0) +
      0.1 * (1 - blankShare) +
      (ids.nearly ? 0.05 : 0) +
      // Of sisters the one is nearest whose id is.
      0.04 * ids.alike);
  return {
    verdict,
    score: Math.max(0, Math.min(1, score)),
    evidence,
    goodTables: good,
    badTables: bad,
    damagedTables: damaged,
    blankTables: blank,
    suspect: tables.suspect,
    placed: tables.placed,
    identifiers: ids.found,
    identified: proven,
    another: ids.another,
    suggestion,
  };
}

/** Most of the distinct axes rise or fall, or there are none to ask. */
const isSound = ({ axes, soundAxes }: TableCounts): boolean => soundAxes >= MIN_SOUND_SHARE * axes;

interface TableCounts {
  /** Distinct stored axes, and those that rise or fall but for one breakpoint at most. */
  axes: number;
  soundAxes: number;
  good: number;
  bad: number;
  blank: number;
  damaged: number;
  outside: number;
  all: number;
  suspect: Set<string>;
  placed: Set<string>;
}

function judgeTables(image: Image, definition: Definition, shiftBytes: number): TableCounts {
  const byKey = new Map(definition.items.map((i) => [i.key, i]));
  const seen = new Map<string, AxisState>();
  const counts: TableCounts = {
    axes: 0,
    soundAxes: 0,
    good: 0,
    bad: 0,
    blank: 0,
    damaged: 0,
    outside: 0,
    all: 0,
    suspect: new Set(),
    placed: new Set(),
  };
  for (const item of definition.items) {
    if (item.storage === null || (item.kind !== 'map' && item.kind !== 'curve')) continue;
    counts.all++;
    const states = item.axes.map((axis) => axisState(image, axis, byKey, shiftBytes, seen)).filter((s) => s !== 'none');
    const cells = readRaw(image, moved(item.storage, shiftBytes), item.rows, item.columns);
    if (cells === null) {
      counts.outside++;
      counts.suspect.add(item.key);
    } else if (cells.length >= 4 && isBlank(cells, erased(item.storage))) {
      counts.blank++;
      counts.suspect.add(item.key);
    } else if (states.includes('broken')) {
      counts.bad++;
      counts.suspect.add(item.key);
    } else if (states.includes('damaged')) {
      counts.damaged++;
      counts.suspect.add(item.key);
    } else if (states.includes('exchanged')) {
      counts.suspect.add(item.key);
      counts.placed.add(item.key);
    } else if (states.length > 0) counts.good++;
  }
  counts.axes = seen.size;
  counts.soundAxes = [...seen.values()].filter((s) => s === 'monotonic' || s === 'exchanged').length;
  return counts;
}

const isBlank = (cells: Float64Array, blank: number): boolean => cells.every((v) => v === blank);

type AxisState = 'none' | 'monotonic' | 'exchanged' | 'damaged' | 'broken';

function axisState(
  image: Image,
  axis: AxisDefinition,
  byKey: Map<string, DefinitionItem>,
  shiftBytes: number,
  seen: Map<string, AxisState>,
): AxisState {
  const place = axisStorage(axis, byKey);
  if (place === null || place.count < 2) return 'none';
  const key = `${place.storage.address}:${place.count}:${place.storage.elementBytes}:${place.storage.byteOrder}:${place.storage.elementStepBytes}`;
  const known = seen.get(key);
  if (known !== undefined) return known;
  const raw = readRaw(image, moved(place.storage, shiftBytes), 1, place.count);
  const state: AxisState =
    raw === null
      ? 'broken'
      : isMonotonic(raw)
        ? 'monotonic'
        : hasOneExchange(raw)
          ? 'exchanged'
          : isMostlyMonotonic(raw)
            ? 'damaged'
            : 'broken';
  seen.set(key, state);
  return state;
}

/** Where the raw breakpoints of an axis stand, own or another item's; null where they are not stored. */
function axisStorage(
  axis: AxisDefinition,
  byKey: Map<string, DefinitionItem>,
): { storage: Storage; count: number } | null {
  if (axis.source.kind === 'stored') return { storage: axis.source.storage, count: axis.count };
  if (axis.source.kind !== 'item') return null;
  const item = byKey.get(axis.source.itemKey);
  if (item?.storage == null) return null;
  return { storage: { ...item.storage, layout: 'row' }, count: Math.min(axis.count, item.rows * item.columns) };
}

function moved(storage: Storage, shiftBytes: number): Storage {
  return shiftBytes === 0 ? storage : { ...storage, address: storage.address + shiftBytes };
}

/**
 * One breakpoint inside an axis of ten or more stands on the wrong side of its neighbour, and nothing else is wrong. Random bytes
 * come to that once in half a million, and a definition that is off by some bytes reads wrong breakpoints at an end.
 */
function hasOneExchange(raw: ArrayLike<number>): boolean {
  if (raw.length < 10) return false;
  const direction = Math.sign(raw[raw.length - 1]! - raw[0]!);
  const wrong: number[] = [];
  for (let i = 1; i < raw.length; i++) if (Math.sign(raw[i]! - raw[i - 1]!) === -direction) wrong.push(i);
  const at = wrong[0];
  if (direction === 0 || wrong.length !== 1 || at === undefined || at < 2 || at > raw.length - 2) return false;
  const mended = Array.from(raw);
  [mended[at - 1], mended[at]] = [raw[at]!, raw[at - 1]!];
  return isMonotonic(mended);
}

/** Three quarters of the steps lead one way: an axis with a few wrong breakpoints. Chance gives a half. */
function isMostlyMonotonic(raw: ArrayLike<number>): boolean {
  if (raw.length < 8) return false;
  let up = 0;
  let down = 0;
  for (let i = 1; i < raw.length; i++) {
    if (raw[i]! > raw[i - 1]!) up++;
    else if (raw[i]! < raw[i - 1]!) down++;
  }
  return up + down >= (raw.length - 1) / 2 && Math.max(up, down) >= 0.75 * (up + down);
}

/** The shift under which most tables get monotonic axes, if it is clearly better than none. Suggested, never applied. */
function suggestShift(image: Image, definition: Definition, goodUnshifted: number): Fit['suggestion'] {
  const byKey = new Map(definition.items.map((i) => [i.key, i]));
  const axes = new Map<string, { storage: Storage; count: number; tables: number }>();
  for (const item of definition.items) {
    if (item.storage === null) continue;
    for (const axis of item.axes) {
      const place = axisStorage(axis, byKey);
      // Short axes rise by chance.
      if (place === null || place.count < 6) continue;
      const key = `${place.storage.address}:${place.count}`;
      const known = axes.get(key);
      if (known) known.tables++;
      else axes.set(key, { ...place, tables: 1 });
    }
  }
  const places = [...axes.values()].slice(0, 400);
  if (places.length < 3) return null;
  let best = { shiftBytes: 0, axes: 0 };
  for (let distance = 1; distance <= MAX_SHIFT_BYTES; distance++) {
    for (const shiftBytes of [distance, -distance]) {
      let good = 0;
      for (const place of places) {
        const raw = readRaw(image, moved(place.storage, shiftBytes), 1, place.count);
        if (raw !== null && isMonotonic(raw)) good++;
      }
      if (good > best.axes) best = { shiftBytes, axes: good };
    }
  }
  if (best.axes < 3 || best.axes < places.length * 0.2) return null;
  const { good } = judgeTables(image, definition, best.shiftBytes);
  return good > Math.max(2, goodUnshifted * 1.5) ? { shiftBytes: best.shiftBytes, goodTables: good } : null;
}
