/** What changed between the report of an untouched file and that of the edited one: was the fault found, where, how severely. */
import type { Severity, Tune } from '../../core/model.ts';
import type { Finding, Report } from '../../core/report.ts';
import { atLeast, type Injected, worse } from './fault.ts';

export interface Found {
  /** A finding of low or more that was not there, or is worse now, anywhere. */
  found: boolean;
  /** … at the map that was changed. */
  rightMap: boolean;
  /** … whose worst new cell is one that was changed. */
  rightCell: boolean;
  /** Worst severity at the right map. */
  severity: Severity | null;
  /** New findings above low, by rule. */
  alarms: { rule: string; severity: Severity }[];
  /** Rules that have a new or worse finding of any severity. */
  fired: string[];
}

const key = (row: number, column: number): string => `${row}:${column}`;

const mapsOf = (f: Finding): string[] => [f.map?.id, ...f.alsoIn.map((m) => m.id)].filter((id) => id !== undefined);

/** A finding that the untouched file did not have, or had milder, elsewhere or at other cells. */
function isNew(f: Finding, before: readonly Finding[]): boolean {
  const same = before.filter((b) => b.ruleId === f.ruleId);
  if (same.length === 0) return true;
  const own = new Set(same.flatMap((b) => b.cells.map((c) => `${c.mapId} ${key(c.row, c.column)}`)));
  return same.every(
    (b) =>
      worse(f.severity, b.severity) ||
      mapsOf(f).some((id) => !mapsOf(b).includes(id)) ||
      f.cells.some((c) => !own.has(`${c.mapId} ${key(c.row, c.column)}`)) ||
      (f.margin ?? 0) > (b.margin ?? 0) + 1e-6,
  );
}

/** Cells and axes that differ between two decodings of one file, by map. */
export function changedMaps(before: Tune, after: Tune): Map<string, Set<string>> {
  const was = new Map(before.maps.map((m) => [m.id, m]));
  const changed = new Map<string, Set<string>>();
  for (const map of after.maps) {
    const twin = was.get(map.id);
    if (twin === undefined) continue;
    const cells = new Set<string>();
    for (let i = 0; i < map.cells.length; i++) {
      if (!Object.is(map.cells[i], twin.cells[i])) cells.add(key(Math.floor(i / map.columns), i % map.columns));
    }
    for (const [a, axis] of map.axes.entries()) {
      const other = twin.axes[a];
      for (const [at, value] of axis.breakpoints.entries()) {
        if (Object.is(value, other?.breakpoints[at])) continue;
        if (axis.axis === 'x') for (let r = 0; r < map.rows; r++) cells.add(key(r, at));
        else for (let c = 0; c < map.columns; c++) cells.add(key(at, c));
      }
    }
    if (cells.size > 0 || map.state !== twin.state || map.inUse !== twin.inUse) changed.set(map.id, cells);
  }
  return changed;
}

/** @param changed from changedMaps(); null where the edited file was refused */
export function compare(
  before: Report,
  after: Report,
  injected: Injected,
  changed: Map<string, Set<string>> | null,
): Found {
  const failed = (r: Report): Finding[] => r.findings.filter((f) => f.status === 'fail');
  const was = failed(before);
  const fresh = failed(after).filter((f) => isNew(f, was));
  const told = fresh.filter((f) => f.severity !== 'info');
  const truth = changed ?? new Map<string, Set<string>>();
  const meant = new Set([...injected.maps, ...truth.keys()]);
  const at = told.filter((f) => mapsOf(f).some((id) => meant.has(id)));
  let severity: Severity | null = null;
  for (const f of at) if (severity === null || worse(f.severity, severity)) severity = f.severity;
  return {
    found: told.length > 0,
    rightMap: at.length > 0,
    rightCell: at.some((f) => pointsAt(f, was, injected, truth)),
    severity,
    alarms: told.filter((f) => atLeast(f.severity, 'medium')).map((f) => ({ rule: f.ruleId, severity: f.severity })),
    fired: [...new Set(fresh.map((f) => f.ruleId))],
  };
}

/** The worst cell that this finding names and the untouched file's did not is one that was changed. */
function pointsAt(f: Finding, was: readonly Finding[], injected: Injected, truth: Map<string, Set<string>>): boolean {
  const old = new Set(
    was.filter((b) => b.ruleId === f.ruleId).flatMap((b) => b.cells.map((c) => `${c.mapId} ${key(c.row, c.column)}`)),
  );
  const first = f.cells.find((c) => !old.has(`${c.mapId} ${key(c.row, c.column)}`)) ?? f.cells[0];
  // A word that was changed has no cells: the map it switches is the place.
  if (injected.cells === null && truth.size === 0) return mapsOf(f).some((id) => injected.maps.includes(id));
  if (first === undefined) return false;
  const cells = truth.get(first.mapId);
  return cells !== undefined && (cells.size === 0 || cells.has(key(first.row, first.column)));
}
