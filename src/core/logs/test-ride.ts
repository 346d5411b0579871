/** For tests: rides made of rows, measured against a tune as the product does. */

import type { Tune } from '../model.ts';
import { computeRegions } from '../regions.ts';
import { testMotorcycle } from '../test-tune.ts';
import type { LogFieldData, LogFilterData } from './log-data.ts';
import { type Measured, RideMeasurement } from './measure.ts';
import type { LogField, LogSink } from './port.ts';
import type { SpecTargets } from './spec-target.ts';
import { surveyor } from './survey.ts';

export interface TestRide {
  /** "RPM", "TPS [%]": a unit may stand in brackets. */
  fields: string[];
  rows: number[][];
}

const fieldOf = (text: string): LogField => {
  const m = /^(.*?)(?: \[(.*)\])?$/.exec(text)!;
  return { name: m[1]!, unit: m[2] ?? '' };
};

export function measureRides(
  tune: Tune,
  rides: TestRide[],
  data: { fields: LogFieldData; filters: LogFilterData },
  spec: SpecTargets = { fullLoad: null, cruise: null },
): Measured {
  const feed = (sink: LogSink, { fields, rows }: TestRide): void => {
    const wanted = sink.start({ fields: fields.map(fieldOf), signature: '' });
    for (const row of rows) sink.sample(Float64Array.from(wanted, (i) => row[i]!));
  };
  const logs = rides.map((ride, i) => {
    const { sink, survey } = surveyor(data.fields, data.filters.gapSeconds);
    feed(sink, ride);
    const file = {
      path: `ride-${i + 1}`,
      sha256: '',
      byteLength: 0,
      format: 'test',
      signature: '',
      samples: survey.samples,
      skipped: 0,
      seconds: survey.seconds,
      fields: survey.channels.map((c) => ({ channel: c.id, name: c.field.name, unit: c.field.unit })),
      otherFields: ride.fields.length - survey.channels.length,
    };
    return { file, survey };
  });
  const measurement = new RideMeasurement(
    {
      tune,
      regions: computeRegions(tune, testMotorcycle(), null),
      filters: data.filters,
      spec,
      stoichiometric: { afr: 14.7, from: 'petrol' },
      strokes: 4,
    },
    logs,
  );
  for (const [i, log] of logs.entries()) feed(measurement.sinkOf(log), rides[i]!);
  return measurement.result();
}
