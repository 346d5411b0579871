/**
 * YAML, loaded when it is needed. Through a module of our own, because a bundle gives a dynamic import of a CommonJS package no named
 * exports: `const { parse } = await import('yaml')` is undefined in the built program and fine in the sources.
 */
import { parse } from 'yaml';

export { parseDocument } from 'yaml';

/**
 * Text as plain values: no aliases (a few lines of them are a million values), no warnings of the parser past our own stderr.
 * @param fault what went wrong, in one line, to an error with a way forward
 */
export function plainYaml(text: string, fault: (why: string) => Error): unknown {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'error' }) as unknown;
  } catch (error) {
    throw fault(yamlFault(error));
  }
}

/** One line for a person. The parser is recursive: what is nested by the thousand ends its stack. */
export function yamlFault(error: unknown): string {
  const [line = ''] = (error as Error).message.split('\n');
  return /call stack/i.test(line) ? line.replace(/maximum call stack size exceeded/i, 'nested too deep') : line;
}
