/**
 * A second image of the same ECU: what differs between two calibrations of one software is calibration, and what is the same throughout
 * may be code. So differences speak for a candidate that holds them, and against one that lies where nothing ever differs.
 */
import type { FoundMap } from './find-maps.ts';

/** Bytes of an image, `byteLength` from `offsetBytes` on. */
export interface Region {
  offsetBytes: number;
  byteLength: number;
}

export interface Twins {
  /** Stretches of bytes that differ, in ascending order, short gaps closed. */
  differences: Region[];
  /** Where calibration lies: differences that are near each other, as one stretch each. */
  areas: Region[];
  changedBytes: number;
  /** Why the two tell nothing of each other; null where they do. */
  reason: string | null;
}

/** Equal bytes between two differences of one map: neighbouring cells that were left alone. */
const CLOSE_GAP_BYTES = 32;
/** Equal bytes inside a calibration area: maps that both calibrations share. */
const AREA_GAP_BYTES = 4096;
/** Past this share of the bytes that are not erased, two images hold different software, or one of them is shifted. */
const MAX_CHANGED = 0.35;
/** Areas that hold more differences than this are many for calibration: code was moved. */
const MAX_AREAS = 256;

/** Differences of two images, byte by byte. Linear in their length. */
export function compareTwins(bytes: Uint8Array, twin: Uint8Array): Twins {
  const none = { differences: [], areas: [], changedBytes: 0 };
  if (bytes.length !== twin.length)
    return {
      ...none,
      reason: `the second image holds ${twin.length} bytes, this one ${bytes.length}: they are not of one ECU`,
    };
  const changed: Region[] = [];
  let [changedBytes, used] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] !== 0xff && bytes[i] !== 0) || (twin[i] !== 0xff && twin[i] !== 0)) used++;
    if (bytes[i] === twin[i]) continue;
    changedBytes++;
    const last = changed.at(-1);
    if (last !== undefined && i - (last.offsetBytes + last.byteLength) <= CLOSE_GAP_BYTES)
      last.byteLength = i + 1 - last.offsetBytes;
    else changed.push({ offsetBytes: i, byteLength: 1 });
  }
  if (changedBytes === 0) return { ...none, reason: 'the second image is the same, byte for byte' };
  const areas = joined(changed, AREA_GAP_BYTES);
  if (changedBytes > MAX_CHANGED * used || areas.length > MAX_AREAS) {
    const share = Math.round((100 * changedBytes) / Math.max(1, used));
    return {
      ...none,
      reason: `${share} % of the bytes differ: the two hold different software, so a difference is no sign of calibration`,
    };
  }
  return { differences: changed, areas, changedBytes, reason: null };
}

function joined(regions: readonly Region[], gap: number): Region[] {
  const areas: Region[] = [];
  for (const r of regions) {
    const last = areas.at(-1);
    if (last !== undefined && r.offsetBytes - (last.offsetBytes + last.byteLength) <= gap)
      last.byteLength = r.offsetBytes + r.byteLength - last.offsetBytes;
    else areas.push({ ...r });
  }
  return areas;
}

/** With fewer bytes that differ, it tells nothing where none do: two revisions of one calibration. */
const MIN_TELLING_BYTES = 1024;

const STEPS = ['low', 'medium', 'high'] as const;

/**
 * Candidates weighed by a second image: one step surer where they differ, one less sure where they lie far from every one of many
 * differences and no record names them. As they were where the two tell nothing.
 */
export function weighByTwin(maps: readonly FoundMap[], twins: Twins): FoundMap[] {
  if (twins.reason !== null) return [...maps];
  return maps.map((map) => {
    const step = STEPS.indexOf(map.confidence);
    if (touches(twins.differences, map, 0))
      return {
        ...map,
        confidence: STEPS[Math.min(step + 1, 2)]!,
        because: `${map.because}; the second image differs here, as calibration does`,
      };
    if (twins.changedBytes < MIN_TELLING_BYTES || map.recordBytes !== null || touches(twins.areas, map, AREA_GAP_BYTES))
      return map;
    return {
      ...map,
      confidence: STEPS[Math.max(step - 1, 0)]!,
      because: `${map.because}; the second image is the same here and around: it may be code`,
    };
  });
}

/** Does a map lie in a region, or within so many bytes of one? Regions ascend and do not overlap. */
function touches(regions: readonly Region[], map: Region, slack: number): boolean {
  let [low, high] = [0, regions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const r = regions[middle]!;
    if (r.offsetBytes + r.byteLength + slack <= map.offsetBytes) low = middle + 1;
    else high = middle;
  }
  const next = regions[low];
  return next !== undefined && next.offsetBytes - slack < map.offsetBytes + map.byteLength;
}
