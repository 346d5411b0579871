/** What can go wrong between here and a model, as errors with a way forward, and what each means for the host it came from. */
import { RevsyncError } from '../core/errors.ts';

/**
 * What an error says about its host:
 * down: nothing can be had there for now; unfit: it answers and will go on refusing;
 * try: this one attempt failed; busy: ask again; request: any host would refuse it.
 */
export type Blame = 'down' | 'unfit' | 'try' | 'busy' | 'request';

/** An expected failure of a language model. */
export class LlmError extends RevsyncError {
  readonly blame: Blame;
  constructor(code: string, blame: Blame, message: string, hint: string, cause?: unknown) {
    super(code, message, hint, cause);
    this.name = 'LlmError';
    this.blame = blame;
  }
}

/** A reply of a server that is no success. */
export class WireReply extends Error {
  readonly status: number;
  /** The text of its `error` field, else the body; '' where there is none. */
  readonly text: string;
  readonly isJson: boolean;
  constructor(status: number, text: string, isJson: boolean) {
    super(`HTTP ${status}: ${text}`);
    this.status = status;
    this.text = text;
    this.isJson = isJson;
  }
}

export interface Place {
  host: string;
  model: string;
}

/** Lines of an error that are safe to show: one line, no control characters, bounded. */
export function shown(text: string, limit = 300): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]/g, '?')
    .trim();
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}

/** `error` of Ollama is a text, a text that is JSON again, or an object: the innermost message. */
export function innermost(error: unknown, depth = 0): string {
  if (depth > 5) return String(error);
  if (typeof error === 'string') {
    const start = error.indexOf('{');
    if (start >= 0 && error.trimEnd().endsWith('}')) {
      try {
        const inner = innermost(JSON.parse(error.slice(start)), depth + 1);
        const before = error.slice(0, start).trim();
        if (inner !== '') return before === '' ? inner : `${before} ${inner}`;
      } catch {
        // A text that only looks like JSON.
      }
    }
    return error;
  }
  if (typeof error === 'object' && error !== null) {
    const o = error as Record<string, unknown>;
    const list = o['errors'];
    const inside = o['error'] ?? o['message'] ?? (Array.isArray(list) ? list[0] : undefined);
    return inside === undefined ? JSON.stringify(error) : innermost(inside, depth + 1);
  }
  return String(error ?? '');
}

const START = 'revsync setup finds it, starts it or says how to install it; OLLAMA_HOST names another place.';

/** Turns whatever a request threw into an error with a way forward. */
export function explain(error: unknown, place: Place): Error {
  if (error instanceof RevsyncError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  if (error instanceof WireReply) return explainReply(error, place);
  const causes = causesOf(error);
  const text = causes.map((c) => (c instanceof Error ? c.message : String(c))).join(': ');
  const code = causes.map((c) => String((c as { code?: unknown }).code ?? '')).find((c) => c !== '') ?? '';
  if (isBrokenConnection(error)) {
    return new LlmError(
      'LLM_CRASHED',
      'down',
      `the connection to ${place.host} broke in mid-answer`,
      'The server died or was stopped: see its log, then revsync doctor.',
      error,
    );
  }
  if (
    /HTTPParserError|HTTP\/1\.1 protocol/.test(text) ||
    /^HPE_/.test(code) ||
    /UND_ERR_(HEADERS_OVERFLOW|INVALID_ARG|RES_CONTENT_LENGTH)/.test(code)
  ) {
    return notOllama(place, 'what answers there does not speak HTTP as Ollama does', error);
  }
  if (/^(E[A-Z]+|UND_ERR_CONNECT_TIMEOUT|ERR_TLS|CERT|DEPTH|UNABLE|SELF_SIGNED)/.test(code)) {
    return new LlmError('LLM_UNREACHABLE', 'down', `no Ollama at ${place.host} (${code})`, START, error);
  }
  // Ports that no browser opens (9, 6000 …) are opened by fetch neither.
  if (/bad port/.test(text)) {
    return new LlmError(
      'LLM_UNREACHABLE',
      'down',
      `no Ollama at ${place.host}: that port is closed to HTTP by its standard`,
      START,
      error,
    );
  }
  if (/JSON|Unexpected token/.test(text)) return badStream(place, shown(text), error);
  // Anything but a plain Error, which is how the package says a line {"error": …} of a stream, is a bug and stays one.
  if (!(error instanceof Error) || error.name !== 'Error') return error instanceof Error ? error : new Error(text);
  return explainReply(new WireReply(0, text, true), place);
}

/** Did the other end close the connection while a reply was due? */
export function isBrokenConnection(error: unknown): boolean {
  return causesOf(error).some(
    (c) =>
      /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(String((c as { code?: unknown }).code ?? '')) ||
      (c instanceof Error && /terminated|other side closed/.test(c.message)),
  );
}

function causesOf(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let e = error; e !== undefined && e !== null && found.length < 5; e = (e as { cause?: unknown }).cause) {
    found.push(e);
    if (e instanceof AggregateError && e.errors.length > 0) found.push(e.errors[0]);
  }
  return found;
}

/** The server is not Ollama. */
export function notOllama(place: Place, why: string, cause?: unknown): LlmError {
  return new LlmError(
    'LLM_NOT_OLLAMA',
    'unfit',
    `${place.host} is not an Ollama server: ${why}`,
    'Another program owns that port: set OLLAMA_HOST to where Ollama listens, or start it on another port (OLLAMA_HOST=127.0.0.1:11435 ollama serve).',
    cause,
  );
}

