/** npm run fuzz -- --runs 100000: the long run of the fuzz suite, its figures as a table. Exits 1 on a crash. */
import { fuzzLogs } from './logs.ts';
import { type FuzzResult, fuzzFormats } from './mutate.ts';

const at = process.argv.indexOf('--runs');
const runs = at < 0 ? 5_000 : Number(process.argv[at + 1]);
const show = ({ format, decoded, refused, crashes, slowestMs, residentMiB }: FuzzResult): void => {
  console.log([format, runs, decoded, refused, crashes.length, `${slowestMs} ms`, `${residentMiB} MiB`].join('\t'));
  for (const crash of crashes) console.error(crash);
};
console.log('decoder\truns\tdecoded\trefused\tcrashes\tslowest\tresident');
const results = fuzzFormats(runs, show);
for (const result of fuzzLogs(runs)) {
  show(result);
  results.push(result);
}
if (results.some((r) => r.crashes.length > 0)) process.exitCode = 1;
