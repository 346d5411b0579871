import { rideLines } from '../core/first-ride.ts';
import { plainVerdict } from '../core/plain-verdict.ts';
import type { Reporter } from '../core/ports.ts';
import type { Exhibit, Report, ReportDocument } from '../core/report.ts';
import { plainNumber } from '../core/rules/message.ts';
import { suppressionLines } from '../core/suppress.ts';
import { whatIfLines } from '../core/what-if.ts';
import { checksumText } from './checksum-text.ts';
import { engineText, opinionText } from './opinion-text.ts';
import { rideLine, rideLogLines } from './ride-log-text.ts';
import { versionsText } from './versions-text.ts';
import { escapeXml as e } from './xml-escape.ts';

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.15rem;margin-top:2.5rem}.score{font-size:2.2rem;font-weight:700}.f{border-left:.3rem solid #888;padding:.1rem 0 .1rem .8rem;margin:1rem 0}
.critical,.high{border-color:#b3541e}.medium{border-color:#c9a227}.low{border-color:#3a6ea5}.dim{opacity:.75}table.map{border-collapse:collapse;font-size:12px}table.map td,table.map th{padding:2px 5px;text-align:right}
.x{outline:2px solid currentColor;font-weight:700}@media(prefers-color-scheme:dark){body{color:#e7e7ea;background:#17171a}}`;

function cell(exhibit: Exhibit, i: number, most: number): string {
  const value = exhibit.cells[i] ?? null;
  const was = exhibit.stockCells?.[i] ?? null;
  const change =
    value === null || was === null
      ? null
      : exhibit.changeIn === 'percent'
        ? was === 0
          ? null
          : (value / was - 1) * 100
        : value - was;
  const shown =
    exhibit.stockCells === null
      ? value === null
        ? ''
        : value.toFixed(exhibit.digits)
      : change === null
        ? ''
        : `${change > 0 ? '+' : ''}${change.toFixed(1)}`;
  const heat = change === null ? 0 : Math.min(1, Math.abs(change) / most);
  const colour =
    change === null || heat < 0.04
      ? ''
      : ` style="background:rgba(${change < 0 ? '40,110,200' : '220,120,20'},${(heat * 0.75).toFixed(2)})"`;
  return `<td${exhibit.flagged[i] === 1 ? ' class="x"' : ''}${colour}>${shown}${exhibit.flagged[i] === 1 ? '!' : ''}</td>`;
}

function map(exhibit: Exhibit): string {
  const x = exhibit.axes.find((a) => a.axis === 'x');
  const y = exhibit.axes.find((a) => a.axis === 'y');
  const name = (axis: typeof x, i: number): string =>
    e(axis?.labels?.[i] ?? (axis?.breakpoints[i] == null ? '' : plainNumber(axis.breakpoints[i]!)));
  const changes = exhibit.cells.map((v, i) => {
    const was = exhibit.stockCells?.[i] ?? null;
    return v === null || was === null
      ? 0
      : Math.abs(exhibit.changeIn === 'percent' ? (was === 0 ? 0 : (v / was - 1) * 100) : v - was);
  });
  const most = Math.max(1e-9, ...changes);
  const rows = Array.from(
    { length: exhibit.rows },
    (_, r) =>
      `<tr><th>${name(y, r)}</th>${Array.from({ length: exhibit.columns }, (_, c) => cell(exhibit, r * exhibit.columns + c, most)).join('')}</tr>`,
  );
  const head = `<tr><th></th>${Array.from({ length: exhibit.columns }, (_, c) => `<th>${name(x, c)}</th>`).join('')}</tr>`;
  return `<h3>${e(exhibit.map.title)}</h3><p class="dim">${exhibit.stockCells === null ? e(exhibit.unit || 'raw counts') : `change from stock, ${exhibit.changeIn === 'percent' ? '%' : e(exhibit.unit)}`}</p><div style="overflow-x:auto"><table class="map">${head}${rows.join('')}</table></div>`;
}

function opinion(report: Report, document: ReportDocument): string {
  const said = opinionText(report, document.run);
  if (said === null) return `<p class="dim">${e(engineText(report))}</p>`;
  const concerns = said.concerns.map((c) => `<li>${e(c.text)}<br><span class="dim">${e(c.on)}</span></li>`);
  const more = said.more.map((m) => `<p><b>${e(m.name)}:</b> ${e(m.text)}</p>`);
  return `<h3>Second opinion</h3><p class="dim">${e(said.origin)}</p><p>${e(said.summary)}</p>
${concerns.length > 0 ? `<ul>${concerns.join('')}</ul>` : ''}${more.join('')}
${said.deduction === null ? '' : `<p>Score: ${e(said.deduction)}</p>`}${said.dropped === null ? '' : `<p class="dim">${e(said.dropped)}</p>`}`;
}

/** Deviation from the target in each cell, hits beneath it. */
function ride({ log }: Report): string {
  if (log == null) return '';
  const x = log.axes.find((a) => a.axis === 'x');
  const y = log.axes.find((a) => a.axis === 'y');
  const name = (axis: typeof x, i: number): string =>
    axis?.breakpoints[i] == null ? '' : plainNumber(axis.breakpoints[i]!);
  const known = new Map(log.cells.map((c) => [c.row * log.columns + c.column, c]));
  const flagged = new Set(log.flagged);
  const td = (i: number): string => {
    const c = known.get(i);
    if (c === undefined) return '<td></td>';
    const off = c.claimed ? c.deviationPercent : null;
    const heat = Math.min(1, Math.abs(off ?? 0) / 15);
    const colour =
      heat < 0.1
        ? ''
        : ` style="background:rgba(${off! < 0 ? '40,110,200' : '220,120,20'},${(heat * 0.75).toFixed(2)})"`;
    const mark = flagged.has(i);
    return `<td${mark ? ' class="x"' : ''}${colour}>${off === null ? '' : `${off > 0 ? '+' : ''}${off.toFixed(1)}`}${mark ? '!' : ''}<br><span class="dim">${Math.round(c.hits)}</span></td>`;
  };
  const row = (r: number): string =>
    `<tr><th>${name(y, r)}</th>${Array.from({ length: log.columns }, (_, c) => td(r * log.columns + c)).join('')}</tr>`;
  const head = `<tr><th></th>${Array.from({ length: log.columns }, (_, c) => `<th>${name(x, c)}</th>`).join('')}</tr>`;
  const grid =
    log.map === null
      ? ''
      : `<h3>${e(log.map.title)}</h3><p class="dim">measured against target, % (+ is lean); hits beneath</p><div style="overflow-x:auto"><table class="map">${head}${Array.from({ length: log.rows }, (_, r) => row(r)).join('')}</table></div>`;
  return `${list('Ride log', [rideLine(log), ...rideLogLines(log)])}${grid}`;
}

const list = (title: string, lines: string[]): string =>
  lines.length === 0 ? '' : `<h3>${title}</h3><ul>${lines.map((t) => `<li>${e(t)}</li>`).join('')}</ul>`;

function one(report: Report, document: ReportDocument): string {
  const title = `<h2>${e(report.input.path)}</h2>`;
  if (report.refusal !== null)
    return `${title}<p><b>Not judged</b> (${e(report.refusal.code)}): ${e(report.refusal.message)}</p><p>Whether it is safe to ride is unknown.</p><p>${e(report.refusal.hint)}</p>`;
  const { safety, compatibility } = report.scores;
  const plain = plainVerdict(report);
  const checksum = checksumText(report);
  const found = report.findings
    .filter((f) => f.status === 'fail')
    .map(
      (f) =>
        `<div class="f ${f.severity}"><b>${f.severity.toUpperCase()}</b> ${e(f.title)}<br>${e(f.message)}${f.map === null ? '' : `<br><span class="dim">${e(f.map.title)}${f.alsoIn.length > 0 ? ` and ${f.alsoIn.length} more` : ''}, ${f.cellCount} cells</span>`}<br>${e(f.why)}<br><b>Fix:</b> ${e(f.fix)}${f.suppressed === null ? '' : `<br><b>Suppressed</b> by ${e(f.suppressed.from)}: ${e(f.suppressed.reason)}${f.suppressed.until === null ? '' : ` (until ${e(f.suppressed.until)})`}`}</div>`,
    );
  return `${title}<p>${e(report.motorcycle?.name ?? 'motorcycle unknown')} · ${e(report.definition?.title ?? report.format?.id ?? '')}</p>
<p class="verdict"><b>${plain.word}</b>: ${e(plain.text)}</p>
<p class="score">${safety.value === null ? 'not enough data' : `${safety.value} / 100 ${safety.level ?? ''}`}</p><p>${e(safety.reason)}</p>
${suppressionLines(report.suppressions)
  .map((l) => `<p><b>SUPPRESSED</b> ${e(l)}</p>`)
  .join('')}
${safety.caps.map((c) => `<p>${c.at} at most: ${e(c.reason)}</p>`).join('')}<p>Against stock: ${report.stock.reference === 'none' ? 'no stock is known' : `${report.stock.mapsChanged.length} maps changed, ${report.stock.mapsEqual} equal`}.</p>${checksum === null ? '' : `<p>Checksum ${e(checksum)}.</p>`}
<p>Compatibility: ${compatibility.value === null ? e(compatibility.reason) : `${compatibility.value} / 100`}. Danger areas judged: ${report.coverage.areas.filter((a) => a.judged).length} of ${report.coverage.areas.length}.</p>
${found.join('\n')}${ride(report)}${opinion(report, document)}${report.exhibits.map(map).join('\n')}
${list('What if', whatIfLines(report.whatIf))}${list('First ride', rideLines(report.firstRideSheet))}
<p class="dim">${report.coverage.areas
    .filter((a) => !a.judged)
    .map((a) => e(a.reason))
    .join('; ')}</p>
<details><summary>Not checked: ${report.coverage.notChecked.length} rules</summary><ul>${report.coverage.notChecked.map((n) => `<li>${e(n.ruleId)}: ${e(n.reason)}</li>`).join('')}</ul></details>`;
}

/** One file, no script, no request: to send to somebody. */
export const reporter: Reporter = {
  id: 'html',
  title: 'HTML',
  extension: 'html',
  render: (document) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>revsync report</title><style>${STYLE}</style></head>
<body><h1>revsync report</h1>
${document.reports.map((report) => one(report, document)).join('\n')}
<p class="dim">revsync ${e(document.tool.version)}, ${e(versionsText(document))}</p></body></html>
`,
};
