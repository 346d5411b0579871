/**
 * Writes rules/definitions and rules/stock for the families whose sources lie in a corpus of public files:
 *   node src/dev/run.mjs src/dev/definitions/derive.ts ../shared/corpus
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { decode } from '../../core/decode.ts';
import { fitDefinition } from '../../core/fit.ts';
import type { Image } from '../../core/model.ts';
import type { RoleData } from '../../core/roles/assign-roles.ts';
import { fromObject } from '../../formats/revsync-definition/index.ts';
import { format as xdf } from '../../formats/xdf/index.ts';
import { handWritten, type XdfSource, xdfFamilies } from './families.ts';
import { fromXdf } from './from-xdf.ts';
import { k64, k64Yaml } from './honda-k64.ts';
import { stockFactsYaml } from './stock-facts.ts';
import { suzukiFamilies, suzukiYaml } from './suzuki.ts';

const corpus = process.argv[2] ?? '../shared/corpus';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const roles = parse(readFileSync('rules/roles.yaml', 'utf8')) as RoleData;

function load(path: string): Image {
  const bytes = new Uint8Array(readFileSync(join(corpus, path)));
  return { segments: [{ address: 0, bytes }], source: { sha256: sha256(bytes), byteLength: bytes.length } };
}

function write(id: string, yaml: string, images: XdfSource['images']): void {
  mkdirSync('rules/definitions', { recursive: true });
  mkdirSync('rules/stock', { recursive: true });
  writeFileSync(`rules/definitions/${id}.yaml`, yaml);
  const definition = fromObject(parse(yaml), '', id);
  const lacking = images.filter(({ path }) => !existsSync(join(corpus, path)));
  if (lacking.length > 0) {
    // Facts of an image that is not at hand stay as they were computed.
    console.log(`${id}: ${lacking.map((i) => i.path).join(', ')} not there: its stock facts are kept as they are`);
    return;
  }
  const factory = images.map(({ path, source, restricted }) => {
    const image = load(path);
    return { name: basename(path), sha256: image.source.sha256, source, image, restricted: restricted === true };
  });
  writeFileSync(`rules/stock/${id}.yaml`, stockFactsYaml(definition, factory, sha256));
  for (const { name, image } of factory) {
    const fit = fitDefinition(image, definition);
    const tune = decode(image, definition);
    console.log(
      `${id} ${name}: ${fit.verdict} ${fit.goodTables} good ${fit.badTables} bad ${fit.blankTables} blank, ${tune.maps.length} items, ${tune.undecoded.length} undecoded`,
    );
  }
}

for (const family of xdfFamilies) {
  const path = join(corpus, family.xdf);
  const definition = xdf.parse(new Uint8Array(readFileSync(path)), { name: basename(path), sha256 });
  const { yaml, left } = fromXdf(family, definition, load(family.images[0]!.path), roles);
  write(family.id, yaml, family.images);
  if (left.length > 0) console.log(`  left out: ${left.join('; ').slice(0, 300)}`);
}
for (const family of suzukiFamilies) {
  if (!existsSync(join(corpus, family.image))) {
    console.log(`${family.id}: ${family.image} is not there: kept as it is`);
    continue;
  }
  const images = [family.image, ...(family.alsoFactory ?? [])].map((path) => ({ path, source: family.imageSource }));
  write(family.id, suzukiYaml(family, load(family.image)), images);
}
write(k64.id, k64Yaml(), [{ path: k64.image, source: k64.imageSource }]);
// Written by hand; only what the factory image shows is computed.
for (const { id, images } of handWritten) write(id, readFileSync(`rules/definitions/${id}.yaml`, 'utf8'), images);
