/** From nothing to a proven local model: find and start Ollama, fetch the model, prove it, embedding model, database. Idempotent. */
import { parseHosts } from '../llm/hosts.ts';
import { fitting, gigabytes } from '../llm/memory-need.ts';
import { checkedName, isCloudName, refuseRemote } from '../llm/model-name.ts';
import { OllamaHost } from '../llm/ollama-host.ts';
import { CONTEXT_TOKENS } from '../llm/open-language-model.ts';
import { type PullProgress, pullModel } from '../llm/pull.ts';
import { fetchEmbedding, modelsFolder, takeEmbedding } from './embedding-model.ts';
import { ASKED_CHECKS, askModel } from './health/ask-model.ts';
import { type Check, Checks, type Health, type ok, warning } from './health/check.ts';
import { daemonCheck, versionCheck } from './health/daemon.ts';
import { installedModel, lookAtMemory, presentCheck } from './health/model.ts';
import { databaseCheck, embeddingCheck, rememberSpeeds } from './health/own-things.ts';
import type { Machine } from './machine.ts';
import { databasePath, type Settings, userFolders } from './settings.ts';

export interface SetupRequest {
  settings: Settings;
  env: Record<string, string | undefined>;
  /** Keep nothing: no database. */
  store: boolean;
  /** Download nothing. */
  offline: boolean;
  /** The rules alone: no Ollama, no model. */
  skipModel: boolean;
  /** Another model than the settings name. */
  model: string | null;
  /** A folder with the embedding model. */
  modelsFrom: string | null;
  embeddingFromHub: boolean;
  /** The model's registry has no TLS. */
  insecure: boolean;
}

export interface SetupHooks {
  machine: Machine;
  /** Talk while it works. */
  say(text: string): void;
  /** Each check as it is done. */
  checked(check: Check): void;
  /** Bytes of a download; null: it is over. */
  progress(progress: PullProgress | null): void;
  /** Null: nobody can be asked. */
  ask: {
    confirm(question: string): Promise<boolean>;
    choose(question: string, choices: { value: string; name: string }[]): Promise<string | null>;
  } | null;
  signal?: AbortSignal;
  /** For tests: how long things may take. */
  limits?: { startMs?: number; stallMs?: number; pauseMs?: number; proofMs?: number };
}

const MODEL_CHECKS = ['model.memory', 'model.present', ...ASKED_CHECKS];

/** @throws RevsyncError for wrong settings; what is wrong with the machine is a failed check */
export async function setup(request: SetupRequest, hooks: SetupHooks): Promise<Health> {
  const { settings } = request;
  const checks = new Checks(hooks.checked);
  if (request.skipModel || settings.useLocalLlm.value === false) {
    const why = request.skipModel ? '--skip-model' : 'USE_LOCAL_LLM is false';
    checks.skip(['ollama.daemon', 'ollama.version', ...MODEL_CHECKS], `${why}: the rules alone`);
  } else {
    await localMind(request, hooks, checks);
  }
  const models = await modelsFolder(settings, request.env);
  await checks.look('embedding.model', () => embedding(request, hooks, models));
  const path = request.store ? await databasePath(settings, request.env) : null;
  await checks.look('database', () => databaseCheck(path, true));
  return { ready: !checks.failed, checks: checks.all, next: nextCommand(checks) };
}

function nextCommand(checks: Checks): string {
  const bad = checks.all.find((c) => c.status === 'failed');
  if (bad === undefined) return 'revsync analyze TUNE.bin';
  return bad.id.startsWith('ollama') || bad.id.startsWith('model') ? 'revsync setup' : 'revsync doctor';
}

async function localMind(request: SetupRequest, hooks: SetupHooks, checks: Checks): Promise<void> {
  const { settings } = request;
  const wanted = checkedName(request.model ?? String(settings.mistralModel.value));
  if (isCloudName(wanted) && settings.allowRemoteModel.value !== true)
    refuseRemote(wanted, 'a cloud of another company');
  const hosts = parseHosts(settings.ollamaHost.value === null ? null : String(settings.ollamaHost.value));
  for (const [i, host] of hosts.entries()) {
    // Of several hosts each has to have the model; the checks of the first keep their plain names.
    const label = hosts.length === 1 ? '' : `[${i + 1}]`;
    const server = new OllamaHost(host, wanted);
    try {
      await oneHost(request, hooks, checks, server, wanted, label);
    } finally {
      await server.close();
    }
  }
}

async function oneHost(
  request: SetupRequest,
  hooks: SetupHooks,
  checks: Checks,
  server: OllamaHost,
  wanted: string,
  label: string,
): Promise<void> {
  const { settings, env } = request;
  const { machine, signal } = hooks;
  const id = (name: string): string => `${name}${label}`;
  const skip = (ids: string[], why: string): void => checks.skip(ids.map(id), why);
  const dataFolder = (await userFolders(env)).data;
  const daemon = await checks.look(id('ollama.daemon'), () =>
    daemonCheck({ machine, server, start: true, dataFolder, say: hooks.say, signal, ...waitOf(hooks) }),
  );
  if (daemon.status === 'failed') return skip(['ollama.version', ...MODEL_CHECKS], 'there is no server to ask');
  const version = await checks.look(id('ollama.version'), () => versionCheck(String(daemon.value ?? '')));
  if (version.status === 'failed') return skip(MODEL_CHECKS, 'the server is too old');

  const chosen: { model: string } = { model: wanted };
  const memory = await checks.look(id('model.memory'), () => fitToMemory(request, hooks, server, chosen));
  const { model } = chosen;
  if (memory.status === 'failed') return skip(MODEL_CHECKS.slice(1), 'the model does not fit this machine');
  const present = await checks.look(id('model.present'), () => bringModel(request, hooks, server, model));
  if (present.status === 'failed') return skip(MODEL_CHECKS.slice(2), 'the model is not there');

  hooks.say(`loading ${model} and asking it about the example tune`);
  const path = request.store ? await databasePath(settings, env) : null;
  const measured = rememberSpeeds(path, settings, model);
  await askModel({
    checks,
    id,
    host: server.host.url,
    model,
    settings,
    signal,
    measured,
    proofMs: hooks.limits?.proofMs,
  });
}

