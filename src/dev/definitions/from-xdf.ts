/** Bundled definitions from a source XDF and its factory image: only what the image proves is taken over. */

import { decode } from '../../core/decode.ts';
import { compileExpression } from '../../core/expression.ts';
import { fitDefinition } from '../../core/fit.ts';
import type { Conversion, Definition, DefinitionItem, Image, Storage, TuneMap } from '../../core/model.ts';
import { isMonotonic } from '../../core/monotonic.ts';
import { assignRoles, inferUnits, type RoleData } from '../../core/roles/assign-roles.ts';
import { definitionYaml, type Family, flow } from './write-yaml.ts';

export interface XdfFamily extends Family {
  /** Items whose title matches lie at other addresses than the rest. */
  shifts: { titles: RegExp; shiftBytes: number }[];
  shiftBytes: number;
  /** Titles that are left out although they decode: nonsense on the factory image. */
  leaveOut?: RegExp;
  /** What the source's author does not say but the image proves, by title. */
  restate?: { titles: RegExp; role?: string; unit?: string; scale?: string; title?: string }[];
}

const ROLE_TITLES: Record<string, string> = {
  fuel: 'Fuel',
  'fuel.idle': 'Fuel at fast idle',
  'fuel.limp': 'Fuel, limp-home',
  'fuel.neutral': 'Fuel in neutral',
  spark: 'Spark advance',
  'spark.neutral': 'Spark advance in neutral',
  'spark.limp': 'Spark advance, limp-home',
  revLimiter: 'Rev limiter',
  'revLimiter.neutral': 'Rev limiter in neutral',
  throttle: 'Throttle plates',
};

const type = (s: Storage): string => `${s.float ? 'f' : s.signed ? 'i' : 'u'}${8 * s.elementBytes}`;

/** Scale, offset or reciprocal of an equation, exactly where its text says so, else by trying numbers. */
export function plainConversion(conversion: Conversion): [string, unknown][] | null {
  if (conversion.kind === 'identity') return [];
  if (conversion.kind !== 'equation' || conversion.cells.length > 0) return null;
  const text = conversion.default.text.replace(/\s/g, '');
  const divided = /^\(?x\)?\/(\d+(?:\.\d+)?)$/i.exec(text);
  if (divided) return [['scale', `1/${divided[1]}`]];
  const { run } = compileExpression(conversion.default.text, 'tunerPro');
  const at = (x: number): number =>
    run({
      variable: () => x,
      self: () => x,
      row: 0,
      column: 0,
      rows: 1,
      columns: 1,
      cell: () => Number.NaN,
      that: () => Number.NaN,
      address: () => Number.NaN,
    });
  const tidy = (n: number): number => Number(n.toPrecision(12));
  const [a, b] = [at(1), at(101)];
  const factor = (b - a) / 100;
  const offset = a - factor;
  if ([3, 40_000, 255].every((x) => Math.abs(at(x) - (x * factor + offset)) < 1e-6 * Math.max(1, Math.abs(at(x))))) {
    const entries: [string, unknown][] = tidy(factor) === 1 ? [] : [['scale', tidy(factor)]];
    return Math.abs(offset) < 1e-9 ? entries : [...entries, ['offset', tidy(offset)]];
  }
  const numerator = at(1);
  if ([3, 40_000, 255].every((x) => Math.abs(at(x) - numerator / x) < 1e-6 * Math.abs(at(x))))
    return [['reciprocal', tidy(numerator)]];
  return null;
}

