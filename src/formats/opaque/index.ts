/** Files that are recognised only to be refused: what it is, why not, what to do. */
import type { Detection, RefusedFormat } from '../../core/ports.ts';
import { patternOf } from './patterns.ts';
import { SIGNATURES } from './signatures.ts';

interface Refusal {
  code: string;
  message: string;
  hint: string;
  confidence: number;
}

/** No ECU image is smaller: a Buell EEPROM has 1,056 bytes, a Marelli EEPROM 512. */
const MIN_BYTES = 512;

function judge(bytes: Uint8Array, name: string): Refusal | null {
  if (bytes.length === 0) return refusal('EMPTY_FILE', 'the file is empty', 'Download or read it again.', 1);
  for (const signature of SIGNATURES) {
    if (signature.matches(bytes, name.toLowerCase())) return { ...signature.refusal, confidence: 0.95 };
  }
  const text = textShare(bytes);
  if (text > 0.97) return textRefusal(bytes);
  if (bytes.length < MIN_BYTES) {
    return refusal(
      'TOO_SMALL',
      `${bytes.length} bytes are too few for an ECU image or a tune`,
      'The smallest images known have 512 bytes: read the ECU again.',
      0.9,
    );
  }
  return patternOf(bytes);
}

const refusal = (code: string, message: string, hint: string, confidence: number): Refusal => ({
  code,
  message,
  hint,
  confidence,
});

/** Share of bytes that a person could have typed. */
function textShare(bytes: Uint8Array): number {
  const head = bytes.subarray(0, 65_536);
  let printable = 0;
  for (const b of head) if ((b >= 0x20 && b < 0x7f) || b === 0x09 || b === 0x0a || b === 0x0d) printable++;
  return printable / head.length;
}

function textRefusal(bytes: Uint8Array): Refusal {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4_096));
  if (/^\s*:[0-9A-F]{8,}\s*$/im.test(head) && /^:/.test(head.trimStart())) {
    return refusal(
      'INTEL_HEX',
      'this is Intel HEX, which this version does not read',
      'Convert it to a raw image first (objcopy -I ihex -O binary in.hex out.bin).',
      0.5,
    );
  }
  if (/^S[0-9][0-9A-F]{6,}\s*$/im.test(head) && /^S/.test(head.trimStart())) {
    return refusal(
      'S_RECORD',
      'this is Motorola S-record, which this version does not read',
      'Convert it to a raw image first (objcopy -I srec -O binary in.s19 out.bin).',
      0.5,
    );
  }
  if (/ASAP2_VERSION|\/begin\s+(PROJECT|MODULE)/i.test(head)) {
    return refusal(
      'A2L_FILE',
      'this is an A2L definition, which this version does not read',
      'Use a TunerPro XDF or a revsync YAML for this ECU.',
      0.5,
    );
  }
  if (/<PVV|<Item\s+name=/i.test(head)) {
    return refusal(
      'POWER_VISION',
      'this is a Power Vision export, which this version does not read',
      'Analyse the raw tune of the ECU instead.',
      0.5,
    );
  }
  if (/<roms?[\s>]/i.test(head)) {
    return refusal(
      'ROMRAIDER_XML',
      'this is a RomRaider or ECUFlash definition, which this version does not read',
      'Use a TunerPro XDF or a revsync YAML for this ECU.',
      0.5,
    );
  }
  return refusal('TEXT_FILE', 'this is text, no tune', 'Tunes are .bin images and TunerStudio .msq files.', 0.5);
}

export const format: RefusedFormat = {
  kind: 'refused',
  id: 'opaque',
  title: 'a file that cannot be judged',
  extensions: [],
  detect(bytes, name): Detection | null {
    const found = judge(bytes, name);
    return found === null ? null : { confidence: found.confidence, because: found.message };
  },
  refuse(bytes, name) {
    const { code, message, hint } =
      judge(bytes, name) ??
      refusal('NOT_A_TUNE', 'this is no tune', 'revsync analyze --help lists what can be read.', 0);
    return { code, message, hint };
  },
};
