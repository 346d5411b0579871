/** What a person may say of a fuel and a place, whoever asks: the flags of the command line and the parameters of the tools. */

/** Lowest and highest number that is taken for one, in `unit`. */
export interface Bounds {
  low: number;
  high: number;
  unit: string;
}

export const BOUNDS = {
  ron: { low: 60, high: 130, unit: 'RON' },
  aki: { low: 60, high: 120, unit: 'AKI' },
  ethanol: { low: 0, high: 100, unit: 'percent' },
  altitude: { low: -400, high: 6000, unit: 'metres' },
  score: { low: 0, high: 100, unit: '' },
} as const satisfies Record<string, Bounds>;

export const ENGINES = ['rules', 'llm', 'auto'] as const;
