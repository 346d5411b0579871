/** Patches of definitions: bytes that differ where they are applied. */
import type { DefinitionItem } from './model.ts';

/** What a format knows of a patch beside its bytes. */
type Named = Pick<DefinitionItem, 'key' | 'title' | 'description' | 'categories'>;

/** A patch as an item: it has no cells, no axes and no unit, and its state is what stands at its places. */
export function patchItem(named: Named, patch: NonNullable<DefinitionItem['patch']>): DefinitionItem {
  return {
    ...named,
    kind: 'patch',
    role: null,
    variant: null,
    unit: '',
    unitFrom: 'none',
    rows: 0,
    columns: 0,
    storage: null,
    conversion: { kind: 'identity' },
    axes: [],
    digits: null,
    range: { min: null, max: null },
    mask: null,
    patch,
  };
}

/** Bytes written as hex digits, blanks between them allowed; null where it is anything else, or nothing. */
export function hexBytes(text: string | undefined): Uint8Array | null {
  const clean = text?.replace(/\s+/g, '') ?? '';
  if (clean === '' || clean.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(clean)) return null;
  return Uint8Array.from({ length: clean.length / 2 }, (_, i) => Number.parseInt(clean.slice(2 * i, 2 * i + 2), 16));
}
