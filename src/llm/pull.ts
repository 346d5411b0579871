/** Pulling a model: sums over all layers, goes on after stalls and broken connections, says what is wrong where that does not help. */
import { RevsyncError } from '../core/errors.ts';
import { pause } from './deadline-clock.ts';
import { innermost, LlmError, shown, WireReply } from './errors.ts';
import type { OllamaHost, ProgressLine } from './ollama-host.ts';

export interface PullProgress {
  /** Bytes of all layers that are there; may go down where a part was bad and is fetched again. */
  doneBytes: number;
  /** Bytes of all layers that are known so far. */
  totalBytes: number;
  /** What the server is at: "pulling f5074b1221da", "verifying sha256 digest". */
  status: string;
}

export interface PullOptions {
  /** A registry without TLS. Default false. */
  insecure?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: PullProgress) => void;
  /** Before each new try, with the reason of the one that failed. */
  onRetry?: (reason: string) => void;
  /** Without one more byte for so long, the download is given up and begun again where it stands. Default 45,000. */
  stallMs?: number;
  /** Checking the digest of some gigabytes is silent for a while. Default 600,000. */
  verifyMs?: number;
  /** Tries that may fail one after the other without one byte in between. Default 5. */
  tries?: number;
  /** Wait before the second try; doubles with each. Default 1,000. */
  pauseMs?: number;
}

export interface Pulled {
  totalBytes: number;
  /** What was there already when it began. */
  resumedBytes: number;
  /** How often it had to begin again. */
  retries: number;
}

/**
 * Has the server fetch a model. A pull that is ended, by the signal or by a fault, goes on where it stood when it is asked for again.
 * @throws RevsyncError PULL_NOT_FOUND | PULL_NEEDS_NEWER_OLLAMA | PULL_DISK_FULL | PULL_NO_NETWORK | PULL_TLS | PULL_BAD_DIGEST | PULL_STALLED | PULL_FAILED, and those of the server
 */
export async function pullModel(server: OllamaHost, name: string, options: PullOptions = {}): Promise<Pulled> {
  const tries = options.tries ?? 5;
  let resumedBytes: number | null = null;
  let before = 0;
  let failures = 0;
  let badDigests = 0;
  for (let retries = 0; ; retries++) {
    const layers = new Layers();
    try {
      await once(server, name, options, layers, (first) => {
        resumedBytes ??= first;
      });
      return { totalBytes: layers.progress('').totalBytes, resumedBytes: resumedBytes ?? 0, retries };
    } catch (error) {
      options.signal?.throwIfAborted();
      const { known, again } = explainPull(error, server, name);
      if (known.code === 'PULL_BAD_DIGEST') badDigests++;
      const { doneBytes } = layers.progress('');
      failures = doneBytes > before ? 1 : failures + 1;
      before = doneBytes;
      if (!again || failures >= tries || badDigests >= 2) throw known;
      options.onRetry?.(known.message);
      await pause((options.pauseMs ?? 1_000) * 2 ** (failures - 1), options.signal);
    }
  }
}

/** Layers by digest: lines of several layers come mixed, and a layer's count may go down. */
class Layers {
  readonly #byDigest = new Map<string, { total: number; done: number }>();

  add({ digest, totalBytes, completedBytes }: ProgressLine): void {
    if (digest === null) return;
    const before = this.#byDigest.get(digest);
    const total = totalBytes ?? before?.total ?? 0;
    this.#byDigest.set(digest, { total, done: Math.min(total, completedBytes ?? 0) });
  }

  progress(status: string): PullProgress {
    const all = [...this.#byDigest.values()];
    const sum = (of: (l: { total: number; done: number }) => number): number => all.reduce((n, l) => n + of(l), 0);
    return { doneBytes: sum((l) => l.done), totalBytes: sum((l) => l.total), status };
  }
}

async function once(
  server: OllamaHost,
  name: string,
  options: PullOptions,
  layers: Layers,
  first: (bytes: number) => void,
): Promise<void> {
  const stall = new AbortController();
  const signal = options.signal === undefined ? stall.signal : AbortSignal.any([options.signal, stall.signal]);
  let timer: NodeJS.Timeout | undefined;
  const watch = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(stalled(name, ms)), ms);
  };
  let seen = '';
  let begun = false;
  try {
    watch(options.stallMs ?? 45_000);
    for await (const line of server.pull(name, options.insecure ?? false, signal)) {
      layers.add(line);
      const progress = layers.progress(line.status);
      // Lines come every 60 ms, with or without a new byte: only what changes counts as life.
      const now = `${progress.doneBytes} ${line.status}`;
      if (now !== seen)
        watch(/^verifying/.test(line.status) ? (options.verifyMs ?? 600_000) : (options.stallMs ?? 45_000));
      seen = now;
      if (!begun && line.digest !== null) {
        begun = true;
        first(progress.doneBytes);
      }
      options.onProgress?.(progress);
    }
  } finally {
    clearTimeout(timer);
  }
}

