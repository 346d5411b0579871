/** What made a number, in a line, as every reporter says it: another version of the rules or of the score makes another number. */
import type { ReportDocument } from '../core/report.ts';

/**
 * "rules 1.1.0+95fb9fec, score 1.1.0". The hash is that of the rules as they were read: it changes with every change of a rule, and
 * with a person's own ones, whatever the version says.
 */
export function versionsText({ ruleset, reports }: ReportDocument): string {
  const scores = [...new Set(reports.map((r) => r.scores.version))];
  const own = ruleset.replaced ?? [];
  return [
    `rules ${ruleset.version}+${ruleset.hash.slice(0, 8)}`,
    ...(own.length === 0 ? [] : [`with own ones in place of ${own.join(', ')}`]),
    ...scores.map((v) => `score ${v}`),
  ].join(', ');
}
