import { rideLines } from '../core/first-ride.ts';
import { plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import { suppressionLines } from '../core/suppress.ts';
import { whatIfLines } from '../core/what-if.ts';
import { escapeXml } from './xml-escape.ts';

/** One suite a file, one case a finding: what CI servers show. */
export const reporter: Reporter = {
  id: 'junit',
  title: 'JUnit XML',
  extension: 'xml',
  render({ reports }) {
    const suites = reports.map((r) => {
      if (r.refusal !== null) {
        return `  <testsuite name="${escapeXml(r.input.path)}" tests="1" errors="1" failures="0" skipped="0">\n    <testcase name="readable" classname="revsync"><error message="${escapeXml(`${r.refusal.code}: ${r.refusal.message}`)}">${escapeXml(r.refusal.hint)}</error></testcase>\n  </testsuite>`;
      }
      const undecided =
        r.outcome === 'notEnoughData'
          ? [
              `    <testcase name="judged" classname="revsync"><error message="${escapeXml(r.scores.safety.reason)}"/></testcase>`,
            ]
          : [];
      const cases = r.findings.map((f) => {
        const open = `    <testcase name="${escapeXml(f.id)}" classname="revsync.${escapeXml(f.ruleId)}"`;
        if (f.status === 'pass') return `${open}/>`;
        if (f.status !== 'fail') return `${open}><skipped message="${escapeXml(f.message)}"/></testcase>`;
        if (f.suppressed !== null)
          return `${open}><skipped message="${escapeXml(`suppressed by ${f.suppressed.from}: ${f.suppressed.reason}; ${f.severity}: ${f.message}`)}"/></testcase>`;
        // A note takes nothing off the score and fails no run.
        if (f.severity === 'info')
          return `${open}><system-out>${escapeXml(`note: ${f.message}`)}</system-out></testcase>`;
        return `${open}><failure type="${escapeXml(f.severity)}" message="${escapeXml(f.message)}">${escapeXml(`${f.why} ${f.fix}`)}</failure></testcase>`;
      });
      const plain = plainVerdict(r);
      const talk = [
        `${plain.word}: ${plain.text}`,
        ...suppressionLines(r.suppressions),
        ...whatIfLines(r.whatIf),
        ...rideLines(r.firstRideSheet).map((l) => `first ride: ${l}`),
      ];
      const said = `\n    <system-out>${escapeXml(talk.join(' | '))}</system-out>`;
      const skipped = r.findings.filter(
        (f) =>
          f.status === 'notChecked' || f.status === 'notApplicable' || (f.status === 'fail' && f.suppressed !== null),
      ).length;
      return `  <testsuite name="${escapeXml(r.input.path)}" tests="${r.findings.length + undecided.length}" errors="${undecided.length}" failures="${r.findings.filter((f) => f.status === 'fail' && f.suppressed === null && f.severity !== 'info').length}" skipped="${skipped}">\n${[...undecided, ...cases].join('\n')}${said}\n  </testsuite>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="revsync">\n${suites.join('\n')}\n</testsuites>\n`;
  },
};
