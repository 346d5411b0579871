/** TunerStudio MSQ: Speeduino, MegaSquirt 2 and 3, MicroSquirt, rusEFI. The file holds scaled values with their names. */
import type { Axis, Quantity, Role, Tune, TuneFacts, TuneMap, Undecoded, UnitFrom } from '../../core/model.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';
import { KNOWN, type KnownName, OTHER_BINS } from './known-names.ts';
import { type Ini, readIni } from './read-ini.ts';
import { decodeMsqText, type MsqConstant, type MsqFile, readMsq } from './read-xml.ts';

function detect(bytes: Uint8Array): Detection | null {
  const head = decodeMsqText(bytes.subarray(0, 4_096));
  if (/<msq[\s>]/i.test(head)) return { confidence: 0.99, because: 'holds the element msq' };
  return null;
}

interface Context {
  file: MsqFile;
  ini: Ini | null;
  byName: Map<string, MsqConstant>;
  values: Map<string, Float64Array | null>;
}

function decode(bytes: Uint8Array, { companion }: Parameters<TuneFormat['decode']>[1]): Tune {
  const file = readMsq(bytes);
  const warnings: string[] = [];
  const ini = companion === null ? null : readIni(decodeMsqText(companion.bytes));
  if (ini !== null && ini.signature !== '' && ini.signature.trim() !== file.signature) {
    warnings.push(`the .ini is for "${ini.signature}", the tune says "${file.signature}": names and units may differ`);
  }
  const byName = new Map(file.constants.map((c) => [c.name, c]));
  const values = new Map(file.constants.map((c) => [c.name, numbersOf(c)]));
  const context: Context = { file, ini, byName, values };
  const maps: TuneMap[] = [];
  const undecoded: Undecoded[] = [];
  const settings: Record<string, string> = {};
  const ids = new Set<string>();
  for (const constant of file.constants) {
    if (constant.project) continue;
    const cells = values.get(constant.name) ?? null;
    if (cells === null) {
      settings[constant.name] = constant.text.trim().replace(/^"|"$/g, '');
      continue;
    }
    const wanted = constant.rows * constant.columns;
    if (cells.length !== wanted) {
      undecoded.push({
        id: constant.name,
        title: constant.name,
        reason: `it says ${wanted} cells and holds ${cells.length}`,
      });
      continue;
    }
    maps.push(mapOf(constant, cells, context, ids));
  }
  const unset = isUnset(maps);
  if (unset) {
    settings['revsync.unset'] = 'true';
    warnings.push('the main tables of this project are not set (erased memory, scaled): it was never calibrated');
  }
  return {
    format: 'msq',
    ecu: { id: null, family: familyOf(file.signature), signature: file.signature },
    maps,
    undecoded,
    warnings,
    notes: file.comment === '' ? [] : [file.comment],
    facts: factsOf(settings, values),
  };
}

/** Numbers of a constant, null where it holds words. */
function numbersOf(constant: MsqConstant): Float64Array | null {
  const text = constant.text.trim();
  if (text === '' || text.startsWith('"')) return null;
  const parts = text.split(/\s+/);
  if (parts.length > 65_536) return null;
  const out = new Float64Array(parts.length);
  for (const [i, part] of parts.entries()) {
    const value = Number(part);
    if (part === '' || Number.isNaN(value)) return null;
    out[i] = value;
  }
  return out;
}

