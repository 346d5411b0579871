import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { format } from './index.ts';

test.each([0, 1, 2, 3])(
  'a long definition is known by its beginning, wherever that ends inside a letter (%i)',
  (shift) => {
    const example = readFileSync(new URL('../../../fixtures/example/track-day.yaml', import.meta.url), 'utf8');
    const long = new TextEncoder().encode(`${example}# ${'x'.repeat(shift)}${'°λ漢🏍'.repeat(10_000)}\n`);
    expect(long.length).toBeGreaterThan(65_536);
    expect(format.detect(long, 'long.yaml')?.confidence).toBe(0.9);
  },
);
