/** Faults of the file as a whole: for another motorcycle, of another revision, in another order, for another fuel. */
import type { Draw } from '../draw.ts';
import { type Excluded, excluded, type Fault, type Injected } from '../fault.ts';
import { fuelMaps, type Site } from '../site.ts';

const CRITICAL = { floor: 'critical', alone: 'critical' } as const;

function wrongBike(site: Site, draw: Draw): Injected | Excluded {
  if (site.motorcycle === null) return excluded('nothing says which motorcycle this file is for');
  const own = site.motorcycle;
  const others: [string, number, number][] = [
    ['honda/grom-2014-2020', 125, 1],
    ['ducati/panigale-v4-2018-2024', 1103, 4],
    ['harley-davidson/sportster-1200-efi-2007-2021', 1202, 2],
    ['yamaha/yzf-r6-2008-2009', 599, 4],
    ['minarelli/am6-50-1995-2024', 50, 1],
  ];
  const far = others.filter(([, cc]) => cc > own.displacementCc * 1.6 || cc < own.displacementCc / 1.6);
  const [bike] = draw.pick(far);
  return {
    kind: 'injected',
    bytes: site.decoded.input.bytes,
    maps: [],
    cells: null,
    amplitude: `given as ${bike}`,
    ...CRITICAL,
    with: { bike },
  };
}

function wrongShift(site: Site, draw: Draw): Injected | Excluded {
  if (site.decoded.image === null) return excluded('the file describes itself');
  const shiftBytes = site.subject.shiftBytes + draw.pick([-2, 2, 4, -16, 16, 64]);
  return {
    kind: 'injected',
    bytes: site.decoded.input.bytes,
    maps: [],
    cells: null,
    amplitude: `addresses off by ${shiftBytes - site.subject.shiftBytes}`,
    ...CRITICAL,
    with: { shiftBytes },
  };
}

function swappedHalves(site: Site): Injected | Excluded {
  const { bytes } = site.decoded.input;
  if (site.decoded.image === null || bytes.length % 2 !== 0) return excluded('the file is no image of two halves');
  const half = bytes.length / 2;
  const swapped = new Uint8Array(bytes.length);
  swapped.set(bytes.subarray(half), 0);
  swapped.set(bytes.subarray(0, half), half);
  return { kind: 'injected', bytes: swapped, maps: [], cells: null, amplitude: 'halves exchanged', ...CRITICAL };
}

function swappedBytes(site: Site): Injected | Excluded {
  const { bytes } = site.decoded.input;
  const wide = site.decoded.tune.maps.filter((m) => m.at !== null && m.at.elementBytes > 1).length;
  if (site.decoded.image === null || bytes.length % 2 !== 0 || wide < 2)
    return excluded('the file is no image of words');
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 2) [swapped[i], swapped[i + 1]] = [bytes[i + 1]!, bytes[i]!];
  return {
    kind: 'injected',
    bytes: swapped,
    maps: [],
    cells: null,
    amplitude: 'bytes of each word exchanged',
    ...CRITICAL,
  };
}

/** Petrol fuelling, and the rider fills E85. */
function ethanol(site: Site): Injected | Excluded {
  const maps = fuelMaps(site);
  if (maps.length === 0) return excluded('the file has no fuel map');
  return {
    kind: 'injected',
    bytes: site.decoded.input.bytes,
    maps: [],
    cells: null,
    amplitude: '85 % ethanol',
    ...CRITICAL,
    with: { ethanolPercent: 85 },
  };
}

export const wholeFileFaults: Fault[] = [
  {
    id: 'wrong-bike',
    title: "Another motorcycle's file",
    reason: 'An engine of another size: it may not be flashed at all.',
    needsNoReference: true,
    ends: 'incompatible',
    inject: wrongBike,
  },
  {
    id: 'wrong-revision',
    title: 'A definition whose addresses are off: another software revision',
    reason: 'Every map is some other bytes: nothing that is read may be believed.',
    needsNoReference: true,
    ends: 'incompatible',
    inject: wrongShift,
  },
  {
    id: 'swapped-halves',
    title: 'The halves of the image exchanged',
    reason: 'Two chips read in the wrong order: the ECU will not start.',
    needsNoReference: true,
    ends: 'incompatible',
    inject: swappedHalves,
  },
  {
    id: 'swapped-bytes',
    title: 'The bytes of each word exchanged',
    reason: 'A programmer set to the other byte order: the ECU will not start.',
    needsNoReference: true,
    ends: 'incompatible',
    inject: swappedBytes,
  },
  {
    id: 'ethanol-without-fuel',
    title: 'E85 in the tank and fuelling for petrol',
    reason: 'E85 wants some forty percent more: lambda 1.25 at full load.',
    needsNoReference: true,
    ends: 'incompatible',
    inject: ethanol,
  },
];
