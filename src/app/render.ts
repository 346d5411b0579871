/** Report documents and lists to text: the reporters, loaded one at a time. */
import { RevsyncError } from '../core/errors.ts';
import type { View } from '../core/ports.ts';
import type { ReportDocument } from '../core/report.ts';
import { reporterIds, reporters } from '../generated/reporters.ts';

/** @throws RevsyncError UNKNOWN_FORMAT */
export async function renderReport(format: string, document: ReportDocument, view: View): Promise<string> {
  const load = reporters[format];
  if (load === undefined) {
    throw new RevsyncError('UNKNOWN_FORMAT', `there is no format "${format}"`, `Known: ${reporterIds.join(', ')}.`);
  }
  const text = (await load()).render(document, view);
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}
