/** Units: the spellings of TunerStudio projects to the product's, and what a project says of temperatures. */

const SPELLINGS: [RegExp, string][] = [
  [/^(deg|degrees?)( ?btdc)?$/i, '°'],
  [/^rpms?$/i, 'rpm'],
  // "Â°" is the degree sign of UTF-8 in a file that says it is Latin-1.
  [/^(deg ?|\*)?Â?°?c$/i, '°C'],
  [/^(deg ?|\*)?Â?°?f$/i, '°F'],
  [/^(v|volts?)$/i, 'V'],
  [/^(kpa( ?\(absolute\))?|map)$/i, 'kPa'],
  [/^(ms|msec)$/i, 'ms'],
  [/^(s|sec|secs|seconds?)$/i, 's'],
  [/^(µs|us|usec)$/i, 'µs'],
  [/^lambda$/i, 'λ'],
  [/^afr$/i, 'AFR'],
  [/^((% ?)?tps|prc)$/i, '%'],
];

/** '' stays ''; what is not known stays as it is. */
export function plainUnit(unit: string): string {
  return SPELLINGS.find(([spelling]) => spelling.test(unit))?.[1] ?? unit;
}

/** The temperature scale of a project, null where its settings do not say. */
export function temperatureUnit(settings: ReadonlySet<string>): '°C' | '°F' | null {
  if (settings.has('FAHRENHEIT')) return '°F';
  return settings.has('CELSIUS') ? '°C' : null;
}
