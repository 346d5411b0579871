/** A definition by analogy for an image that nobody has defined: every item a guess with its reason, for a person to confirm. */
import { loadKnowledge } from '../catalog/knowledge.ts';
import { flatBytes } from '../core/compare-bytes.ts';
import { RevsyncError } from '../core/errors.ts';
import { analyseByAnalogy } from '../core/finder/analogy.ts';
import { findMaps } from '../core/finder/find-maps.ts';
import type { Definition } from '../core/model.ts';
import { proposeDefinition } from '../core/proposal/propose.ts';
import { SCHEMA_VERSION } from '../core/report.ts';
import { fromObject } from '../formats/revsync-definition/index.ts';
import { definitionText } from '../formats/revsync-definition/write.ts';
import { xdfText } from '../formats/xdf/write.ts';
import { imageOf } from './decode-file.ts';
import type { Input } from './read-input.ts';

/** Larger images are no motorcycle ECU's. */
const MAX_BYTES = 8 * 1024 * 1024;

export interface Proposed {
  /** Null: nothing is proposed, for this reason. */
  definition: Definition | null;
  reason: string | null;
  /** Bundled definitions that the maps resemble, the most alike first, 0..1. */
  families: { definition: string; likeness: number }[];
}

/** @throws RevsyncError TOO_LARGE | NOT_RAW, or why the file holds no image */
export async function propose(input: Input): Promise<Proposed> {
  const image = imageOf(input);
  if (image.segments.length !== 1 || image.segments[0]!.address !== 0) {
    throw new RevsyncError(
      'NOT_RAW',
      'the file states addresses with gaps or another start than 0; a definition is proposed for a whole image',
      'Convert it to a raw image (objcopy -I ihex -O binary) and ask again.',
    );
  }
  const bytes = flatBytes(image);
  if (bytes.length > MAX_BYTES) {
    throw new RevsyncError(
      'TOO_LARGE',
      `${(bytes.length / 1024 / 1024).toFixed(0)} MiB are more than any motorcycle ECU holds`,
      'Cut the calibration out of the dump and look again.',
    );
  }
  const maps = findMaps(bytes);
  const analogy = analyseByAnalogy(bytes, await loadKnowledge('analogy'), maps);
  const named = new Set([
    ...analogy.proposals.map((p) => p.like.definition),
    ...analogy.families.map((f) => f.definition),
  ]);
  const known = (await loadKnowledge('definitions'))
    .filter((d) => named.has(d.id))
    .map((d) => fromObject(d.object, d.sha256, d.id));
  const definition = proposeDefinition({ bytes, analogy, maps, known, sha256: input.sha256, name: input.name });
  return { definition, reason: analogy.reason, families: analogy.families };
}

const NOTES = [
  'Proposed by analogy. Nothing here is confirmed and nothing of it is judged: look at each map with',
  '  revsync definitions confirm THIS_FILE IMAGE',
  'which marks it confirmed or rejected. Add the motorcycle under its id of revsync bikes.',
];

/** YAML, or an XDF where the name of the file says so. */
export function proposalText(definition: Definition, format: 'yaml' | 'xdf'): string {
  return format === 'xdf' ? xdfText(definition) : definitionText(definition, NOTES);
}

/** One line for each item: what it is taken for, where, how surely and why. */
export function proposalRows(definition: Definition): string[][] {
  return definition.items.map((item) => {
    const [sure, ...why] = (item.guess ?? '').split(': ');
    const axis = (side: 'x' | 'y'): string => {
      const found = item.axes.find((a) => a.axis === side);
      if (found === undefined) return '';
      const { source, quantity, unit } = found;
      return source.kind === 'stored'
        ? `${quantity}${unit === '' ? '' : ` ${unit}`} ${hex(source.storage.address)}`
        : 'not found';
    };
    return [
      item.title,
      hex(item.storage?.address ?? 0),
      item.kind === 'map' ? `${item.rows}x${item.columns}` : '',
      item.unitFrom === 'none' ? '' : item.unit,
      axis('x'),
      axis('y'),
      sure ?? '',
      why.join(': '),
    ];
  });
}

const hex = (n: number): string => `0x${n.toString(16).toUpperCase()}`;

/** `definitions propose --format json` */
export function proposalDocument(input: Input, { definition, reason, families }: Proposed): string {
  const items = (definition?.items ?? []).map((item) => {
    const [confidence, ...why] = (item.guess ?? '').split(': ');
    return {
      title: item.title,
      role: item.role,
      load: item.variant?.load ?? null,
      offsetBytes: item.storage?.address ?? null,
      rows: item.rows,
      columns: item.columns,
      unit: item.unit,
      axes: item.axes.map(({ axis, quantity, unit, source }) => ({
        axis,
        quantity,
        unit,
        offsetBytes: source.kind === 'stored' ? source.storage.address : null,
      })),
      confidence,
      because: why.join(': '),
    };
  });
  const document = {
    schemaVersion: SCHEMA_VERSION,
    input: { path: input.path, sha256: input.sha256, byteLength: input.bytes.length },
    families,
    items,
    reason,
    errors: [],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
