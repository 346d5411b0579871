/** The embedding model from a hub and from a folder: whole or not at all. The hub is one of this process. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEmbedding, fetchEmbedding, takeEmbedding } from './embedding-model.ts';

const GRAPH = randomBytes(1_200_000);
const FILES: Record<string, Buffer> = {
  'config.json': Buffer.from('{"hidden_size": 384}'),
  'tokenizer.json': Buffer.from('{"model": {"type": "WordPiece"}}'),
  'tokenizer_config.json': Buffer.from('{}'),
  'onnx/model_quantized.onnx': GRAPH,
};
let models = '';
let server: Server;
let hub = '';
let files: Record<string, Buffer> = {};
let asked: string[] = [];
let instead: ((file: string, response: ServerResponse) => boolean) | null = null;

beforeEach(async () => {
  models = mkdtempSync(join(tmpdir(), 'revsync-hub-'));
  [files, asked, instead] = [{ ...FILES }, [], null];
  server = createServer((request, response) => {
    const file = (request.url ?? '').replace(/^\/main\//, '');
    asked.push(file);
    if (instead?.(file, response) === true) return;
    const body = files[file];
    response.writeHead(body === undefined ? 404 : 200).end(body ?? 'Entry not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}/main/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(models, { recursive: true, force: true });
});

test('every file comes, bytes are counted, and the model is checked', async () => {
  const counts: number[] = [];
  const found = await fetchEmbedding(models, (bytes) => counts.push(bytes), undefined, hub);
  const all = Object.values(FILES).reduce((sum, b) => sum + b.length, 0);
  expect([found.bytes, counts.at(-1)]).toEqual([all, all]);
  expect(asked).toEqual(Object.keys(FILES));
  expect(readFileSync(join(found.folder, 'onnx/model_quantized.onnx')).equals(GRAPH)).toBe(true);
  expect(readdirSync(models)).toEqual(['all-MiniLM-L6-v2']);
  expect((await checkEmbedding(found.folder)).digest).toBe(found.digest);
});

test.each<[string, () => void, string]>([
  ['a file that the hub has not', () => delete files['tokenizer.json'], 'EMBEDDING_NO_NETWORK'],
  [
    'another model',
    () => Object.assign(files, { 'config.json': Buffer.from('{"hidden_size": 768}') }),
    'EMBEDDING_DAMAGED',
  ],
  [
    'a page in place of the graph',
    () => Object.assign(files, { 'onnx/model_quantized.onnx': Buffer.from('<html>') }),
    'EMBEDDING_DAMAGED',
  ],
  [
    'a connection that breaks in the middle',
    () => {
      instead = (file, response) => {
        if (!file.endsWith('.onnx')) return false;
        response.writeHead(200, { 'content-length': String(GRAPH.length) });
        response.write(GRAPH.subarray(0, 500_000), () => response.destroy());
        return true;
      };
    },
    'EMBEDDING_NO_NETWORK',
  ],
])('%s: nothing is left, and what was there stays', async (_, spoil, code) => {
  const place = join(models, 'all-MiniLM-L6-v2');
  mkdirSync(place);
  writeFileSync(join(place, 'old'), 'x');
  spoil();
  await expect(fetchEmbedding(models, () => undefined, undefined, hub)).rejects.toMatchObject({ code });
  expect([readdirSync(models), readdirSync(place)]).toEqual([['all-MiniLM-L6-v2'], ['old']]);
});

test('no hub at all, and a cancel in the middle', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const nowhere = `http://127.0.0.1:${port}/main/`;
  await expect(fetchEmbedding(models, () => undefined, undefined, nowhere)).rejects.toMatchObject({
    code: 'EMBEDDING_NO_NETWORK',
    message: expect.stringContaining('ECONNREFUSED'),
    hint: expect.stringContaining('--models-from'),
  });
  const controller = new AbortController();
  const fetching = fetchEmbedding(models, () => controller.abort(), controller.signal, hub);
  await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  expect(existsSync(join(models, 'all-MiniLM-L6-v2'))).toBe(false);
  expect(readdirSync(models)).toEqual([]);
});

test('from a folder: copied once, known again', async () => {
  const from = join(models, 'usb', 'all-MiniLM-L6-v2');
  for (const [name, body] of Object.entries(FILES)) {
    mkdirSync(join(from, name, '..'), { recursive: true });
    writeFileSync(join(from, name), body);
  }
  const place = join(models, 'here');
  expect((await takeEmbedding(join(models, 'usb'), place)).copied).toBe(true);
  expect((await takeEmbedding(from, place)).copied).toBe(false);
  rmSync(join(from, 'tokenizer.json'));
  await expect(takeEmbedding(from, place)).rejects.toMatchObject({ code: 'EMBEDDING_DAMAGED' });
});
