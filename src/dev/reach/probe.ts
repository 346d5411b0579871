/**
 * One change of one public file that has to make one rule fire: the proving ground's faults are those that tuners make, and do not reach
 * every rule. Knows what a rule is about, which the injector of the proving ground does not.
 */
import type { Decoded } from '../../app/decode-file.ts';
import { offsetOf } from '../../core/bytes.ts';
import type { Conditions, TuneMap } from '../../core/model.ts';
import type { Editor } from '../verdict/editor.ts';

export interface Probe {
  rule: string;
  /** Id of a subject: file of the corpus, and the definition that reads it. */
  file: string;
  /** What is done to it; null: nothing, the conditions alone do it. */
  change: Change | null;
  conditions?: Partial<Conditions>;
  /** Stock: the untouched file, or another file of the corpus. */
  against?: 'itself' | (string & {});
  bike?: string;
  /** A made-up ride of a minute: by the name of a log's column what it holds throughout. */
  ride?: Record<string, number>;
}

export interface Change {
  /** For the table: "taeColdM at 20 %". */
  says: string;
  /** False: this file does not hold what is to be changed. */
  make(editor: Editor, find: (id: string) => TuneMap, decoded: Decoded): boolean;
}

/** Every cell through a function of its value and index. */
export const cells = (id: string, says: string, of: (value: number, index: number) => number): Change => ({
  says: `${id}: ${says}`,
  make(editor, find) {
    const map = find(id);
    return Array.from(map.cells).every((v, i) => editor.set(map, i, of(v, i)) !== null);
  },
});

/** Numbers of a project that are no map of their own, such as breakpoints. */
export const numbers = (name: string, count: number, of: (index: number) => number): Change => ({
  says: `${name}: ${Array.from({ length: count }, (_, i) => of(i)).join(' ')}`,
  make: (editor) =>
    Array.from({ length: count }, (_, i) => editor.set({ id: name } as TuneMap, i, of(i))).every((v) => v !== null),
});

/** All cells one value. */
export const all = (id: string, value: number): Change => cells(id, `all ${value}`, () => value);

/** The cells in the opposite order. */
export const reversed = (id: string): Change => ({
  says: `${id}: reversed`,
  make(editor, find) {
    const map = find(id);
    return Array.from(map.cells).every((_, i) => editor.set(map, i, map.cells[map.cells.length - 1 - i]!) !== null);
  },
});

/** A setting of a project in another word. */
export const word = (name: string, to: string): Change => ({
  says: `${name}: "${to}"`,
  make: (editor) => editor.setWord(name, to),
});

/** Raw elements, all at one value. */
export const raw = (id: string, value: number): Change => ({
  says: `${id}: every element 0x${value.toString(16).toUpperCase()}`,
  make(editor, find) {
    const map = find(id);
    return Array.from(map.cells).every((_, i) => editor.setRaw(map, i, value) !== null);
  },
});

/** One axis with other breakpoints, physical where the file is a project, raw where it is an image. */
export const axis = (id: string, of: 'x' | 'y', says: string, to: (b: readonly number[]) => number[]): Change => ({
  says: `${id}, its ${of} axis: ${says}`,
  make(editor, find) {
    const found = find(id).axes.find((a) => a.axis === of);
    return found !== undefined && editor.setAxis(found, to(found.raw ?? found.breakpoints));
  },
});

/** A patch applied, or bytes at its place that are neither of its two states. */
export const patch = (id: string, to: 'applied' | 'neither'): Change => ({
  says: `${id}: ${to === 'applied' ? 'applied' : 'bytes of neither state'}`,
  make(editor, find, { candidate, image }) {
    const map = find(id);
    const entries = candidate?.definition.items.find((i) => i.title === map.title)?.patch ?? [];
    const bytes = editor.bytes();
    const first = entries[0];
    if (image === null || first === undefined || map.at === null) return false;
    // Where the file is read at a shift, the place of the patch says by how much.
    const shift = map.at.offsetBytes - offsetOf(image, first.address);
    for (const { address, patched } of entries)
      bytes.set(
        patched.map((b) => (to === 'applied' ? b : b ^ 0x5a)),
        offsetOf(image, address) + shift,
      );
    return true;
  },
});

/** A ride as text, ten readings a second, moving by less than a breakpoint so that no reading stands still. */
export function rideText(ride: Record<string, number>): string {
  const names = Object.keys(ride);
  const rows = Array.from({ length: 600 }, (_, i) =>
    [(i / 10).toFixed(1), ...names.map((n) => (ride[n]! * (1 + 0.0005 * (i % 4))).toFixed(3))].join(','),
  );
  return `${['Time', ...names].join(',')}\n${rows.join('\n')}\n`;
}

/** Several at once. */
export const both = (...changes: Change[]): Change => ({
  says: changes.map((c) => c.says).join('; '),
  make: (editor, find, decoded) => changes.every((c) => c.make(editor, find, decoded)),
});
