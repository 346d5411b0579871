/** Is an Ollama server there; and starting the one of this machine. */
import { join } from 'node:path';
import { RevsyncError } from '../../core/errors.ts';
import { pause } from '../../llm/deadline-clock.ts';
import type { OllamaHost } from '../../llm/ollama-host.ts';
import type { Machine } from '../machine.ts';
import { failed, ok, warning } from './check.ts';
import { findOllama, installWords, startPlan } from './find-ollama.ts';

type Found = ReturnType<typeof ok>;

export interface DaemonWork {
  machine: Machine;
  server: OllamaHost;
  /** May it be started? */
  start: boolean;
  /** Folder for the server's log, where revsync starts it. */
  dataFolder: string;
  say(text: string): void;
  signal: AbortSignal | undefined;
  /** How long a server may take to come up. Default 30,000. */
  waitMs?: number;
}

const isDown = (error: unknown): boolean => error instanceof RevsyncError && error.code === 'LLM_UNREACHABLE';

/** Asks the server; where nobody listens on this machine, starts it the way the platform does and waits. Never stops anything. */
export async function daemonCheck(work: DaemonWork): Promise<Found> {
  const { server, machine, signal } = work;
  const { url, loopback } = server.host;
  try {
    const version = await server.version({ signal });
    return reached(url, version, loopback);
  } catch (error) {
    if (!isDown(error)) throw error;
    if (!loopback) throw error;
  }
  const found = findOllama(machine);
  if (found === null) return failed('Ollama is not installed on this machine', installWords(machine.platform));
  const plan = startPlan(machine, found);
  if (plan.kind === 'tell') return failed(`no Ollama at ${url}`, plan.words);
  if (!work.start)
    return failed(
      `no Ollama at ${url}; it is installed (${found.program ?? found.app})`,
      `Start it: ${plan.words}, or let revsync setup do it.`,
    );
  work.say(`starting Ollama (${plan.words})`);
  const log = join(work.dataFolder, 'ollama-serve.log');
  const address = url.replace(/^https?:\/\//, '');
  // Only its address: every other setting of the server stays the user's.
  const { exited } = await machine.startDetached(plan.file, plan.args, { OLLAMA_HOST: address }, log);
  return waitFor(work, exited, log);
}

async function waitFor(work: DaemonWork, exited: Promise<void>, log: string): Promise<Found> {
  const { server, signal } = work;
  const end = performance.now() + (work.waitMs ?? 30_000);
  let gone = false;
  exited.then(
    () => {
      gone = true;
    },
    () => {
      gone = true;
    },
  );
  let last: unknown = null;
  let afterEnd = 0;
  while (performance.now() < end) {
    try {
      // A long look: the socket listens before the server has found out about GPUs, and answers late.
      const version = await server.version({ ms: Math.max(2_000, end - performance.now()), signal });
      return reached(server.host.url, version, true);
    } catch (error) {
      if (!isDown(error)) throw error;
      last = error;
    }
    // It ended at once: perhaps another one was faster and has the port, so look a few more times before giving up.
    if (gone && ++afterEnd > 4) break;
    await pause(250, signal);
  }
  const why = gone ? 'it ended again at once' : 'it did not answer in time';
  return failed(
    `Ollama was started and is not there: ${why}${last === null ? '' : ` (${server.host.url})`}`,
    `Its words stand in ${log}.`,
  );
}

function reached(url: string, version: string, loopback: boolean): Found {
  const known = version === '0.0.0' ? 'a version that it does not tell' : version;
  const message = `Ollama ${known} at ${url}`;
  if (!loopback) {
    return warning(
      message,
      'That is another machine: what the model is asked (the measured facts of a tune, never the file) goes there. OLLAMA_HOST=127.0.0.1 keeps it here.',
      version,
    );
  }
  return ok(message, version);
}

/** Versions that behave in a way the client knows. */
export function versionCheck(version: string): Found {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null || version.startsWith('0.0.0'))
    return ok('the server does not tell its version (built by hand)', version);
  const [major, minor] = [Number(match[1]), Number(match[2])];
  // Structured output by schema came with 0.5.0.
  if (major === 0 && minor < 5)
    return failed(
      `Ollama ${version} cannot answer in a schema`,
      'Update it to 0.5 or newer, and restart its server.',
      version,
    );
  return ok(`Ollama ${version}`, version);
}
