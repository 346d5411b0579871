import { z } from 'zod';
import { LOOK, rulesFolders } from '../fields.ts';
import { defineTool } from '../tool.ts';

/** One rule, whole. */
export const tool = defineTool({
  name: 'show_rule',
  title: 'Show a rule',
  description:
    'One rule with its limits, why it matters, what to do, its sources, exceptions and examples. Quote its sources when you explain a finding.',
  ownWords: true,
  input: z.strictObject({
    id: z.string().min(1).describe('ruleId of a finding, or an id of list_rules'),
    rules: rulesFolders,
  }),
  async run({ id, rules }, { around }) {
    const { findRule, publicRule } = await import('../../app/rules.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { ruleCard } = await import('../../app/views.ts');
    const rule = await findRule(id, rules ?? [], around.cwd);
    return { document: JSON.parse(plainJson('json', 'rules', [publicRule(rule)])), text: ruleCard(rule, LOOK) };
  },
});
