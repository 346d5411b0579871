/** What torque, power and speed say about an engine: BMEP, volumetric efficiency, piston speed and acceleration. */
import { type Estimate, within } from './estimate.ts';

/** kW from Nm and rpm. */
export const powerKw = (torqueNm: number, rpm: number): number => (torqueNm * rpm) / 9549.3;

/** Brake mean effective pressure of a four-stroke, bar. */
export const bmepBar = (torqueNm: number, displacementCc: number): number =>
  (4 * Math.PI * torqueNm) / (displacementCc * 1e-6) / 1e5;

/** Volumetric efficiency of a four-stroke from its power, as a share. The doubt about fuel use goes straight into it: ±10 %. */
export function volumetricEfficiency(given: {
  powerKw: number;
  rpm: number;
  displacementCc: number;
  /** g/kWh */
  fuelUse: number;
  airFuelRatio: number;
  /** kg/m³ */
  airDensity: number;
}): Estimate {
  const airKgPerS = (given.powerKw * given.fuelUse * given.airFuelRatio) / 3.6e6;
  const value = airKgPerS / ((given.airDensity * given.displacementCc * 1e-6 * given.rpm) / 120);
  return within(value, value * 0.1);
}

/** m/s */
export const meanPistonSpeed = (strokeMm: number, rpm: number): number => (2 * (strokeMm / 1000) * rpm) / 60;

/** Largest piston speed, m/s, and the crank angle after top dead centre where it stands, degrees. */
export function largestPistonSpeed(strokeMm: number, rpm: number, rodMm: number): { speed: number; atDegrees: number } {
  const ratio = strokeMm / 2 / rodMm;
  const pin = ((rpm * 2 * Math.PI) / 60) * (strokeMm / 2000);
  let best = { speed: 0, atDegrees: 0 };
  for (let tenths = 600; tenths <= 900; tenths++) {
    const angle = (tenths * Math.PI) / 1800;
    const speed =
      pin * (Math.sin(angle) + (ratio * Math.sin(2 * angle)) / (2 * Math.sqrt(1 - (ratio * Math.sin(angle)) ** 2)));
    if (speed > best.speed) best = { speed, atDegrees: tenths / 10 };
  }
  return best;
}

/** Piston acceleration at top dead centre, m/s². */
export function pistonAcceleration(strokeMm: number, rpm: number, rodMm: number): number {
  const radius = strokeMm / 2000;
  const omega = (rpm * 2 * Math.PI) / 60;
  return omega ** 2 * radius * (1 + radius / (rodMm / 1000));
}

/** How much larger the inertia loads on rods and valve gear are at another speed, percent: they grow with its square. */
export const inertiaLoadChangePercent = (fromRpm: number, toRpm: number): number => ((toRpm / fromRpm) ** 2 - 1) * 100;

/** Wheel power from crank power: losses of 10 % ± 4. */
export function wheelPowerKw(crankKw: number): Estimate {
  return { kind: 'known', value: crankKw * 0.9, low: crankKw * 0.86, high: crankKw * 0.94 };
}
