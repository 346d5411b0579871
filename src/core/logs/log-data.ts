/** rules/log-fields.yaml and rules/log-filters.yaml. */

/** What a field of a log may mean, in one unit each. */
export const CHANNELS = [
  'time',
  'rpm',
  'throttle',
  'throttleAngle',
  'grip',
  'pressure',
  'load',
  'lambda',
  'lambda2',
  'target',
  'coolant',
  'intakeAir',
  'battery',
  'pulseWidth',
  'duty',
  'knockRetard',
  'knockCount',
  'egoCorrection',
  'accelEnrichment',
  'warmUp',
  'fuelCut',
  'advance',
  'gear',
  'speed',
] as const;
export type ChannelId = (typeof CHANNELS)[number];

export interface LogFieldData {
  version: string;
  channels: {
    id: ChannelId;
    unit: string;
    names: (string | { name: string; unit?: string | undefined; sign?: 1 | -1 | undefined })[];
  }[];
}

/** Meaning and units stand in rules/log-filters.yaml. */
export interface LogFilterData {
  version: string;
  runningRpm: number;
  warmCoolantC: number;
  warmUpPercent: number;
  lambdaLow: number;
  lambdaHigh: number;
  throttlePercentPerSecond: number;
  pressureKpaPerSecond: number;
  speedRpmPerSecond: number;
  enrichmentStep: number;
  overrunRpm: number;
  closedThrottlePercent: number;
  limiterPercent: number;
  settleSeconds: number;
  probeSeconds: number;
  probeRevolutions: number;
  gapSeconds: number;
  leastHits: number;
  knockDegrees: number;
  chargingRpm: number;
  railShare: number;
  railSamples: number;
  sources: string[];
}
