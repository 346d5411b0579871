import { rideLines } from '../core/first-ride.ts';
import { plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import type { Finding, Report } from '../core/report.ts';
import { printable } from '../core/rules/message.ts';
import { suppressionLines } from '../core/suppress.ts';
import { whatIfLines } from '../core/what-if.ts';

const LEVEL: Record<Finding['severity'], 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** Each part of the path by itself, so that # and ? stay part of the name. */
function uriOf(path: string): string {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .map((part) =>
      encodeURIComponent(part.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?')),
    )
    .join('/');
}

function results(report: Report): unknown[] {
  const location = (finding: Finding | null): unknown => ({
    physicalLocation: { artifactLocation: { uri: uriOf(report.input.path) } },
    ...(finding?.map == null
      ? {}
      : {
          logicalLocations: [{ name: printable(finding.map.title), fullyQualifiedName: finding.map.id, kind: 'map' }],
        }),
  });
  if (report.refusal !== null) {
    return [
      {
        ruleId: report.refusal.code,
        level: 'error',
        message: { text: printable(`${report.refusal.message} ${report.refusal.hint}`) },
        locations: [location(null)],
      },
    ];
  }
  // What could not be judged must not look clean to whoever counts results.
  const undecided =
    report.outcome === 'notEnoughData'
      ? [
          {
            ruleId: 'NOT_ENOUGH_DATA',
            level: 'warning',
            message: { text: printable(report.scores.safety.reason) },
            locations: [location(null)],
          },
        ]
      : [];
  const failed = report.findings
    .filter((f) => f.status === 'fail')
    .map((f) => ({
      ruleId: f.ruleId,
      level: LEVEL[f.severity],
      message: { text: printable(`${f.message.replace(/\.$/, '')}. ${f.why} ${f.fix}`) },
      locations: [location(f)],
      properties: { severity: f.severity, value: f.value, unit: f.unit, limit: f.limit, cells: f.cellCount },
      ...(f.suppressed === null
        ? {}
        : {
            suppressions: [
              { kind: 'external', justification: printable(`${f.suppressed.from}: ${f.suppressed.reason}`) },
            ],
          }),
    }));
  return [...undecided, ...failed];
}

/** SARIF 2.1.0, for editors and code hosts. */
export const reporter: Reporter = {
  id: 'sarif',
  title: 'SARIF',
  extension: 'sarif',
  render({ reports, tool }) {
    const rules = new Map(
      reports
        .flatMap((r) => r.findings)
        .map((f) => [
          f.ruleId,
          { id: f.ruleId, fullDescription: { text: printable(f.why) }, help: { text: printable(f.fix) } },
        ]),
    );
    const log = {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'revsync',
              version: tool.version,
              rules: [...rules.values()].sort((a, b) => a.id.localeCompare(b.id)),
            },
          },
          results: reports.flatMap(results),
          // Of each file: what a person needs beside its results.
          properties: {
            files: reports.map((r) => ({
              uri: uriOf(r.input.path),
              verdict: printable(`${plainVerdict(r).word}: ${plainVerdict(r).text}`),
              firstRide: rideLines(r.firstRideSheet).map(printable),
              whatIf: whatIfLines(r.whatIf).map(printable),
              suppressed: suppressionLines(r.suppressions).map(printable),
            })),
          },
        },
      ],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
  },
};
