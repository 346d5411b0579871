/** The models of the server: list, fetch, choose, remove, memory need, create from files. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RevsyncError } from '../core/errors.ts';
import { parseHosts } from '../llm/hosts.ts';
import { contextBytes, MISTRAL_7B, needBytes, OFFERED, shapeOf } from '../llm/memory-need.ts';
import { checkedName, sameModel } from '../llm/model-name.ts';
import { type Modelfile, parseModelfile } from '../llm/modelfile.ts';
import { OllamaHost } from '../llm/ollama-host.ts';
import { type Pulled, type PullOptions, pullModel } from '../llm/pull.ts';
import { readRegularText, writeWhole } from './files.ts';
import { type Settings, userFolders } from './settings.ts';

export interface ListedModel {
  name: string;
  host: string;
  digest: string | null;
  sizeBytes: number;
  parameters: string;
  quantization: string;
  /** The one that analyses ask. */
  chosen: boolean;
  loaded: boolean;
  /** Where it really runs; null: here. */
  remoteHost: string | null;
}

/** Runs work on each host in turn and closes it. */
async function onHosts<T>(settings: Settings, work: (server: OllamaHost) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const host of parseHosts(settings.ollamaHost.value === null ? null : String(settings.ollamaHost.value))) {
    const server = new OllamaHost(host, String(settings.mistralModel.value));
    try {
      results.push(await work(server));
    } finally {
      await server.close();
    }
  }
  return results;
}

/** @throws RevsyncError LLM_UNREACHABLE … */
export async function listModels(settings: Settings): Promise<ListedModel[]> {
  const chosen = String(settings.mistralModel.value);
  const lists = await onHosts(settings, async (server) => {
    const [installed, loaded] = [await server.installed(), await server.loaded()];
    return installed.map((m) => ({
      name: m.name,
      host: server.host.url,
      digest: m.digest,
      sizeBytes: m.sizeBytes,
      parameters: m.parameters,
      quantization: m.quantization,
      chosen: sameModel(m.name, chosen),
      loaded: loaded.some((l) => sameModel(l.name, m.name)),
      remoteHost: m.remoteHost,
    }));
  });
  return lists.flat();
}

/** Fetches a model on every host. */
export function fetchModel(settings: Settings, name: string, options: PullOptions): Promise<Pulled[]> {
  return onHosts(settings, (server) => pullModel(server, checkedName(name), options));
}

/** Removes a model from every host. @returns their addresses */
export function removeModel(settings: Settings, name: string): Promise<string[]> {
  return onHosts(settings, async (server) => {
    await server.remove(checkedName(name));
    return server.host.url;
  });
}

export interface MemoryNeed {
  name: string;
  /** Here already; false: the library has it. */
  installed: boolean;
  quantization: string;
  weightsBytes: number;
  needs: { contextTokens: number; contextBytes: number; needBytes: number; fits: boolean }[];
}

const CONTEXTS = [2_048, 4_096, 8_192, 16_384, 32_768];

/** Memory by context, of the installed models and of those that setup offers; no server is needed for the latter. */
export async function memoryNeeds(settings: Settings, availableBytes: number): Promise<MemoryNeed[]> {
  const own = await onHosts(settings, async (server) =>
    Promise.all(
      (await server.installed()).map(async (m) => ({
        name: m.name,
        quantization: m.quantization,
        weightsBytes: m.sizeBytes,
        shape: shapeOf((await server.show(m.name)).model_info) ?? MISTRAL_7B,
        installed: true,
      })),
    ),
  ).catch(() => []);
  const installed = own.flat();
  const offered = OFFERED.filter((o) => !installed.some((m) => sameModel(m.name, o.name))).map((o) => ({
    ...o,
    quantization: /q\d\w*$/i.exec(o.name)?.[0] ?? 'Q4_K_M',
    installed: false,
  }));
  return [...installed, ...offered].map(({ shape, ...m }) => ({
    name: m.name,
    installed: m.installed,
    quantization: m.quantization,
    weightsBytes: m.weightsBytes,
    needs: CONTEXTS.map((contextTokens) => {
      const need = needBytes(m.weightsBytes, shape, contextTokens);
      return {
        contextTokens,
        contextBytes: contextBytes(shape, contextTokens),
        needBytes: need,
        fits: need <= availableBytes,
      };
    }),
  }));
}

