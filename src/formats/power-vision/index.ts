/**
 * Dynojet Power Vision PVV, the open export of a Harley-Davidson tune: items with columns, rows and cells as text. The device's own
 * .pvt and encrypted .pvv files are no XML and are refused (format opaque). Read off a public file and held against its raw tune.
 */
import { namedAxis } from '../../core/axis-names.ts';
import { MAX_CELLS, MAX_CELLS_IN_ALL } from '../../core/bytes.ts';
import { slug } from '../../core/decode.ts';
import { RevsyncError } from '../../core/errors.ts';
import type { Axis, Tune, TuneFacts, TuneMap, Undecoded } from '../../core/model.ts';
import { plainAxis, plainMap, plainTune } from '../../core/plain-map.ts';
import type { Detection, TuneFormat } from '../../core/ports.ts';
import { decodeText, headText } from '../../core/text.ts';
import { childOf, childrenOf, parseXmlText, type XmlElement } from '../../core/xml.ts';
import { type Shown, shownIn } from './units.ts';

/** The largest seen has 190 KB. */
const MAX_BYTES = 16 * 1024 * 1024;

function detect(bytes: Uint8Array): Detection | null {
  const head = headText(bytes, 8_192);
  if (/^\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<PVV[\s>]/i.test(head))
    return { confidence: 0.97, because: 'its root is <PVV>, as Power Vision exports' };
  return null;
}

function decode(bytes: Uint8Array): Tune {
  if (bytes.length > MAX_BYTES)
    throw new RevsyncError('TOO_LARGE', 'the PVV has over 16 MiB', 'No export of Power Vision is that large.');
  const root = parseXmlText(decodeText(bytes).text, 'the PVV');
  if (root.name !== 'pvv')
    throw new RevsyncError('PVV_MALFORMED', `its root is <${root.name}>, not <PVV>`, 'Export the tune again.');
  const items = childrenOf(root, 'item');
  if (items.length === 0)
    throw new RevsyncError('PVV_EMPTY', 'the PVV holds no item', 'Export the tune again, without encryption.');
  const maps: TuneMap[] = [];
  const undecoded: Undecoded[] = [];
  const ids = new Map<string, number>();
  let cells = 0;
  let calibration: string | null = null;
  for (const item of items) {
    const title = item.attributes['name'] ?? '';
    const count = (ids.get(slug(title)) ?? 0) + 1;
    ids.set(slug(title), count);
    const id = count === 1 ? slug(title) : `${slug(title)}-${count}`;
    const read = readItem(item, id, title, MAX_CELLS_IN_ALL - cells);
    if ('reason' in read) undecoded.push({ id, title, reason: read.reason });
    else {
      cells += read.cells.length;
      maps.push(read);
      if (/^calibration id$/i.test(title)) calibration = text(read.cells);
    }
  }
  return plainTune({
    format: 'power-vision',
    ecu: { id: calibration, family: 'Harley-Davidson Delphi', signature: null },
    maps,
    undecoded,
    notes: ['Temperatures are shown in °C and engine speeds in rpm; the file states °F and thousands.'],
    facts: factsOf(maps),
  });
}

/** The calibration id stands as codes of ASCII. */
function text(cells: Float64Array): string | null {
  const codes = Array.from(cells);
  return codes.every((c) => c >= 32 && c < 127) ? String.fromCharCode(...codes).trim() : null;
}

const number = (value: string | undefined): number => {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? Number.NaN : Number(trimmed.replace(',', '.'));
};

function readItem(item: XmlElement, id: string, title: string, room: number): TuneMap | { reason: string } {
  const columnsNode = childOf(item, 'columns');
  const rowsNode = childOf(item, 'rows');
  const place = `line ${item.line}`;
  if (columnsNode === undefined || rowsNode === undefined) return { reason: `${place}: it has no columns or no rows` };
  const labels = childrenOf(columnsNode, 'col').map((c) => c.attributes['label'] ?? '');
  const lines = childrenOf(rowsNode, 'row');
  const [rows, columns] = [lines.length, labels.length];
  if (rows === 0 || columns === 0) return { reason: `${place}: it is empty` };
  if (rows * columns > Math.min(MAX_CELLS, room))
    return { reason: `${place}: its ${rows}x${columns} cells are more than any real tune has` };
  const shown = shownIn(item.attributes['units'] ?? '');
  const cells = new Float64Array(rows * columns).fill(Number.NaN);
  for (const [r, line] of lines.entries()) {
    const values = childrenOf(line, 'cell');
    if (values.length !== columns)
      return { reason: `line ${line.line}: a row of ${values.length} cells where there are ${columns} columns` };
    for (const [c, cell] of values.entries()) cells[r * columns + c] = shown.from(number(cell.attributes['value']));
  }
  const isFlag = /^1\s*=\s*true$/i.test(item.attributes['units'] ?? '') && cells.length === 1;
  const axes: Axis[] = [];
  if (columns > 1) axes.push(axisOf('x', columnsNode.attributes['units'] ?? '', labels, title));
  if (rows > 1)
    axes.push(
      axisOf(
        'y',
        rowsNode.attributes['units'] ?? '',
        lines.map((l) => l.attributes['label'] ?? ''),
        title,
      ),
    );
  const unit = shown.unit === '' || isFlag ? '' : shown.unit;
  const map = plainMap({ id, title, rows, columns, axes, cells, unit, family: slug(title) });
  return isFlag ? { ...map, kind: 'flag', state: cells[0] === 1 } : map;
}

/** What an axis in "%" is of: throttle, unless the map stands over the twist grip. */
function axisOf(axis: 'x' | 'y', units: string, labels: string[], title: string): Axis {
  const shown: Shown = shownIn(units);
  const breakpoints = labels.map((l) => shown.from(number(l)));
  const counted = units.trim() === '' && breakpoints.every((b, i) => b === i);
  const numeric = breakpoints.every((b) => Number.isFinite(b));
  const named = namedAxis(
    units === '%' ? (/throttle blade/i.test(title) ? 'grip' : 'throttle') : shown.name,
    shown.unit,
  );
  return {
    ...plainAxis(axis, labels.length, {
      quantity: counted ? 'index' : named.quantity,
      unit: counted ? '' : shown.unit,
      breakpoints,
      labels: numeric ? null : labels,
    }),
    known: units.trim() !== '' && numeric,
  };
}

/** What the items state about the engine. */
function factsOf(maps: TuneMap[]): Partial<TuneFacts> {
  const value = (title: RegExp): number | null => {
    const found = maps.find((m) => title.test(m.title) && m.cells.length === 1)?.cells[0];
    return found !== undefined && Number.isFinite(found) && found > 0 ? found : null;
  };
  const cubicInches = value(/^engine displacement$/i);
  // Pounds an hour of an injector are a mass: no volume without the density of the fuel.
  return { displacementCc: cubicInches === null ? null : Math.round(cubicInches * 16.387064) };
}

export const format: TuneFormat = {
  kind: 'tune',
  id: 'power-vision',
  title: 'Dynojet Power Vision PVV',
  extensions: ['.pvv'],
  reads:
    'the open XML export of a Harley-Davidson tune; °F are shown in °C, thousands of rpm in rpm. Encrypted `.pvv` and `.pvt` are refused',
  detect,
  decode,
};
