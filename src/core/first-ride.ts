/** The first-ride sheet: the riskiest cells as a rider would meet them, when to stop, what to log. */
import type { Finding } from './report.ts';
import { atLeast } from './rules/bands.ts';
import { withUnit } from './rules/message.ts';

/** At most five lines, worst first; none where nothing above low stands. */
export function firstRide(findings: readonly Finding[]): string[] {
  const telling = findings.filter((f) => f.status === 'fail' && atLeast(f.severity, 'medium') && f.cells.length > 0);
  const lines: string[] = [];
  for (const finding of telling.slice(0, 4)) {
    const [cell] = finding.cells;
    const place = (cell?.axisValues ?? [])
      .filter((a) => a.value !== null && a.quantity !== 'index' && a.quantity !== 'unknown')
      .map(
        (a) =>
          `${withUnit(a.value!, a.quantity === 'engineSpeed' ? 'rpm' : a.unit)}${a.quantity === 'throttle' ? ' throttle' : ''}`,
      );
    if (place.length === 0) continue;
    lines.push(`${place.join(', ')}: ${watchFor(finding.ruleId)}`);
  }
  if (lines.length > 0)
    lines.push(
      'Log engine speed, throttle, lambda and coolant temperature; warm the engine up first and come home at the first doubt.',
    );
  return lines;
}

function watchFor(ruleId: string): string {
  if (/spark|advance|octane/.test(ruleId))
    return 'listen for knock under load, close the throttle at the first rattle.';
  if (/lean|mixture|fuel|injector/.test(ruleId)) return 'watch lambda, close the throttle above 0.95 under full load.';
  if (/limiter|piston/.test(ruleId)) return 'do not hold it at the limiter; shift well before it.';
  if (/throttle|idle/.test(ruleId)) return 'open the throttle with care in a straight line.';
  return 'stay away from this place until it is explained.';
}
