import { expect, test } from 'vitest';
import { parseHost, parseHosts } from './hosts.ts';

/** The vectors of ollama/ollama envconfig/config_test.go, as a client connects. */
const VECTORS: [string, string][] = [
  ['', 'http://127.0.0.1:11434'],
  ['1.2.3.4', 'http://1.2.3.4:11434'],
  [':1234', 'http://127.0.0.1:1234'],
  ['1.2.3.4:1234', 'http://1.2.3.4:1234'],
  ['example.com', 'http://example.com:11434'],
  ['example.com:1234', 'http://example.com:1234'],
  [':0', 'http://127.0.0.1:0'],
  [':66000', 'http://127.0.0.1:11434'],
  [':-1', 'http://127.0.0.1:11434'],
  ['[::1]', 'http://[::1]:11434'],
  ['[::]', 'http://[::1]:11434'],
  ['::1', 'http://[::1]:11434'],
  ['::', 'http://[::1]:11434'],
  ['[::1]:1337', 'http://[::1]:1337'],
  [' 1.2.3.4 ', 'http://1.2.3.4:11434'],
  ['"1.2.3.4"', 'http://1.2.3.4:11434'],
  [' " 1.2.3.4 " ', 'http://1.2.3.4:11434'],
  ["'1.2.3.4'", 'http://1.2.3.4:11434'],
  ['http://1.2.3.4', 'http://1.2.3.4:80'],
  ['http://1.2.3.4:4321', 'http://1.2.3.4:4321'],
  ['https://1.2.3.4', 'https://1.2.3.4:443'],
  ['https://1.2.3.4:4321', 'https://1.2.3.4:4321'],
  ['https://example.com/ollama', 'https://example.com:443/ollama'],
  ['https://example.com/ollama/', 'https://example.com:443/ollama'],
  ['ollama.com', 'https://ollama.com:443'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:1234', 'http://127.0.0.1:1234'],
  ['https://0.0.0.0:4321', 'https://127.0.0.1:4321'],
  ['localhost', 'http://localhost:11434'],
];

test.each(VECTORS)('OLLAMA_HOST %j is %s', (text, url) => {
  expect(parseHost(text).url).toBe(url);
});

test('a list is a pool, each host once, in its order', () => {
  const hosts = parseHosts(' "10.0.0.1, ::1" , 10.0.0.1:11434 ,, localhost:1 ');
  expect(hosts.map((h) => h.url)).toEqual(['http://10.0.0.1:11434', 'http://[::1]:11434', 'http://localhost:1']);
  expect(hosts.map((h) => h.loopback)).toEqual([false, true, true]);
  expect(parseHosts(null).map((h) => h.url)).toEqual(['http://127.0.0.1:11434']);
});

test('a password leaves the address and becomes a header', () => {
  const host = parseHost('http://rider:s%40fe@10.0.0.1:99');
  expect(host.url).toBe('http://10.0.0.1:99');
  expect(host.authorization).toBe(`Basic ${Buffer.from('rider:s@fe').toString('base64')}`);
});

test.each(['ftp://x', 'http://a b', 'http://exa%mple'])('%j is refused with its reason', (text) => {
  expect(() => parseHost(text)).toThrow(expect.objectContaining({ code: 'LLM_HOST_INVALID' }));
});
