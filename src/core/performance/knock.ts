/** Octane needed, relative to stock: a ranking aid good to four octane numbers, not a model of detonation. */

/** What moves the need for octane away from the stock engine's. Left out: as stock. */
export interface KnockChange {
  /** Effective compression now and stock; boost counts as compression. */
  compression?: { now: number; stock: number };
  /** Degrees over stock at full load; less than stock gives nothing back. */
  advanceDegrees?: number;
  /** Warmer charge than usual, K. */
  chargeKelvin?: number;
  altitudeM?: number;
  /** More water in the air than usual, g/kg. */
  humidityGPerKg?: number;
}

/** Compression ratio that ends at the same pressure without boost (n = 1.3). @param manifoldKpa absolute */
export const effectiveCompression = (compressionRatio: number, manifoldKpa: number): number =>
  compressionRatio * (manifoldKpa / 100) ** (1 / 1.3);

/** Octane numbers more (positive) or less that the engine asks for. */
export function octaneNeedChange(change: KnockChange): number {
  const { compression, advanceDegrees = 0, chargeKelvin = 0, altitudeM = 0, humidityGPerKg = 0 } = change;
  return (
    (compression === undefined ? 0 : 4 * (compression.now - compression.stock)) +
    Math.max(0, advanceDegrees) +
    chargeKelvin / 8 -
    (1.5 * altitudeM) / 1000 -
    0.3 * humidityGPerKg
  );
}

/** Octane numbers in hand; below zero the fuel is too low. */
export const knockMargin = (fuelRon: number, stockRonMin: number, change: KnockChange): number =>
  fuelRon - (stockRonMin + octaneNeedChange(change));
