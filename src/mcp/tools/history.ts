import { z } from 'zod';
import { LOOK } from '../fields.ts';
import { defineTool } from '../tool.ts';

/** What was analysed before. */
export const tool = defineTool({
  name: 'history',
  title: 'Stored analyses',
  description:
    'What was analysed before on this machine, newest first: id, score, level, worst severity, motorcycle, file. A score of null is no pass. show_analysis shows one.',
  needsDatabase: true,
  input: z.strictObject({
    text: z.string().optional().describe('only those whose file, motorcycle or definition contains it'),
    limit: z.number().int().min(1).max(200).default(20).describe('how many at most'),
  }),
  async run({ text, limit }, { around }) {
    const { listAnalyses } = await import('../../app/history.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { alignedTable } = await import('../../app/views.ts');
    const rows = await listAnalyses({ text: text ?? null, limit }, around);
    const lines = rows.map((r) => [
      r.analysisId.slice(0, 8),
      r.safety === null ? 'none' : String(r.safety),
      r.level ?? r.outcome,
      r.worst ?? '',
      r.motorcycleId ?? '',
      r.path,
    ]);
    return {
      document: JSON.parse(plainJson('json', 'analyses', rows)),
      text:
        rows.length === 0
          ? 'No stored analysis fits.'
          : alignedTable(['id', 'score', 'level', 'worst', 'motorcycle', 'file'], lines, { ...LOOK, plain: false }),
      more: 'ask with a smaller limit or a text',
    };
  },
});
