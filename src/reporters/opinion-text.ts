/** The second opinion in words, once for all reporters: who spoke, what held, what it takes off, what was dropped. */
import type { OpinionRun, Report, ReportDocument, SecondOpinion } from '../core/report.ts';

export interface OpinionText {
  /** "mistral:7b (6577803aa9a0) · 4.2 s · 1240 + 143 tokens" */
  origin: string;
  concerns: { text: string; on: string }[];
  /** Effect, advice, compatibility, evidence that was shrunk: the name of the line and its text. */
  more: { name: string; text: string }[];
  summary: string;
  /** What it takes off, and when that counts; null where it takes nothing. */
  deduction: string | null;
  /** Null where everything held. */
  dropped: string | null;
}

const RELATIONS: Record<string, string> = {
  aboveLimit: 'over its limit',
  belowLimit: 'under its limit',
  aboveStock: 'over stock',
  belowStock: 'under stock',
  changed: 'changed against stock',
  missing: 'not known',
  notJudged: 'not judged',
};
const FITS = {
  fits: null,
  unknown: null,
  doubtful: 'the model doubts that the file is for this motorcycle and fuel',
  doesNotFit: 'the model thinks that the file is not for this motorcycle and fuel',
} as const;

/** Null: no model was heard. */
export function opinionText(report: Report, run: ReportDocument['run']): OpinionText | null {
  const { secondOpinion: said } = report;
  if (said === null) return null;
  const took = (run.secondOpinions ?? []).find((r) => r.path === report.input.path);
  const origin = [
    `${said.model}${said.digest === null ? '' : ` (${said.digest.replace(/^sha256:/, '').slice(0, 12)})`}`,
    ...(took === undefined ? [] : [time(took)]),
    `${said.tokens.prompt} + ${said.tokens.answer} tokens`,
    ...(said.repaired ? ['second try'] : []),
  ].join(' · ');
  const more = [
    { name: 'effect', text: said.expectedEffect },
    { name: 'advice', text: said.advice },
    { name: 'fit', text: FITS[said.compatibility] },
    { name: 'sent', text: shrunkText(said.shrunkEvidence ?? null) },
  ].filter((m): m is { name: string; text: string } => m.text !== null);
  const points = said.deductions.map((d) => `${d.points} for ${nameOf(d.findingId)}`).join(', ');
  return {
    origin,
    concerns: said.concerns.map((c) => ({
      text: c.text,
      on: `${c.evidence.map(nameOf).join(', ')}: ${RELATIONS[c.relation] ?? c.relation}`,
    })),
    more,
    summary: said.summary,
    deduction: said.deduction > 0 ? `-${said.deduction} (${points}); it counts with --engine llm alone` : null,
    dropped:
      said.dropped === 0
        ? null
        : `${said.dropped} ${said.dropped === 1 ? 'claim' : 'claims'} of the model did not hold and ${said.dropped === 1 ? 'was' : 'were'} dropped: ${[...new Set(said.droppedBecause)].join('; ')}`,
  };
}

function shrunkText(shrunk: SecondOpinion['shrunkEvidence'] | null): string | null {
  if (shrunk == null) return null;
  const { tokens, findingsLeft } = shrunk;
  const left =
    findingsLeft === 0 ? '' : `; ${findingsLeft} ${findingsLeft === 1 ? 'finding was' : 'findings were'} left out`;
  return `evidence shrunk to ${tokens} tokens, so that an answer fits the time limit at the speed measured on this machine${left}`;
}

const time = (run: OpinionRun): string => (run.cached ? 'kept answer' : `${(run.totalMs / 1000).toFixed(1)} s`);

/** "spark-over-stock-at-full-load:map@0x10" -> "spark over stock at full load"; "coverage:heat" -> "coverage of heat" */
function nameOf(id: string): string {
  const [head = '', rest] = id.split(':');
  if (head === 'coverage')
    return rest === undefined
      ? 'what was judged'
      : `coverage of ${rest.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`;
  return head.replaceAll('-', ' ');
}

/** Who judged, in half a line. */
export function engineText({ engine, secondOpinion }: Report): string {
  if (secondOpinion !== null) return `second opinion of ${secondOpinion.model}`;
  // A machine without a model is the usual case, and no fault that needs a code.
  if (/^no second opinion: LLM_UNREACHABLE: no Ollama listens at http:\/\/127\.0\.0\.1:11434/.test(engine.reason))
    return 'no local model here (revsync setup)';
  return engine.reason.startsWith('no second opinion') ? engine.reason : 'no model asked';
}
