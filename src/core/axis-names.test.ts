import { expect, test } from 'vitest';
import { namedAxis } from './axis-names.ts';

test.each([
  ['RPM', 'RPM', 'engineSpeed', 'rpm'],
  ['Engine Speed', 'RPMx1000', 'engineSpeed', 'RPMx1000'],
  ['RPM', '', 'engineSpeed', 'rpm'],
  ['Load', '%', 'load', '%'],
  ['Engine Load', 'units', 'load', ''],
  ['TPS', '%', 'throttle', '%'],
  ['Throttle Position', 'deg', 'throttleAngle', 'deg'],
  ['Coolant Temperature', 'C', 'coolantTemperature', 'C'],
  ['Air Temp', 'F', 'airTemperature', 'F'],
  ['Boost Error', 'psi', 'unknown', 'Boost Error (psi)'],
  ['MAP', 'kPa', 'intakePressure', 'kPa'],
  ['Condition', '', 'unknown', 'Condition'],
  ['', 'V', 'unknown', 'V'],
  ['wdkba_w', '%', 'throttle', '%'],
] as const)('%s in "%s"', (name, unit, quantity, shown) => {
  expect(namedAxis(name, unit)).toEqual({ quantity, unit: shown });
});
