/** A thread that runs tools, one call at a time: the thread of the protocol is free to hear of a cancelled call, and ends this one. */
import { parentPort, workerData } from 'node:worker_threads';
import { confineTo } from '../app/allowed-files.ts';
import { fixSettings } from '../app/settings.ts';
import { RevsyncError } from '../core/errors.ts';
import { tools } from '../generated/tools.ts';
import { type CallResult, callResult, errorResult } from './answer.ts';
import type { CallContext } from './tool.ts';

/** What a worker is started with. */
export interface WorkerStart {
  around: CallContext['around'];
  settings: CallContext['settings'];
  root: string | null;
}

/** `input` was checked against the tool's schema already, and goes through it again for its defaults. */
export interface Call {
  name: string;
  input: unknown;
}

export type WorkerMessage =
  | { kind: 'progress'; done: number; total: number; message: string }
  | { kind: 'result'; result: CallResult };

const { around, settings, root } = workerData as WorkerStart;
if (root !== null) confineTo(root);
fixSettings(settings);

async function answer({ name, input }: Call): Promise<CallResult> {
  const notes: string[] = [];
  try {
    const tool = tools.find((t) => t.name === name);
    if (tool === undefined) throw new RevsyncError('UNKNOWN_TOOL', `there is no tool "${name}"`, '');
    const parsed = tool.input.parse(input);
    const context: CallContext = {
      around,
      settings,
      warn: (text) => notes.push(text),
      progress: (done, total, message) => post({ kind: 'progress', done, total, message }),
    };
    const complete = (parsed as { detail?: string }).detail === 'full';
    return callResult(await tool.run(parsed, context), { complete, ownWords: tool.ownWords === true, notes });
  } catch (error) {
    return errorResult(error);
  }
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', async (call: Call) => {
  post({ kind: 'result', result: await answer(call) });
});