const waitOf = (hooks: SetupHooks): { waitMs?: number } =>
  hooks.limits?.startMs === undefined ? {} : { waitMs: hooks.limits.startMs };

/** Memory against need, before anything is fetched; a person may choose a smaller one. */
async function fitToMemory(
  request: SetupRequest,
  hooks: SetupHooks,
  server: OllamaHost,
  chosen: { model: string },
): Promise<ReturnType<typeof ok>> {
  const { machine, signal, ask } = hooks;
  const look = async (model: string): Promise<ReturnType<typeof ok>> =>
    lookAtMemory(machine, server, model, await server.loadedModel(model, { signal }), signal);
  const first = await look(chosen.model);
  if (first.status === 'ok' || first.status === 'skipped' || ask === null || request.model !== null) return first;
  const offers = fitting(machine.availableMemoryBytes(), CONTEXT_TOKENS);
  if (offers.length === 0) return first;
  const answer = await ask.choose(`${first.message}. Which model shall it be?`, [
    ...offers.slice(0, 4).map((m) => ({ value: m.name, name: `${m.name}  ${gigabytes(m.weightsBytes)}  ${m.about}` })),
    { value: chosen.model, name: `${chosen.model} all the same` },
  ]);
  if (answer === null || answer === chosen.model) return { ...first, status: 'warning' };
  chosen.model = answer;
  const second = await look(answer);
  return { ...second, hint: `Say MISTRAL_MODEL=${answer} (or revsync models use ${answer}), so that analyses ask it.` };
}

/** Has the server fetch the model where it is not there. */
async function bringModel(
  request: SetupRequest,
  hooks: SetupHooks,
  server: OllamaHost,
  model: string,
): Promise<ReturnType<typeof ok>> {
  const before = await installedModel(server, model, hooks.signal);
  if (before !== null) return presentCheck(model, before);
  if (request.offline) {
    const missing = presentCheck(model, null);
    return {
      ...missing,
      hint: `--offline: nothing is fetched. Bring it on a disk: revsync models create ${model} --from FILE.gguf, or run revsync setup where there is a network.`,
    };
  }
  if (hooks.ask !== null && !(await hooks.ask.confirm(`${model} is not there. Fetch it now (some gigabytes)?`))) {
    return warning(
      `${model} was not fetched`,
      `revsync setup fetches it whenever you like; the rules work without it.`,
    );
  }
  hooks.say(`fetching ${model}`);
  const began = performance.now();
  try {
    const pulled = await pullModel(server, model, {
      insecure: request.insecure,
      onProgress: (p) => hooks.progress(p),
      onRetry: (reason) => hooks.say(`${reason}; once more from where it stopped`),
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      ...(hooks.limits?.stallMs === undefined ? {} : { stallMs: hooks.limits.stallMs }),
      ...(hooks.limits?.pauseMs === undefined ? {} : { pauseMs: hooks.limits.pauseMs }),
    });
    const found = await installedModel(server, model, hooks.signal);
    const present = presentCheck(model, found);
    // The first count comes a moment after the start: a few bytes are no earlier download.
    const resumed =
      pulled.resumedBytes > pulled.totalBytes / 20 ? `, ${gigabytes(pulled.resumedBytes)} of it from before` : '';
    const seconds = Math.max(1, Math.round((performance.now() - began) / 1_000));
    return { ...present, message: `${present.message}, fetched in ${seconds} s${resumed}` };
  } finally {
    hooks.progress(null);
  }
}

async function embedding(request: SetupRequest, hooks: SetupHooks, models: string): Promise<ReturnType<typeof ok>> {
  if (request.modelsFrom !== null) {
    const { copied } = await takeEmbedding(request.modelsFrom, models);
    const found = await embeddingCheck(models);
    return copied && found.status === 'ok'
      ? { ...found, message: `${found.message}, copied from ${request.modelsFrom}` }
      : found;
  }
  const there = await embeddingCheck(models);
  if (there.status === 'ok' || request.offline) return there;
  const wants =
    request.embeddingFromHub ||
    (hooks.ask !== null &&
      (await hooks.ask.confirm('Fetch the embedding model for search from huggingface.co (23 MB)?')));
  if (!wants) return there;
  try {
    await fetchEmbedding(
      models,
      (bytes) => hooks.progress({ doneBytes: bytes, totalBytes: 24_000_000, status: 'embedding model' }),
      hooks.signal,
    );
  } finally {
    hooks.progress(null);
  }
  return embeddingCheck(models);
}
