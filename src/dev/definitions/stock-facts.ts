/** Facts of factory images: hashes, limiter and a few readings by engine speed. No calibration data. */
import { decode } from '../../core/decode.ts';
import { highLoadCells } from '../../core/metrics/stock-spark.ts';
import type { Definition, Image, Sha256, TuneMap } from '../../core/model.ts';
import { loadAxisOf, speedAxisOf } from '../../core/regions.ts';
import { axesHash, limiterOf, rawHash } from '../../core/stock.ts';

export interface FactoryImage {
  name: string;
  sha256: string;
  source: string;
  image: Image;
  /** Of less power by law: its maps are known by their hashes, and its readings widen no range that full power is judged by. */
  restricted?: boolean;
}

/** Most engine speeds that readings are given for. */
const MAX_READINGS = 16;

const tidy = (n: number): number => Number(n.toPrecision(7));

/** YAML text of rules/stock/<id>.yaml. */
export function stockFactsYaml(definition: Definition, images: FactoryImage[], sha256: Sha256): string {
  const tunes = images.filter((i) => i.restricted !== true).map((i) => decode(i.image, definition));
  const restricted = images.filter((i) => i.restricted === true).map((i) => decode(i.image, definition));
  const limiters = tunes.map(limiterOf).filter((n) => n !== null);
  const cut = limiters.length === 0 ? null : Math.max(...limiters);
  const lines = [
    `definition: ${definition.id}`,
    'sources:',
    '  - "hashes and readings computed from the factory images named below"',
    'images:',
    ...images.map(
      (i) => `  - { sha256: ${i.sha256}, name: ${JSON.stringify(i.name)}, source: ${JSON.stringify(i.source)} }`,
    ),
    ...(cut === null
      ? []
      : [
          `limiter: { cut: ${tidy(cut)}${resumeOf(
            tunes.flatMap((t) => t.maps),
            cut,
          )} }`,
        ]),
    'maps:',
  ];
  for (const map of tunes[0]!.maps) {
    const twins = tunes.map((t) => t.maps.find((m) => m.title === map.title)).filter((m) => m !== undefined);
    const known = [...twins, ...restricted.flatMap((t) => t.maps.filter((m) => m.title === map.title))];
    const hashes = [...new Set(known.map((m) => rawHash(m, sha256)).filter((h) => h !== null))];
    if (hashes.length === 0) continue;
    const parts = [`raw: [${hashes.map((h) => JSON.stringify(h)).join(', ')}]`];
    const axes = [...new Set(known.map((m) => axesHash(m, sha256)).filter((h) => h !== null))];
    if (axes.length > 0) parts.push(`axes: [${axes.map((h) => JSON.stringify(h)).join(', ')}]`);
    const values = twins.flatMap((m) => Array.from(m.cells)).filter(Number.isFinite);
    if (values.length > 0 && map.kind !== 'flag')
      parts.push(`range: { low: ${tidy(Math.min(...values))}, high: ${tidy(Math.max(...values))} }`);
    if (map.cells.length <= 4 && map.kind !== 'flag' && map.role !== 'other') {
      const lists = [...new Set(twins.map((m) => `[${Array.from(m.cells, tidy).join(', ')}]`))];
      parts.push(`values: [${lists.join(', ')}]`);
    }
    const reading = cut === null || !/^(fuel|spark|ve)$/.test(map.role) ? null : readings(twins, cut);
    lines.push(
      `  ${JSON.stringify(map.title)}:`,
      ...parts.map((p) => `    ${p}`),
      ...(reading ?? []).map((r) => `    ${r}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

function resumeOf(maps: TuneMap[], cut: number): string {
  const pair = maps.find((m) => m.role === 'revLimiter' && m.cells.length === 2 && Math.max(...m.cells) === cut);
  return pair === undefined ? '' : `, resume: ${tidy(Math.min(...pair.cells))}`;
}

function readings(maps: TuneMap[], cut: number): string[] | null {
  const speed = speedAxisOf(maps[0]!);
  const load = loadAxisOf(maps[0]!);
  if (speed === null || load === null) return null;
  const all = speed.breakpoints.filter((n) => n >= 0.3 * cut && n <= 1.02 * cut);
  const step = Math.max(1, Math.ceil(all.length / MAX_READINGS));
  const rpm = all.filter((_, i) => i % step === 0 || i === all.length - 1);
  const cells = maps.flatMap((map) =>
    highLoadCells(map, rpm, cut).map(({ index, at }) => ({ at, value: map.cells[index]!, top: isTop(map, index) })),
  );
  if (cells.length === 0) return null;
  const line = (name: string, wanted: typeof cells): string => {
    const by = rpm.map((_, at) => wanted.filter((c) => c.at === at).map((c) => c.value));
    return `${name}: { rpm: [${rpm.map((n) => Math.round(n)).join(', ')}], low: [${by.map((v) => tidy(Math.min(...v))).join(', ')}], high: [${by.map((v) => tidy(Math.max(...v))).join(', ')}], unit: ${JSON.stringify(maps[0]!.unit)} }`;
  };
  return [
    line(
      'fullLoad',
      cells.filter((c) => c.top),
    ),
    line('highLoad', cells),
  ];
}

/** At the highest load breakpoint. */
function isTop(map: TuneMap, index: number): boolean {
  const load = loadAxisOf(map)!;
  const at = load.axis === 'x' ? index % map.columns : Math.floor(index / map.columns);
  return load.breakpoints[at] === Math.max(...load.breakpoints.filter(Number.isFinite));
}
