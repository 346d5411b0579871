/** Files that are recognised only to be refused: what it is, why not, what to do. */
import type { Detection, RefusedFormat } from '../../core/ports.ts';
import { isNoise, patternOf } from './patterns.ts';
import { type Refusal, refusal } from './refusal.ts';
import { nameOf, signatureOf } from './signatures.ts';
import { headOfText, textRefusal } from './text.ts';

/** No ECU image is smaller: a Buell EEPROM has 1,056 bytes, a Marelli EEPROM 512. */
const MIN_BYTES = 512;
/** No motorcycle ECU image is larger than 4 MiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Null: it may be an image. */
function judge(bytes: Uint8Array, name: string): Refusal | null {
  if (bytes.length === 0) return refusal('EMPTY_FILE', 1, 'the file is empty', 'Download or read it again.');
  if (bytes.length > MAX_BYTES) {
    const size = (bytes.length / 1024 / 1024).toFixed(0);
    return refusal(
      'TOO_LARGE',
      1,
      `the file has ${size} MiB; no motorcycle ECU image is larger than 4 MiB`,
      'If this is an archive or a full disk dump, extract the ECU image first.',
    );
  }
  const signature = signatureOf(bytes);
  if (signature !== null) return signature;
  const text = headOfText(bytes);
  if (text !== null && text.trim() !== '') return textRefusal(text);
  const named = nameOf(name);
  // A name proves nothing: the bytes must be unreadable as well, else a raw image may be judged under any name.
  if (named !== null && (named.code !== 'ENCRYPTED' || isNoise(bytes))) return named;
  if (bytes.length < MIN_BYTES) {
    return refusal(
      'TOO_SMALL',
      0.9,
      `${bytes.length} bytes are too few for an ECU image or a tune`,
      'The smallest images known have 512 bytes: read the ECU again.',
    );
  }
  return patternOf(bytes);
}

export const format: RefusedFormat = {
  kind: 'refused',
  id: 'opaque',
  title: 'a file that cannot be judged',
  extensions: [],
  reads:
    'archives, programs, documents, pictures, encrypted and scrambled files, WinOLS projects, logs, web pages, blank and random bytes, too large, too small: recognised by content and, failing that, by name',
  detect(bytes, name): Detection | null {
    const found = judge(bytes, name);
    return found === null ? null : { confidence: found.confidence, because: found.message };
  },
  refuse(bytes, name) {
    const { code, message, hint } =
      judge(bytes, name) ??
      refusal('NOT_A_TUNE', 0, 'this is no tune', 'revsync analyze --help lists what can be read.');
    return { code, message, hint };
  },
};
