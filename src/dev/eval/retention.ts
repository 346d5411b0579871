/**
 * How much of honest answers the guard lets through. A set is a file of ours or of a stranger: lines of JSON, one answer each, to one
 * of the labelled reports, whose claims are all true; `lies` in place of `concerns` are claims of which none is.
 *
 *   {"report": "lean and advanced", "concerns": [{"text": "…", "evidence": ["F1"], "relation": "aboveLimit"}], "summary": "…"}
 */
import { COMPATIBILITIES } from '../../core/opinion/answer.ts';
import type { Evidence } from '../../core/opinion/evidence.ts';
import { checkAnswer } from '../../core/opinion/guard.ts';

interface Concern {
  text: string;
  evidence: string[];
  relation: string;
}

const TEXTS = ['effect', 'advice', 'summary'] as const;

/** One line of a set. */
export interface HonestAnswer {
  /** Name of the labelled report that it speaks of. */
  report: string;
  /** True ones. */
  concerns?: Concern[];
  /** False ones: how many of them are kept is measured apart. */
  lies?: Concern[];
  effect?: string;
  advice?: string;
  summary?: string;
}

/** What was lost, with the guard's reason; or a lie that was kept. */
export interface Miss {
  report: string;
  what: 'concern' | 'lie' | (typeof TEXTS)[number];
  text: string;
  fault: string;
}

export interface Retention {
  concerns: number;
  concernsKept: number;
  texts: number;
  textsKept: number;
  lies: number;
  liesKept: number;
  misses: Miss[];
}

/** @throws Error with the line that cannot be read */
export function readSet(text: string): HonestAnswer[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('//'))
    .map(({ line, number }) => {
      try {
        const answer = JSON.parse(line) as HonestAnswer;
        if (typeof answer.report !== 'string') throw new Error('no "report"');
        return answer;
      } catch (error) {
        throw new Error(`line ${number}: ${(error as Error).message}`);
      }
    });
}

/** Each concern is checked by itself, so that its order and its neighbours do not matter. @throws Error where a report is not known */
export function retentionOf(set: readonly HonestAnswer[], evidences: ReadonlyMap<string, Evidence>): Retention {
  const total: Retention = { concerns: 0, concernsKept: 0, texts: 0, textsKept: 0, lies: 0, liesKept: 0, misses: [] };
  for (const answer of set) {
    const evidence = evidences.get(answer.report);
    if (evidence === undefined) throw new Error(`no report "${answer.report}": ${[...evidences.keys()].join(', ')}`);
    const miss = (what: Miss['what'], text: string, fault: string): void => {
      total.misses.push({ report: answer.report, what, text, fault });
    };
    for (const concern of answer.concerns ?? []) {
      const { kept, fault } = check(evidence, { concerns: [concern] });
      total.concerns++;
      if (kept) total.concernsKept++;
      else miss('concern', concern.text, fault);
    }
    for (const lie of answer.lies ?? []) {
      const { kept } = check(evidence, { concerns: [lie] });
      total.lies++;
      if (!kept) continue;
      total.liesKept++;
      miss('lie', lie.text, 'kept');
    }
    for (const field of TEXTS) {
      const text = answer[field] ?? '';
      if (text.trim() === '') continue;
      const { kept, fault } = check(evidence, { [field]: text });
      total.texts++;
      if (kept) total.textsKept++;
      else miss(field, text, fault);
    }
  }
  return total;
}

function check(evidence: Evidence, part: Record<string, unknown>): { kept: boolean; fault: string } {
  const json = {
    concerns: [],
    compatibility: COMPATIBILITIES[0],
    effect: '',
    advice: '',
    summary: '',
    safety: 0,
    ...part,
  };
  const { violations } = checkAnswer(evidence, JSON.stringify(json), json);
  const [first] = violations;
  return { kept: first === undefined, fault: first?.detail ?? first?.fault ?? '' };
}
