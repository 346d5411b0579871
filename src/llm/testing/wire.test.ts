/**
 * The fake speaks as the real server did: each recorded exchange is played on it again, in the same order and state.
 * The shapes are committed (wire-shapes.json); where the recording itself lies beside the project, they are derived from it again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { FakeOllama } from './fake-ollama.ts';
import { digestOf, type FakeModel, type FakeRemoteModel, SMOLLM } from './fake-shapes.ts';
import * as faults from './faults.ts';
import { lengthened, play, type Recorded, shapeOf, type WireShape } from './wire-shape.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SHAPES = JSON.parse(readFileSync(here('wire-shapes.json'), 'utf8')) as WireShape[];
const RECORDING = here('../../../../shared/ollama/wire.jsonl');

const REGISTRY: FakeRemoteModel = {
  ...SMOLLM,
  layers: [
    { digest: `sha256:${digestOf('b1')}`, sizeBytes: 98_362_432 },
    { digest: `sha256:${digestOf('e3')}`, sizeBytes: 102 },
    { digest: `sha256:${digestOf('f0')}`, sizeBytes: 59 },
  ],
};
const at = (port: number): string => `127.0.0.1:${port}/library/smollm2:135m`;
const DIGEST_ERROR = `digest mismatch, file must be downloaded again: want sha256:${digestOf('b1')}, got sha256:${digestOf('f6')}`;

let fake = new FakeOllama();
afterAll(() => fake.stop());

async function fresh(models: Record<string, FakeModel>): Promise<void> {
  await fake.stop();
  fake = await FakeOllama.start({
    models,
    version: '0.0.0',
    answer: (body) =>
      typeof body['format'] === 'object'
        ? '{\n  "score": 10,\n  "ids": [\n    "E2"\n  ]\n}'
        : Array.from({ length: 40 }, (_, i) => (i === 0 ? 'I' : ' word')),
    registry: {
      [at(5061)]: REGISTRY,
      [at(5062)]: { ...REGISTRY, failsAt: { step: 'verify', error: DIGEST_ERROR } },
      [at(5063)]: {
        ...REGISTRY,
        failsAt: {
          step: 'manifest',
          error: 'pull model manifest: 412: {"errors":[{"code":"x","message":"requires a newer version of Ollama"}]}',
        },
      },
      [at(5064)]: {
        ...REGISTRY,
        failsAt: {
          step: 'manifest',
          error:
            'pull model manifest: Get "http://127.0.0.1:5064/v2/library/smollm2/manifests/135m": dial tcp 127.0.0.1:5064: connect: connection refused',
        },
      },
    },
  });
}

/** State of the server before an exchange; the others follow from the one before. */
const BEFORE: Record<string, () => Promise<void> | void> = {
  root: () => fresh({ 'gemma3:270m': SMOLLM, 'smollm2:135m': SMOLLM }),
  'tags-empty': () => fresh({}),
  show: () => fresh({ 'smollm2:135m': SMOLLM }),
  'pull-abort': () => fresh({}),
  'runner-killed': async () => {
    await fresh({ 'smollm2:135m': SMOLLM });
    fake.faults.push(faults.runnerKilled(2));
  },
  'server-killed': () => void fake.faults.push(faults.serverKilled()),
};

describe('the fake is wire-exact', () => {
  test.each(SHAPES.map((shape) => [shape.name, shape] as const))('%s', async (name, shape) => {
    await BEFORE[name]?.();
    const abort = shape.end === 'aborted by client' ? 6 : null;
    const played = await play(fake.url, name, lengthened(shape.request), abort);
    expect({ ...shapeOf(played), request: shape.request }).toEqual(shape);
    if (name === 'pull-resume') {
      // It goes on from where the aborted one stood.
      const first = JSON.parse(played.chunks[1]?.text ?? '{}') as { completed?: number };
      expect(first.completed).toBeGreaterThan(REGISTRY.layers[0]!.sizeBytes / 5);
    }
  });

  test('there are 48', () => expect(SHAPES.length).toBe(48));
});

describe('the committed shapes are those of the recording', () => {
  test.runIf(existsSync(RECORDING))('derived again', () => {
    const lines = readFileSync(RECORDING, 'utf8')
      .split('\n')
      .filter((l) => l !== '');
    expect(lines.map((l) => shapeOf(JSON.parse(l) as Recorded))).toEqual(SHAPES);
  });
  test.skipIf(existsSync(RECORDING))('skipped: ../shared/ollama/wire.jsonl is not here', () => undefined);
});
