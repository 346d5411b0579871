import { z } from 'zod';
import { SEVERITIES } from '../../core/model.ts';
import * as fields from '../fields.ts';
import { defineTool } from '../tool.ts';

/** The rules, for choosing one. */
export const tool = defineTool({
  name: 'list_rules',
  title: 'Rules that tunes are held against',
  description:
    'Every rule by id, title, category, worst severity and limits. What no rule is about is not checked at all. show_rule has the reason, the fix, the sources and the examples of one.',
  ownWords: true,
  input: z.strictObject({
    text: z.string().optional().describe('words of the id, title or metric: "spark", "rev limiter"'),
    category: z.enum(['file', 'mixture', 'spark', 'limits', 'throttle', 'other']).optional(),
    severity: z
      .enum(SEVERITIES as unknown as [string, ...string[]])
      .optional()
      .describe('only those that reach it'),
    rules: fields.rulesFolders,
    ...fields.page(300, 60),
    detail: fields.detail,
  }),
  async run(input, { around }) {
    const { loadRuleset, publicRule } = await import('../../app/rules.ts');
    const { plainJson } = await import('../../app/plain-json.ts');
    const { rulesList } = await import('../../app/views.ts');
    const words = (input.text ?? '').toLowerCase().split(/\s+/);
    const severity = input.severity as (typeof SEVERITIES)[number] | undefined;
    const all = (await loadRuleset(input.rules ?? [], around.cwd)).rules.filter(
      (r) =>
        (input.category === undefined || r.category === input.category) &&
        (severity === undefined || r.limits[severity] !== null) &&
        words.every((w) => `${r.id} ${r.title} ${r.metric}`.toLowerCase().includes(w)),
    );
    const { items, page } = fields.pageOf(all, 'rules', input);
    const left = [
      'examples',
      'why',
      'fix',
      'message',
      'sources',
      'adjust',
      'caps',
      'lowered',
      'raisedBy',
      'when',
      'without',
      'unproven',
    ];
    return {
      document: JSON.parse(plainJson('json', 'rules', items.map(publicRule))),
      page,
      text: rulesList(items, fields.LOOK),
      limits: Object.fromEntries(left.map((f) => [`rules[].${f}`, 0] as const)),
      more: 'show_rule has the whole of one, detail "full" of all',
    };
  },
});
