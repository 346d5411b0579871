import { rideLines, ridePlace, rideTarget } from '../core/first-ride.ts';
import { plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import { printable } from '../core/rules/message.ts';
import { csvField } from './views/map-views.ts';

const HEAD = [
  'file',
  'outcome',
  'safety',
  'level',
  'finding',
  'severity',
  'map',
  'value',
  'unit',
  'limit',
  'cells',
  'message',
  'suppressed',
  'firstRide',
  'verdict',
];

/** One row a finding, and one for a file without any. */
export const reporter: Reporter = {
  id: 'csv',
  title: 'CSV',
  extension: 'csv',
  render({ reports }) {
    const rows = reports.flatMap((r) => {
      const file = [r.input.path, r.outcome, r.scores.safety.value ?? '', r.scores.safety.level ?? ''];
      const plain = plainVerdict(r);
      const verdict = `${plain.word}: ${plain.text}`;
      const failed = r.findings.filter((f) => f.status === 'fail');
      if (failed.length === 0)
        return [
          [
            ...file,
            '',
            '',
            '',
            '',
            '',
            '',
            '',
            r.refusal?.message ?? r.scores.safety.reason,
            '',
            rideLines(r.firstRideSheet).join(' '),
            verdict,
          ],
        ];
      return failed.map((f) => [
        ...file,
        f.ruleId,
        f.severity,
        f.map?.title ?? '',
        f.value ?? '',
        f.unit,
        f.limit ?? '',
        f.cellCount,
        f.message,
        f.suppressed === null ? '' : `${f.suppressed.from}: ${f.suppressed.reason}`,
        r.firstRideSheet.cells
          .filter((c) => c.findingId === f.id)
          .map((c) => `${ridePlace(c)}: ${c.watch} ${rideTarget(c)}`)
          .join(' '),
        verdict,
      ]);
    });
    return `${[HEAD, ...rows].map((row) => row.map((v) => csvField(printable(String(v)))).join(',')).join('\n')}\n`;
  },
};
