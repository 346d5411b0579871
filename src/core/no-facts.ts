import type { TuneFacts } from './model.ts';

/** What a file says of its engine that says nothing of it. */
export const NO_FACTS: TuneFacts = {
  cylinders: null,
  strokes: null,
  displacementCc: null,
  injectorCcMin: null,
  stoichiometricAfr: null,
  loadAlgorithm: null,
  squirtsPerCycle: null,
  settings: {},
};
