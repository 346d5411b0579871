/** A definition of another revision brought to where its places stand in an image; every item a guess to be confirmed. */
import { RevsyncError } from '../core/errors.ts';
import type { Definition, DefinitionItem } from '../core/model.ts';
import { type MovedBlock, movedBlocks, movedDefinition } from '../core/moved.ts';
import { shellQuoted } from '../core/rules/message.ts';
import { definitionText } from '../formats/revsync-definition/write.ts';
import { xdfText } from '../formats/xdf/write.ts';
import { imageOf } from './decode-file.ts';
import { showDefinition } from './definitions.ts';
import type { Surroundings } from './history.ts';
import { readInput } from './read-input.ts';

export interface Moved {
  blocks: MovedBlock[];
  /** The definition at its new places. */
  definition: Definition;
}

/**
 * @param name id of a bundled definition, of one of the user's, or a file
 * @throws RevsyncError NOT_MOVED where too little agrees on any shift
 */
export async function moveDefinition(name: string, imagePath: string, around: Surroundings): Promise<Moved> {
  const definition = await showDefinition(name, around);
  const input = await readInput(imagePath, around.cwd);
  const blocks = movedBlocks(imageOf(input), definition);
  if (blocks.length === 0) {
    throw new RevsyncError(
      'NOT_MOVED',
      'too few of its axes and maps stand anywhere near in this image: it is for another ECU',
      `revsync definitions match ${shellQuoted(imagePath)} shows what fits; revsync definitions propose ${shellQuoted(imagePath)} goes without.`,
    );
  }
  const moved = movedDefinition(definition, blocks);
  return {
    blocks,
    definition: {
      ...moved,
      title: `${definition.title}, moved to ${input.name}`,
      imageBytes: [input.bytes.length],
      sources: [...definition.sources, `places moved to those of image ${input.sha256.slice(0, 16)} by revsync`],
    },
  };
}

/** The text, and the titles of items that the format cannot hold. */
export function movedText(definition: Definition, format: 'yaml' | 'xdf'): { text: string; left: string[] } {
  const write = (items: DefinitionItem[]): string =>
    format === 'xdf'
      ? xdfText({ ...definition, items })
      : definitionText({ ...definition, items }, [
          'Moved from another revision. Every item is a guess until revsync definitions confirm says otherwise.',
        ]);
  const left: string[] = [];
  const kept = definition.items.filter((item) => {
    try {
      write([item]);
      return true;
    } catch (error) {
      if (!(error instanceof RevsyncError)) throw error;
      left.push(item.title);
      return false;
    }
  });
  return { text: write(kept), left };
}
