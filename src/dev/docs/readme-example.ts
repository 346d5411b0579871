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
  const findingEnd = lines.indexOf('', finding);
  const picture = lines.findIndex((line) => line.includes('! = over a limit'));
  const rows = lines.findIndex((line, i) => i > picture && /^ +\d+ +[+-]?\d+\.\d/.test(line));
  const over = lines.findIndex((line, i) => i >= rows && line.includes('!'));
  if (finding === -1 || findingEnd === -1 || picture === -1 || rows === -1 || over <= rows)
    throw new Error('the example report has no finding or no heat map: README.md shows both');
  return [...lines.slice(0, findingEnd), '', ...lines.slice(picture, rows), ...lines.slice(over - 1, over + 2)]
    .join('\n')
    .trimEnd();
}
