/** The test registry itself: what a server that pulls from it is told, and each of its faults. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RegistryFaults, TestRegistry } from './registry.ts';

const BLOB = Buffer.alloc(200_000, 'weights ');
const DIGEST = createHash('sha256').update(BLOB).digest('hex');
const MANIFEST = JSON.stringify({ schemaVersion: 2, layers: [{ digest: `sha256:${DIGEST}`, size: BLOB.length }] });
let folder = '';
let registry: TestRegistry;
let url = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revsync-registry-'));
  const place = join(folder, 'manifests/registry.ollama.ai/library/tiny');
  mkdirSync(place, { recursive: true });
  mkdirSync(join(folder, 'blobs'));
  writeFileSync(join(place, '1'), MANIFEST);
  writeFileSync(join(folder, 'blobs', `sha256-${DIGEST}`), BLOB);
});
afterEach(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(faults: RegistryFaults = {}): Promise<void> {
  registry = new TestRegistry(folder, faults);
  url = `http://${await registry.listen()}/v2/library/tiny`;
}
const blob = (init?: RequestInit): Promise<Response> => fetch(`${url}/blobs/sha256:${DIGEST}`, init);
const bytes = async (reply: Response): Promise<Buffer> => Buffer.from(await reply.arrayBuffer());

test('a manifest, where its blob lies, the whole of it and parts', async () => {
  await start();
  const manifest = await fetch(`${url}/manifests/1`);
  expect(manifest.headers.get('content-type')).toBe('application/vnd.docker.distribution.manifest.v2+json');
  expect(await manifest.text()).toBe(MANIFEST);
  const head = await blob({ method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(BLOB.length)]);
  expect(head.headers.get('location')).toBe(
    `/v2/library/tiny/blobs/sha256:${DIGEST}`.replace(/^/, new URL(url).origin),
  );
  expect((await bytes(await blob())).equals(BLOB)).toBe(true);
  const part = await blob({ headers: { range: 'bytes=1000-1999' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${BLOB.length}`]);
  expect((await bytes(part)).equals(BLOB.subarray(1000, 2000))).toBe(true);
  const rest = await blob({ headers: { range: 'bytes=199990-' } });
  expect((await bytes(rest)).equals(BLOB.subarray(199_990))).toBe(true);
  expect(registry.asked.map((a) => a.range)).toEqual([null, 'bytes=1000-1999', 'bytes=199990-']);
});

test('what is not there, and ways out of its folder, are refused', async () => {
  await start();
  for (const path of ['/manifests/2', `/blobs/sha256:${'0'.repeat(64)}`, '/blobs/sha256:..%2f..%2fetc', '/tags/list']) {
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  }
});

test('faults: statuses, a wrong last byte, silence in mid-blob', async () => {
  await start({ manifestStatus: 412 });
  const old = await fetch(`${url}/manifests/1`);
  expect([old.status, await old.text()]).toEqual([412, expect.stringContaining('newer version')]);
  registry.faults.manifestStatus = 500;
  expect((await fetch(`${url}/manifests/1`)).status).toBe(500);
  registry.faults.blobStatus = 403;
  expect((await blob()).status).toBe(403);
  delete registry.faults.blobStatus;
  registry.faults.wrongBytes = true;
  const wrong = await bytes(await blob());
  expect(wrong.subarray(0, -1).equals(BLOB.subarray(0, -1))).toBe(true);
  expect(wrong.equals(BLOB)).toBe(false);
  registry.faults.wrongBytes = false;
  registry.faults.stallAfterBytes = 70_000;
  const stalled = await blob();
  const reader = stalled.body!.getReader();
  let got = 0;
  while (got < 65_536) got += (await reader.read()).value!.length;
  const silent = Symbol('silent');
  const more = reader.read().catch(() => undefined);
  const next = await Promise.race([more, new Promise((resolve) => setTimeout(resolve, 150, silent))]);
  expect([got, next]).toEqual([65_536, silent]);
});