/** A reply that breaks the protocol. */
export function badStream(place: Place, why: string, cause?: unknown): LlmError {
  return new LlmError(
    'LLM_BAD_STREAM',
    'try',
    `the answer of ${place.host} cannot be read: ${why}`,
    'A proxy between may cut or rewrite it; revsync doctor asks the server directly.',
    cause,
  );
}

interface Wording {
  when: (status: number, text: string) => boolean;
  code: string;
  blame: Blame;
  message: (place: Place, text: string) => string;
  hint: (place: Place) => string;
}

/** Read from top to bottom; the first that fits. Texts from ollama/ollama v0.24 and v0.33 and the recording of a real server. */
const WORDINGS: Wording[] = [
  {
    when: (_, t) =>
      /requires more system memory|out of memory|cudaMalloc|insufficient memory|not enough memory/i.test(t),
    code: 'LLM_OUT_OF_MEMORY',
    blame: 'unfit',
    message: (p, t) => `${p.model} does not fit the memory of ${p.host}: ${t}`,
    hint: () =>
      'revsync models memory shows what fits; a smaller quantization or model is chosen with revsync models use.',
  },
  {
    when: (_, t) =>
      /exceeds? the (available )?context|longer than the context|exceed_context_size|input length exceeds|context length exceeded/i.test(
        t,
      ),
    code: 'LLM_PROMPT_TOO_LONG',
    blame: 'request',
    message: (_, t) => `the prompt does not fit the context of the model: ${t}`,
    hint: () => 'Fewer findings are sent with --fail-on high; a model with a larger context takes more.',
  },
  {
    when: (_, t) => /invalid JSON schema|failed to parse grammar|grammar/i.test(t),
    code: 'LLM_BAD_SCHEMA',
    blame: 'request',
    message: (_, t) => `the server cannot use the answer's schema: ${t}`,
    hint: () => 'This is a bug in revsync or in that server version: please report it with revsync doctor --json.',
  },
  {
    when: (_, t) => /cloud is disabled|remote model|requires? sign|unauthorized.*ollama\.com/i.test(t),
    code: 'LLM_REMOTE',
    blame: 'unfit',
    message: (p, t) => `${p.model} runs on another company's machine: ${t}`,
    hint: () => 'Choose a model that runs here: revsync models use mistral:7b.',
  },
  {
    when: (s, t) => s !== 503 && /model ["'].*["'] not found|not found, try pulling|model not found/i.test(t),
    code: 'LLM_MODEL_MISSING',
    blame: 'unfit',
    message: (p) => `${p.host} has no model ${p.model}`,
    hint: (p) => `revsync setup fetches it, or: ollama pull ${p.model}`,
  },
  {
    when: (s, t) => s === 503 || /server busy|maximum pending requests/i.test(t),
    code: 'LLM_BUSY',
    blame: 'busy',
    message: (p) => `${p.host} is busy`,
    hint: () => 'Try again when its other work is done, or set OLLAMA_MAX_QUEUE of the server higher.',
  },
  {
    when: (_, t) =>
      /runner (process )?(has )?(unexpectedly|terminated)|unexpectedly stopped|encountered while running|unexpected EOF|llama-server|load failed|failed to load|unable to load/i.test(
        t,
      ),
    code: 'LLM_CRASHED',
    blame: 'try',
    message: (p, t) => `the model runner of ${p.host} stopped: ${t}`,
    hint: () => 'Often too little memory: revsync doctor shows need and what is free; the server log says more.',
  },
];

function explainReply(reply: WireReply, place: Place): LlmError {
  const text = shown(innermost(reply.text));
  const fit = reply.isJson ? WORDINGS.find((w) => w.when(reply.status, text)) : undefined;
  if (fit !== undefined) return new LlmError(fit.code, fit.blame, fit.message(place, text), fit.hint(place), reply);
  const { status } = reply;
  if (status === 401 || status === 403 || status === 407) {
    const why = text === '' ? 'with no word why (it accepts only Host names that it knows)' : `(${text})`;
    return new LlmError(
      'LLM_HOST_REFUSED',
      'unfit',
      `${place.host} refuses this program: HTTP ${status} ${why}`,
      'Name it by IP address or localhost in OLLAMA_HOST, or set OLLAMA_ORIGINS of the server; a proxy in front may want a name and password.',
      reply,
    );
  }
  if (status === 502 || status === 504 || status === 503) {
    return new LlmError(
      'LLM_UNREACHABLE',
      'down',
      `a proxy at ${place.host} gets no answer from Ollama (HTTP ${status})`,
      START,
      reply,
    );
  }
  if (!reply.isJson && status >= 300)
    return notOllama(place, `HTTP ${status}${text === '' ? '' : `, "${text.slice(0, 60)}"`}`, reply);
  if (status >= 500) {
    return new LlmError(
      'LLM_CRASHED',
      'try',
      `${place.host} failed: HTTP ${status} ${text}`,
      'The server log says more.',
      reply,
    );
  }
  return new LlmError(
    'LLM_REFUSED',
    'request',
    `${place.host} did not do it: ${text === '' ? `HTTP ${status}` : text}`,
    'revsync doctor shows server and model.',
    reply,
  );
}