function mapOf(constant: MsqConstant, cells: Float64Array, context: Context, ids: Set<string>): TuneMap {
  const { ini, byName } = context;
  const known = KNOWN[constant.name];
  const declared = ini?.constants.get(constant.name);
  const unit = constant.units !== '' ? constant.units : (declared?.units ?? '');
  const oneLine = constant.rows === 1 || constant.columns === 1;
  // A column of n is a curve over x.
  const [rows, columns] = oneLine ? [1, cells.length] : [constant.rows, constant.columns];
  const kind = cells.length === 1 ? 'scalar' : oneLine ? 'curve' : 'map';
  const axes = kind === 'scalar' ? [] : axesOf(constant.name, kind, rows, columns, known, context);
  // Breakpoints that are all one value were never set either: nobody can read the table.
  const blankAxis = axes.some(
    (a) => a.known && a.breakpoints.length > 2 && a.breakpoints.every((b) => b === a.breakpoints[0]),
  );
  const unset = blankAxis || isErased(cells, declared?.scale, declared?.translate, kind);
  const setting =
    known?.needs === undefined ? undefined : byName.get(known.needs.setting)?.text.trim().replace(/^"|"$/g, '');
  let id = constant.name;
  for (let n = 2; ids.has(id); n++) id = `${constant.name}-${n}`;
  ids.add(id);
  return {
    id,
    title: constant.name,
    description: ini?.tables.get(constant.name)?.title ?? '',
    categories: [],
    kind,
    role: known?.role ?? ('other' as Role),
    roleConfidence: known === undefined ? 0 : 1,
    variant: {},
    family: constant.name,
    rows,
    columns,
    axes,
    unit: plainUnit(unit),
    unitFrom: unitFrom(unit, known),
    digits: constant.digits,
    cells,
    raw: null,
    confidence: axes.every((a) => a.known) || kind === 'scalar' ? 'verified' : 'plausible',
    at: null,
    state: null,
    unset,
    range: { min: null, max: null },
    inUse: setting === undefined ? null : !known!.needs!.off.test(setting),
  };
}

const unitFrom = (unit: string, known: KnownName | undefined): UnitFrom =>
  unit !== '' ? 'definition' : known === undefined ? 'none' : 'inferred';

/** The spellings of projects to the product's: degrees, rpm, Celsius. */
function plainUnit(unit: string): string {
  if (/^(deg|degrees?)$/i.test(unit)) return '°';
  if (/^rpms?$/i.test(unit)) return 'rpm';
  if (/^(deg )?°?c$/i.test(unit)) return '°C';
  if (/^(deg )?°?f$/i.test(unit)) return '°F';
  return unit;
}

function axesOf(
  name: string,
  kind: 'curve' | 'map',
  rows: number,
  columns: number,
  known: KnownName | undefined,
  context: Context,
): Axis[] {
  const { ini, values } = context;
  const table = ini?.tables.get(name);
  const choices = [
    ...(table === undefined ? [] : [{ x: table.x, y: table.y ?? '' }]),
    ...(known?.x === undefined ? [] : [{ x: known.x, y: known.y ?? '' }]),
    ...(OTHER_BINS[name] ?? []),
  ];
  const fits = (bins: string, count: number): boolean => values.get(bins)?.length === count;
  const choice = choices.find((c) => fits(c.x, columns) && (kind === 'curve' || fits(c.y, rows)));
  const axes: Axis[] = [
    axisOf(
      'x',
      choice?.x,
      columns,
      known?.x !== undefined && kind === 'map' ? 'engineSpeed' : known?.quantity,
      context,
    ),
  ];
  if (kind === 'map') axes.push(axisOf('y', choice?.y, rows, undefined, context));
  return axes;
}

function axisOf(
  axis: 'x' | 'y',
  bins: string | undefined,
  count: number,
  stated: Quantity | undefined,
  context: Context,
): Axis {
  const constant = bins === undefined ? undefined : context.byName.get(bins);
  const values = bins === undefined ? undefined : context.values.get(bins);
  if (constant === undefined || values == null) {
    const breakpoints = Array.from({ length: count }, (_, i) => i + 1);
    return {
      axis,
      quantity: 'unknown',
      unit: '',
      breakpoints,
      known: false,
      labels: null,
      raw: null,
      digits: null,
      at: null,
    };
  }
  const unit = plainUnit(constant.units);
  return {
    axis,
    quantity: quantityOf(unit, constant.name, context) ?? stated ?? 'unknown',
    unit: /^% ?tps$/i.test(unit) ? '%' : unit,
    breakpoints: Array.from(values),
    known: true,
    labels: null,
    raw: null,
    digits: constant.digits,
    at: null,
  };
}

