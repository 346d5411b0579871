/** Weather: density of moist air, and the correction factors of dynamometers. */
import { type Estimate, refused, within } from './estimate.ts';

/** Gas constants of dry air and water vapour, J/(kg·K). */
const R_DRY = 287.058;
const R_VAPOUR = 461.495;
const SEA_LEVEL_KPA = 101.325;

/** Pressure of water vapour, Pa. @param humidity 0..1 */
export const vapourPressurePa = (celsius: number, humidity: number): number =>
  humidity * 610.78 * 10 ** ((7.5 * celsius) / (237.3 + celsius));

/** kg/m³. @param humidity 0..1 */
export function airDensity(pressurePa: number, celsius: number, humidity: number): number {
  const vapour = vapourPressurePa(celsius, humidity);
  const kelvin = celsius + 273.15;
  return (pressurePa - vapour) / (R_DRY * kelvin) + vapour / (R_VAPOUR * kelvin);
}

/** SAE J1349 (1990): factor from measured to standard power. It assumes 85 % mechanical efficiency. @param dryMbar pressure of the dry air */
export const saeJ1349 = (dryMbar: number, celsius: number): number =>
  1.18 * (990 / dryMbar) * Math.sqrt((celsius + 273) / 298) - 0.18;

/** The same where the standard itself trusts it: 0.93 to 1.07. */
export function trustedSaeJ1349(dryMbar: number, celsius: number): Estimate {
  const factor = saeJ1349(dryMbar, celsius);
  if (factor < 0.93 || factor > 1.07)
    return refused(`a correction of ${factor.toFixed(3)} is outside 0.93 to 1.07, where SAE J1349 may be trusted`);
  return within(factor, 0.01);
}

/** SAE J607 ("STD"). @param dryInHg pressure of the dry air */
export const saeJ607 = (dryInHg: number, fahrenheit: number): number =>
  (29.92 / dryInHg) * Math.sqrt((fahrenheit + 460) / 520);

/** Pressure of the standard atmosphere, kPa. */
export const pressureAtAltitudeKpa = (metres: number): number => SEA_LEVEL_KPA * (1 - 2.25577e-5 * metres) ** 5.25588;

/** Lambda at altitude as a share of its sea-level value where nothing corrects for air pressure (throttle as load, no barometer). */
export const uncorrectedLambdaShare = (pressureKpa: number): number => pressureKpa / SEA_LEVEL_KPA;
