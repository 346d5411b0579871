import { rideLines } from '../core/first-ride.ts';
import { type PlainVerdict, plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import type { Exhibit, Finding, Report, ReportDocument } from '../core/report.ts';
import { suppressionLines } from '../core/suppress.ts';
import { whatIfLines } from '../core/what-if.ts';
import { mapTable } from './html/map-table.ts';
import { STYLE } from './html/style.ts';
import { engineText, opinionText } from './opinion-text.ts';
import { findingPlace, identityParts, lowestCap, reportFacts } from './report-facts.ts';
import { rideLogLines } from './ride-log-text.ts';
import { versionsText } from './versions-text.ts';
import { escapeXml as e } from './xml-escape.ts';

const TONE: Record<PlainVerdict['word'], string> = {
  'DO NOT RIDE': 'bad',
  'WITH CARE': 'care',
  FINE: 'good',
  'NOTHING FOUND': 'open',
  UNKNOWN: 'open',
};

/** A map under the fault that marked it first. */
function picture(exhibit: Exhibit): string {
  const what =
    exhibit.changeIn === null
      ? exhibit.unit || 'raw counts'
      : `change from stock, ${exhibit.changeIn === 'percent' ? '%' : exhibit.unit || 'raw'}`;
  return mapTable({ ...exhibit, caption: `${exhibit.map.title}: ${what}. Framed and marked with !: over a limit.` });
}

/** The worst map in sight, the others of the same cause at hand. */
function pictures([first, ...more]: readonly Exhibit[]): string {
  if (first === undefined) return '';
  const rest =
    more.length === 0
      ? ''
      : `<details><summary>${more.length} more ${more.length === 1 ? 'map' : 'maps'}</summary>${more.map(picture).join('')}</details>`;
  return `${picture(first)}${rest}`;
}

function finding(f: Finding, points: number, exhibits: readonly Exhibit[]): string {
  const known =
    f.suppressed === null
      ? ''
      : `<p><b>Suppressed</b> by ${e(f.suppressed.from)}: ${e(f.suppressed.reason)}${f.suppressed.until === null ? '' : ` (until ${e(f.suppressed.until)})`}</p>`;
  return `<div class="f ${f.severity}">${points > 0 ? `<span class="pts">-${points} points</span>` : ''}<span class="sev">${f.severity.toUpperCase()}</span>
<p class="big">${e(f.title)}</p><p>${e(f.message)}</p><p class="soft">${e(findingPlace(f))}</p><p>${e(f.why)}</p><p><b>Fix:</b> ${e(f.fix)}</p>${known}${pictures(exhibits)}</div>`;
}

function findings(report: Report): string {
  const failed = report.findings.filter((f) => f.status === 'fail');
  const points = new Map(
    report.scores.safety.value === null ? [] : report.scores.safety.deductions.map((d) => [d.findingId, d.points]),
  );
  const drawn = (f: Finding): Exhibit[] => report.exhibits.filter((x) => x.findingIds[0] === f.id);
  const one = (f: Finding): string => finding(f, points.get(f.id) ?? 0, drawn(f));
  const [notes, told] = [failed.filter((f) => f.severity === 'info'), failed.filter((f) => f.severity !== 'info')];
  if (failed.length === 0)
    return `<p>No rule that was checked found anything (${report.findingCounts.pass} passed).</p>`;
  return `${told.map(one).join('\n')}${notes.length === 0 ? '' : `<details><summary>${notes.length} ${notes.length === 1 ? 'note' : 'notes'}</summary>${notes.map(one).join('\n')}</details>`}`;
}

function opinion(report: Report, document: ReportDocument): string {
  const said = opinionText(report, document.run);
  if (said === null) return `<p class="soft">${e(engineText(report))}</p>`;
  const concerns = said.concerns.map((c) => `<li>${e(c.text)}<br><span class="soft">${e(c.on)}</span></li>`);
  const more = said.more.map((m) => `<p><b>${e(m.name)}:</b> ${e(m.text)}</p>`);
  return `<h3>Second opinion</h3><p class="soft">${e(said.origin)}</p><p>${e(said.summary)}</p>
${concerns.length > 0 ? `<ul>${concerns.join('')}</ul>` : ''}${more.join('')}
${said.deduction === null ? '' : `<p>Score: ${e(said.deduction)}</p>`}${said.dropped === null ? '' : `<p class="soft">${e(said.dropped)}</p>`}`;
}

/** Deviation from the target in each cell, hits beneath it. */
function ride({ log }: Report): string {
  if (log == null) return '';
  const size = log.rows * log.columns;
  const cells = new Array<number | null>(size).fill(null);
  const below = new Array<string | null>(size).fill(null);
  const flagged = new Array<number>(size).fill(0);
  for (const c of log.cells) {
    const i = c.row * log.columns + c.column;
    if (c.claimed && c.deviationPercent !== null) cells[i] = 1 + c.deviationPercent / 100;
    below[i] = String(Math.round(c.hits));
  }
  for (const i of log.flagged) flagged[i] = 1;
  const grid =
    log.map === null
      ? ''
      : mapTable({
          caption: `${log.map.title}: measured against target, % (+ is lean); hits beneath`,
          axes: log.axes.map((a) => ({ ...a, labels: null })),
          rows: log.rows,
          columns: log.columns,
          cells,
          // A change of a percentage from 1 is the percentage.
          stockCells: new Array<number>(size).fill(1),
          changeIn: 'percent',
          flagged,
          digits: 1,
          below,
        });
  return `${list('Ride log', rideLogLines(log))}${grid}`;
}

const list = (title: string, lines: string[]): string =>
  lines.length === 0 ? '' : `<h3>${title}</h3><ul>${lines.map((t) => `<li>${e(t)}</li>`).join('')}</ul>`;

function score(report: Report): string {
  const { value, level, reason } = report.scores.safety;
  if (value === null)
    return `<p class="score">Not enough data</p><p>${e(reason.replace(/^not enough data: /, ''))}</p>`;
  const cap = lowestCap(report);
  return `<p class="score">Safety ${value} / 100 ${level ?? ''}</p><div class="bar ${TONE[plainVerdict(report).word]}"><i style="width:${value}%"></i></div><p class="soft">${e(reason)}${cap === null ? '' : `. ${e(cap)}`}</p>`;
}

function one(report: Report, document: ReportDocument, index: number): string {
  const title = `<h2 id="file-${index + 1}">${e(report.input.path)}</h2>`;
  if (report.refusal !== null)
    return `${title}<p><b>Not judged</b> (${e(report.refusal.code)}): ${e(report.refusal.message)}</p><p><b>Whether it is safe to ride is unknown.</b></p><p>${e(report.refusal.hint)}</p>`;
  const plain = plainVerdict(report);
  const facts = reportFacts(report).map(
    ({ name, text }) => `<dt>${name[0]!.toUpperCase()}${name.slice(1)}</dt><dd>${e(text)}</dd>`,
  );
  const open = report.coverage.areas.filter((a) => !a.judged);
  return `${title}<p class="soft">${e(identityParts(report).join(' · '))}</p>
<p class="verdict ${TONE[plain.word]}"><b>${plain.word}</b><span>: ${e(plain.text)}</span></p>
${score(report)}
${suppressionLines(report.suppressions)
  .map((l) => `<p><b>SUPPRESSED</b> ${e(l)}</p>`)
  .join('')}
<dl>${facts.join('')}</dl>
${findings(report)}${ride(report)}${opinion(report, document)}
${list('What if', whatIfLines(report.whatIf))}${list('First ride', rideLines(report.firstRideSheet))}
${list(
  'Not judged',
  open.map((a) => a.reason),
)}
<details><summary>Not checked: ${report.coverage.notChecked.length} of ${document.ruleset.rules} rules</summary><ul>${report.coverage.notChecked.map((n) => `<li>${e(n.ruleId)}: ${e(n.reason)}</li>`).join('')}</ul></details>`;
}

/** Where several files are, which of them is what. */
function contents({ reports }: ReportDocument): string {
  if (reports.length < 2) return '';
  const rows = reports.map((r, i) => {
    const { word } = plainVerdict(r);
    const { value, level } = r.scores.safety;
    return `<tr><td class="${TONE[word]}"><b>${word}</b></td><td>${value === null ? (r.refusal?.code ?? 'not enough data') : `${value} ${level ?? ''}`}</td><td><a href="#file-${i + 1}">${e(r.input.path)}</a></td></tr>`;
  });
  return `<table class="files"><tr><th>verdict</th><th>safety</th><th>file</th></tr>${rows.join('')}</table>`;
}

/** One file, no script, no request: to send to somebody. */
export const reporter: Reporter = {
  id: 'html',
  title: 'HTML',
  extension: 'html',
  render: (document) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>revsync report${document.reports.length === 1 ? `: ${e(document.reports[0]!.input.path)}` : ''}</title><style>${STYLE}</style></head>
<body><h1>revsync report</h1>
${contents(document)}${document.reports.map((report, i) => one(report, document, i)).join('\n')}
${document.errors.map((x) => `<p><b>${e(x.code)}</b>: ${e(x.message)} ${e(x.hint)}</p>`).join('')}
<p class="soft">revsync ${e(document.tool.version)}, ${e(versionsText(document))}. It judged the file, not the engine.</p></body></html>
`,
};
