/**
 * Effective settings and where each came from, lowest to highest:
 * defaults, user file, project file .revsync.yaml, environment, flags.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RevsyncError } from '../core/errors.ts';
import { readRegularText } from './files.ts';

/** Largest file of settings, with its suppressions. */
const MOST_BYTES = 4 * 1024 * 1024;

type Kind = 'text' | 'boolean' | 'number';

interface SettingInfo {
  /** Environment variable. */
  env: string;
  kind: Kind;
  default: string | number | boolean | null;
  about: string;
}

/** Every setting: its name in a file, its environment variable, its default. */
export const SETTINGS = {
  db: { env: 'REVSYNC_DB', kind: 'text', default: null, about: 'database file; empty: the data folder of the user' },
  embeddingModel: {
    env: 'REVSYNC_EMBEDDING_MODEL',
    kind: 'text',
    default: null,
    about: 'model of Ollama for search by meaning, where the models folder holds none',
  },
  models: { env: 'REVSYNC_MODELS', kind: 'text', default: null, about: 'folder of embedding models' },
  minSafetyScore: { env: 'MIN_SAFETY_SCORE', kind: 'number', default: 60, about: 'a lower score exits with 1' },
  useLocalLlm: {
    env: 'USE_LOCAL_LLM',
    kind: 'boolean',
    default: true,
    about: 'ask the local model where there is one',
  },
  fallbackToSimpleRules: {
    env: 'FALLBACK_TO_SIMPLE_RULES',
    kind: 'boolean',
    default: true,
    about: 'with --engine llm and no model: the rules alone',
  },
  ollamaHost: { env: 'OLLAMA_HOST', kind: 'text', default: null, about: 'Ollama hosts, comma separated' },
  mistralModel: { env: 'MISTRAL_MODEL', kind: 'text', default: 'mistral:7b', about: 'model to ask' },
  llmTimeoutSeconds: { env: 'LLM_TIMEOUT_SECONDS', kind: 'number', default: 30, about: 'budget for an answer' },
  recommendationCacheTimeout: {
    env: 'RECOMMENDATION_CACHE_TIMEOUT',
    kind: 'number',
    default: 3600,
    about: 'seconds that an answer is reused',
  },
  useGpuAcceleration: { env: 'USE_GPU_ACCELERATION', kind: 'boolean', default: true, about: 'let the model use a GPU' },
  allowRemoteModel: {
    env: 'REVSYNC_ALLOW_REMOTE_MODEL',
    kind: 'boolean',
    default: false,
    about: 'let a cloud model answer: what it is asked leaves this machine',
  },
  modelPreload: { env: 'MODEL_PRELOAD', kind: 'boolean', default: false, about: 'load the model ahead of time' },
  batchSize: { env: 'BATCH_SIZE', kind: 'number', default: 10, about: 'files under way at once' },
} as const satisfies Record<string, SettingInfo>;

export type SettingName = keyof typeof SETTINGS;
export type SettingSource = 'default' | 'user file' | 'project file' | 'environment' | 'flag';

export interface Setting {
  name: SettingName;
  value: string | number | boolean | null;
  source: SettingSource;
  /** Path of the file or name of the variable, '' for defaults and flags. */
  where: string;
}

export type Settings = Record<SettingName, Setting>;

export interface SettingsInput {
  env: Record<string, string | undefined>;
  cwd: string;
  flags: Partial<Record<SettingName, string | number | boolean>>;
}

/** Folders that revsync uses, XDG where the platform has it. */
export async function userFolders(env: Record<string, string | undefined>): Promise<{ config: string; data: string }> {
  const { default: envPaths } = await import('env-paths');
  const paths = envPaths('revsync', { suffix: '' });
  // env-paths reads process.env once per call; tests hand in an environment of their own.
  return {
    config: env['XDG_CONFIG_HOME'] ? join(env['XDG_CONFIG_HOME'], 'revsync') : paths.config,
    data: env['XDG_DATA_HOME'] ? join(env['XDG_DATA_HOME'], 'revsync') : paths.data,
  };
}

let fixed: Settings | null = null;

/**
 * From now on these hold, whatever files say; flags still go before them. For a program that works in folders of strangers: a
 * project file there must not say whom to ask or where to look.
 */
export function fixSettings(settings: Settings): void {
  fixed = settings;
}

/** @throws RevsyncError CONFIG_INVALID with file, setting and reason */
export async function loadSettings(input: SettingsInput): Promise<Settings> {
  return withFlags(fixed === null ? await readSettings(input) : { ...fixed }, input.flags);
}

