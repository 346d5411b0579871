/** Petrol and ethanol: how much of it an engine needs. */

/** By percent of ethanol: stoichiometric ratio and density, kg/l. */
const FUELS = [
  { ethanolPercent: 0, stoichiometric: 14.7, kgPerLitre: 0.745 },
  { ethanolPercent: 10, stoichiometric: 14.08, kgPerLitre: 0.75 },
  { ethanolPercent: 85, stoichiometric: 9.77, kgPerLitre: 0.785 },
  { ethanolPercent: 100, stoichiometric: 9.0, kgPerLitre: 0.789 },
] as const;

/** Air-fuel ratio at lambda 1, and kg/l, between the fuels of the table. */
export function fuelOf(ethanolPercent: number): { stoichiometric: number; kgPerLitre: number } {
  const wanted = Math.min(100, Math.max(0, ethanolPercent));
  const next = Math.max(
    1,
    FUELS.findIndex((f) => f.ethanolPercent >= wanted),
  );
  const [a, b] = [FUELS[next - 1]!, FUELS[next]!];
  const share = (wanted - a.ethanolPercent) / (b.ethanolPercent - a.ethanolPercent);
  const between = (key: 'stoichiometric' | 'kgPerLitre'): number => a[key] + (b[key] - a[key]) * share;
  return { stoichiometric: between('stoichiometric'), kgPerLitre: between('kgPerLitre') };
}

/** Volume of this fuel for the same lambda as a multiple of pure petrol's. */
export function fuelVolumeFactor(ethanolPercent: number): number {
  const { stoichiometric, kgPerLitre } = fuelOf(ethanolPercent);
  return (14.7 / stoichiometric) * (0.745 / kgPerLitre);
}
