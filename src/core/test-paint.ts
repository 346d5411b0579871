/** An image made by a definition, for tests: rising axes in the scale of their quantity, smooth maps, limiters of an engine. */
import type { AxisDefinition, Conversion, Definition, DefinitionItem, Image, Quantity, Storage } from './model.ts';

const RANGES: Partial<Record<Quantity, [low: number, high: number]>> = {
  engineSpeed: [1_000, 9_000],
  throttle: [0, 90],
  throttleAngle: [2, 80],
  grip: [0, 90],
  load: [10, 250],
  coolantTemperature: [-30, 110],
  headTemperature: [-30, 150],
  airTemperature: [-30, 90],
  barometricPressure: [500, 1_050],
};

/** The raw count that comes nearest to a physical value, within its width. */
function rawOf(value: number, conversion: Conversion, { elementBytes, signed }: Storage): number {
  const exact =
    conversion.kind === 'linear'
      ? (value - conversion.offset) / conversion.factor
      : conversion.kind === 'reciprocal'
        ? conversion.numerator / value
        : value;
  const [low, high] = signed
    ? [-(2 ** (8 * elementBytes - 1)), 2 ** (8 * elementBytes - 1) - 1]
    : [0, 2 ** (8 * elementBytes) - 1];
  // All ones would be erased flash.
  return Math.max(low, Math.min(high - 1, Math.round(exact)));
}

function put(bytes: Uint8Array, at: number, value: number, { elementBytes, byteOrder }: Storage): void {
  for (let i = 0; i < elementBytes; i++) {
    const shift = 8 * (byteOrder === 'big' ? elementBytes - 1 - i : i);
    const place = at + i;
    if (place >= 0 && place < bytes.length) bytes[place] = (value >> shift) & 0xff;
  }
}

function paintAxis(bytes: Uint8Array, { source, count, quantity, unit }: AxisDefinition, shift: number): void {
  if (source.kind !== 'stored') return;
  const [low, high] = RANGES[quantity] ?? (unit === '°C' ? [-30, 110] : [10, 10 + 7 * count]);
  for (let i = 0; i < count; i++) {
    const value = low + ((high - low) * i) / Math.max(1, count - 1);
    const { storage } = source;
    put(
      bytes,
      storage.address + shift + i * storage.elementStepBytes,
      rawOf(value, source.conversion, storage),
      storage,
    );
  }
}

function paintItem(bytes: Uint8Array, item: DefinitionItem, shift: number): void {
  const { storage, rows, columns } = item;
  if (storage === null || item.kind === 'flag') return;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const slope = (r / Math.max(1, rows - 1) + c / Math.max(1, columns - 1)) / 2;
      const physical = /^revLimiter/.test(item.role ?? '')
        ? 9_500
        : item.unit === '°'
          ? 10 + 25 * slope
          : 20 + 80 * slope;
      const [line, place] = storage.layout === 'row' ? [r, c] : [c, r];
      const at = storage.address + shift + line * storage.lineStepBytes + place * storage.elementStepBytes;
      put(bytes, at, rawOf(physical, item.conversion, storage), storage);
    }
  }
}

/** @param shiftBytes everything lies so many bytes further on than the definition says */
export function paintedImage(definition: Definition, shiftBytes = 0): Image {
  const bytes = new Uint8Array(definition.imageBytes[0] ?? 65_536).fill(0xff);
  for (const item of definition.items) paintItem(bytes, item, shiftBytes);
  for (const item of definition.items) for (const axis of item.axes) paintAxis(bytes, axis, shiftBytes);
  return { segments: [{ address: 0, bytes }], source: { sha256: '', byteLength: bytes.length } };
}
