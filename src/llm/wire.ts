/**
 * HTTP for the ollama package: no hidden limit of 300 s, an abort that works before the headers, bodies bounded and checked,
 * every failure an error that says what it was. The package itself prints on stdout where a body is no JSON; it never sees one.
 */
import type { Agent, fetch as undiciFetch } from 'undici';
import { badStream, notOllama, type Place, WireReply } from './errors.ts';
import type { Host } from './hosts.ts';

/** Bytes of a reply that is read whole, and of one line of a stream. The largest real one is /api/show with every tensor, below 1 MiB. */
const REPLY_LIMIT_BYTES = 16 * 1024 * 1024;
const LINE_LIMIT_CHARACTERS = 4 * 1024 * 1024;
const ERROR_LIMIT_BYTES = 64 * 1024;

export interface Wire {
  /** A fetch that ends with `signal`, before and after the headers. */
  fetchUntil(signal: AbortSignal): typeof fetch;
  close(): Promise<void>;
}

/** Opens what a host's requests share. @param model named in error texts */
export async function openWire(host: Host, model: string): Promise<Wire> {
  // The default export: bundled, a CommonJS package has no other.
  const { default: undici } = await import('undici');
  const agent: Agent = new undici.Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 5_000 },
    connections: 8,
    pipelining: 1,
  });
  const place = { host: host.url, model };
  return {
    fetchUntil: (signal) =>
      (async (input: string | URL, init: RequestInit = {}) => {
        const { signal: theirs, headers, ...rest } = init;
        const ends = theirs === undefined || theirs === null ? signal : AbortSignal.any([theirs, signal]);
        ends.throwIfAborted();
        const response = await untilAborted(
          (undici.fetch as unknown as typeof undiciFetch)(String(input), {
            ...(rest as object),
            headers: withAuthorization(headers, host),
            dispatcher: agent,
            signal: ends,
            // Followed, a redirect could take the prompt to another machine.
            redirect: 'manual',
          }),
          ends,
        );
        const whole = typeof rest.body !== 'string' || !/"stream":\s*true/.test(rest.body);
        return checked(response as unknown as Response, place, ends, whole);
      }) as typeof fetch,
    close: () => agent.destroy(),
  };
}

function withAuthorization(headers: RequestInit['headers'], host: Host): Record<string, string> {
  const all = { ...(headers as Record<string, string> | undefined) };
  if (host.authorization !== null) all['Authorization'] = host.authorization;
  return all;
}

/** Settles with the signal even where the other promise never does. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function checked(response: Response, place: Place, signal: AbortSignal, whole: boolean): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status >= 300 && response.status < 400) {
    await drop(response);
    throw notOllama(place, `it redirects (HTTP ${response.status})`);
  }
  if (!response.ok) {
    const text = await read(response, ERROR_LIMIT_BYTES, place, signal, true);
    throw replyOf(response.status, text);
  }
  if (/html/i.test(type)) {
    await drop(response);
    throw notOllama(place, 'it answers with a web page');
  }
  if (response.body === null || response.status === 204) return response;
  // Asked for at once, a reply is read at once: the package would gather a stream that never ends.
  if (/ndjson/i.test(type) && !whole) {
    const { status, headers } = response;
    return new Response(lines(response.body, place, signal), { status, headers });
  }
  const text = await read(response, REPLY_LIMIT_BYTES, place, signal, false);
  if (text === '') return new Response(null, { status: response.status });
  try {
    JSON.parse(text);
  } catch (error) {
    if (/^\s*</.test(text)) throw notOllama(place, 'it answers with a web page', error);
    throw notOllama(place, 'its answer is no JSON', error);
  }
  return new Response(text, { status: response.status, headers: { 'content-type': 'application/json' } });
}

function replyOf(status: number, text: string): WireReply {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) {
      const { error } = body as { error?: unknown };
      return new WireReply(status, typeof error === 'string' ? error : JSON.stringify(error ?? body), true);
    }
  } catch {
    // No JSON: a proxy, a web server, or "404 page not found".
  }
  return new WireReply(status, /^\s*</.test(text) ? '' : text, false);
}

async function drop(response: Response): Promise<void> {
  try {
    await response.body?.cancel();
  } catch {
    // It is thrown away in any case.
  }
}

async function read(
  response: Response,
  limit: number,
  place: Place,
  signal: AbortSignal,
  cut: boolean,
): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await untilAborted(reader.read(), signal);
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length <= limit) continue;
    await reader.cancel().catch(() => undefined);
    if (cut) break;
    throw badStream(place, `more than ${limit / 1024 / 1024} MiB`);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

/**
 * NDJSON as whole lines, each an object, whatever the network did to it: split inside a character or a line, blank lines.
 * A line that is none ends the stream with an error instead of being passed over.
 */
function lines(body: ReadableStream<Uint8Array>, place: Place, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8');
  const encoder = new TextEncoder();
  let rest = '';
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const { done, value } = await untilAborted(reader.read(), signal);
        rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
        const parts = rest.split('\n');
        rest = done ? '' : (parts.pop() ?? '');
        if (rest.length > LINE_LIMIT_CHARACTERS) throw badStream(place, 'a line without an end');
        const whole = parts.map((p) => p.trim()).filter((p) => p !== '');
        for (const line of whole) controller.enqueue(encoder.encode(`${asObject(line, place)}\n`));
        if (done) controller.close();
        if (done || whole.length > 0) return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function asObject(line: string, place: Place): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw badStream(place, `a line is no JSON (${line.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')})`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badStream(place, 'a line is no object');
  const { error } = value as { error?: unknown };
  return error === undefined || typeof error === 'string' ? line : JSON.stringify({ error: JSON.stringify(error) });
}
