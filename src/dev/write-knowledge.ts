/** Writes dist/knowledge/*.json: rules/ validated and compiled (reading 300 YAML files would cost 180 ms a start). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { compileKnowledge } from '../catalog/compile-knowledge.ts';

const compiled = await compileKnowledge('rules');
mkdirSync('dist/knowledge', { recursive: true });
for (const [name, value] of Object.entries(compiled))
  writeFileSync(`dist/knowledge/${name}.json`, JSON.stringify(value));
