import { rideLines } from '../core/first-ride.ts';
import { plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import type { Exhibit, Report, ReportDocument } from '../core/report.ts';
import { printable } from '../core/rules/message.ts';
import { suppressionLines } from '../core/suppress.ts';
import { whatIfLines } from '../core/what-if.ts';
import { engineText, opinionText } from './opinion-text.ts';
import { findingPlace, identityParts, lowestCap, reportFacts } from './report-facts.ts';
import { RIDE_COLUMNS, rideLine, rideLogLines, rideRows } from './ride-log-text.ts';
import { drawPicture } from './terminal/picture.ts';
import { versionsText } from './versions-text.ts';

/** Hostile titles must not become links, tables or HTML. */
const text = (value: string): string => printable(value).replace(/[\\`*_{}[\]()#+!|<>~@:-]/g, '\\$&');

function opinion(report: Report, document: ReportDocument): string[] {
  const said = opinionText(report, document.run);
  if (said === null) return [text(engineText(report)), ''];
  return [
    '### Second opinion',
    '',
    text(said.origin),
    '',
    text(said.summary),
    '',
    ...said.concerns.map((c) => `- ${text(c.text)} (${text(c.on)})`),
    ...said.more.map((m) => `- ${m.name}: ${text(m.text)}`),
    ...(said.deduction === null ? [] : [`- score: ${text(said.deduction)}`]),
    ...(said.dropped === null ? [] : ['', text(said.dropped)]),
    '',
  ];
}

function ride({ log }: Report): string[] {
  if (log == null) return [];
  const rows = rideRows(log, 20);
  return [
    '### Ride log',
    '',
    text(rideLine(log)),
    '',
    ...rideLogLines(log).map((l) => `- ${text(l)}`),
    '',
    ...(rows.length === 0
      ? []
      : [
          `| ${RIDE_COLUMNS.join(' | ')} |`,
          `|---|${'---:|'.repeat(RIDE_COLUMNS.length - 1)}`,
          ...rows.map(
            (r) => `| ${text(r.place)} | ${r.hits} | ${r.lambda} | ${r.spread} | ${r.target} | ${r.deviation} |`,
          ),
          '',
        ]),
  ];
}

/** The map as text, the fault in the middle; a fence keeps its columns, and nothing that a file says ends it. */
function picture(exhibit: Exhibit): string[] {
  const what =
    exhibit.changeIn === null
      ? exhibit.unit || 'raw counts'
      : `change from stock, ${exhibit.changeIn === 'percent' ? '%' : exhibit.unit || 'raw'}`;
  const drawn = drawPicture({ ...exhibit, heading: [] }, { width: 96, colour: false });
  const inert = (line: string): string =>
    printable(line).replaceAll('`', "'").replaceAll('<', '‹').replaceAll('>', '›').trimEnd();
  return [`${text(exhibit.map.title)}: ${text(what)}, \\! over a limit`, '', '```', ...drawn.map(inert), '```', ''];
}

function one(report: Report, document: ReportDocument): string[] {
  const { safety } = report.scores;
  const lines = [`## ${text(report.input.path)}`, ''];
  if (report.refusal !== null)
    return [
      ...lines,
      `**Not judged** (${report.refusal.code}): ${text(report.refusal.message)}`,
      '',
      'Whether it is safe to ride is unknown.',
      '',
      text(report.refusal.hint),
      '',
    ];
  const plain = plainVerdict(report);
  lines.push(
    `**${plain.word}**: ${text(plain.text)}`,
    '',
    '| | |',
    '|---|---|',
    `| file | ${text(identityParts(report).join(' · '))} |`,
    `| safety | ${safety.value === null ? text(safety.reason) : `**${safety.value} / 100** ${safety.level}`}${lowestCap(report) === null || safety.value === null ? '' : `, ${text(lowestCap(report)!)}`} |`,
    ...reportFacts(report).map((f) => `| ${f.name} | ${text(f.text)} |`),
    '',
  );
  for (const line of suppressionLines(report.suppressions)) lines.push(`**SUPPRESSED** ${text(line)}`, '');
  for (const f of report.findings.filter((x) => x.status === 'fail')) {
    lines.push(`### ${f.severity.toUpperCase()} ${text(f.title)}`, '', text(f.message), '');
    lines.push(text(findingPlace(f)), '');
    if (f.suppressed !== null)
      lines.push(
        `Suppressed by ${text(f.suppressed.from)}: ${text(f.suppressed.reason)}${f.suppressed.until === null ? '' : ` (until ${f.suppressed.until})`}`,
        '',
      );
    lines.push(`- why: ${text(f.why)}`, `- fix: ${text(f.fix)}`, '');
    for (const exhibit of report.exhibits.filter((x) => x.findingIds[0] === f.id)) lines.push(...picture(exhibit));
  }
  lines.push(...ride(report));
  lines.push(...opinion(report, document));
  for (const line of whatIfLines(report.whatIf)) lines.push(`- what if: ${text(line)}`);
  for (const line of rideLines(report.firstRideSheet)) lines.push(`- first ride: ${text(line)}`);
  for (const a of report.coverage.areas.filter((x) => !x.judged)) lines.push(`- not judged: ${text(a.reason)}`);
  lines.push('', `Not checked: ${report.coverage.notChecked.length} rules.`, '');
  for (const { ruleId, reason } of report.coverage.notChecked) lines.push(`- ${text(ruleId)}: ${text(reason)}`);
  return [...lines, ''];
}

/** For an issue, a forum, a wiki. */
export const reporter: Reporter = {
  id: 'markdown',
  title: 'Markdown',
  extension: 'md',
  render: (document) =>
    [
      '# revsync report',
      '',
      ...document.reports.flatMap((report) => one(report, document)),
      `revsync ${document.tool.version}, ${versionsText(document)}`,
      '',
    ].join('\n'),
};
