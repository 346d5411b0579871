/** Derives src/llm/testing/wire-shapes.json from a recording of a real Ollama. Usage: node src/dev/run.mjs src/dev/wire-shapes.ts RECORDING.jsonl */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Recorded, shapeOf } from '../llm/testing/wire-shape.ts';

const recording = process.argv[2] ?? '';
const shapes = readFileSync(recording, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.stringify(shapeOf(JSON.parse(line) as Recorded)));
writeFileSync('src/llm/testing/wire-shapes.json', `[\n${shapes.join(',\n')}\n]\n`);
console.log(`${shapes.length} exchanges`);
