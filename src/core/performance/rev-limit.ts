/** Moving the rev limiter: power gains only where the curve still rises, loads grow with the square of speed. */
import { inertiaLoadChangePercent, powerKw } from './engine.ts';
import { type Estimate, refused } from './estimate.ts';

/** Measured torque by engine speed, rising in rpm. */
export type TorqueCurve = { rpm: number; torqueNm: number }[];

const EXTRAPOLATED_AT_MOST_RPM = 1000;

/** Torque at a speed: between samples ±3 %; past the last one along the last slope, ±10 % for each 500 rpm, refused beyond 1000 rpm. */
export function torqueAt(curve: TorqueCurve, rpm: number): Estimate {
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined || curve.length < 2) return refused('no torque curve was measured');
  if (rpm < first.rpm) return refused(`${Math.round(rpm)} rpm is below the measured curve`);
  if (rpm <= last.rpm) {
    const next = curve.findIndex((p) => p.rpm >= rpm);
    const b = curve[Math.max(1, next)]!;
    const a = curve[Math.max(1, next) - 1]!;
    const value = a.torqueNm + ((b.torqueNm - a.torqueNm) * (rpm - a.rpm)) / (b.rpm - a.rpm);
    return { kind: 'known', value, low: value * 0.97, high: value * 1.03 };
  }
  const beyond = rpm - last.rpm;
  if (beyond > EXTRAPOLATED_AT_MOST_RPM)
    return refused(
      `${Math.round(rpm)} rpm is ${Math.round(beyond)} rpm past the measured curve, ${EXTRAPOLATED_AT_MOST_RPM} at most`,
    );
  const before = curve.at(-2)!;
  const slope = (last.torqueNm - before.torqueNm) / (last.rpm - before.rpm);
  const value = last.torqueNm + slope * beyond;
  const share = 0.1 * (beyond / 500);
  return { kind: 'known', value, low: value * (1 - share), high: value * (1 + share) };
}

/** Peak power, kW, up to a limiter. */
export function peakPowerUpTo(curve: TorqueCurve, limiterRpm: number): { kw: number; rpm: number } | null {
  const inside = curve.filter((p) => p.rpm <= limiterRpm);
  const at = torqueAt(curve, limiterRpm);
  const points = [
    ...inside.map((p) => ({ kw: powerKw(p.torqueNm, p.rpm), rpm: p.rpm })),
    ...(at.kind === 'known' ? [{ kw: powerKw(at.value, limiterRpm), rpm: limiterRpm }] : []),
  ];
  return points.reduce<{ kw: number; rpm: number } | null>(
    (best, p) => (best === null || p.kw > best.kw ? p : best),
    null,
  );
}

/**
 * Wheel force in this gear over that in the next one at the same road speed. Below 1 the next gear pulls harder.
 * @param step ratio of the next gear over this one, below 1
 */
export function forceOverNextGear(curve: TorqueCurve, rpm: number, step: number): Estimate {
  const [here, there] = [torqueAt(curve, rpm), torqueAt(curve, rpm * step)];
  if (here.kind === 'refused') return here;
  if (there.kind === 'refused') return there;
  const value = here.value / (step * there.value);
  return { kind: 'known', value, low: here.low / (step * there.high), high: here.high / (step * there.low) };
}

/** Speed from which on the next gear pulls harder, rpm; refused where it does so nowhere on the curve. */
export function bestShiftRpm(curve: TorqueCurve, step: number): Estimate {
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined) return refused('no torque curve was measured');
  for (let rpm = Math.ceil(first.rpm / step); rpm <= last.rpm; rpm += 5) {
    const force = forceOverNextGear(curve, rpm, step);
    if (force.kind === 'known' && force.value < 1)
      return { kind: 'known', value: rpm, low: rpm * 0.97, high: rpm * 1.03 };
  }
  return refused('this gear pulls harder up to the end of the measured curve');
}

/** What a moved limiter does, from what is known of the engine. */
export interface LimiterMove {
  fromRpm: number;
  toRpm: number;
  /** Change of peak power in percent; null: not known. */
  peakPowerPercent: number | null;
  /** Change of the inertia loads at the limiter, percent. */
  inertiaLoadPercent: number;
  reason: string;
}

/** @param peakPowerRpm where the factory states peak power; null: not known */
export function limiterMove(fromRpm: number, toRpm: number, peakPowerRpm: number | null): LimiterMove {
  const inertiaLoadPercent = inertiaLoadChangePercent(fromRpm, toRpm);
  const move = { fromRpm, toRpm, inertiaLoadPercent };
  if (peakPowerRpm === null)
    return { ...move, peakPowerPercent: null, reason: 'where this engine makes its peak power is not known' };
  if (toRpm === fromRpm) return { ...move, peakPowerPercent: 0, reason: 'the limiter is unchanged' };
  if (Math.min(fromRpm, toRpm) >= peakPowerRpm)
    return {
      ...move,
      peakPowerPercent: 0,
      reason: `peak power stands at ${peakPowerRpm} rpm, below both limiters: moving the limiter does not change it`,
    };
  return {
    ...move,
    peakPowerPercent: null,
    reason: `the limiter lies below peak power at ${peakPowerRpm} rpm, and without a torque curve the change cannot be told`,
  };
}
