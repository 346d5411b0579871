/** What the parts of the fake Ollama share: its state, its models, how it writes a reply. */
import type { ServerResponse } from 'node:http';

export interface FakeModel {
  /** 64 hexadecimal digits. */
  digest: string;
  sizeBytes: number;
  parameters: string;
  quantization: string;
  family: string;
  /** Context that the weights were trained for. */
  trainedContext: number;
  capabilities: string[];
  /** Set for a model of another machine. */
  remoteHost?: string;
}

export interface FakeLayer {
  digest: string;
  sizeBytes: number;
}

/** A model that can be pulled. */
export interface FakeRemoteModel extends FakeModel {
  layers: FakeLayer[];
  /** What goes wrong with it every time. */
  failsAt?: { step: 'manifest' | 'verify'; error: string };
}

export interface FakeRequest {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

export interface FakeOptions {
  models?: Record<string, FakeModel>;
  registry?: Record<string, FakeRemoteModel>;
  version?: string;
  port?: number;
  host?: string;
  /** What it says to a question. Default: the smallest JSON that obeys the schema of `format`, else "Hello." */
  answer?: (body: Record<string, unknown>) => string | string[];
  /** Milliseconds that loading takes. Default 0. */
  loadMs?: number;
  /** Milliseconds between two tokens. Default 0. */
  tokenMs?: number;
  /** Tokens a second that it claims, prompt and answer; the prompt's only for what its cache does not hold. */
  speed?: { prompt: number; answer: number };
  /** It never gives more context than this, without a word. */
  contextLimit?: number;
  /** Bytes of GPU memory that a model gets, as a share of its size. Default 0: CPU. */
  gpuShare?: number;
  /** Bytes a second and milliseconds between lines of a pull. */
  pullSpeed?: { bytes: number; everyMs: number };
}

/** Digest made of one digit, for tests. */
export const digestOf = (digit: string): string => digit.repeat(64).slice(0, 64);

export const SMOLLM: FakeModel = {
  digest: '425c9cf921bbcb47cb1fede63e0d0fe4a1dfeb3e80d121d4995699cca4c3f81c',
  sizeBytes: 98_363_007,
  parameters: '134.52M',
  quantization: 'Q4_1',
  family: 'llama',
  trainedContext: 8_192,
  capabilities: ['completion'],
};

/** mistral:7b as the library has it, in size and digest; the weights are not needed for a fake. */
export const MISTRAL: FakeRemoteModel = {
  digest: '6577803aa9a036369e481d648a2baebb381ebc6e897f2bb9a766a2aa7bfbc1cf',
  sizeBytes: 4_372_824_384,
  parameters: '7.2B',
  quantization: 'Q4_K_M',
  family: 'llama',
  trainedContext: 32_768,
  capabilities: ['completion', 'tools'],
  layers: [
    { digest: `sha256:${digestOf('f5')}`, sizeBytes: 4_372_811_392 },
    { digest: `sha256:${digestOf('43')}`, sizeBytes: 11_356 },
    { digest: `sha256:${digestOf('1f')}`, sizeBytes: 801 },
    { digest: `sha256:${digestOf('d1')}`, sizeBytes: 487 },
  ],
};

export interface FakeLoaded {
  context: number;
  gpuLayers: number | null;
  expiresAt: number;
  /** Text that its prompt cache holds. */
  cached: string;
}

/** The server as its handlers see it. */
export interface FakeState {
  readonly models: Map<string, FakeModel>;
  readonly registry: Map<string, FakeRemoteModel>;
  readonly loaded: Map<string, FakeLoaded>;
  /** Bytes of a layer that came so far: kept between pulls, as a server does. */
  readonly partial: Map<string, number>;
  readonly blobs: Set<string>;
  /** One request at a time for each model, as one parallel slot has it. */
  readonly queues: Map<string, Promise<unknown>>;
  readonly options: FakeOptions;
  /** As a killed process. */
  kill(): Promise<void>;
}

export interface FaultContext {
  request: FakeRequest;
  response: ServerResponse;
  fake: FakeState;
}

/** One scripted failure. */
export interface Fault {
  on: RegExp;
  when?: (request: FakeRequest) => boolean;
  /** How often it happens. */
  left: number;
  /** 'done': the reply is given; 'go on': the fake answers as ever. */
  act: (context: FaultContext) => Promise<string> | string;
}

/** Nanoseconds in a time stamp, as Go writes it. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(
    'Z',
    `${String(Math.floor((ms % 1) * 1e6) + 123_456)
      .padStart(6, '0')
      .slice(0, 6)}Z`,
  );
}

export const modelNameOf = (body: Record<string, unknown>): string => String(body['model'] ?? body['name'] ?? '');

/** Name with its tag. */
export function modelOf(body: Record<string, unknown>): string {
  const name = modelNameOf(body);
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}

/** Go sends small replies with their length and larger ones in chunks. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json; charset=utf-8',
): undefined {
  plain(response, status, type, JSON.stringify(body));
}

/** A reply as Go's server writes it. */
export function plain(response: ServerResponse, status: number, type: string | null, text: string): undefined {
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
  if (Buffer.byteLength(text) <= 2_048) {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
    response.end(text);
    return;
  }
  response.writeHead(status, headers);
  response.write(text);
  response.end();
}
