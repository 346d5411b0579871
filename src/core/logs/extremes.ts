/** Highest and lowest values that were held for three samples in a row: one wild reading is none. */
import type { LogFilterData } from './log-data.ts';
import type { RideLog } from './ride-log.ts';
import type { Moment } from './steady.ts';

class Held {
  value: number | null = null;
  readonly #sign: 1 | -1;
  #a = Number.NaN;
  #b = Number.NaN;

  /** @param sign 1: the highest, -1: the lowest */
  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: number): void {
    const s = this.#sign;
    const held = Math.min(value * s, this.#a * s, this.#b * s) * s;
    if (!Number.isNaN(held) && (this.value === null || held * s > this.value * s)) this.value = held;
    this.#a = this.#b;
    this.#b = value;
  }

  next(): void {
    this.#a = Number.NaN;
    this.#b = Number.NaN;
  }
}

export class Extremes {
  readonly #filters: LogFilterData;
  readonly #injections: number;
  readonly #isAssumed: boolean;
  readonly #rpm = new Held(1);
  readonly #coolant = new Held(1);
  readonly #intakeAir = new Held(1);
  readonly #battery = new Held(-1);
  readonly #duty = new Held(1);
  #dutyFrom: 'log' | 'pulseWidth' | null = null;

  /** @param squirts injections of one injector in a cycle; null: not known */
  constructor(filters: LogFilterData, squirts: number | null, strokes: 2 | 4) {
    this.#filters = filters;
    this.#isAssumed = squirts === null;
    this.#injections = (squirts ?? 1) * (strokes === 2 ? 2 : 1);
  }

  /** A new ride begins. */
  next(): void {
    for (const held of [this.#rpm, this.#coolant, this.#intakeAir, this.#battery, this.#duty]) held.next();
  }

  add({ rpm, coolant, pulseWidth }: Moment, intakeAir: number, battery: number, duty: number): void {
    const running = rpm >= this.#filters.runningRpm;
    this.#rpm.add(rpm);
    this.#coolant.add(running ? coolant : Number.NaN);
    this.#intakeAir.add(running ? intakeAir : Number.NaN);
    this.#battery.add(rpm >= this.#filters.chargingRpm ? battery : Number.NaN);
    // A cycle of a four-stroke takes 120 / rpm seconds.
    const own = Number.isNaN(duty) ? (pulseWidth * rpm * this.#injections) / 1_200 : duty;
    if (running) {
      this.#duty.add(own);
      if (!Number.isNaN(own)) this.#dutyFrom = Number.isNaN(duty) ? (this.#dutyFrom ?? 'pulseWidth') : 'log';
    }
  }

  result(): RideLog['extremes'] {
    const computed = `computed from pulse width and speed${this.#isAssumed ? ', one injection in a cycle assumed: at least so much' : ''}`;
    return {
      rpm: this.#rpm.value,
      coolantC: this.#coolant.value,
      intakeAirC: this.#intakeAir.value,
      batteryV: this.#battery.value,
      dutyPercent: this.#duty.value,
      dutyFrom: this.#duty.value === null ? null : this.#dutyFrom === 'log' ? 'logged' : computed,
    };
  }
}
