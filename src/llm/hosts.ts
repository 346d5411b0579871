/** OLLAMA_HOST in every form that people write, read by the rules of Ollama itself (envconfig/config.go), and several of them as a pool. */
import { isIP } from 'node:net';
import { RevsyncError } from '../core/errors.ts';

/** One server. */
export interface Host {
  /** Address without a slash at its end, without a password: "http://127.0.0.1:11434". */
  url: string;
  /** True where the address is this machine. */
  loopback: boolean;
  /** "Basic …" where the address held a name and password. */
  authorization: string | null;
}

export const DEFAULT_HOST = 'http://127.0.0.1:11434';

/** Every host of a comma-separated list, each once, in the order given. Empty: the one on this machine.
 * @throws RevsyncError LLM_HOST_INVALID */
export function parseHosts(text: string | null | undefined): Host[] {
  const entries = bare(text ?? '')
    .split(/[,;]/)
    .map(bare)
    .filter((s) => s !== '');
  const hosts = (entries.length === 0 ? [''] : entries).map(parseHost);
  return hosts.filter((h, i) => hosts.findIndex((other) => other.url === h.url) === i);
}

/** One address. @throws RevsyncError LLM_HOST_INVALID */
export function parseHost(text: string): Host {
  const given = bare(text);
  let [scheme, rest] = given.includes('://') ? (given.split(/:\/\/(.*)/s, 2) as [string, string]) : ['', given];
  scheme = scheme.toLowerCase();
  if (scheme === '' && rest === 'ollama.com') [scheme, rest] = ['https', 'ollama.com:443'];
  if (scheme !== '' && scheme !== 'http' && scheme !== 'https') throw invalid(given, `"${scheme}" is no scheme for it`);
  const defaultPort = scheme === '' ? '11434' : scheme === 'http' ? '80' : '443';
  const slash = rest.search(/[/?#]/);
  const path =
    slash < 0
      ? ''
      : rest
          .slice(slash)
          .replace(/[?#].*$/s, '')
          .replace(/\/+$/, '');
  let authority = slash < 0 ? rest : rest.slice(0, slash);
  let authorization: string | null = null;
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    authorization = `Basic ${Buffer.from(decode(authority.slice(0, at))).toString('base64')}`;
    authority = authority.slice(at + 1);
  }
  const { name, port } = splitPort(authority, defaultPort);
  const host = connectable(name);
  let url: URL;
  try {
    url = new URL(`${scheme === '' ? 'http' : scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}${path}`);
  } catch {
    throw invalid(given, 'it is no address');
  }
  // URL drops the usual port of a scheme; here it stays, so that a message names it.
  const shown = `${url.protocol}//${url.hostname}:${port}${path}`;
  return { url: shown, loopback: isLoopback(url.hostname), authorization };
}

function splitPort(authority: string, fallback: string): { name: string; port: string } {
  const unbracketed = authority.replace(/^\[|\]$/g, '');
  if (isIP(unbracketed) === 6) return { name: unbracketed, port: fallback };
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority);
  if (match === null) return { name: authority, port: fallback };
  const port = match[2] ?? '';
  // A bad port is the default one, as Ollama has it.
  const good = /^\d+$/.test(port) && Number(port) <= 65_535;
  return { name: (match[1] ?? '').replace(/^\[|\]$/g, ''), port: good ? String(Number(port)) : fallback };
}

/** 0.0.0.0 and :: mean "every address" to a server; a client has to name one. */
function connectable(name: string): string {
  if (name === '' || name === '0.0.0.0') return '127.0.0.1';
  return isIP(name) === 6 && /^[0:]+$/.test(name) ? '::1' : name;
}

function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d+){3}$/.test(name);
}

/** Without the blanks and quotes that a shell profile leaves around. */
function bare(text: string): string {
  return text.trim().replace(/^["'\s]+|["'\s]+$/g, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(text: string, why: string): RevsyncError {
  const safe = text.replace(/[^\x20-\x7e]/g, '?').replace(/\/\/[^/@]*@/, '//…@');
  return new RevsyncError(
    'LLM_HOST_INVALID',
    `OLLAMA_HOST "${safe.slice(0, 120)}" cannot be used: ${why}`,
    'Write it as 127.0.0.1:11434, http://host:port, or several with commas between them.',
  );
}
