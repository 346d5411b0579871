/** TunerStudio MSQ: Speeduino, MegaSquirt 2 and 3, MicroSquirt, rusEFI. The file holds scaled values with their names. */
import { RevsyncError } from '../../core/errors.ts';
import type { Tune } from '../../core/model.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';
import type { Project } from './axes.ts';
import { factsOf } from './facts.ts';
import { mapsOf } from './maps.ts';
import { numbersOf } from './numbers.ts';
import { type Ini, readIni } from './read-ini.ts';
import { decodeMsqText, type MsqConstant, type MsqFile, readMsq } from './read-xml.ts';
import { temperatureUnit } from './units.ts';

/** No .ini known has more than 1.1 MB. */
const MAX_INI_BYTES = 16 * 1024 * 1024;
const MAX_NOTE = 4_000;

function detect(bytes: Uint8Array): Detection | null {
  const head = decodeMsqText(bytes.subarray(0, 4_096));
  if (/<msq[\s>]/i.test(head)) return { confidence: 0.99, because: 'holds the element msq' };
  return null;
}

function decode(bytes: Uint8Array, { companion }: Parameters<TuneFormat['decode']>[1]): Tune {
  const file = readMsq(bytes);
  const warnings: string[] = [];
  const project = projectOf(file, companion === null ? null : iniOf(companion, file, warnings), warnings);
  const { maps, undecoded } = mapsOf(project, file, warnings);
  const settings: Record<string, string> = { ...project.words };
  const temperature = temperatureUnit(file.settings);
  if (temperature !== null) settings['tunerstudio.temperature'] = temperature;
  if (file.firmware !== '') settings['tunerstudio.firmware'] = file.firmware;
  if (isUnset(maps)) {
    settings['revsync.unset'] = 'true';
    warnings.push('unset project: its main tables are not set (erased memory, scaled), it was never calibrated');
  }
  const limiters = maps.filter((m) => m.role.startsWith('revLimiter'));
  if (limiters.length > 0 && limiters.every((m) => m.inUse === false)) {
    const names = limiters.map((m) => m.title).join(', ');
    warnings.push(`no rev limiter is in use: the settings of this project switch off ${names}`);
  }
  return {
    format: 'msq',
    ecu: { id: null, family: familyOf(file.signature), signature: file.signature === '' ? null : file.signature },
    maps,
    undecoded,
    warnings,
    notes: file.comment === '' ? [] : [file.comment.slice(0, MAX_NOTE)],
    facts: factsOf(project, settings),
  };
}

/** @throws RevsyncError INI_INVALID */
function iniOf(companion: { name: string; bytes: Uint8Array }, file: MsqFile, warnings: string[]): Ini {
  if (companion.bytes.length > MAX_INI_BYTES) {
    throw new RevsyncError(
      'INI_INVALID',
      `"${companion.name}" has over 16 MiB: no .ini of TunerStudio is that large`,
      'Give the .ini of the firmware, or none.',
    );
  }
  const ini = readIni(decodeMsqText(companion.bytes), file.settings);
  if (ini.constants.size === 0) {
    throw new RevsyncError(
      'INI_INVALID',
      `"${companion.name}" is no .ini of TunerStudio: it describes no constant`,
      'Give the .ini of the firmware, or none.',
    );
  }
  if (ini.signature.trim() !== '' && file.signature !== '' && ini.signature.trim() !== file.signature) {
    warnings.push(
      `the .ini is for "${ini.signature.trim()}", the tune says "${file.signature}": names and units may differ`,
    );
  }
  return ini;
}

/** A constant that stands twice counts as it stands last, which is how TunerStudio loads it. */
function projectOf(file: MsqFile, ini: Ini | null, warnings: string[]): Project {
  const constants = new Map<string, MsqConstant>();
  const twice = new Set<string>();
  for (const constant of file.constants) {
    const before = constants.get(constant.name);
    // A constant of the ECU beats a variable of the project.
    if (before !== undefined && constant.project && !before.project) continue;
    if (before !== undefined && constant.project === before.project && !constant.project) twice.add(constant.name);
    constants.delete(constant.name);
    constants.set(constant.name, constant);
  }
  for (const name of twice) warnings.push(`"${name}" stands twice: the last one counts`);
  const numbers = new Map([...constants.values()].map((c) => [c.name, numbersOf(c)]));
  const words: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const constant of constants.values()) {
    if (!constant.project && numbers.get(constant.name) === null && constant.text.trim() !== '') {
      words[constant.name] = constant.text.trim().replace(/^"|"$/g, '').trim();
    }
  }
  return { constants, numbers, words, ini };
}

/** Each main table, or the breakpoints that make it readable, is erased. */
function isUnset(maps: Tune['maps']): boolean {
  const main = maps.filter((m) => /^(ve|spark)$/.test(m.role));
  return main.length > 0 && main.every((m) => m.unset);
}

function familyOf(signature: string): string | null {
  if (/speeduino/i.test(signature)) return 'Speeduino';
  if (/rusefi/i.test(signature)) return 'rusEFI';
  if (/^MS3/i.test(signature)) return 'MegaSquirt 3';
  if (/^MS2|^MSII/i.test(signature)) return 'MegaSquirt 2 / MicroSquirt';
  return null;
}

export const format: TuneFormat = {
  kind: 'tune',
  id: 'msq',
  title: 'TunerStudio MSQ',
  extensions: ['.msq', '.msqpart'],
  reads: 'Speeduino, MegaSquirt 2 and 3, MicroSquirt, rusEFI, with or without the `.ini`',
  detect,
  decode,
};
