/** A stored report without what hung on the fuel and parts of the day it was analysed: those are asked anew for this rider. */
import { SEVERITIES } from '../model.ts';
import type { Report } from '../report.ts';
import type { Rider } from '../rider.ts';

/** Rules that judge the fuel in the tank or the parts that were declared, not the file. */
export const OF_THE_DAY: ReadonlySet<string> = new Set([
  'octane-margin-short',
  'ethanol-without-fuel',
  'fuel-for-other-ethanol',
  'parts-without-fuel',
]);

/** The same report where it was judged for this fuel; else its safety without those findings, never above what the others allow. */
export function forThisRider(report: Report, rider: Rider, capAt: Partial<Record<string, number>>): Report {
  const { conditions } = report;
  if (conditions.ron === rider.ron && conditions.ethanolPercent === rider.ethanolPercent) return report;
  const gone = report.findings.filter((f) => f.status === 'fail' && OF_THE_DAY.has(f.ruleId));
  const { safety } = report.scores;
  if (gone.length === 0 || safety.value === null) return report;
  const ids = new Set(gone.map((f) => f.id));
  const findings = report.findings.filter((f) => !ids.has(f.id));
  const deductions = safety.deductions.filter((d) => !ids.has(d.findingId));
  const standing = (severity: string): string[] =>
    findings.filter((f) => f.status === 'fail' && f.severity === severity && f.suppressed === null).map((f) => f.id);
  const stands = (severity: string): boolean => standing(severity).length > 0;
  const caps = safety.caps.filter((c) => !SEVERITIES.some((s) => c.reason === `a ${s} finding stands` && !stands(s)));
  for (const severity of SEVERITIES) {
    const at = capAt[severity];
    if (at !== undefined && stands(severity))
      caps.push({ at, reason: `a ${severity} finding stands`, findingIds: standing(severity) });
  }
  const sum = deductions.reduce((total, d) => total + d.points, 0);
  const value = Math.max(0, Math.min(Math.round(100 - sum), ...caps.map((c) => c.at)));
  return {
    ...report,
    findings,
    scores: { ...report.scores, safety: { ...safety, value, deductions, caps, ifFixed: [] } },
  };
}
