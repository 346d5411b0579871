/** The worker of batch.ts: a thread with rules of its own, that judges the files it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AnalyzeHooks } from './analyze-request.ts';
import type { BatchAnswer, BatchStart } from './batch.ts';
import { judgeFile } from './judge-file.ts';
import { openShared } from './open-shared.ts';

const { request, suppressions } = workerData as BatchStart;
let warnings: string[] = [];
const hooks: AnalyzeHooks = {
  now: () => new Date(0),
  warn: (text) => warnings.push(text),
  readStdin: async () => new Uint8Array(0),
  started: () => undefined,
  done: async () => undefined,
  ask: null,
  askBike: null,
};
const opening = openShared(request, hooks, suppressions);
// What reading the shared parts has to say, the main thread has said.
opening.then(
  () => {
    warnings = [];
  },
  () => undefined,
);

let before: Promise<void> = Promise.resolve();
parentPort?.on('message', ({ index, path }: { index: number; path: string }) => {
  before = before.then(async () => {
    const shared = await opening;
    warnings = [];
    const judged = await judgeFile(path, shared);
    const answer: BatchAnswer = { index, judged, warnings };
    parentPort?.postMessage(answer);
  });
});
