/** All faults and harmless edits. */

import type { Fault } from './fault.ts';
import { encodingFaults } from './faults/encoding.ts';
import { limitFaults } from './faults/limits.ts';
import { placeFaults } from './faults/places.ts';
import { runningFaults } from './faults/running.ts';
import { surfaceFaults } from './faults/surface.ts';
import { throttleFaults } from './faults/throttle.ts';
import { togetherFaults } from './faults/together.ts';
import { wholeFileFaults } from './faults/whole-file.ts';

export { harmlessEdits } from './harmless.ts';

export const faults: Fault[] = [
  ...surfaceFaults,
  ...encodingFaults,
  ...limitFaults,
  ...throttleFaults,
  ...runningFaults,
  ...placeFaults,
  ...togetherFaults,
  ...wholeFileFaults,
];

const byId = new Map(faults.map((f) => [f.id, f]));
/** A fault by its id, undefined for harmless edits. */
export const catalogueOf = (id: string): Fault | undefined => byId.get(id);