async function readSettings(input: SettingsInput): Promise<Settings> {
  const folders = await userFolders(input.env);
  const settings = {} as Settings;
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    settings[name] = { name, value: SETTINGS[name].default, source: 'default', where: '' };
  }
  await applyFile(settings, join(folders.config, 'config.yaml'), 'user file');
  await applyFile(settings, join(input.cwd, '.revsync.yaml'), 'project file');
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const { env } = SETTINGS[name];
    const text = input.env[env];
    if (text === undefined || text === '') continue;
    settings[name] = {
      name,
      value: parse(name, text, `environment variable ${env}`),
      source: 'environment',
      where: env,
    };
  }
  return settings;
}

function withFlags(settings: Settings, flags: SettingsInput['flags']): Settings {
  for (const [name, value] of Object.entries(flags) as [SettingName, string | number | boolean | undefined][]) {
    if (value === undefined) continue;
    settings[name] = { name, value: parse(name, value, `flag for ${name}`), source: 'flag', where: '' };
  }
  return settings;
}

async function applyFile(settings: Settings, path: string, source: SettingSource): Promise<void> {
  if (!existsSync(path)) return;
  const fault = (why: string): RevsyncError => invalid(`${path}: ${why}`);
  const text = readRegularText(path, MOST_BYTES, fault);
  const { plainYaml } = await import('./yaml.ts');
  const content = plainYaml(text, fault);
  if (content === null || content === undefined) return;
  if (typeof content !== 'object' || Array.isArray(content)) throw invalid(`${path}: expected "setting: value" lines`);
  for (const [name, value] of Object.entries(content)) {
    // Suppressions and other sections of a project file have readers of their own.
    if (['suppress', 'baseline', 'roles'].includes(name)) continue;
    if (!Object.hasOwn(SETTINGS, name)) {
      throw invalid(`${path}: there is no setting "${name}"; known: ${Object.keys(SETTINGS).join(', ')}`);
    }
    const known = name as SettingName;
    const parsed = parse(known, value, `${path}: ${name}`);
    if (source === 'project file') await keepAtHome(known, parsed, path);
    settings[known] = { name: known, value: parsed, source, where: path };
  }
}

/**
 * A project file may have come with the tunes, from a stranger: it sends nothing to another machine and writes nowhere else.
 * @throws RevsyncError CONFIG_INVALID
 */
async function keepAtHome(name: SettingName, value: string | number | boolean, path: string): Promise<void> {
  const refused = (why: string): RevsyncError =>
    new RevsyncError(
      'CONFIG_INVALID',
      `${path}: ${name}: ${why}`,
      `Such a file may come with a stranger's tunes. Say it yourself: ${SETTINGS[name].env} or your user file (revsync config names it).`,
    );
  if (name === 'allowRemoteModel' && value === true) throw refused('a project file cannot let data leave this machine');
  if (name === 'ollamaHost') {
    const { parseHosts } = await import('../llm/hosts.ts');
    if (parseHosts(String(value)).some((host) => !host.loopback))
      throw refused('a project file names no server on another machine');
  }
  if (name === 'db' || name === 'models') {
    const inside = relative(dirname(path), resolve(dirname(path), String(value)));
    if (isAbsolute(inside) || inside.split(sep)[0] === '..')
      throw refused('a project file names no place outside of its folder');
  }
}

function parse(name: SettingName, value: unknown, place: string): string | number | boolean {
  const { kind } = SETTINGS[name];
  if (value !== null && typeof value === 'object')
    throw invalid(`${place}: expected one value, not a list or a section`);
  const text = String(value).trim();
  if (kind === 'number') {
    const number = Number(text);
    if (text === '' || !Number.isFinite(number) || number < 0)
      throw invalid(`${place}: "${text}" is no number of 0 or more`);
    return number;
  }
  if (kind === 'boolean') {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw invalid(`${place}: "${text}" is neither true nor false`);
  }
  return text;
}

function invalid(message: string): RevsyncError {
  return new RevsyncError(
    'CONFIG_INVALID',
    message,
    'revsync config shows every setting, its value and where it came from.',
  );
}

/** The database file that is in force. */
export async function databasePath(settings: Settings, env: Record<string, string | undefined>): Promise<string> {
  const { value } = settings.db;
  if (typeof value === 'string' && value !== '') return value;
  return join((await userFolders(env)).data, 'revsync.db');
}
