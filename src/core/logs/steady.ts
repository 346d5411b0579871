/** Decides sample by sample whether the engine runs steadily enough to be compared with its map. */
import type { LogFilterData } from './log-data.ts';
import type { DropReason } from './ride-log.ts';

/** One moment of a ride in the channels' units; NaN: the log does not say. */
export interface Moment {
  time: number;
  rpm: number;
  throttle: number;
  pressure: number;
  lambda: number;
  coolant: number;
  warmUp: number;
  accelEnrichment: number;
  fuelCut: number;
  pulseWidth: number;
}

/** How much later the probe sees what was burnt, seconds. */
export const probeDelay = (rpm: number, data: LogFilterData): number =>
  data.probeSeconds + (data.probeRevolutions * 60) / rpm;

export class SteadyFilter {
  readonly #data: LogFilterData;
  readonly #limiterRpm: number | null;
  #before: { time: number; rpm: number; throttle: number; pressure: number } | null = null;
  /** When something last disturbed the engine. */
  #disturbed = Number.NEGATIVE_INFINITY;

  constructor(data: LogFilterData, limiterRpm: number | null) {
    this.#data = data;
    this.#limiterRpm = limiterRpm;
  }

  /** Null: steady. */
  judge(now: Moment): DropReason | null {
    const { before, reason } = { before: this.#before, reason: this.#disturbance(now, this.#before) };
    this.#before = { time: now.time, rpm: now.rpm, throttle: now.throttle, pressure: now.pressure };
    if (before === null) this.#disturbed = now.time;
    if (reason !== null) {
      if (reason !== 'noProbe' && reason !== 'cold') this.#disturbed = now.time;
      return reason;
    }
    const wait = this.#data.settleSeconds + probeDelay(now.rpm, this.#data);
    return now.time - this.#disturbed < wait ? 'settling' : null;
  }

  /** What lies before is another ride. */
  reset(): void {
    this.#before = null;
  }

  #disturbance(
    now: Moment,
    before: { time: number; rpm: number; throttle: number; pressure: number } | null,
  ): DropReason | null {
    const d = this.#data;
    if (!(now.rpm >= d.runningRpm)) return 'stopped';
    const closed = now.throttle <= d.closedThrottlePercent && now.rpm > d.overrunRpm;
    if (closed || now.fuelCut > 0 || (now.pulseWidth <= 0.05 && now.rpm > d.runningRpm)) return 'overrun';
    if (this.#limiterRpm !== null && now.rpm >= (this.#limiterRpm * d.limiterPercent) / 100) return 'limiter';
    const extra = now.accelEnrichment;
    if (Math.abs(extra) > d.enrichmentStep && Math.abs(extra - 100) > d.enrichmentStep) return 'enrichment';
    if (before !== null) {
      const step = now.time - before.time;
      const rate = (a: number, b: number): number => (step > 0 ? Math.abs(a - b) / step : 0);
      if (
        rate(now.throttle, before.throttle) > d.throttlePercentPerSecond ||
        // Pressure pulses at part throttle; where the throttle is logged it says enough.
        (Number.isNaN(now.throttle) && rate(now.pressure, before.pressure) > d.pressureKpaPerSecond) ||
        rate(now.rpm, before.rpm) > d.speedRpmPerSecond
      )
        return 'moving';
    }
    if (now.coolant < d.warmCoolantC) return 'cold';
    // A correction that is switched off reads 0 in some logs.
    if (now.warmUp > 100 + d.warmUpPercent) return 'cold';
    return now.lambda >= d.lambdaLow && now.lambda <= d.lambdaHigh ? null : 'noProbe';
  }
}
