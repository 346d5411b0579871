/**
 * Bazzaz Z-Fi map (.zfm1): one fuel table. The layout stands in the source of ECU Editor (mkorkalo/BusaECUeditor, K8Fuelmap.vb), which puts
 * such files into a Hayabusa's own map: 0x204 bytes at most, a signed byte of percent at 15 + 13 * row + column, twelve columns of which are
 * used. Held against the axes of that Hayabusa image its rows are 500 + 500 * row rpm up to 13,500 (exact at every row where the two meet;
 * the source calls those above not verified) and its columns 2, 5, 10 and then every ten percent of throttle. What the thirteenth byte of a
 * row is stands nowhere. The source takes 255 from bytes of 50 and more where a signed byte takes 256: less fuel may be 1 % off.
 */
import { addOnTune, looksLikePercent } from '../../core/add-on-fuel.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Tune } from '../../core/model.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';

const MAX_BYTES = 0x204;
const START = 15;
const LINE = 13;
const THROTTLE = [2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
/** To 13,500 rpm. */
const ROWS = 27;
const MIN_BYTES = START + ROWS * LINE;

/** A signed byte. */
const percentOf = (raw: number): number => (raw > 127 ? raw - 256 : raw);

/** Row-major, without the thirteenth byte of each row. */
function rawOf(bytes: Uint8Array): Float64Array {
  const raw = new Float64Array(ROWS * THROTTLE.length);
  for (let row = 0; row < ROWS; row++)
    raw.set(bytes.subarray(START + row * LINE, START + row * LINE + THROTTLE.length), row * THROTTLE.length);
  return raw;
}

/** All of it zero is an erased file as well as a table of zeros. */
function fits(bytes: Uint8Array): boolean {
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES || bytes.every((b) => b === bytes[0])) return false;
  return looksLikePercent(rawOf(bytes).map(percentOf), THROTTLE.length);
}

function detect(bytes: Uint8Array, name: string): Detection | null {
  // So few bytes near zero may be anything: the name has to say the same.
  if (!/\.zfm1?$/i.test(name) || !fits(bytes)) return null;
  return { confidence: 0.97, because: 'its name is that of a Bazzaz map, and small percentages stand from byte 15 on' };
}

/** @throws RevsyncError ZFM_MALFORMED */
function decode(bytes: Uint8Array): Tune {
  if (!fits(bytes)) {
    throw new RevsyncError(
      'ZFM_MALFORMED',
      'no table of percentages stands where a Bazzaz map has it',
      'Open it in the program of the box and copy the table into a .csv: revsync reads that.',
    );
  }
  return addOnTune({
    format: 'bazzaz',
    box: 'Bazzaz Z-Fi',
    offsetBytes: START,
    lineStepBytes: LINE,
    signed: true,
    rpm: Array.from({ length: ROWS }, (_, row) => 500 + 500 * row),
    throttle: THROTTLE,
    raw: rawOf(bytes).map(percentOf),
    percentOf: (raw) => raw,
    warnings: [
      'the layout is known from maps of one motorcycle (Hayabusa): hold a few cells against the program of the box; less fuel may be 1 % off',
      'rows above 13,500 rpm and further tables are not described anywhere and are not read',
    ],
  });
}

export const format: TuneFormat = {
  kind: 'tune',
  id: 'bazzaz',
  title: 'Bazzaz Z-Fi map',
  extensions: ['.zfm1', '.zfm'],
  reads:
    "one fuel table, percent over the ECU's own fuel, 500 to 13,500 rpm by twelve throttle positions; judged as what an add-on box takes away and adds. Recognised by its name and its numbers together; the rest of the file is not described anywhere",
  detect,
  decode,
};
