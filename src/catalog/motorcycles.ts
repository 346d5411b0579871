/** Motorcycles as shipped or as the user keeps them: one YAML file each, its path is its id. */
import { RevsyncError } from '../core/errors.ts';
import type { Motorcycle } from '../core/model.ts';
import { motorcycleSchema } from './motorcycle-schema.ts';

const ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*-(\d{4})-(\d{4})$/;

/**
 * One motorcycle from what its YAML holds. Pure.
 * @param id make/model-yearFrom-yearTo, all kebab-case
 * @throws RevsyncError MOTORCYCLE_INVALID with the field at fault
 */
export function toMotorcycle(object: unknown, id: string): Motorcycle {
  const parsed = motorcycleSchema.safeParse(object);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(id, `${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'not understood'}`);
  }
  const data = parsed.data;
  const years = ID.exec(id);
  if (!years) throw invalid(id, 'the file must be named make/model-yearFrom-yearTo in kebab-case');
  if (Number(years[3]) !== data.yearFrom || Number(years[4]) !== data.yearTo) {
    throw invalid(id, `the years of the name are not yearFrom ${data.yearFrom} and yearTo ${data.yearTo}`);
  }
  return {
    id,
    make: data.make,
    model: data.model,
    generation: data.generation ?? null,
    yearFrom: data.yearFrom,
    yearTo: data.yearTo,
    category: data.category,
    displacementCc: data.displacementCc,
    cylinders: data.cylinders,
    layout: data.layout,
    valvetrain: data.valvetrain,
    boreMm: data.boreMm,
    strokeMm: data.strokeMm,
    compressionRatio: data.compressionRatio ?? null,
    aspiration: data.aspiration,
    cooling: data.cooling,
    strokes: data.strokes,
    redlineRpm: data.redlineRpm ?? null,
    revLimitRpm: data.revLimitRpm ?? null,
    peakPowerKw: data.peakPowerKw ?? null,
    peakPowerRpm: data.peakPowerRpm ?? null,
    peakTorqueNm: data.peakTorqueNm ?? null,
    peakTorqueRpm: data.peakTorqueRpm ?? null,
    fuelRonMin: data.fuelRonMin ?? null,
    fuelSystem: data.fuelSystem ?? null,
    throttle: data.throttle ?? null,
    idleRpm: data.idleRpm ?? null,
    ecuFamily: data.ecuFamily ?? null,
    sources: data.sources,
    confidence: data.confidence,
    aliases: data.aliases ?? [],
    notes: data.notes ?? [],
  };
}

function invalid(id: string, why: string): RevsyncError {
  return new RevsyncError(
    'MOTORCYCLE_INVALID',
    `motorcycle ${id}: ${why}`,
    'src/catalog/motorcycle-schema.ts has its fields, a neighbour in its folder shows them',
  );
}
