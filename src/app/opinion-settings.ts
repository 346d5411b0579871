/** What a second opinion is asked with. */

/** Settings of the local model that are in force. */
export interface OpinionSettings {
  engine: 'llm' | 'auto';
  /** OLLAMA_HOST as written; null: this machine. */
  hosts: string | null;
  model: string;
  /** Somebody named a host or a model: then it is said that there is none. */
  configured: boolean;
  timeoutMs: number;
  /** How long a kept answer is used again, in seconds; 0: never. */
  cacheSeconds: number;
  gpu: boolean;
  preload: boolean;
  /** A model of another company's machine may answer. */
  allowRemote?: boolean;
}
