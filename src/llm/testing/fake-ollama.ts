/**
 * An Ollama in this process, for tests: the same statuses, headers, bodies and pieces as a real v0.24 server on the wire
 * (src/llm/testing/wire.test.ts holds it to a recording), without weights. Scripted into failures by src/llm/testing/faults.ts.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { chat, embed } from './fake-chat.ts';
import { blob, copy, create, pull, remove } from './fake-models.ts';
import {
  type FakeLoaded,
  type FakeModel,
  type FakeOptions,
  type FakeRemoteModel,
  type FakeRequest,
  type FakeState,
  type Fault,
  json,
  MISTRAL,
  modelNameOf,
  modelOf,
  plain,
  stamp,
} from './fake-shapes.ts';

export class FakeOllama implements FakeState {
  readonly models: Map<string, FakeModel>;
  readonly registry: Map<string, FakeRemoteModel>;
  readonly loaded = new Map<string, FakeLoaded>();
  /** Bytes of a layer that came so far: kept between pulls, as a server does. */
  readonly partial = new Map<string, number>();
  readonly blobs = new Set<string>();
  readonly requests: FakeRequest[] = [];
  readonly faults: Fault[] = [];
  readonly options: FakeOptions;
  /** Requests whose client went away. */
  aborted = 0;
  /** One request at a time for each model, as one parallel slot has it. */
  readonly queues = new Map<string, Promise<unknown>>();
  #server: Server | null = null;
  #port = 0;
  readonly #sockets = new Set<Socket>();

  constructor(options: FakeOptions = {}) {
    this.options = options;
    this.models = new Map(Object.entries(options.models ?? { 'mistral:7b': MISTRAL }));
    this.registry = new Map(Object.entries(options.registry ?? {}));
  }

  static async start(options: FakeOptions = {}): Promise<FakeOllama> {
    const fake = new FakeOllama(options);
    await fake.listen();
    return fake;
  }

  get host(): string {
    return `${this.options.host ?? '127.0.0.1'}:${this.#port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens, on the same port again after `kill`. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#handle(request, response));
    server.keepAliveTimeout = 30_000;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    const port = this.#port || this.options.port || 0;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.options.host ?? '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As a killed process: every socket dies, the port is free, memory is empty. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.loaded.clear();
    this.queues.clear();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  stop(): Promise<void> {
    return this.kill();
  }

  /** How often a path was asked. */
  count(path: string | RegExp): number {
    return this.requests.filter((r) => (typeof path === 'string' ? r.path === path : path.test(r.path))).length;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableEnded) this.aborted++;
    });
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const method = request.method ?? 'GET';
    const isBlob = path.startsWith('/api/blobs/');
    const raw = isBlob ? '' : await readAll(request);
    const seen: FakeRequest = { method, path, body: asRecord(raw) };
    this.requests.push(seen);
    try {
      const fault = this.faults.find((f) => f.left > 0 && f.on.test(path) && (f.when?.(seen) ?? true));
      if (fault !== undefined) {
        fault.left--;
        if ((await fault.act({ request: seen, response, fake: this })) === 'done') return;
      }
      if (isBlob) await blob(this, method, path, request, response);
      else await this.#route(seen, raw, response);
    } catch (error) {
      if (!response.headersSent) json(response, 500, { error: String(error) });
      else response.destroy();
    }
  }

  async #route(request: FakeRequest, raw: string, response: ServerResponse): Promise<undefined> {
    const { method, path, body } = request;
    const at = `${method} ${path}`;
    if (path === '/' && (method === 'GET' || method === 'HEAD')) {
      return plain(response, 200, 'text/plain; charset=utf-8', 'Ollama is running');
    }
    if (at === 'GET /api/version') return json(response, 200, { version: this.options.version ?? '0.24.0' });
    if (at === 'GET /api/tags') return json(response, 200, { models: [...this.models].map(([n, m]) => listed(n, m)) });
    if (at === 'GET /api/ps') return json(response, 200, { models: this.#inMemory() });
    const handler = {
      'POST /api/chat': chat,
      'POST /api/embed': embed,
      'POST /api/pull': pull,
      'POST /api/copy': copy,
      'POST /api/create': create,
      'DELETE /api/delete': remove,
      'POST /api/show': show,
    }[at];
    if (handler === undefined) return plain(response, 404, 'text/plain', '404 page not found');
    if (raw === '') return json(response, 400, { error: 'missing request body' });
    if (!isJson(raw)) return json(response, 400, { error: 'unexpected EOF' });
    await handler(this, body, response);
  }

  #inMemory(): unknown[] {
    return [...this.loaded].flatMap(([name, at]) => {
      const model = this.models.get(name);
      if (model === undefined) return [];
      const { modified_at: _, size, ...rest } = listed(name, model);
      const grown = size + at.context * 131_072;
      const share = at.gpuLayers === 0 ? 0 : (this.options.gpuShare ?? 0);
      return [
        {
          name: rest.name,
          model: rest.model,
          size: grown,
          digest: rest.digest,
          details: rest.details,
          expires_at: stamp(at.expiresAt),
          size_vram: Math.round(grown * share),
          context_length: at.context,
        },
      ];
    });
  }
}

function listed(name: string, m: FakeModel) {
  return {
    name,
    model: name,
    ...(m.remoteHost === undefined ? {} : { remote_model: name, remote_host: m.remoteHost }),
    modified_at: '2026-11-23T05:59:58.858216882Z',
    size: m.sizeBytes,
    digest: m.digest,
    details: {
      parent_model: '',
      format: 'gguf',
      family: m.family,
      families: [m.family],
      parameter_size: m.parameters,
      quantization_level: m.quantization,
    },
  };
}

function show(fake: FakeState, body: Record<string, unknown>, response: ServerResponse): undefined {
  const model = fake.models.get(modelOf(body));
  if (model === undefined) return json(response, 404, { error: `model '${modelNameOf(body)}' not found` });
  const layers = Array.from({ length: 12 }, (_, i) => ({
    name: `blk.${i}.attn_norm.weight`,
    type: 'F32',
    shape: [576],
  }));
  json(response, 200, {
    modelfile: `# Modelfile generated by "ollama show"\nFROM ${modelOf(body)}\n${'# \n'.repeat(400)}`,
    parameters: 'stop                           "[INST]"',
    template: '{{ .Prompt }}',
    details: listed('', model).details,
    model_info: {
      'general.architecture': model.family,
      'general.parameter_count': 134_515_008,
      [`${model.family}.block_count`]: 32,
      [`${model.family}.attention.head_count`]: 32,
      [`${model.family}.attention.head_count_kv`]: 8,
      [`${model.family}.embedding_length`]: 4_096,
      [`${model.family}.context_length`]: model.trainedContext,
    },
    tensors: layers,
    capabilities: model.capabilities,
    modified_at: '2026-11-23T05:59:58.858216882Z',
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function asRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
