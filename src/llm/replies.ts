/** What Ollama answers, as far as revsync uses it. A reply is foreign input: fields that are missing or of another kind become null or 0. */
import { z } from 'zod';

const count = z.number().finite().nonnegative().catch(0);
const text = z.string().catch('');
const maybeText = z.string().nullable().catch(null);
const maybeCount = z.number().finite().nonnegative().nullable().catch(null);

const details = z
  .object({
    family: text,
    parameter_size: text,
    quantization_level: text,
    format: text,
  })
  .catch({ family: '', parameter_size: '', quantization_level: '', format: '' });

const listed = z.object({
  name: z.string().max(512),
  size: count,
  digest: text,
  modified_at: text,
  details,
  remote_host: maybeText.optional(),
  remote_model: maybeText.optional(),
});

const loaded = z.object({
  name: z.string().max(512),
  size: count,
  size_vram: count,
  digest: text,
  expires_at: text,
  context_length: maybeCount.optional(),
});

export const versionReply = z.object({ version: z.string().max(100) });
export const tagsReply = z.object({ models: z.array(listed).max(10_000).nullable() });
export const psReply = z.object({ models: z.array(loaded).max(1_000).nullable() });
export const showReply = z.object({
  details,
  parameters: text,
  capabilities: z.array(z.string()).catch([]),
  model_info: z.record(z.string(), z.unknown()).catch({}),
  remote_host: maybeText.optional(),
});

export const chatPiece = z.object({
  message: z.object({ content: z.string().catch('') }).catch({ content: '' }),
  done: z.boolean().catch(false),
  done_reason: maybeText.optional(),
  prompt_eval_count: count.optional(),
  eval_count: count.optional(),
  prompt_eval_duration: count.optional(),
  eval_duration: count.optional(),
  load_duration: count.optional(),
});

export const progressLine = z.object({
  status: text,
  digest: maybeText.optional(),
  total: maybeCount.optional(),
  completed: maybeCount.optional(),
});

/** A model that a server has. */
export interface InstalledModel {
  name: string;
  /** "sha256:…" of the manifest; null where the server does not tell. */
  digest: string | null;
  sizeBytes: number;
  family: string;
  /** "7.25B" */
  parameters: string;
  /** "Q4_K_M" */
  quantization: string;
  modifiedAt: string;
  /** Where it really runs; null: here. */
  remoteHost: string | null;
}

/** A model in memory. */
export interface LoadedModel {
  name: string;
  digest: string | null;
  sizeBytes: number;
  /** Share in GPU memory, 0 to 1; null where the size is unknown. */
  gpuShare: number | null;
  /** Context really given; null where the server does not tell. */
  contextTokens: number | null;
  expiresAt: string;
}

export function installedOf(m: z.infer<typeof listed>): InstalledModel {
  return {
    name: m.name,
    digest: digestOf(m.digest),
    sizeBytes: m.size,
    family: m.details.family,
    parameters: m.details.parameter_size,
    quantization: m.details.quantization_level,
    modifiedAt: m.modified_at,
    remoteHost: m.remote_host || (m.remote_model ? 'ollama.com' : null),
  };
}

export function loadedOf(m: z.infer<typeof loaded>): LoadedModel {
  return {
    name: m.name,
    digest: digestOf(m.digest),
    sizeBytes: m.size,
    gpuShare: m.size > 0 ? Math.min(1, m.size_vram / m.size) : null,
    contextTokens: m.context_length ?? null,
    expiresAt: m.expires_at,
  };
}

function digestOf(text: string): string | null {
  const hex = text.replace(/^sha256:/, '');
  return /^[0-9a-f]{64}$/i.test(hex) ? `sha256:${hex.toLowerCase()}` : null;
}
