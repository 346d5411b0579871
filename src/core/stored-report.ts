/** Reports as they lie in a database or an export, possibly of an earlier revsync: fields that joined since are filled in. */
import type { Report } from './report.ts';

/** What was so before a field was there: nothing was checked, nothing was given. */
const JOINED: Pick<Report, 'integrity' | 'log'> = {
  integrity: { state: 'unknown', reason: 'checksums were not looked at when this was judged', checksums: [] },
  log: null,
};

/** @param text JSON of a report that held to the schema of its day */
export const storedReport = (text: string): Report => withJoined(JSON.parse(text)) as Report;

/** The same for a value that nobody has checked yet; what is no report of any day stays what it is. */
export function withJoined(value: unknown): unknown {
  if (!isObject(value)) return value;
  const report = filled(value, JOINED);
  const opinion = report['secondOpinion'];
  return isObject(opinion) ? { ...report, secondOpinion: filled(opinion, { shrunkEvidence: null }) } : report;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is there keeps its place, so that a report of today leaves as it came. */
const filled = (object: Record<string, unknown>, joined: object): Record<string, unknown> => ({
  ...object,
  ...Object.fromEntries(Object.entries(joined).filter(([key]) => !(key in object))),
});
