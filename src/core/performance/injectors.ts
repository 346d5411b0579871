/** Injectors: what they can feed, and for how long they are open. */

const PETROL_KG_PER_L = 0.745;
const GRAM_PER_KWH_OF_LB_PER_HP_H = 608.28;

/** lb/h per injector for a power in hp. @param fuelUse lb/(hp·h) */
export const injectorPoundsPerHour = (hp: number, fuelUse: number, injectors: number, duty: number): number =>
  (hp * fuelUse) / (injectors * duty);

/** hp that injectors of so many lb/h feed. */
export const horsepowerOfInjectors = (
  poundsPerHour: number,
  fuelUse: number,
  injectors: number,
  duty: number,
): number => (poundsPerHour * duty * injectors) / fuelUse;

/** kW that injectors feed. Good to ±10 %: the doubt about fuel use. @param fuelUse g/kWh */
export const powerOfInjectorsKw = (ccPerMin: number, injectors: number, duty: number, fuelUse: number): number =>
  (((injectors * ccPerMin * PETROL_KG_PER_L) / 60) * duty * 3600) / fuelUse;

/** cc/min per injector for a power in kW. @param fuelUse g/kWh */
export const injectorCcPerMin = (powerKw: number, injectors: number, duty: number, fuelUse: number): number =>
  (((powerKw * fuelUse) / 3600 / injectors) * 60) / PETROL_KG_PER_L / duty;

/** Milliseconds of one engine cycle of a four-stroke. @param squirts injections per cycle */
export const cycleMs = (rpm: number, squirts = 1): number => 120_000 / rpm / squirts;

/** Duty as a share. Dead time counts for each opening. */
export const injectorDuty = (effectiveMs: number, deadTimeMs: number, rpm: number, squirts = 1): number =>
  (effectiveMs + deadTimeMs) / cycleMs(rpm, squirts);

/** Milliseconds of injection that fill one cylinder at 100 % volumetric efficiency. @param airDensity kg/m³, which is g/l */
export const requiredFuelMs = (
  displacementCc: number,
  cylinders: number,
  airFuelRatio: number,
  ccPerMin: number,
  airDensity: number,
): number => {
  const fuelMg = (airDensity * displacementCc) / cylinders / airFuelRatio;
  return fuelMg / ((ccPerMin * PETROL_KG_PER_L) / 60);
};

/** Change of flow in percent with rail pressure: it follows the square root. */
export const flowChangeOfPressurePercent = (fromBar: number, toBar: number): number =>
  (Math.sqrt(toBar / fromBar) - 1) * 100;

/** g/kWh from lb/(hp·h). */
export const gramsPerKwh = (poundsPerHorsepowerHour: number): number =>
  poundsPerHorsepowerHour * GRAM_PER_KWH_OF_LB_PER_HP_H;
