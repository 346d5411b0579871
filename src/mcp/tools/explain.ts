import { z } from 'zod';
import { detail, LOOK, path, rulesFolders } from '../fields.ts';
import { defineTool } from '../tool.ts';

/** How a score came about. */
export const tool = defineTool({
  name: 'explain',
  title: 'Explain a score or a rule',
  description:
    'How a safety score came about, deduction by deduction, which caps hold it down and what it would be with single findings put right; or what one rule takes off and when. Of a stored analysis, a JSON report in a file, or a rule.',
  input: z.strictObject({
    what: path.describe(
      'id of a stored analysis or its beginning, id of a rule, or a report file written with --format json',
    ),
    rules: rulesFolders,
    detail,
  }),
  async run({ what, rules }, { around }) {
    const { explain, explainJson } = await import('../../app/explain.ts');
    const { explanationCard, ruleCard, rulePoints } = await import('../../app/views.ts');
    const explained = await explain(what, rules ?? [], around);
    const text =
      explained.kind === 'rule'
        ? `${ruleCard(explained.rule, LOOK)}\n${rulePoints(explained.rule, explained.points, explained.version, LOOK)}`
        : explained.explanations.map((e) => explanationCard(e, LOOK)).join('\n');
    return { document: JSON.parse(explainJson(explained)), text, limits: { explanations: 10 } };
  },
});
