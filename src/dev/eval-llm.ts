/**
 * How a local model does as a second opinion, over labelled reports of ours. Results are kept beside the user's database, one line
 * a run, so that models can be compared.
 *
 *   npm run eval:llm                                       the model and host of the settings
 *   MISTRAL_MODEL=qwen:7b npm run eval:llm                 another one
 *   npm run eval:llm -- --list                             compare what was measured so far
 *   npm run eval:llm -- --evidence                         the labelled reports as a model sees them; nobody is asked
 *   npm run eval:llm -- --honest FILE…                     how much of honest answers the guard keeps (eval/retention.ts); nobody is asked
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, userFolders } from '../app/settings.ts';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { evidenceOf } from '../core/opinion/evidence.ts';
import { LABELLED, MOTORCYCLE, makeReport } from '../core/opinion/test-reports.ts';
import { openLanguageModel } from '../llm/open-language-model.ts';
import { askAll, type Evaluation, evaluate } from './eval/evaluate.ts';
import { readSet, retentionOf } from './eval/retention.ts';

const [mode, ...files] = process.argv.slice(2);
if (mode === '--evidence' || mode === '--honest') await withoutModel();
else await withModel();

async function withoutModel(): Promise<void> {
  const { rules } = await loadKnowledge('rules');
  const evidences = new Map(LABELLED.map((l) => [l.name, evidenceOf(makeReport(l, rules), MOTORCYCLE)]));
  if (mode === '--evidence') for (const [name, { text }] of evidences) console.log(`== ${name}\n${text}\n`);
  for (const path of mode === '--honest' ? files : []) {
    const found = retentionOf(readSet(readFileSync(path, 'utf8')), evidences);
    const share = (kept: number, all: number): string =>
      `${kept} of ${all}${all === 0 ? '' : ` (${((kept / all) * 100).toFixed(1)} %)`}`;
    for (const { report, what, text, fault } of found.misses) console.log(`${what}, ${report}: ${text}\n    ${fault}`);
    console.log(
      `${path}: concerns kept ${share(found.concernsKept, found.concerns)}, texts ${share(found.textsKept, found.texts)}, lies ${share(found.liesKept, found.lies)}`,
    );
  }
}

async function withModel(): Promise<void> {
  const settings = await loadSettings({ env: process.env, cwd: process.cwd(), flags: {} });
  const folder = (await userFolders(process.env)).data;
  const file = join(folder, 'eval-llm.ndjson');

  if (!process.argv.includes('--list')) {
    const { rules } = await loadKnowledge('rules');
    const totalMs = (settings.llmTimeoutSeconds.value as number) * 1000;
    const name = settings.mistralModel.value as string;
    const model = openLanguageModel({
      hosts: settings.ollamaHost.value as string | null,
      model: name,
      gpu: settings.useGpuAcceleration.value as boolean,
    });
    try {
      const { digest, serverVersion, host } = await model.describe();
      console.error(`${name} at ${host}, ${LABELLED.length} reports`);
      const deadline = { firstTokenMs: totalMs, idleMs: totalMs, totalMs, loadMs: totalMs * 10 };
      const outcomes = await askAll(model, LABELLED, rules, deadline, (o) => {
        const held =
          o.checked === null ? (o.failure ?? 'no answer') : `${o.concerns} concerns held, ${o.invented} invented`;
        console.error(
          `  ${o.name}: ${held}${o.missed.length > 0 ? `, missed ${o.missed.join(', ')}` : ''} (${o.totalMs} ms)`,
        );
        for (const { what, fault } of o.checked?.violations ?? []) console.error(`      ${what}: ${fault}`);
      });
      const evaluation = evaluate({ model: name, digest, serverVersion }, outcomes);
      mkdirSync(folder, { recursive: true });
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...evaluation })}\n`);
    } catch (error) {
      console.error(`eval:llm: ${(error as Error).message}`);
      process.exitCode = 2;
    } finally {
      await model.close();
    }
  }
  const runs = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Evaluation & { at: string })
    : [];
  const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(share * 100)} %`);
  console.table(
    runs.slice(-20).map((r) => ({
      model: r.model,
      digest: (r.digest ?? '').replace(/^sha256:/, '').slice(0, 12),
      'valid at once': percent(r.validAtOnce),
      valid: percent(r.valid),
      repaired: percent(r.repairRate),
      grounded: percent(r.groundedness),
      agreement: percent(r.agreement),
      missed: r.missed,
      invented: r.invented,
      'median ms': r.medianMs,
      'prompt ms first/later': `${r.promptMsFirst} / ${r.promptMsLater}`,
      when: r.at.slice(0, 16),
    })),
  );
}
