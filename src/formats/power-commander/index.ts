/**
 * Power Commander V map (.pvm): one fuel table. The layout stands in the source of ECU Editor (mkorkalo/BusaECUeditor, K8Fuelmap.vb), which
 * puts such files into a Hayabusa's own map: 0xA88 bytes at most, a byte of percent + 100 at 0x230 + 10 * row + column. Held against the
 * axes of that Hayabusa image its rows are 500 + 250 * row rpm (exact at every row where the two meet) and its columns the ten throttle
 * positions that the program of the box shows. Nothing else of the file is described, and no file with known contents was there to prove it.
 */
import { addOnTune, looksLikePercent } from '../../core/add-on-fuel.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Tune } from '../../core/model.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';

const MAX_BYTES = 0xa88;
const START = 0x230;
const THROTTLE = [0, 2, 5, 10, 15, 20, 40, 60, 80, 100];
/** The source reads rows 0 to 46. */
const ROWS = 47;
const CELLS = ROWS * THROTTLE.length;
const MIN_BYTES = START + CELLS;
const ZERO = 100;

const rawOf = (bytes: Uint8Array): Float64Array => Float64Array.from(bytes.subarray(START, START + CELLS));

const fits = (bytes: Uint8Array): boolean =>
  bytes.length >= MIN_BYTES &&
  bytes.length <= MAX_BYTES &&
  looksLikePercent(
    rawOf(bytes).map((v) => v - ZERO),
    THROTTLE.length,
  );

function detect(bytes: Uint8Array, name: string): Detection | null {
  if (!fits(bytes)) return null;
  const named = /\.pvm$/i.test(name);
  return {
    confidence: named ? 0.97 : 0.3,
    because: `${CELLS} bytes from 0x230 on are small percentages around 100${named ? ', and its name is that of a Power Commander map' : ''}`,
  };
}

/** @throws RevsyncError PVM_MALFORMED */
function decode(bytes: Uint8Array): Tune {
  if (!fits(bytes)) {
    throw new RevsyncError(
      'PVM_MALFORMED',
      'no table of percentages stands where a Power Commander V map has it',
      'Open it in the program of the box and copy the table into a .csv: revsync reads that.',
    );
  }
  return addOnTune({
    format: 'power-commander',
    box: 'Power Commander V',
    offsetBytes: START,
    lineStepBytes: THROTTLE.length,
    signed: false,
    rpm: Array.from({ length: ROWS }, (_, row) => 500 + 250 * row),
    throttle: THROTTLE,
    raw: rawOf(bytes),
    percentOf: (raw) => raw - ZERO,
    warnings: [
      'the layout is known from maps of one motorcycle (Hayabusa): hold a few cells against the program of the box; throttle and engine speed are those that it shows unless they were changed',
      'rows above 12,000 rpm, tables by cylinder or gear and ignition are not described anywhere and are not read',
    ],
  });
}

export const format: TuneFormat = {
  kind: 'tune',
  id: 'power-commander',
  title: 'Dynojet Power Commander V map',
  extensions: ['.pvm'],
  reads:
    "one fuel table, percent over the ECU's own fuel, 500 to 12,000 rpm by ten throttle positions; judged as what an add-on box takes away and adds. The rest of the file is not described anywhere. `.djm` (Power Commander III) is refused",
  detect,
  decode,
};
