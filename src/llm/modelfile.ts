/** Modelfile as Ollama has it: FROM, ADAPTER, TEMPLATE, SYSTEM, PARAMETER, LICENSE, MESSAGE; texts in one, two or three quotes. */
import { RevsyncError } from '../core/errors.ts';

export interface Modelfile {
  /** A file, or the name of a model that the server has. */
  from: string;
  adapters: string[];
  template: string | null;
  system: string | null;
  license: string[];
  /** A parameter that is given more than once is a list. */
  parameters: Record<string, unknown>;
  messages: { role: string; content: string }[];
}

/** @throws RevsyncError MODELFILE_INVALID with the line */
export function parseModelfile(text: string): Modelfile {
  const file: Modelfile = {
    from: '',
    adapters: [],
    template: null,
    system: null,
    license: [],
    parameters: {},
    messages: [],
  };
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, word = '', first = ''] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    const place = i + 1;
    let value = first.trim();
    const opens = /"""/.exec(value);
    if (opens !== null && value.indexOf('"""', opens.index + 3) < 0) {
      // Three quotes hold as many lines as there are up to the next three.
      while (++i < lines.length) {
        value += `\n${lines[i]}`;
        if (lines[i]!.includes('"""')) break;
      }
      if (i >= lines.length) throw invalid(place, 'three quotes are opened and not closed');
    }
    take(file, word.toUpperCase(), value, place);
  }
  if (file.from === '') throw invalid(1, 'there is no FROM');
  return file;
}

function take(file: Modelfile, word: string, value: string, place: number): void {
  if (value === '') throw invalid(place, `${word} has no value`);
  if (word === 'FROM') file.from = unquoted(value);
  else if (word === 'ADAPTER') file.adapters.push(unquoted(value));
  else if (word === 'TEMPLATE') file.template = unquoted(value);
  else if (word === 'SYSTEM') file.system = unquoted(value);
  else if (word === 'LICENSE') file.license.push(unquoted(value));
  else if (word === 'REQUIRES') return;
  else if (word === 'PARAMETER' || word === 'MESSAGE') {
    const [, name = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(value) ?? [];
    if (name === '') throw invalid(place, `${word} needs a name and a value`);
    if (word === 'MESSAGE') file.messages.push({ role: name, content: unquoted(rest) });
    else file.parameters[name] = joined(file.parameters[name], typed(name, unquoted(rest)));
  } else throw invalid(place, `"${word.slice(0, 30)}" is no word of a Modelfile`);
}

/** Only "stop" is a text; a stop of digits stays one. */
function typed(name: string, value: string): unknown {
  if (name === 'stop') return [value];
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(value)) return Number(value);
  return value === 'true' ? true : value === 'false' ? false : value;
}

function joined(before: unknown, value: unknown): unknown {
  return Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  const three = /^"""([\s\S]*)"""$/.exec(trimmed);
  if (three !== null) return three[1] ?? '';
  return /^"[\s\S]*"$/.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed;
}

function invalid(line: number, why: string): RevsyncError {
  return new RevsyncError(
    'MODELFILE_INVALID',
    `Modelfile, line ${line}: ${why}`,
    'A Modelfile begins with FROM: a GGUF file or the name of a model.',
  );
}
