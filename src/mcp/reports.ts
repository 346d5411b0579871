/** Report documents as answers: the findings first, worst first, as many as were asked for. */
import { z } from 'zod';
import { renderReport } from '../app/render.ts';
import type { Report, ReportDocument } from '../core/report.ts';
import { ANSWER_BYTES, type Limits } from './bounded.ts';
import { detail, LOOK } from './fields.ts';
import type { Answer } from './tool.ts';

export const reportFields = {
  all: z.boolean().default(false).describe('findings of every status: passes and not applicable ones too'),
  findings: z.number().int().min(1).max(100).default(10).describe('how many findings of each file at most'),
  findingsOffset: z.number().int().min(0).default(0).describe('how many of the worst to leave out: for the next ones'),
  detail,
};

/** What a report says beside its verdict, cut to what a reader takes in. Scores, areas of coverage and refusals are always whole. */
const IN_REPORT: Limits = {
  'reports[].findings[].cells': 4,
  'reports[].findings[].alsoIn': 6,
  'reports[].findings[].sources': 3,
  'reports[].exhibits': 0,
  'reports[].coverage.notChecked': 8,
  'reports[].tune.undecoded': 8,
  'reports[].tune.warnings': 8,
  'reports[].definition.evidence': 8,
  'reports[].integrity.checksums': 6,
  'reports[].stock.mapsChanged': 20,
  'reports[].scores.safety.deductions': 20,
  'reports[].scores.safety.ifFixed': 4,
  'reports[].performance.terms': 6,
  'reports[].firstRideSheet.cells': 3,
  'reports[].whatIf.changed': 10,
  'reports[].log': 1,
};
/** Of many files each says the verdict and the worst. */
const OF_MANY: Limits = {
  'reports[].performance.terms': 0,
  'reports[].firstRideSheet': 0,
  'reports[].firstRide': 0,
  'reports[].scores.safety.ifFixed': 0,
  'reports[].scores.compatibility.notCompared': 0,
  'reports[].coverage.notChecked': 0,
  'reports[].findings[].sources': 0,
  'reports[].findings[].cells': 1,
  'reports[].tune.undecoded': 2,
};
/** JSON of one more file. */
const EACH_MORE_BYTES = 4_096;

interface Wanted {
  all: boolean;
  findings: number;
  findingsOffset: number;
  detail: 'brief' | 'full';
}

/**
 * @param stored the analyses are kept and can be shown again
 * @param hint how to come by the rest
 */
export async function reportAnswer(
  document: ReportDocument,
  wanted: Wanted,
  stored: boolean,
  hint: string,
): Promise<Answer> {
  const many = document.reports.length > 1;
  const view = { ...LOOK, all: false, notChecked: false, verbose: false, stored };
  const pages = document.reports.map((r) => paged(r, wanted));
  // The text never draws heat maps: the cells stand in the JSON.
  const drawn = { ...document, reports: pages.map((r) => ({ ...r, exhibits: [] })) };
  const text = await renderReport('terminal', drawn, view);
  const whole = JSON.parse(await renderReport('json', document, view)) as Record<string, unknown>;
  if (wanted.detail === 'full') return { document: whole, text };
  const from = Math.min(...document.reports.map((r) => r.findings.length)) > 0 ? wanted.findingsOffset : 0;
  return {
    document: { ...whole, reports: document.reports.map((r) => findingsFirst(r, from)) },
    text: pages
      .map((r, i) => pageLine(r, document.reports[i]!, wanted))
      .filter((l) => l !== '')
      .concat(text)
      .join('\n'),
    limits: {
      ...IN_REPORT,
      ...(many ? OF_MANY : {}),
      'reports[].findings': many ? Math.min(3, wanted.findings) : wanted.findings,
    },
    budget: ANSWER_BYTES + EACH_MORE_BYTES * Math.max(0, document.reports.length - 1),
    more: `more findings with findingsOffset, one file at a time; ${hint}`,
  };
}

function paged(report: Report, { findings, findingsOffset }: Wanted): Report {
  return { ...report, findings: report.findings.slice(findingsOffset, findingsOffset + findings) };
}

/** Says which findings the text shows, where it does not show all. */
function pageLine(page: Report, { findings, input }: Report, { findingsOffset }: Wanted): string {
  if (page.findings.length === findings.length) return '';
  const until = findingsOffset + page.findings.length;
  return `${input.path}: findings ${findingsOffset + 1}-${until} of ${findings.length}, the worst first`;
}

/** The same report, in the order in which it is read; the order of fields means nothing. */
function findingsFirst(report: Report, from: number): Record<string, unknown> {
  const { input, outcome, refusal, scores, findings, findingCounts, coverage, motorcycle, ...rest } = report;
  return {
    input,
    outcome,
    refusal,
    motorcycle,
    scores,
    findings: findings.slice(from),
    findingCounts,
    coverage,
    ...rest,
  };
}
