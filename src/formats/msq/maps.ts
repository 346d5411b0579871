/** Constants of a project -> scalars, curves and maps with roles, axes, units and whether they are in use. */
import type { Axis, Role, TuneMap, Undecoded, UnitFrom } from '../../core/model.ts';
import { axesOf, type Project } from './axes.ts';
import { isBlank, isErased } from './erased.ts';
import { type Condition, type KnownName, knownName, usualUnit } from './known-names.ts';
import { meantBy } from './meant.ts';
import type { MsqConstant, MsqFile } from './read-xml.ts';
import { plainUnit, temperatureUnit } from './units.ts';

/** Sureness of a role that unit, axes and title say together. */
const MEANT = 0.8;

/** In the order of the file; variables of the project are none of the ECU's and stay out. */
export function mapsOf(
  project: Project,
  file: MsqFile,
  warnings: string[],
): { maps: TuneMap[]; undecoded: Undecoded[] } {
  const maps: TuneMap[] = [];
  const undecoded: Undecoded[] = [];
  const bins = new Set<string>();
  const refuse = (constant: MsqConstant, reason: string): void => {
    undecoded.push({ id: constant.name, title: constant.name, reason });
  };
  for (const constant of project.constants.values()) {
    if (constant.project) continue;
    const cells = project.numbers.get(constant.name) ?? null;
    const wanted = constant.rows * constant.columns;
    if (cells === null) {
      if (constant.shaped) refuse(constant, `it says ${wanted} cells and holds words`);
      continue;
    }
    if (constant.badShape !== null) refuse(constant, `its shape is ${constant.badShape}`);
    else if (cells.length !== wanted) refuse(constant, `it says ${wanted} cells and holds ${cells.length}`);
    else {
      const lost = cells.filter((v) => !Number.isFinite(v)).length;
      if (lost === cells.length) {
        refuse(constant, 'none of its cells is a number');
        continue;
      }
      if (lost > 0) warnings.push(`"${constant.name}": ${lost} of ${cells.length} cells are no numbers`);
      const map = mapOf(constant, cells, project, file, bins);
      maps.push(map);
    }
  }
  return {
    maps: twins(
      maps.map((m) => asAxis(withoutGuess(m, maps), bins)),
      project,
      file,
      warnings,
    ),
    undecoded,
  };
}

function mapOf(
  constant: MsqConstant,
  cells: Float64Array,
  project: Project,
  file: MsqFile,
  bins: Set<string>,
): TuneMap {
  const { name } = constant;
  const declared = project.ini?.constants.get(name) ?? null;
  const written = constant.units !== '' ? constant.units : (declared?.units ?? '');
  const known = byShape(knownName(name, written), cells.length);
  const oneLine = constant.rows === 1 || constant.columns === 1;
  // A column of n is a curve over x.
  const [rows, columns] = oneLine ? [1, cells.length] : [constant.rows, constant.columns];
  const kind = cells.length === 1 ? 'scalar' : oneLine ? 'curve' : 'map';
  let axes: Axis[] = [];
  if (kind !== 'scalar') {
    const found = axesOf(name, kind, rows, columns, known, project);
    axes = found.axes;
    for (const bin of found.bins) bins.add(bin);
  }
  const stoich = project.numbers.get('stoich')?.[0] ?? null;
  const { unit, unitFrom } = unitOf(written, known, file);
  const description = project.ini?.tables.get(name)?.[0]?.title ?? '';
  const meant = known === null && kind === 'map' ? meantBy(name, description, unit, axes, cells.length) : null;
  return {
    id: name,
    title: name,
    description,
    categories: [],
    kind,
    role: known?.role ?? meant ?? ('other' as Role),
    roleConfidence: known !== null ? 1 : meant !== null ? MEANT : 0,
    variant: {},
    family: name,
    rows,
    columns,
    axes,
    unit,
    unitFrom,
    digits: constant.digits,
    cells,
    raw: null,
    confidence: axes.every((a) => a.known) ? 'verified' : 'plausible',
    at: null,
    state: null,
    unset: axes.some(isBlank) || (!isBoostOf255(known, unit, cells) && isErased(cells, declared, stoich)),
    range: { min: null, max: null },
    inUse: known === null ? null : inUseOf(known, project.words),
  };
}

