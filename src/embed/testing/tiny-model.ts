/**
 * A sentence model made for tests: a BERT tokenizer over a few words and an ONNX graph that looks each up in a table, so that a vector
 * is known by hand. It has the files, the dimensions and at least the size of the real one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
/** The real graph is larger than 1 MB, and a smaller one is taken for damaged: 700 rows of 384 float32. */
const ROWS = 700;
const DIMENSIONS = 384;

/**
 * @param folder of models; the model's files are written below `name`
 * @param words each with the few first numbers of its vector; a text's vector is their mean, made length 1
 */
export function writeTinyModel(folder: string, name: string, words: Record<string, number[]>): void {
  const own = join(folder, name);
  mkdirSync(join(own, 'onnx'), { recursive: true });
  const vocabulary = [...SPECIAL, ...Object.keys(words)];
  const table = new Float32Array(ROWS * DIMENSIONS);
  for (const [i, numbers] of Object.values(words).entries()) table.set(numbers, (SPECIAL.length + i) * DIMENSIONS);
  const json = (file: string, value: object): void => writeFileSync(join(own, file), JSON.stringify(value));
  json('config.json', { model_type: 'bert', architectures: ['BertModel'], hidden_size: DIMENSIONS, vocab_size: ROWS });
  json('tokenizer_config.json', { tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: 512 });
  json('tokenizer.json', tokenizerOf(vocabulary));
  writeFileSync(join(own, 'onnx/model_quantized.onnx'), graphOf(table));
}

function tokenizerOf(vocabulary: readonly string[]): object {
  const special = (id: string, type = 0): object => ({ SpecialToken: { id, type_id: type } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}

// ---------------------------------------------------------------- ONNX (onnx.proto3), as far as one Gather needs it

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let left = number;
  do {
    bytes.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(bytes);
}
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field: number, value: Uint8Array | string): Buffer => {
  const body = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
};
const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts));

const FLOAT = 1;
const INT64 = 7;

/** ValueInfoProto with named dimensions. */
const value = (field: number, name: string, type: number, dimensions: readonly string[]): Buffer =>
  message(
    field,
    bytes(1, name),
    message(2, message(1, number(1, type), message(2, ...dimensions.map((d) => message(1, bytes(2, d)))))),
  );

function graphOf(table: Float32Array): Buffer {
  const node = message(1, bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'last_hidden_state'), bytes(4, 'Gather'));
  const weights = message(
    5,
    number(1, ROWS),
    number(1, DIMENSIONS),
    number(2, FLOAT),
    bytes(8, 'table'),
    bytes(9, new Uint8Array(table.buffer)),
  );
  const input = value(11, 'input_ids', INT64, ['batch', 'sequence']);
  const output = value(12, 'last_hidden_state', FLOAT, ['batch', 'sequence', 'hidden']);
  return Buffer.concat([
    number(1, 7),
    message(7, node, bytes(2, 'tiny'), weights, input, output),
    message(8, bytes(1, ''), number(2, 13)),
  ]);
}
