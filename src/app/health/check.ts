/** One thing that setup and doctor look at. */
import { RevsyncError } from '../../core/errors.ts';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

export interface Check {
  /** Stable: what scripts match on. */
  id: string;
  status: CheckStatus;
  message: string;
  /** What to do; null where there is nothing to do. */
  hint: string | null;
  value: number | string | null;
  unit: string | null;
  /** What looking took. */
  ms: number | null;
}

export interface Health {
  /** Nothing failed. */
  ready: boolean;
  checks: Check[];
  /** The one command to go on with. */
  next: string;
}

type Found = Omit<Check, 'id' | 'ms'>;

export const ok = (message: string, value: Check['value'] = null, unit: string | null = null): Found => ({
  status: 'ok',
  message,
  hint: null,
  value,
  unit,
});

export const warning = (
  message: string,
  hint: string,
  value: Check['value'] = null,
  unit: string | null = null,
): Found => ({
  status: 'warning',
  message,
  hint,
  value,
  unit,
});

export const failed = (
  message: string,
  hint: string,
  value: Check['value'] = null,
  unit: string | null = null,
): Found => ({
  status: 'failed',
  message,
  hint,
  value,
  unit,
});

export const skipped = (message: string, hint: string | null = null): Found => ({
  status: 'skipped',
  message,
  hint,
  value: null,
  unit: null,
});

/** Collects checks in their order and times each. */
export class Checks {
  readonly all: Check[] = [];
  readonly #done: (check: Check) => void;

  /** @param done told each check as it is there */
  constructor(done: (check: Check) => void = () => undefined) {
    this.#done = done;
  }

  /** Looks at one thing. An expected failure is a failed check, a cancel and a bug are thrown. */
  async look(id: string, look: () => Found | Promise<Found>): Promise<Check> {
    const began = performance.now();
    let found: Found;
    try {
      found = await look();
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      found = failed(`${error.message} (${error.code})`, error.hint);
    }
    return this.add(id, found, Math.round(performance.now() - began));
  }

  add(id: string, found: Found, ms: number | null = null): Check {
    const check = { id, ...found, ms };
    this.all.push(check);
    this.#done(check);
    return check;
  }

  /** These were not looked at, and why. */
  skip(ids: string[], message: string, hint: string | null = null): void {
    for (const id of ids) this.add(id, skipped(message, hint));
  }

  get failed(): boolean {
    return this.all.some((c) => c.status === 'failed');
  }
}
