/** The report at the top of README.md is the program's own, with most of it left out. */
import { resolve } from 'node:path';
import { analyzeFiles } from '../../app/analyze.ts';
import { NOBODY, RULES_ALONE } from '../../app/quiet-analysis.ts';
import { reporters } from '../../generated/reporters.ts';

/** README.md with its first block of code written anew. */
export async function withExample(readme: string): Promise<string> {
  const example = await exampleReport();
  return readme.replace(/```\n[\s\S]*?```/, () => `\`\`\`\n${example}\n\`\`\``);
}

/** The head, the worst finding, and of its map the first rows that are over a limit with the one before. */
async function exampleReport(): Promise<string> {
  const { document } = await analyzeFiles(
    {
      ...RULES_ALONE,
      cwd: resolve('fixtures/example'),
      paths: ['track-day.bin'],
      stock: 'stock.bin',
      failOn: 'high',
      minScore: 60,
    },
    NOBODY,
  );
  const view = { width: 100, colour: false, all: false, notChecked: false, verbose: false, stored: false };
  const lines = (await reporters['terminal']!()).render(document, view).split('\n');
  const finding = lines.findIndex((line) => /^ (?:CRITICAL|HIGH) /.test(line));
  const over = lines.findIndex((line) => /^ +\d+ .*\d!/.test(line));
  const picture = lines.lastIndexOf('', over) + 1;
  const rows = lines.findIndex((line, i) => i >= picture && /^ +\d+ +[+-]?\d+\.\d/.test(line));
  return [
    ...lines.slice(0, lines.indexOf('', finding) + 1),
    ...lines.slice(picture, rows),
    ...lines.slice(over - 1, over + 2),
  ].join('\n');
}
