/** What nobody else claims is an image from address 0 on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { format } from './index.ts';

test('one segment at 0 with the bytes as they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 512, maxLength: 2_048 }), (bytes) => {
      const image = format.read(bytes, (b) => `${b.length}`);
      expect(image).toEqual({
        segments: [{ address: 0, bytes }],
        source: { sha256: `${bytes.length}`, byteLength: bytes.length },
      });
    }),
  );
});

test('claims anything of 512 bytes or more, less surely than any other format', () => {
  expect(format.detect(new Uint8Array(511), 'a.bin')).toBeNull();
  expect(format.detect(new Uint8Array(512), 'a.txt')?.confidence).toBe(0.1);
});
