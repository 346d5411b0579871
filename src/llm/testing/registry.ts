/**
 * A model registry over a folder of Ollama's models (OLLAMA_MODELS), for real pulls in tests: `{"model": "127.0.0.1:PORT/library/x:1", "insecure": true}`.
 * It can be slow, stall, send wrong bytes, or answer 412 and 5xx.
 */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface RegistryFaults {
  /** Bytes a second of a blob; none: as fast as it goes. */
  bytesPerSecond?: number;
  /** A blob falls silent after so many bytes. */
  stallAfterBytes?: number;
  /** Every blob has a wrong last byte. */
  wrongBytes?: boolean;
  /** Status for manifests: 412, 500 … */
  manifestStatus?: number;
  /** Status for blobs. */
  blobStatus?: number;
}

export class TestRegistry {
  readonly faults: RegistryFaults;
  /** Of each blob request: its path and Range header. */
  readonly asked: { path: string; range: string | null }[] = [];
  readonly #folder: string;
  #server: Server | null = null;

  /** @param folder with manifests/<host>/<name>/<tag> and blobs/sha256-… */
  constructor(folder: string, faults: RegistryFaults = {}) {
    this.#folder = folder;
    this.faults = faults;
  }

  /** @returns "127.0.0.1:PORT" */
  async listen(): Promise<string> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server === null ? resolve() : this.#server.close(() => resolve())));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const manifest = /^\/v2\/([\w./-]+)\/manifests\/([\w.-]+)$/.exec(path);
    const blob = /^\/v2\/[\w./-]+\/blobs\/sha256:([0-9a-f]{64})$/.exec(path);
    const { manifestStatus, blobStatus } = this.faults;
    if (manifest !== null) {
      const file = join(this.#folder, 'manifests', 'registry.ollama.ai', manifest[1] ?? '', manifest[2] ?? '');
      if (manifestStatus !== undefined) return this.#refuse(response, manifestStatus);
      if (/\.\./.test(path) || !existsSync(file)) return this.#refuse(response, 404);
      response.writeHead(200, { 'content-type': 'application/vnd.docker.distribution.manifest.v2+json' });
      response.end(readFileSync(file));
      return;
    }
    const file = join(this.#folder, 'blobs', `sha256-${blob?.[1] ?? ''}`);
    if (blob === null || !existsSync(file)) return this.#refuse(response, 404);
    if (blobStatus !== undefined) return this.#refuse(response, blobStatus);
    await this.#blob(request, response, path, file);
  }

  async #blob(request: IncomingMessage, response: ServerResponse, path: string, file: string): Promise<void> {
    const { size } = statSync(file);
    const range = request.headers.range ?? null;
    // Ollama asks for the place of a blob first, and needs it named even where it is this one.
    const head = { location: `http://${request.headers.host}${path}` };
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...head, 'content-length': String(size) });
      response.end();
      return;
    }
    this.asked.push({ path, range });
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? 'bytes=0-') ?? [];
    const start = Number(from);
    const end = to === '' ? size - 1 : Math.min(size - 1, Number(to));
    response.writeHead(range === null ? 200 : 206, {
      ...head,
      'content-length': String(Math.max(0, end - start + 1)),
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    let sent = start;
    for await (const chunk of createReadStream(file, { start, end, highWaterMark: 65_536 })) {
      const bytes = Buffer.from(chunk as Buffer);
      sent += bytes.length;
      if (this.faults.stallAfterBytes !== undefined && sent > this.faults.stallAfterBytes) return;
      if (this.faults.wrongBytes === true && sent === size) bytes[bytes.length - 1]! ^= 1;
      if (response.destroyed) return;
      if (!response.write(bytes)) await drained(response);
      const { bytesPerSecond } = this.faults;
      if (bytesPerSecond !== undefined)
        await new Promise((resolve) => setTimeout(resolve, (bytes.length / bytesPerSecond) * 1_000));
    }
    response.end();
  }

  #refuse(response: ServerResponse, status: number): void {
    const message = status === 412 ? 'requires a newer version of Ollama' : 'refused';
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code: 'x', message }] }));
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
