/** Health of everything, changing nothing but the speed that analyses go by: daemon, model, memory, GPU, context, speed, embedding model, database, definitions, last answers. */
import { existsSync } from 'node:fs';
import { parseHosts } from '../llm/hosts.ts';
import { OllamaHost } from '../llm/ollama-host.ts';
import { modelsFolder } from './embedding-model.ts';
import { ASKED_CHECKS, askModel } from './health/ask-model.ts';
import { type Check, Checks, type Health } from './health/check.ts';
import { daemonCheck, versionCheck } from './health/daemon.ts';
import { installedModel, lookAtMemory, presentCheck } from './health/model.ts';
import { answersCheck, databaseCheck, definitionsCheck, embeddingCheck, rememberSpeeds } from './health/own-things.ts';
import type { Machine } from './machine.ts';
import { databasePath, type Settings, userFolders } from './settings.ts';

export interface DoctorRequest {
  settings: Settings;
  env: Record<string, string | undefined>;
  store: boolean;
  /** Ask the model too; false: look only. */
  ask: boolean;
}

export interface DoctorHooks {
  machine: Machine;
  say(text: string): void;
  checked(check: Check): void;
  signal?: AbortSignal;
}

const MODEL_CHECKS = ['model.present', 'model.memory', 'model.loaded', ...ASKED_CHECKS];

/** @throws RevsyncError for wrong settings */
export async function doctor(request: DoctorRequest, hooks: DoctorHooks): Promise<Health> {
  const { settings, env } = request;
  const checks = new Checks(hooks.checked);
  if (settings.useLocalLlm.value === false) {
    checks.skip(['ollama.daemon', 'ollama.version', ...MODEL_CHECKS], 'USE_LOCAL_LLM is false: the rules alone');
  } else {
    const hosts = parseHosts(settings.ollamaHost.value === null ? null : String(settings.ollamaHost.value));
    for (const [i, host] of hosts.entries()) {
      const server = new OllamaHost(host, String(settings.mistralModel.value));
      try {
        await oneHost(request, hooks, checks, server, hosts.length === 1 ? '' : `[${i + 1}]`);
      } finally {
        await server.close();
      }
    }
  }
  await checks.look('embedding.model', async () => embeddingCheck(await modelsFolder(settings, env)));
  const path = request.store ? await databasePath(settings, env) : null;
  await checks.look('database', () => databaseCheck(path, false));
  await checks.look('definitions', definitionsCheck);
  await checks.look('answers', () => answersCheck(path));
  return {
    ready: !checks.failed,
    checks: checks.all,
    next: checks.failed ? 'revsync setup' : 'revsync analyze TUNE.bin',
  };
}

async function oneHost(
  request: DoctorRequest,
  hooks: DoctorHooks,
  checks: Checks,
  server: OllamaHost,
  label: string,
): Promise<void> {
  const { settings } = request;
  const { machine, signal } = hooks;
  const id = (name: string): string => `${name}${label}`;
  const skip = (ids: string[], why: string): void => checks.skip(ids.map(id), why);
  const model = String(settings.mistralModel.value);
  const dataFolder = (await userFolders(request.env)).data;
  const daemon = await checks.look(id('ollama.daemon'), () =>
    daemonCheck({ machine, server, start: false, dataFolder, say: hooks.say, signal }),
  );
  if (daemon.status === 'failed') return skip(['ollama.version', ...MODEL_CHECKS], 'there is no server to ask');
  await checks.look(id('ollama.version'), () => versionCheck(String(daemon.value ?? '')));
  const present = await checks.look(id('model.present'), async () =>
    presentCheck(model, await installedModel(server, model, signal)),
  );
  if (present.status === 'failed') return skip(MODEL_CHECKS.slice(1), 'the model is not there');
  const loaded = await server.loadedModel(model, { signal });
  await checks.look(id('model.memory'), () => lookAtMemory(machine, server, model, loaded, signal));
  await checks.look(id('model.loaded'), () => ({
    status: 'ok',
    message: loaded === null ? `${model} is not in memory: the first question loads it` : `${model} is in memory`,
    hint: null,
    value: loaded === null ? 0 : 1,
    unit: null,
  }));
  if (!request.ask) return skip(ASKED_CHECKS, 'the model was not asked (--no-ask)');
  hooks.say(`asking ${model} about the example tune`);
  const path = request.store ? await databasePath(settings, request.env) : null;
  const measured = rememberSpeeds(path !== null && existsSync(path) ? path : null, settings, model);
  await askModel({ checks, id, host: server.host.url, model, settings, signal, measured });
}
