/** Names of models as Ollama reads them. */
import { LlmError } from './errors.ts';

/** "mistral" is "mistral:latest"; the host and namespace that every name has by default are left out. */
export function fullName(name: string): string {
  const plain = name
    .trim()
    .replace(/^(https?:\/\/)?registry\.ollama\.ai\//i, '')
    .replace(/^library\//, '');
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  return last.includes(':') ? plain : `${plain}:latest`;
}

/** Do two names mean one model? */
export function sameModel(a: string, b: string): boolean {
  return fullName(a).toLowerCase() === fullName(b).toLowerCase();
}

/** Does the name alone say that the model runs on another company's machine? */
export function isCloudName(name: string): boolean {
  const tag = fullName(name).split(':').pop() ?? '';
  return tag === 'cloud' || tag.endsWith('-cloud');
}

/** @throws RevsyncError LLM_REMOTE */
export function refuseRemote(model: string, where: string): never {
  throw new LlmError(
    'LLM_REMOTE',
    'unfit',
    `${model} runs at ${where}: what it is asked would leave this machine`,
    'Choose a model that runs here (revsync models use mistral:7b), or set REVSYNC_ALLOW_REMOTE_MODEL=true if you want that.',
  );
}

/** A name that may be sent: printable, no blanks, bounded. @throws RevsyncError LLM_MODEL_INVALID */
export function checkedName(name: string): string {
  const trimmed = name.trim();
  if (/^[\w.\-:/@[\]]{1,300}$/.test(trimmed)) return trimmed;
  throw new LlmError(
    'LLM_MODEL_INVALID',
    'request',
    `"${trimmed.slice(0, 60).replace(/[^\x20-\x7e]/g, '?')}" is no name of a model`,
    'Names look like mistral:7b or mistral:7b-instruct-v0.3-q4_K_M.',
  );
}
