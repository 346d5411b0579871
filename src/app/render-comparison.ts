/** A comparison in the format that was asked for. */
import { RevsyncError } from '../core/errors.ts';
import { comparisonCsv, comparisonMarkdown, comparisonText } from '../reporters/views/index.ts';
import type { Compared } from './compare.ts';

export interface ComparisonLook {
  width: number;
  colour: boolean;
  all: boolean;
  /** Only maps whose id, title or role contains it. */
  map: string | null;
}

/** @throws RevsyncError MAP_NOT_FOUND */
export function renderComparison(format: string, compared: Compared, look: ComparisonLook): string {
  const { document, first, second } = compared;
  const maps = selected(compared, look.map);
  if (format === 'json') return `${JSON.stringify({ ...document, maps }, null, 1)}\n`;
  const view = {
    first: document.a.path,
    second: document.b.path,
    definition: document.a.definition?.title ?? document.a.format,
    identical: document.identical,
    maps,
    performance: document.performance,
    settings: look.map === null ? document.settings : [],
    bytes: document.bytes,
    warnings: document.warnings,
  };
  if (format === 'csv') return comparisonCsv(view, first);
  if (format === 'markdown') return comparisonMarkdown(view);
  return comparisonText(view, first, second, { ...look, all: look.all || look.map !== null });
}

function selected({ document }: Compared, text: string | null): Compared['document']['maps'] {
  if (text === null) return document.maps;
  const words = text.toLowerCase().split(/\s+/);
  const exact = document.maps.filter((m) => m.id === text || m.title === text);
  const found =
    exact.length > 0
      ? exact
      : document.maps.filter((m) => words.every((w) => `${m.id} ${m.title} ${m.role}`.toLowerCase().includes(w)));
  if (found.length === 0 && !document.identical)
    throw new RevsyncError('MAP_NOT_FOUND', `no map is called "${text}"`, 'revsync compare without --map lists them.');
  return found;
}