function quantityOf(unit: string, name: string, { byName }: Context): Quantity | null {
  if (/^rpm/i.test(unit) || /rpm/i.test(name)) return 'engineSpeed';
  if (/tps/i.test(unit) || /^tps/i.test(name)) return 'throttle';
  if (/pedal/i.test(name)) return 'grip';
  if (/kpa/i.test(unit)) return /baro/i.test(name) ? 'barometricPressure' : 'intakePressure';
  if (/^°[CF]$/.test(unit)) return /air|iat|mat/i.test(name) ? 'airTemperature' : 'coolantTemperature';
  if (/^v(olts?)?$/i.test(unit)) return 'batteryVoltage';
  if (/load|^fmap|^smap|^amap|mapBins/i.test(name)) {
    const algorithm = byName.get('algorithm')?.text ?? '';
    return /tps|alpha/i.test(algorithm) ? 'throttle' : 'load';
  }
  return null;
}

/**
 * Is every cell the erased byte 0xFF under the constant's scale? With the .ini its own scale and offset, else the ones that occur:
 * 255, 25.5, 25500, 12.7 for 8 bits, and 215 = 255 - 40, where the offset hides the 0xFF.
 */
function isErased(
  cells: Float64Array,
  scale: number | undefined,
  translate: number | undefined,
  kind: string,
): boolean {
  const first = cells[0]!;
  if (kind === 'scalar' || !cells.every((v) => v === first)) return false;
  if (scale !== undefined && translate !== undefined && Number.isFinite(scale) && Number.isFinite(translate)) {
    const near = (raw: number): boolean =>
      Math.abs(first - (raw + translate) * scale) < Math.max(1e-6, Math.abs(scale) / 2);
    if (near(255) || near(65_535)) return true;
  }
  return [255, 25.5, 2.55, 25_500, 127.5, 215, 510, 1_020, 65_535, 6_553.5, 655.35].some(
    (v) => Math.abs(first - v) < 0.06,
  );
}

/** The main tables, or the breakpoints that make them readable, are erased. */
function isUnset(maps: TuneMap[]): boolean {
  const main = maps.filter((m) => /^(ve|spark)$/.test(m.role));
  const dead = (m: TuneMap): boolean =>
    m.unset ||
    m.axes.some((a) => a.known && a.breakpoints.length > 1 && a.breakpoints.every((b) => b === a.breakpoints[0]));
  return main.length > 0 && main.every(dead);
}

function familyOf(signature: string): string | null {
  if (/speeduino/i.test(signature)) return 'Speeduino';
  if (/rusefi/i.test(signature)) return 'rusEFI';
  if (/^MS3/i.test(signature)) return 'MegaSquirt 3';
  if (/^MS2|^MSII/i.test(signature)) return 'MegaSquirt 2 / MicroSquirt';
  return null;
}

function factsOf(settings: Record<string, string>, values: Map<string, Float64Array | null>): TuneFacts {
  const number = (...names: string[]): number | null => {
    for (const name of names) {
      const value = values.get(name)?.[0] ?? (settings[name] === undefined ? Number.NaN : Number(settings[name]));
      if (Number.isFinite(value) && value > 0) return value;
    }
    return null;
  };
  const strokes = settings['twoStroke'];
  const litres = number('displacement');
  const algorithm = settings['algorithm'] ?? settings['fuelAlgorithm'] ?? null;
  return {
    cylinders: number('nCylinders', 'cylindersCount'),
    strokes: strokes === undefined ? null : /two/i.test(strokes) ? 2 : 4,
    displacementCc: litres === null ? null : litres < 20 ? litres * 1_000 : litres,
    injectorCcMin: number('injector_flow', 'staged_pri_size'),
    stoichiometricAfr: number('stoich', 'stoichRatioPrimary'),
    loadAlgorithm:
      algorithm === null
        ? null
        : /tps|alpha/i.test(algorithm)
          ? 'alphaN'
          : /map|speed/i.test(algorithm)
            ? 'speedDensity'
            : algorithm,
    squirtsPerCycle: null,
    settings,
  };
}

export const format: TuneFormat = {
  kind: 'tune',
  id: 'msq',
  title: 'TunerStudio MSQ',
  extensions: ['.msq', '.msqpart'],
  detect,
  decode,
};
