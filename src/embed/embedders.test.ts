import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { openOllamaEmbedder } from './ollama-embedder.ts';
import { writeTinyModel } from './testing/tiny-model.ts';
import { openTransformers } from './transformers-embedder.ts';

const MODELS = fileURLToPath(new URL('../../../shared/models/', import.meta.url));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((s, x, i) => s + x * b[i]!, 0);

describe.skipIf(!existsSync(MODELS))('transformers (needs the model folder beside the project)', () => {
  test('gives the cosines of the model’s documentation, within the loss of int8', async () => {
    const options = { digest: 'sha256:x', quantized: true };
    const embedder = await openTransformers(MODELS, 'all-MiniLM-L6-v2', options);
    try {
      const texts = ['The weather is lovely today.', "It's so sunny outside!", 'He drove to the stadium.'];
      const [a, b, c] = await embedder.embed(texts);
      expect([embedder.model.dimensions, a!.length]).toEqual([384, 384]);
      expect(dot(a!, a!)).toBeCloseTo(1, 4);
      // 0.6660 and 0.1046 with full weights.
      expect(Math.abs(dot(a!, b!) - 0.666)).toBeLessThan(0.02);
      expect(Math.abs(dot(a!, c!) - 0.1046)).toBeLessThan(0.02);
      // A text has one vector, whatever is embedded beside it.
      const [alone] = await embedder.embed([texts[0]!]);
      expect(alone).toEqual(a);
    } finally {
      await embedder.close();
    }
  });

  test('a model that is not there is never fetched', async () => {
    const options = { digest: '', quantized: true };
    await expect(openTransformers(MODELS, 'no-such-model', options)).rejects.toMatchObject({
      code: 'EMBEDDING_FAILED',
    });
  });
});

/** The package is optional at install. */
const installed = await import('onnxruntime-node').then(
  () => true,
  () => false,
);

test.skipIf(!installed)(
  'transformers runs a model made for the test, with the vectors that its table gives',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revsync-tiny-'));
    try {
      writeTinyModel(folder, 'tiny', { rain: [1], wet: [0.8, 0.6], track: [0, 0, 2] });
      const embedder = await openTransformers(folder, 'tiny', {
        digest: 'sha256:t',
        quantized: true,
      });
      const [rain, wet, both, none] = await embedder.embed(['Rain', 'wet!', 'rain track', 'zebra']);
      await embedder.close();
      expect([embedder.engine, embedder.model]).toEqual([
        'transformers',
        { name: 'tiny', digest: 'sha256:t', dimensions: 384 },
      ]);
      expect(dot(rain!, rain!)).toBeCloseTo(1, 5);
      expect(dot(rain!, wet!)).toBeCloseTo(0.8, 5);
      expect(dot(rain!, both!)).toBeCloseTo(1 / Math.sqrt(5), 5);
      expect(none!.every((n) => n === 0)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

let server: Server | null = null;
afterEach(() => server?.close());

/** A server that answers as told; the requests come back. */
async function serve(
  tags: unknown,
  embed: (body: { input: string[]; truncate: boolean }) => { status: number; body: unknown },
) {
  const bodies: { input: string[]; truncate: boolean }[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.url === '/api/tags') return response.end(JSON.stringify(tags));
      const body = JSON.parse(text) as { input: string[]; truncate: boolean };
      bodies.push(body);
      const answer = embed(body);
      response.statusCode = answer.status;
      return response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

const TAGS = { models: [{ name: 'tiny:latest', digest: 'abc' }] };
const vectors = (body: { input: string[] }) => ({
  status: 200,
  body: { embeddings: body.input.map((t) => [t.length, 0, 1]) },
});

describe('ollama', () => {
  test('embeds in batches, uncut, with the digest of the manifest', async () => {
    const { host, bodies } = await serve(TAGS, vectors);
    const embedder = await openOllamaEmbedder(host, 'tiny');
    expect(embedder.model).toEqual({ name: 'tiny', digest: 'sha256:abc', dimensions: 3 });
    const out = await embedder.embed(Array.from({ length: 40 }, (_, i) => 'x'.repeat(i)));
    expect([out.length, bodies.length]).toEqual([40, 3]);
    expect(bodies.every((b) => b.truncate === false)).toBe(true);
    expect(Math.hypot(...out[7]!)).toBeCloseTo(1, 5);
  });

  test.each<[string, unknown, Parameters<typeof serve>[1], string]>([
    ['a model that is not there', { models: [] }, vectors, 'EMBEDDING_FAILED'],
    [
      'a model on another machine',
      { models: [{ name: 'tiny:latest', remote_host: 'x' }] },
      vectors,
      'EMBEDDING_REMOTE',
    ],
    ['too few vectors', TAGS, () => ({ status: 200, body: { embeddings: [] } }), 'EMBEDDING_FAILED'],
    ['no numbers', TAGS, () => ({ status: 200, body: { embeddings: [['a']] } }), 'EMBEDDING_FAILED'],
    [
      'too long a text',
      TAGS,
      () => ({ status: 400, body: { error: 'the input length exceeds the context length' } }),
      'EMBEDDING_FAILED',
    ],
    ['an answer that is no object', TAGS, () => ({ status: 200, body: 7 }), 'EMBEDDING_FAILED'],
  ])('%s is an error that names itself', async (_, tags, embed, code) => {
    const { host } = await serve(tags, embed);
    await expect(openOllamaEmbedder(host, 'tiny')).rejects.toMatchObject({ code });
  });
});
