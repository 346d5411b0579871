/** What a new thing of each kind starts as: by kind, (id) -> text by path. An id that cannot be one gives no file. */
export const scaffolds: Record<string, (id: string) => Record<string, string>> = {
  rule: (id) => {
    const [category, name] = id.includes('/') ? (id.split('/') as [string, string]) : ['other', id];
    return {
      [`rules/checks/${category}/${name}.yaml`]: `title: What is wrong, as a noun
category: ${category}
# Numbers of docs/generated/rule-catalogue.md that it implements, where there are any.
catalogue: []
# A metric that exists: revsync rules show ID names those of other rules; src/core/metrics declares them.
metric: limiter.overStock.percent
needs: [stock]
limits:
  unit: "%"
  low: 1
  medium: 3
  high: 6
message: "{value} over stock"
why: >
  What it does to the engine or to the rider, as a good mechanic would say it.
fix: What to do first.
falsePositives:
  - When it looks like this fault and is none.
sources:
  - "where each number comes from"
# Taken away once npm run reach finds a public file that it fires on, as it is or changed.
unproven: What none of the public files at hand holds, so that nobody has seen this rule fire yet.
examples:
  - { says: pass, metric: 0.5 }
  - { says: medium, metric: 4 }
`,
    };
  },
  motorcycle: (id) => {
    const [, make, model, from, to] = /^([^/]+)\/(.+)-(\d{4})-(\d{4})$/.exec(id) ?? [];
    if (make === undefined || model === undefined) return {};
    return {
      [`rules/motorcycles/${id}.yaml`]: `make: ${make[0]?.toUpperCase()}${make.slice(1)}
model: ${model.toUpperCase()}
yearFrom: ${from}
yearTo: ${to}
category: sport

# Leave out what is not known well enough to write down; src/catalog/motorcycle-schema.ts has every field.
displacementCc: 998
cylinders: 4
layout: inline-4
valvetrain: DOHC 4v/cyl
boreMm: 79
strokeMm: 50.9
strokes: 4
aspiration: na
cooling: liquid

sources:
  - where each figure comes from
confidence: low
`,
    };
  },
  definition: (id) => ({
    [`rules/definitions/${id}.yaml`]: `# docs/definition-format.md describes every field.
title: Maker model, ECU part number
ecu: { maker: Maker, partNumber: "00000-000-000" }
motorcycles: []
sources:
  - "where the addresses come from, and what confirmed them"
image: { bytes: 262144, byteOrder: big }
axes: {}
maps: []
`,
  }),
  reporter: (id) => ({
    [`src/reporters/${id}.ts`]: `import type { Reporter } from '../core/ports.ts';
import { printable } from '../core/rules/message.ts';

/** What it is for, and who reads it. */
export const reporter: Reporter = {
  id: '${id}',
  title: '${id}',
  extension: '${id}',
  // Every text of a report may come from a hostile file: printable() takes what acts on a terminal out of it.
  render: ({ reports, errors }) =>
    [
      ...reports.map((r) => \`\${printable(r.input.path)}\\t\${r.scores.safety.value ?? '-'}\\n\`),
      ...errors.map((e) => \`\${e.code}\\t\${printable(e.message)}\\n\`),
    ].join(''),
};
`,
  }),
  format: (id) => ({
    [`src/formats/${id}/index.ts`]: `import type { ImageFormat } from '../../core/ports.ts';

/** What these files are and where the layout was learnt. */
export const format: ImageFormat = {
  kind: 'image',
  id: '${id}',
  title: '${id}',
  extensions: [],
  reads: 'what of it is read, and what is not',
  detect: () => null,
  read: (bytes, sha256) => ({
    segments: [{ address: 0, bytes }],
    source: { sha256: sha256(bytes), byteLength: bytes.length },
  }),
};
`,
  }),
};
