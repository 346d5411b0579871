/**
 * What an exchange with Ollama looks like on the wire, without what differs from run to run: status, kind of body, framing,
 * how it ends, and the shape of each line (its keys in their order, with the words that a client acts on).
 */
import { request as httpRequest } from 'node:http';

export interface WireRequest {
  method: string;
  path: string;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
}

/** One exchange as recorded. */
export interface Recorded {
  name: string;
  request: WireRequest;
  status: number;
  headers: Record<string, string>;
  chunks: { text: string }[];
  end: string;
}

export interface WireShape {
  name: string;
  request: WireRequest;
  status: number;
  contentType: string | null;
  framing: 'length' | 'chunked' | null;
  end: string;
  /** In a stream: does each chunk hold one whole line? */
  lineByLine: boolean | null;
  /** Shapes one after the other, equal neighbours once. */
  lines: unknown[];
}

/** Values that a client reads, kept as they are; of all others the kind alone is compared. */
const KEPT = new Set(['error', 'status', 'done', 'done_reason', 'role']);
/** The two large replies stand shortened in the recording: of these the keys outside the cut are compared, in their order. */
const LARGE = /"(modelfile|embeddings)":/;
const LARGE_KEYS =
  /"(modelfile|parameters|template|details|model_info|capabilities|modified_at|model|embeddings|total_duration|load_duration|prompt_eval_count)":/g;

/** @param recorded as a line of the recording, or as `play` returns it */
export function shapeOf(recorded: Recorded): WireShape {
  const { headers, status, name } = recorded;
  const contentType = headers['content-type'] ?? null;
  const isStream = /ndjson/.test(contentType ?? '');
  const texts = recorded.chunks.map((c) => c.text);
  const lines = isStream ? texts.flatMap((t) => t.split('\n').filter((l) => l !== '')) : [texts.join('')];
  return {
    name,
    request: shortened(recorded.request),
    status,
    contentType,
    framing: headers['transfer-encoding'] === 'chunked' ? 'chunked' : 'content-length' in headers ? 'length' : null,
    end: recorded.end.startsWith('error') ? 'no connection' : recorded.end,
    lineByLine: isStream ? texts.every((t) => t.endsWith('\n') && t.indexOf('\n') === t.length - 1) : null,
    lines: lines
      .filter((l) => l !== '')
      .map(lineShape)
      .filter((shape, i, all) => i === 0 || JSON.stringify(shape) !== JSON.stringify(all[i - 1])),
  };
}

function lineShape(line: string): unknown {
  if (LARGE.test(line)) return { keys: [...line.matchAll(LARGE_KEYS)].map((m) => m[1]) };
  try {
    return valueShape('', JSON.parse(line));
  } catch {
    return line;
  }
}

function valueShape(key: string, value: unknown): unknown {
  if (KEPT.has(key) && (typeof value === 'string' || typeof value === 'boolean')) {
    return typeof value === 'string'
      ? value.replace(/\b[0-9a-f]{64}\b/g, '<digest>').replace(/pulling [0-9a-f]{12}/, 'pulling <digest>')
      : value;
  }
  if (Array.isArray(value)) return value.length === 0 ? 'array' : [valueShape('', value[0])];
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, valueShape(k, v)]));
  }
  return typeof value;
}

/** A long text of one repeated piece as piece and number, so that a fixture stays small. */
function shortened(request: WireRequest): WireRequest {
  return request.body === undefined ? request : { ...request, body: mapTexts(request.body, shortText) };
}

function shortText(text: string): unknown {
  const piece = /^(.{2,20}?)\1{20,}/s.exec(text)?.[1];
  if (piece === undefined) return text;
  const times = Math.floor(text.length / piece.length);
  return { $repeat: piece, $times: times, $rest: text.slice(piece.length * times) };
}

/** The request as it is sent. */
export function lengthened(request: WireRequest): WireRequest {
  const grow = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(grow);
    if (typeof value !== 'object' || value === null) return value;
    const o = value as Record<string, unknown>;
    if (typeof o['$repeat'] === 'string') return o['$repeat'].repeat(Number(o['$times'])) + String(o['$rest']);
    return Object.fromEntries(Object.entries(o).map(([k, v]) => [k, grow(v)]));
  };
  return { ...request, body: grow(request.body) };
}

function mapTexts(value: unknown, of: (text: string) => unknown): unknown {
  if (typeof value === 'string') return of(value);
  if (Array.isArray(value)) return value.map((v) => mapTexts(v, of));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mapTexts(v, of)]));
}

/** Plays a request. @param abortAfterChunks the client goes away after so many */
export function play(
  url: string,
  name: string,
  request: WireRequest,
  abortAfterChunks: number | null,
): Promise<Recorded> {
  const { method, path, body } = request;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve) => {
    const recorded: Recorded = { name, request, status: 0, headers: {}, chunks: [], end: '' };
    const finish = (end: string): void => {
      recorded.end ||= end;
      resolve(recorded);
    };
    const sent = httpRequest(
      url + path,
      {
        method,
        agent: false,
        headers: body === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) },
      },
      (response) => {
        recorded.status = response.statusCode ?? 0;
        recorded.headers = response.headers as Record<string, string>;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          recorded.chunks.push({ text: chunk });
          if (recorded.chunks.length !== abortAfterChunks) return;
          finish('aborted by client');
          sent.destroy();
        });
        response.on('end', () => finish('complete'));
        response.on('error', () => finish('aborted by server'));
        response.on('close', () => finish('aborted by server'));
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) =>
      finish(recorded.status > 0 ? 'aborted by server' : `error ${error.code ?? ''}`),
    );
    sent.end(text);
  });
}