/** Writes the model that analyses ask into the user's settings. @returns the file */
export async function useModel(env: Record<string, string | undefined>, name: string): Promise<string> {
  const model = checkedName(name);
  const path = join((await userFolders(env)).config, 'config.yaml');
  const { parseDocument } = await import('./yaml.ts');
  const fault = (why: string): RevsyncError => configInvalid(path, why);
  const document = parseDocument(existsSync(path) ? readRegularText(path, 4 * 1024 * 1024, fault) : '');
  if (document.errors.length > 0) {
    throw fault(document.errors[0]?.message.split('\n')[0] ?? '');
  }
  document.set('mistralModel', model);
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, document.toString());
  return path;
}

const configInvalid = (path: string, why: string): RevsyncError =>
  new RevsyncError('CONFIG_INVALID', `${path}: ${why}`, 'Mend that file; revsync config shows what is read.');

export interface CreateHooks {
  say(text: string): void;
  signal: AbortSignal;
}

/** Creates a model on every host: files are hashed, sent where the host lacks them, and named in /api/create. */
export async function createModel(
  settings: Settings,
  name: string,
  from: { modelfile: string } | { gguf: string; adapter: string | null },
  hooks: CreateHooks,
): Promise<void> {
  const model = checkedName(name);
  const { file, folder } = 'modelfile' in from ? readModelfile(from.modelfile) : plainFile(from.gguf, from.adapter);
  const isFile = (path: string): boolean =>
    existsSync(resolve(folder, path)) && statSync(resolve(folder, path)).isFile();
  if (!isFile(file.from) && /[\\/]|\.gguf$/i.test(file.from)) {
    throw new RevsyncError(
      'FILE_NOT_FOUND',
      `there is no file ${resolve(folder, file.from)}`,
      'FROM of a Modelfile is read from the folder of the Modelfile.',
    );
  }
  await onHosts(settings, async (server) => {
    const send = async (path: string): Promise<[string, string]> => {
      const full = resolve(folder, path);
      if (!existsSync(full))
        throw new RevsyncError(
          'FILE_NOT_FOUND',
          `there is no file ${full}`,
          'Paths are read from the folder of the Modelfile.',
        );
      hooks.say(`reading ${basename(full)}`);
      const hash = createHash('sha256');
      await pipeline(createReadStream(full), hash);
      const digest = `sha256:${hash.digest('hex')}`;
      if (!(await server.hasBlob(digest))) {
        hooks.say(`sending ${basename(full)} to ${server.host.url}`);
        await server.sendBlob(full, digest, { signal: hooks.signal });
      }
      return [basename(full), digest];
    };
    const weights = isFile(file.from) ? { files: Object.fromEntries([await send(file.from)]) } : { from: file.from };
    const adapters: [string, string][] = [];
    for (const path of file.adapters) adapters.push(await send(path));
    const body = {
      model,
      ...weights,
      ...(adapters.length > 0 ? { adapters: Object.fromEntries(adapters) } : {}),
      ...(file.template === null ? {} : { template: file.template }),
      ...(file.system === null ? {} : { system: file.system }),
      ...(file.license.length > 0 ? { license: file.license } : {}),
      ...(Object.keys(file.parameters).length > 0 ? { parameters: file.parameters } : {}),
      ...(file.messages.length > 0 ? { messages: file.messages } : {}),
    };
    for await (const { status } of server.create(body, hooks.signal)) hooks.say(status);
  });
}

function readModelfile(path: string): { file: Modelfile; folder: string } {
  const text = readRegularText(path, 1_000_000, (why, fault) =>
    fault === 'missing'
      ? new RevsyncError('FILE_NOT_FOUND', `there is no file ${path}`, 'Name a Modelfile, or a GGUF file with --from.')
      : new RevsyncError('MODELFILE_INVALID', `${path} is no Modelfile: ${why}`, 'A GGUF file is named with --from.'),
  );
  return { file: parseModelfile(text), folder: dirname(resolve(path)) };
}

function plainFile(gguf: string, adapter: string | null): { file: Modelfile; folder: string } {
  const file: Modelfile = {
    from: gguf,
    adapters: adapter === null ? [] : [adapter],
    template: null,
    system: null,
    license: [],
    parameters: {},
    messages: [],
  };
  return { file, folder: process.cwd() };
}
