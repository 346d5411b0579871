/**
 * The embedding model's files: found, checked, copied from a folder (an air gap) or fetched from the hub when that is asked for.
 * It appears whole or not at all: files go beside their place and are renamed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RevsyncError } from '../core/errors.ts';
import { type Settings, userFolders } from './settings.ts';

export const EMBEDDING_MODEL = 'all-MiniLM-L6-v2';
export const EMBEDDING_DIMENSIONS = 384;
/** The same weights with an ONNX graph beside them. */
const HUB = 'https://huggingface.co/Xenova/all-MiniLM-L6-v2/resolve/main/';

const SMALL_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
/** One of these; the quantized one is a quarter of the size. */
const GRAPHS = ['onnx/model_quantized.onnx', 'onnx/model.onnx'];
/** Real graphs have 23 and 90 MB; anything outside is none. */
const GRAPH_BYTES = { least: 1_000_000, most: 500_000_000 };
const SMALL_BYTES = 50_000_000;

/** REVSYNC_MODELS, else the data folder of the user. */
export async function modelsFolder(settings: Settings, env: Record<string, string | undefined>): Promise<string> {
  const { value } = settings.models;
  if (typeof value === 'string' && value !== '') return value;
  return join((await userFolders(env)).data, 'models');
}

export interface EmbeddingFiles {
  folder: string;
  /** Paths inside the folder. */
  files: string[];
  bytes: number;
  /** sha256 of the graph, "sha256:…". */
  digest: string;
}

/**
 * Reads and checks a model folder.
 * @throws RevsyncError EMBEDDING_MISSING | EMBEDDING_DAMAGED with the file and what is wrong with it
 */
export async function checkEmbedding(folder: string): Promise<EmbeddingFiles> {
  const graph = GRAPHS.find((g) => existsSync(join(folder, g)));
  const missing = [
    ...SMALL_FILES.filter((f) => !existsSync(join(folder, f))),
    ...(graph === undefined ? [GRAPHS[0]!] : []),
  ];
  if (missing.length > 0) {
    const none = missing.length === SMALL_FILES.length + 1;
    throw new RevsyncError(
      none ? 'EMBEDDING_MISSING' : 'EMBEDDING_DAMAGED',
      none ? `no embedding model in ${folder}` : `the embedding model in ${folder} lacks ${missing.join(', ')}`,
      'revsync setup --models-from DIR takes it from a folder, --embedding-from-hub from huggingface.co. Search by words works without it.',
    );
  }
  const config = await readJson(folder, 'config.json');
  if (config['hidden_size'] !== EMBEDDING_DIMENSIONS)
    throw damaged(folder, 'config.json', `hidden_size is not ${EMBEDDING_DIMENSIONS}`);
  const tokenizer = await readJson(folder, 'tokenizer.json');
  if (typeof tokenizer['model'] !== 'object') throw damaged(folder, 'tokenizer.json', 'it holds no tokenizer');
  await readJson(folder, 'tokenizer_config.json');
  const { size } = await stat(join(folder, graph!));
  if (size < GRAPH_BYTES.least || size > GRAPH_BYTES.most)
    throw damaged(folder, graph!, `${size} bytes are no such graph`);
  const files = [...SMALL_FILES, graph!];
  let bytes = 0;
  for (const file of files) bytes += (await stat(join(folder, file))).size;
  return { folder, files, bytes, digest: `sha256:${await sha256Of(join(folder, graph!))}` };
}

async function readJson(folder: string, file: string): Promise<Record<string, unknown>> {
  const { size } = await stat(join(folder, file));
  if (size > SMALL_BYTES) throw damaged(folder, file, 'it is far too large');
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw damaged(folder, file, 'it is no JSON');
}

function damaged(folder: string, file: string, why: string): RevsyncError {
  return new RevsyncError(
    'EMBEDDING_DAMAGED',
    `${join(folder, file)}: ${why}`,
    'Copy the model again from where you have it: revsync setup --models-from DIR.',
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Takes the model from a folder of models, or from the model's own folder. @throws RevsyncError EMBEDDING_MISSING | EMBEDDING_DAMAGED | EMBEDDING_NOT_WRITTEN */
export async function takeEmbedding(from: string, models: string): Promise<{ files: EmbeddingFiles; copied: boolean }> {
  const given = resolve(from);
  const inside = join(given, EMBEDDING_MODEL);
  const source = await checkEmbedding(existsSync(inside) ? inside : given);
  const place = join(resolve(models), EMBEDDING_MODEL);
  const before = await checkEmbedding(place).catch(() => null);
  if (before !== null && before.digest === source.digest) return { files: before, copied: false };
  await whole(place, async (part) => {
    for (const file of source.files) {
      await mkdir(dirname(join(part, file)), { recursive: true });
      await copyFile(join(source.folder, file), join(part, file));
    }
    const copied = await checkEmbedding(part);
    if (copied.digest !== source.digest) throw damaged(part, 'onnx', 'the copy is not the same as the original');
  });
  return { files: await checkEmbedding(place), copied: true };
}

/** Fetches the model from the hub. @throws RevsyncError EMBEDDING_NO_NETWORK | EMBEDDING_DAMAGED | EMBEDDING_NOT_WRITTEN */
export async function fetchEmbedding(
  models: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
  hub = HUB,
): Promise<EmbeddingFiles> {
  const { Agent, fetch } = (await import('undici')).default;
  const agent = new Agent({ connect: { timeout: 10_000 }, headersTimeout: 30_000, bodyTimeout: 60_000 });
  const place = join(resolve(models), EMBEDDING_MODEL);
  let done = 0;
  try {
    await whole(place, async (part) => {
      for (const file of [...SMALL_FILES, GRAPHS[0]!]) {
        await mkdir(dirname(join(part, file)), { recursive: true });
        try {
          const response = await fetch(hub + file, { dispatcher: agent, signal: signal ?? null });
          if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
          const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
          body.on('data', (chunk: Buffer) => {
            done += chunk.length;
            onBytes(done);
          });
          await pipeline(body, createWriteStream(join(part, file)));
        } catch (error) {
          signal?.throwIfAborted();
          if (/^(ENOSPC|EACCES|EROFS)$/.test(String((error as { code?: string }).code))) throw error;
          const cause = (error as { cause?: { code?: string; message?: string } }).cause;
          throw new RevsyncError(
            'EMBEDDING_NO_NETWORK',
            `the embedding model cannot be fetched from ${new URL(hub).host}: ${cause?.code ?? cause?.message ?? (error as Error).message}`,
            'Connect the machine, or bring the folder on a disk and run revsync setup --models-from DIR. Search by words works without it.',
            error,
          );
        }
      }
      await checkEmbedding(part);
    });
    return await checkEmbedding(place);
  } finally {
    await agent.destroy();
  }
}

/** Fills a folder beside its place and renames it; what stood there before gives way only to something whole. */
async function whole(place: string, fill: (part: string) => Promise<void>): Promise<void> {
  const part = `${place}.${process.pid}.part`;
  const old = `${place}.${process.pid}.old`;
  try {
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
    await fill(part);
    if (existsSync(place)) await rename(place, old);
    await rename(part, place);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof RevsyncError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new RevsyncError(
      'EMBEDDING_NOT_WRITTEN',
      code === 'ENOSPC'
        ? `no space left for the embedding model in ${dirname(place)}`
        : `the embedding model cannot be written: ${message}`,
      'REVSYNC_MODELS names another folder.',
      error,
    );
  } finally {
    await rm(part, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
