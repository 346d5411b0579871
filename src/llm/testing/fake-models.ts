/** Models of the fake: pull with parts that are kept, copy, delete, create, blobs. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { digestOf, type FakeRemoteModel, type FakeState, json, modelNameOf, modelOf, plain } from './fake-shapes.ts';

type Body = Record<string, unknown>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a test wants to happen in a pull, asked before each progress line. */
export type PullScript = (at: {
  done: number;
  total: number;
  send: (line: unknown) => Promise<void>;
}) => Promise<string> | string;

/** POST /api/pull. Lines as the server sends them: manifest, each layer from where it stood, verifying, writing, success. */
export async function pull(
  fake: FakeState,
  body: Body,
  response: ServerResponse,
  script?: PullScript,
): Promise<undefined> {
  const name = modelOf(body);
  const model = fake.registry.get(name);
  const quiet = body['stream'] === false;
  if (model === undefined || model.failsAt?.step === 'manifest') {
    const error = model?.failsAt?.error ?? 'pull model manifest: file does not exist';
    if (quiet) return json(response, 500, { error }, 'application/json');
    await begin(response);
    await send(response, { error });
    response.end();
    return;
  }
  if (!quiet) await begin(response);
  const ended = await layers(fake, model, response, script);
  if (ended || response.destroyed) return;
  if (model.failsAt?.step === 'verify') {
    await send(response, { status: 'verifying sha256 digest' });
    await send(response, { error: model.failsAt.error });
    // The server throws away what it cannot trust.
    for (const layer of model.layers) fake.partial.delete(layer.digest);
    response.end();
    return;
  }
  if (!quiet)
    for (const status of ['verifying sha256 digest', 'writing manifest', 'success']) await send(response, { status });
  const { layers: _, ...installed } = model;
  fake.models.set(name, installed);
  if (quiet) return json(response, 200, { status: 'success' }, 'application/json');
  response.end();
}

async function layers(
  fake: FakeState,
  model: FakeRemoteModel,
  response: ServerResponse,
  script?: PullScript,
): Promise<boolean> {
  const total = model.layers.reduce((sum, l) => sum + l.sizeBytes, 0);
  const { bytes, everyMs } = fake.options.pullSpeed ?? { bytes: total / 20, everyMs: 1 };
  for (const { digest, sizeBytes } of model.layers) {
    for (;;) {
      const before = fake.partial.get(digest) ?? 0;
      const completed = Math.min(sizeBytes, Math.floor(before + bytes));
      fake.partial.set(digest, completed);
      const line = {
        status: `pulling ${digest.slice(7, 19)}`,
        digest,
        total: sizeBytes,
        ...(completed > 0 ? { completed } : {}),
      };
      await send(response, line);
      const done = model.layers.reduce((sum, l) => sum + (fake.partial.get(l.digest) ?? 0), 0);
      const next = await script?.({ done, total, send: (l) => send(response, l) });
      if (next === 'end') return true;
      // A client that goes away stops the download; its parts are kept.
      if (response.destroyed) return true;
      if (completed >= sizeBytes) break;
      await sleep(everyMs);
    }
  }
  return false;
}

async function begin(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  await send(response, { status: 'pulling manifest' });
}

/** One line, one chunk. */
export async function send(response: ServerResponse, line: unknown): Promise<void> {
  if (response.destroyed) return;
  response.write(`${JSON.stringify(line)}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}

/** POST /api/copy */
export function copy(fake: FakeState, body: Body, response: ServerResponse): undefined {
  const from = fake.models.get(modelOf({ model: body['source'] }));
  if (from === undefined) return json(response, 404, { error: `model '${String(body['source'])}' not found` });
  fake.models.set(modelOf({ model: body['destination'] }), from);
  plain(response, 200, null, '');
}

/** DELETE /api/delete */
export function remove(fake: FakeState, body: Body, response: ServerResponse): undefined {
  if (!fake.models.delete(modelOf(body)))
    return json(response, 404, { error: `model '${modelNameOf(body)}' not found` });
  fake.loaded.delete(modelOf(body));
  plain(response, 200, null, '');
}

/** POST /api/create from files that were uploaded, or from a model that is there. */
export async function create(fake: FakeState, body: Body, response: ServerResponse): Promise<void> {
  const files = { ...(body['files'] as object | undefined), ...(body['adapters'] as object | undefined) } as Record<
    string,
    string
  >;
  const from = typeof body['from'] === 'string' ? fake.models.get(modelOf({ model: body['from'] })) : undefined;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const missing = Object.values(files).find((digest) => !fake.blobs.has(digest));
  if (missing !== undefined) await send(response, { error: `blob "${missing}" not found` });
  else if (from === undefined && Object.keys(files).length === 0)
    await send(response, { error: "neither 'from' or 'files' was specified" });
  else {
    for (const status of ['parsing GGUF', 'using existing layer sha256:b179c9523d0e', 'writing manifest', 'success'])
      await send(response, { status });
    fake.models.set(modelOf(body), {
      digest: digestOf('c'),
      sizeBytes: 98_363_007,
      parameters: '134.52M',
      quantization: 'Q4_1',
      family: 'llama',
      trainedContext: 8_192,
      capabilities: ['completion'],
      ...from,
    });
  }
  response.end();
}

/** HEAD and POST /api/blobs/sha256:… */
export async function blob(
  fake: FakeState,
  method: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<undefined> {
  const digest = path.slice('/api/blobs/'.length);
  const hash = createHash('sha256');
  for await (const part of request) hash.update(part as Buffer);
  if (method === 'HEAD') return plain(response, fake.blobs.has(digest) ? 200 : 404, null, '');
  if (`sha256:${hash.digest('hex')}` !== digest) return json(response, 400, { error: 'digest does not match' });
  fake.blobs.add(digest);
  plain(response, 201, null, '');
}
