/** `image.checksum` of a definition: one, or a list of them. */
import type { ChecksumDefinition } from '../../core/checksum-model.ts';
import type { ByteOrder } from '../../core/model.ts';
import type { Fields } from './fields.ts';

const KINDS = [
  'sum8',
  'sum16',
  'sum32',
  'crc16-ccitt-false',
  'crc16-xmodem',
  'crc16-kermit',
  'crc16-arc',
  'crc16-modbus',
  'crc32',
] as const;
const KNOWN = ['kind', 'complement', 'byteOrder', 'from', 'to', 'storedAt', 'equals', 'title'];
const MAX_ADDRESS = 0xffff_ffff;

export function readChecksum(value: unknown, place: string, byteOrder: ByteOrder, fields: Fields): ChecksumDefinition {
  const raw = fields.object(value, place, KNOWN);
  const kind = fields.choice(raw['kind'], `${place}.kind`, KINDS, 'sum8');
  const complement = fields.choice(raw['complement'], `${place}.complement`, ['none', 'ones', 'twos'] as const, 'none');
  const isSum = kind.startsWith('sum');
  const bytes = isSum ? ((Number(kind.slice(3)) / 8) as 1 | 2 | 4) : kind === 'crc32' ? 4 : 2;
  const optional = (name: string, high: number): number | null =>
    raw[name] === undefined ? null : fields.integer(raw[name], `${place}.${name}`, 0, high);
  if (!isSum && complement !== 'none') fields.fault(`${place}.complement`, 'only a sum has one');
  return {
    title: fields.text(raw['title'], `${place}.title`, 'whole image'),
    method: !isSum ? kind : complement === 'none' ? 'sum' : complement === 'ones' ? 'onesComplement' : 'twosComplement',
    regions: [
      {
        from: fields.integer(raw['from'], `${place}.from`, 0, MAX_ADDRESS, 0),
        to: optional('to', MAX_ADDRESS),
      },
    ],
    elementBytes: isSum ? bytes : 1,
    storedBytes: bytes,
    byteOrder: fields.choice(raw['byteOrder'], `${place}.byteOrder`, ['big', 'little'] as const, byteOrder),
    storedAt: optional('storedAt', MAX_ADDRESS),
    equals: optional('equals', 2 ** (8 * bytes) - 1),
  };
}
