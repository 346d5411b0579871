/** A ride log in every reporter: hostile names stay text, lines stay inside the terminal, every reporter names what was measured. */
import { expect, test } from 'vitest';
import type { RideLog } from '../core/logs/ride-log.ts';
import { reporter as html } from './html.ts';
import { reporter as json } from './json.ts';
import { reporter as markdown } from './markdown.ts';
import { rideRows } from './ride-log-text.ts';
import { widthOf } from './terminal/layout.ts';
import { reporter as terminal } from './terminal.ts';
import { documentOf, HOSTILE, risky } from './test-documents.ts';

const cell = (row: number, column: number, deviationPercent: number | null, hits = 12): RideLog['cells'][number] => ({
  row,
  column,
  hits,
  lambda: 0.9,
  spread: 0.01,
  uncorrected: 0.9,
  target: deviationPercent === null ? null : 0.88,
  targetFrom: deviationPercent === null ? null : 'tune',
  deviationPercent,
  highLoad: row > 4,
  claimed: hits >= 5,
});

const log: RideLog = {
  files: [
    {
      path: HOSTILE,
      sha256: 'b'.repeat(64),
      byteLength: 10,
      format: 'msl',
      signature: HOSTILE,
      samples: 100,
      skipped: 1,
      seconds: 10,
      fields: [{ channel: 'rpm', name: HOSTILE, unit: HOSTILE }],
      otherFields: 3,
    },
  ],
  stoichiometric: { afr: 14.7, from: 'petrol' },
  samples: { read: 100, used: 70, dropped: [{ reason: 'cold', text: 'engine cold', count: 30 }] },
  map: { id: 'map@0x10', title: HOSTILE },
  reason: '',
  axes: [
    { axis: 'x', quantity: 'throttle', unit: '%', breakpoints: Array.from({ length: 20 }, (_, i) => i * 5) },
    {
      axis: 'y',
      quantity: 'engineSpeed',
      unit: 'rpm',
      breakpoints: Array.from({ length: 12 }, (_, i) => 1_000 * (i + 1)),
    },
  ],
  rows: 12,
  columns: 20,
  cells: [cell(5, 9, 17.4), cell(5, 10, -3), cell(6, 9, null), cell(7, 9, 40, 2)],
  knock: { events: 3, cells: [{ row: 5, column: 9, events: 3, retardDeg: 2 }] },
  coverage: { highLoadCells: 20, measured: 2, ratio: 0.1, reason: '2 of 20 high-load cells have 5 hits or more' },
  extremes: { rpm: 9_000, coolantC: 91, intakeAirC: null, batteryV: 13.9, dutyPercent: 60, dutyFrom: 'logged' },
  probe: { leanEnd: 1.5, richEnd: null, atLeanEndPercent: 0, atRichEndPercent: 0 },
  flagged: [5 * 20 + 9],
  mapScore: { value: 88, level: 'SAFE' },
  notes: [`${HOSTILE} has no coolant temperature`],
};
const document = documentOf([{ ...risky(), log }]);
const view = { width: 100, colour: false, all: false, notChecked: false, verbose: false, stored: true };
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come out
const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

test.each([40, 60, 100])('terminal, %i columns: inside the width, without escapes, the mark and the hits', (width) => {
  const text = terminal.render(document, { ...view, width });
  expect(text).not.toMatch(ESCAPES);
  expect(text).toContain('RIDE LOG');
  expect(text).toContain('+17.4!');
  expect(text).toContain('88 / 100');
  for (const line of text.split('\n')) expect([widthOf(line) <= width, line]).toEqual([true, line]);
});

test('markdown and HTML carry the table and no markup of the log', () => {
  const md = markdown.render(document, view);
  expect(md).toMatch(/\| 6000 rpm, 45 % \| 12 \| 0\.900 \| 0\.010 \| 0\.880 \| \+17\.4 \|/);
  expect(md).not.toContain('<script>');
  const page = html.render(document, view);
  expect(page).toContain('+17.4!');
  expect(page).not.toContain('<script>');
});

test('JSON carries the section whole', () => {
  const { reports } = JSON.parse(json.render(document, view)) as { reports: { log: RideLog }[] };
  expect(reports[0]!.log).toEqual(log);
});

test('the cells that stray furthest come first, those with few hits not at all', () => {
  expect(rideRows(log).map((r) => r.deviation)).toEqual(['+17.4', '-3.0', '?']);
});
