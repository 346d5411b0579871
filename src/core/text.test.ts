import { expect, test } from 'vitest';
import { headText } from './text.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

test('the head of a text, whatever its encoding; of an image nothing', () => {
  const xml = '<?xml version="1.0"?><XDFFORMAT>\r\n\t<title>°C</title>';
  expect(headText(utf8(xml), 8_192)).toBe(xml);
  expect(headText(utf8(xml), 5)).toBe('<?xml');
  expect(headText(Uint8Array.from(Buffer.from(xml, 'latin1')), 8_192)).toBe(xml);
  expect(headText(utf16(`\ufeff${xml}`), 8_192)).toBe(xml);
  expect(headText(utf16(xml), 8_192)).toBe(xml);
  // A stray byte is a damaged text.
  expect(headText(utf8(`${xml}${'.'.repeat(60)}\0`), 8_192)).toContain('\0');
  expect(headText(Uint8Array.of(0x12, 0x34, 0x00, 0x40, 0x3c, 0x58), 8_192)).toBe('');
  expect(headText(new Uint8Array(0), 8_192)).toBe('');
});