function stalled(name: string, ms: number): RevsyncError {
  return new RevsyncError(
    'PULL_STALLED',
    `not one byte of ${name} came for ${Math.round(ms / 1_000)} s`,
    'Run revsync setup again: it goes on where it stopped. A network that stays silent may need HTTPS_PROXY, set for the Ollama server.',
  );
}

interface Wording {
  when: RegExp;
  code: string;
  /** Is it worth another try at once? */
  again: boolean;
  message: (name: string, text: string) => string;
  hint: string;
}

const WORDINGS: Wording[] = [
  {
    when: /\b412\b|newer version of Ollama/i,
    code: 'PULL_NEEDS_NEWER_OLLAMA',
    again: false,
    message: (name) => `this Ollama is too old for ${name}`,
    hint: 'Update Ollama (ollama.com/download) and restart its server: an update alone leaves the old server running.',
  },
  {
    when: /no space left|ENOSPC|disk (is )?full|not enough space/i,
    code: 'PULL_DISK_FULL',
    again: false,
    message: (name, text) => `no space left for ${name}: ${text}`,
    hint: 'Free some space and run revsync setup again: it goes on where it stopped. OLLAMA_MODELS of the server names another disk.',
  },
  {
    when: /file does not exist|manifest unknown|repository .* (does not|not) exist|\b404\b/i,
    code: 'PULL_NOT_FOUND',
    again: false,
    message: (name) => `the library has no model ${name}`,
    hint: 'See ollama.com/library for names and tags, such as mistral:7b; revsync setup --model NAME takes another one.',
  },
  {
    when: /digest mismatch/i,
    code: 'PULL_BAD_DIGEST',
    again: true,
    message: (name) => `what came of ${name} is not what the library has (digest mismatch)`,
    hint: 'Something on the way changes it, or the disk is bad: a proxy that opens TLS, a virus scanner. The bad part was thrown away; try another network.',
  },
  {
    when: /x509|certificate|tls:/i,
    code: 'PULL_TLS',
    again: false,
    message: (_, text) => `the library's certificate is not trusted: ${text}`,
    hint: 'A proxy opens TLS: its certificate has to be trusted by the machine where the Ollama server runs.',
  },
  {
    when: /no such host|network is unreachable|connection refused|no route to host|server misbehaving|i\/o timeout|Temporary failure/i,
    code: 'PULL_NO_NETWORK',
    again: false,
    message: (_, text) => `the Ollama server cannot reach the model library: ${text}`,
    hint: 'Connect the machine, or bring the model on a disk: ollama create from a GGUF file (revsync models create). Rules work without it: --skip-model.',
  },
  {
    when: /unauthorized|\b401\b|denied|\b403\b/i,
    code: 'PULL_DENIED',
    again: false,
    message: (name, text) => `the library does not give ${name} away: ${text}`,
    hint: 'It may need an account (ollama signin), or a proxy stands between.',
  },
];

function explainPull(error: unknown, server: OllamaHost, name: string): { known: RevsyncError; again: boolean } {
  if (error instanceof WireReply) {
    const text = shown(innermost(error.text), 200);
    const raw = `${error.text} ${text}`;
    const fit = WORDINGS.find((w) => w.when.test(raw));
    if (fit !== undefined) {
      return { known: new RevsyncError(fit.code, fit.message(name, text), fit.hint, error), again: fit.again };
    }
    return {
      known: new RevsyncError(
        'PULL_FAILED',
        `${server.host.url} could not fetch ${name}: ${text}`,
        'Run revsync setup again: it goes on where it stopped.',
        error,
      ),
      again: true,
    };
  }
  if (error instanceof RevsyncError) {
    // A server that went away in mid-pull may be back in a moment; one that never was there is not.
    const again = error.code === 'PULL_STALLED' || (error instanceof LlmError && error.code === 'LLM_CRASHED');
    return { known: error, again };
  }
  throw error;
}