/** The YAML text and the reasons for what was left out. */
export function fromXdf(
  family: XdfFamily,
  definition: Definition,
  image: Image,
  roles: RoleData,
): { yaml: string; left: string[] } {
  const sections = {
    axes: [] as string[],
    maps: [] as string[],
    scalars: [] as string[],
    flags: [] as string[],
    patches: [] as string[],
  };
  const axisNames = new Map<string, string>();
  const titles = new Map<string, number>();
  const left: string[] = [];
  const byKey = new Map(definition.items.map((i) => [i.key, i]));
  const shifts = [...new Set([family.shiftBytes, ...family.shifts.map((s) => s.shiftBytes)])];
  const decoded = new Map(
    shifts.map((shift) => {
      const tune = inferUnits(assignRoles(decode(image, definition, { shiftBytes: shift }), roles));
      return [shift, { tune, fit: fitDefinition(image, definition, shift) }];
    }),
  );
  for (const item of definition.items) {
    const shift = family.shifts.find((s) => s.titles.test(item.title))?.shiftBytes ?? family.shiftBytes;
    const { tune, fit } = decoded.get(shift)!;
    const map = tune.maps.find((m) => m.title === item.title && m.at?.offsetBytes === addressOf(item) + shift);
    if (map === undefined || family.leaveOut?.test(item.title) || map.role === 'axis') continue;
    if (fit.suspect.has(item.key) || map.unset) {
      left.push(`${item.title}: ${map.unset ? 'erased' : 'axes'}`);
      continue;
    }
    if (item.kind === 'patch') {
      sections.patches.push(patchLine(item, uniqueTitle(item.title, titles)));
      continue;
    }
    const storage = { ...item.storage!, address: item.storage!.address + shift };
    const conversion = plainConversion(item.conversion);
    if (conversion === null) {
      left.push(`${item.title}: equation`);
      continue;
    }
    const restate = family.restate?.find((r) => r.titles.test(item.title));
    const title = uniqueTitle(restate?.title ?? properTitle(map), titles);
    if (item.kind === 'flag') {
      sections.flags.push(
        flow([
          ['title', title],
          ['at', storage.address],
          ['type', type(storage)],
          ['mask', item.mask ?? 255],
        ]),
      );
      continue;
    }
    const names = ['x', 'y'].map((a) =>
      axisName(a as 'x' | 'y', item, map, byKey, shift, axisNames, sections.axes, family.byteOrder),
    );
    const unit = restate?.unit ?? (map.unitFrom === 'none' ? undefined : map.unit);
    const entries: [string, unknown][] = [
      ['title', title],
      ['role', (restate?.role ?? map.role) === 'other' ? undefined : (restate?.role ?? map.role)],
      ['for', variantOf(map)],
      ['load', map.variant.load],
      ['at', variantOf(map) === undefined ? storage.address : [storage.address]],
      ['type', type(storage)],
      ['byteOrder', storage.byteOrder === family.byteOrder ? undefined : storage.byteOrder],
      ['layout', storage.layout === 'column' ? 'column' : undefined],
      ...strides(storage, storage.layout === 'row' ? map.columns : map.rows),
      ...(restate?.scale === undefined ? conversion : ([['scale', restate.scale]] as [string, unknown][])),
      ['unit', unit],
      [
        'unitFrom',
        unit === undefined
          ? undefined
          : map.unitFrom === 'definition' && restate?.unit === undefined
            ? undefined
            : 'inferred',
      ],
      ['x', names[0]],
      ['y', names[1]],
    ];
    if (map.rows * map.columns === 1) sections.scalars.push(flow(entries));
    else if (names[0] === undefined && names[1] === undefined)
      sections.maps.push(flow([...entries, ...bareShape(map, sections.axes, axisNames)]));
    else sections.maps.push(flow(entries));
  }
  return { yaml: definitionYaml(family, sections), left };
}

/** Gaps between elements or lines, where there are any. */
function strides(storage: Storage, perLine: number): [string, unknown][] {
  const step = storage.elementStepBytes;
  const entries: [string, unknown][] = step === storage.elementBytes ? [] : [['step', step]];
  return storage.lineStepBytes === perLine * step ? entries : [...entries, ['lineStep', storage.lineStepBytes]];
}

const addressOf = (item: DefinitionItem): number => item.storage?.address ?? item.patch?.[0]?.address ?? -1;

