/** What a map is for is asked where a file's titles say nothing, and never otherwise. */
import { expect, test } from 'vitest';
import { decodeInput } from './decode-file.ts';
import { inputFromBytes } from './read-input.ts';

const around = { flags: { store: false }, env: {}, cwd: process.cwd() };
const rows = Array.from({ length: 6 }, (_, r) => [
  1_000 + r * 2_000,
  ...Array.from({ length: 6 }, (_, c) => 20 + r + c),
]);
const csv = (corner: string): Uint8Array =>
  new TextEncoder().encode([[corner, 0, 10, 30, 50, 70, 100], ...rows].map((r) => r.join(',')).join('\n'));

async function decoded(corner: string, answer: string | null, roles: string[] = []) {
  const questions: string[] = [];
  const result = await decodeInput(
    inputFromBytes(csv(corner)),
    {
      definition: null,
      shiftBytes: 0,
      roles,
      warn: () => undefined,
      readStdin: async () => new Uint8Array(),
      ask: async (question) => {
        questions.push(question);
        return answer;
      },
    },
    around,
  );
  return { questions, role: result.tune.maps[0]!.role, roles: result.roles };
}

test.each<[string, string | null, string[], { asked: number; role: string; roles: string[] }]>([
  ['Table seven', 'spark', [], { asked: 1, role: 'spark', roles: ['table-seven=spark'] }],
  ['Table seven', 'other', [], { asked: 1, role: 'other', roles: [] }],
  ['Table seven', null, [], { asked: 1, role: 'other', roles: [] }],
  ['Table seven', null, ['Table seven=ve'], { asked: 0, role: 've', roles: ['Table seven=ve'] }],
  ['Spark advance', null, [], { asked: 0, role: 'spark', roles: [] }],
])('%s, answered %s, given %o', async (corner, answer, given, expected) => {
  const { questions, role, roles } = await decoded(corner, answer, given);
  expect({ asked: questions.length, role, roles }).toEqual(expected);
});