/** MegaSquirt 3 counts boost in tenths of a kilopascal, and 255 is a pressure that people ask for. */
const isBoostOf255 = (known: KnownName | null, unit: string, cells: Float64Array): boolean =>
  known?.role === 'boost.target' && unit === 'kPa' && cells[0] === 255;

/** What a name means by its shape. */
const byShape = (known: KnownName | null, count: number): KnownName | null =>
  known?.single != null && count === 1 ? { ...known, role: known.single } : known;

function unitOf(written: string, known: KnownName | null, file: MsqFile): { unit: string; unitFrom: UnitFrom } {
  if (written !== '') return { unit: plainUnit(written), unitFrom: 'definition' };
  if (known === null) return { unit: '', unitFrom: 'none' };
  const fan = /^fan\.(on|off)$/.test(known.role) ? temperatureUnit(file.settings) : null;
  const unit = fan ?? usualUnit(known.role);
  return { unit, unitFrom: unit === '' ? 'none' : 'inferred' };
}

/** Null: the project does not say. */
function inUseOf(known: KnownName, words: Project['words']): boolean | null {
  const said = ({ setting, off }: Condition): boolean | null => {
    const text = words[setting];
    return text === undefined ? null : !off.test(text);
  };
  const needs = known.needs.map(said);
  const oneOf = known.needsOne.map(said).filter((s) => s !== null);
  if (needs.includes(false) || (oneOf.length > 0 && !oneOf.includes(true))) return false;
  return needs.includes(true) || oneOf.includes(true) ? true : null;
}

/** Where a known name holds a role, no other table is taken for it. */
const withoutGuess = (map: TuneMap, maps: readonly TuneMap[]): TuneMap =>
  map.roleConfidence === MEANT && maps.some((m) => m.role === map.role && m.roleConfidence === 1)
    ? { ...map, role: 'other', roleConfidence: 0 }
    : map;

/** Breakpoints of a table that was put together are its axis, whatever else the name says. */
const asAxis = (map: TuneMap, bins: ReadonlySet<string>): TuneMap =>
  map.role === 'other' && bins.has(map.id) ? { ...map, role: 'axis', roleConfidence: 1 } : map;

/** The view that nobody edits is the edited one times a factor (its stoichiometric ratio changed since), or one value where it ran past its end. */
function isStale(edited: Float64Array, other: Float64Array): boolean {
  if (edited.every((v) => v === edited[0])) return false;
  if (other.every((v) => v === other[0])) return true;
  const sum = (cells: Float64Array): number => cells.reduce((a, v) => a + v, 0);
  const factor = sum(other) / sum(edited);
  // One count of the byte is 0.1 of at least 10 AFR.
  return edited.every((v, i) => Math.abs(v * factor - other[i]!) <= 0.011 * Math.abs(other[i]!));
}

/**
 * Speeduino writes one target table twice, as air-fuel ratio and as lambda. The settings of the project say which one a person edits;
 * the other is a copy as long as it holds the same.
 */
function twins(maps: TuneMap[], project: Project, file: MsqFile, warnings: string[]): TuneMap[] {
  const afr = maps.find((m) => m.id === 'afrTable');
  const lambda = maps.find((m) => m.id === 'lambdaTable');
  const stoich = project.numbers.get('stoich')?.[0];
  if (afr === undefined || lambda === undefined || stoich === undefined || !(stoich > 0)) return maps;
  if (afr.cells.length !== lambda.cells.length) return maps;
  // One count of the byte that both come from is 0.1 AFR.
  const same = afr.cells.every((v, i) => !(Math.abs(v - lambda.cells[i]! * stoich) > 0.11));
  const edited = file.settings.has('LAMBDA') ? lambda : file.settings.has('AFR') ? afr : null;
  const other = edited === lambda ? afr : lambda;
  const stale = edited !== null && !edited.unset && isStale(edited.cells, other.cells);
  if (!same && !stale) {
    warnings.push('afrTable and lambdaTable are two views of one table and hold different targets: both are judged');
    return maps;
  }
  if (!same)
    warnings.push(
      `${other.id} was computed with another stoichiometric ratio, the project edits ${edited?.id}: that one is judged`,
    );
  const copy = file.settings.has('LAMBDA') ? afr.id : lambda.id;
  const unset = same && (afr.unset || lambda.unset);
  return maps.map((m) => {
    if (m.id !== afr.id && m.id !== lambda.id) return m;
    return m.id === copy ? { ...m, unset, role: 'lambdaTarget.copy' as const } : { ...m, unset };
  });
}