function variantOf(map: TuneMap): Record<string, string[]> | undefined {
  const { load: _, ...rest } = map.variant;
  const entries = Object.entries(rest).map(([k, v]) => [k, [v as string]] as [string, string[]]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** "Spark advance by throttle, gear 3-4, cylinder 1" */
function properTitle(map: TuneMap): string {
  const base = ROLE_TITLES[map.role] ?? map.title.replace(/\s*-?\s*confirmed$/i, '').trim();
  if (ROLE_TITLES[map.role] === undefined) return base;
  const { load, mode, gear, cylinder, bank } = map.variant;
  const by = load === undefined || !map.role.startsWith('fuel') ? '' : ` by ${load}`;
  const gearText =
    gear === undefined || gear === 'N'
      ? gear === 'N' && map.role === 'throttle'
        ? 'neutral'
        : null
      : /^\d/.test(gear)
        ? `gear ${gear}`
        : gear;
  const parts = [
    mode === undefined ? null : /^[A-Z]$/.test(mode) ? `mode ${mode}` : mode,
    gearText,
    bank ?? null,
    cylinder === undefined ? null : `cylinder ${cylinder}`,
  ];
  return [base + by, ...parts.filter((p) => p !== null)].join(', ');
}

function uniqueTitle(title: string, seen: Map<string, number>): string {
  const count = (seen.get(title) ?? 0) + 1;
  seen.set(title, count);
  return count === 1 ? title : `${title} (${count})`;
}

function axisName(
  which: 'x' | 'y',
  item: DefinitionItem,
  map: TuneMap,
  byKey: Map<string, DefinitionItem>,
  shift: number,
  names: Map<string, string>,
  lines: string[],
  byteOrder: 'big' | 'little',
): string | undefined {
  const axis = item.axes.find((a) => a.axis === which);
  const decoded = map.axes.find((a) => a.axis === which);
  if (axis === undefined || decoded === undefined || axis.count < 2) return undefined;
  const { source } = axis;
  const linked = source.kind === 'item' ? byKey.get(source.itemKey) : undefined;
  const storage = source.kind === 'stored' ? source.storage : linked?.storage;
  const conversion =
    source.kind === 'stored'
      ? plainConversion(source.conversion)
      : linked === undefined
        ? null
        : plainConversion(linked.conversion);
  const trusted = decoded.quantity !== 'unknown';
  let key: string;
  let entries: [string, unknown][];
  if (storage != null && conversion !== null && isMonotonic(decoded.raw ?? [])) {
    key = `${storage.address + shift}:${axis.count}`;
    entries = [
      ['at', storage.address + shift],
      ['type', type(storage)],
      ['byteOrder', storage.byteOrder === byteOrder ? undefined : storage.byteOrder],
      ['step', storage.elementStepBytes === storage.elementBytes ? undefined : storage.elementStepBytes],
      ['count', axis.count],
      ...conversion,
      ['unit', decoded.unit === '' ? undefined : decoded.unit],
      ['quantity', trusted ? decoded.quantity : undefined],
    ];
  } else {
    // Labels of the author, or indices: the cells still have their order.
    const fixed = decoded.labels ?? (decoded.known ? decoded.breakpoints : decoded.breakpoints.map((_, i) => i + 1));
    key = `fixed:${JSON.stringify(fixed)}:${decoded.quantity}`;
    entries = [
      ['fixed', fixed],
      ['unit', decoded.unit === '' ? undefined : decoded.unit],
      ['quantity', trusted ? decoded.quantity : undefined],
    ];
  }
  const known = names.get(key);
  if (known !== undefined) return known;
  const base =
    { engineSpeed: 'rpm', throttle: 'throttle', throttleAngle: 'throttle', intakePressure: 'pressure', grip: 'grip' }[
      decoded.quantity as string
    ] ?? 'axis';
  const taken = [...names.values()].filter((n) => n.replace(/\d+$/, '') === base).length;
  const name = `${base}${taken === 0 ? '' : taken + 1}`;
  names.set(key, name);
  lines.push(`${name}: ${flow(entries)}`);
  return name;
}

/** A table without any axis still has its shape: places 1…n. */
function bareShape(map: TuneMap, lines: string[], names: Map<string, string>): [string, unknown][] {
  const place = (count: number): string => {
    const key = `place:${count}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = `place${count}`;
    names.set(key, name);
    lines.push(
      `${name}: ${flow([
        ['fixed', Array.from({ length: count }, (_, i) => i + 1)],
        ['quantity', 'index'],
      ])}`,
    );
    return name;
  };
  const entries: [string, unknown][] = [];
  if (map.columns > 1) entries.push(['x', place(map.columns)]);
  if (map.rows > 1) entries.push(['y', place(map.rows)]);
  return entries;
}

function patchLine(item: DefinitionItem, title: string): string {
  const bytes = (b: Uint8Array): string =>
    JSON.stringify(Array.from(b, (x) => x.toString(16).padStart(2, '0').toUpperCase()).join(''));
  const entries = item.patch!.map(
    (e) =>
      `{ at: 0x${e.address.toString(16).toUpperCase()}, patched: ${bytes(e.patched)}${e.base === null ? '' : `, base: ${bytes(e.base)}`} }`,
  );
  return `{ title: ${JSON.stringify(title)}, entries: [${entries.join(', ')}] }`;
}
