/** npm run fuzz -- --runs 100000: the long run of the fuzz suite, its figures as a table. Exits 1 on a crash. */
import { fuzzLogs } from './logs.ts';
import { fuzzFormats } from './mutate.ts';

const at = process.argv.indexOf('--runs');
const runs = at < 0 ? 5_000 : Number(process.argv[at + 1]);
const results = [...fuzzFormats(runs), ...fuzzLogs(runs)];
for (const { format, runs, decoded, refused, crashes, slowestMs, residentMiB } of results) {
  console.log([format, runs, decoded, refused, crashes.length, `${slowestMs} ms`, `${residentMiB} MiB`].join('\t'));
  for (const crash of crashes) console.error(crash);
}
if (results.some((r) => r.crashes.length > 0)) process.exitCode = 1;
