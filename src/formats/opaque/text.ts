/** Text that is no tune: what it is by its first lines. */
import { type Refusal, refusal } from './refusal.ts';

const HEAD = 65_536;

/** Control characters that no text has. */
const isControl = (byte: number): boolean => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1a].includes(byte);

/** The text of the first part of a file; null where it is no text. */
export function headOfText(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, HEAD);
  if (head.length === 0) return null;
  const wide = wideText(head);
  if (wide !== null) return wide;
  let control = 0;
  let high = 0;
  for (const byte of head) {
    if (isControl(byte) || byte === 0x7f) control++;
    else if (byte >= 0x80) high++;
  }
  // One stray byte in a thousand is a damaged text, not an image.
  if (control * 1_000 > head.length) return null;
  if (high * 33 <= head.length) return new TextDecoder('windows-1252').decode(head);
  try {
    // Stream mode: a character that the cut divides is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}

/** UTF-16 with its byte-order mark. */
function wideText(head: Uint8Array): string | null {
  const little = head[0] === 0xff && head[1] === 0xfe;
  if (!little && !(head[0] === 0xfe && head[1] === 0xff)) return null;
  const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(head);
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x2ff || isControl(code)) odd++;
  }
  return odd * 20 <= text.length ? text : null;
}

const MAYBE = 0.5;

/** The first that matches counts. Formats that are read claim their files with more confidence. */
const KINDS: { is: RegExp; refusal: Refusal }[] = [
  {
    is: /^\s*\[(MegaTune|TunerStudio|Constants|SettingGroups)\]/im,
    refusal: refusal(
      'TUNERSTUDIO_INI',
      MAYBE,
      'this is the .ini of a firmware: it names settings and holds no values',
      'Analyse the .msq with it: revsync analyze tune.msq --definition firmware.ini',
    ),
  },
  {
    is: /^version https:\/\/git-lfs\.github\.com\//,
    refusal: refusal(
      'LFS_POINTER',
      MAYBE,
      'this is a pointer of Git LFS, not the file',
      'Run git lfs pull, or download the file itself.',
    ),
  },
  {
    is: /^\s*(<!doctype html|<html[\s>])/i,
    refusal: refusal(
      'HTML_PAGE',
      MAYBE,
      'this is a web page, not the file that it links to',
      'Download again with the "raw" or "download" button of that page.',
    ),
  },
  {
    is: /^[^\n]*\b(RPM|Engine Speed)\b[^\n]*[,;\t][^\n]*\n|^"?(MS|speeduino|rusEFI)[^\n]*"?\r?\n[^\n]*Time\t/i,
    refusal: refusal(
      'LOG_FILE',
      MAYBE,
      'this looks like a log of a ride, no tune',
      'Analyse the tune that was ridden with.',
    ),
  },
];

/** What kind of text it is. */
export function textRefusal(text: string): Refusal {
  const head = text.slice(0, 8_192).replace(/^\ufeff/, '');
  const found = KINDS.find(({ is }) => is.test(head));
  return (
    found?.refusal ??
    refusal(
      'TEXT_FILE',
      MAYBE,
      'this is text, no tune',
      'Tunes are images of an ECU (.bin, .hex), projects (.msq, .pvv) and tables of numbers (.csv).',
    )
  );
}
