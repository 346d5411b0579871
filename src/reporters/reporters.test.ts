import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { reporters } from '../generated/reporters.ts';
import { widthOf, wrap } from './terminal/layout.ts';
import { advised, documentOf, HOSTILE, refused, risky, safe, undecided } from './test-documents.ts';
import { mapCsv } from './views/map-views.ts';

const documents = {
  risky: documentOf([risky()]),
  safe: documentOf([safe()]),
  advised: documentOf([advised()]),
  undecided: documentOf([undecided()]),
  refused: documentOf([refused()]),
  several: documentOf([safe(), undecided(), refused(), risky()]),
  errors: documentOf([], [{ code: 'BROKEN', message: HOSTILE, hint: '' }]),
};
const view = { width: 100, colour: false, all: true, notChecked: true, verbose: true, stored: true };
/** What a terminal would act on, or what hides text from a person. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe.each(Object.keys(reporters))('%s', (id) => {
  test.each(Object.entries(documents))('%s: renders, and nothing of a hostile title acts', async (_, document) => {
    const text = (await reporters[id]!()).render(document, view);
    expect(text.length).toBeGreaterThan(0);
    // JSON escapes control characters by itself; direction marks stay data there.
    if (!/json|sarif/.test(id)) expect(text).not.toMatch(ACTIVE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for it is the point
    expect(text).not.toMatch(/\u001b/);
    if (id === 'html') expect(text).not.toContain('<script>alert');
    if (id === 'csv') for (const line of text.split('\n')) expect(line).not.toMatch(/(^|,)=cmd/);
  });
});

describe('the verdict in a sentence is in every report for people, and before everything else', () => {
  test.each(['terminal', 'html', 'markdown', 'csv', 'junit', 'sarif'])('%s', async (id) => {
    const { render } = await reporters[id]!();
    const of = (name: keyof typeof documents): string => render(documents[name], view);
    expect(of('risky')).toContain('DO NOT RIDE');
    expect(of('undecided')).toContain('UNKNOWN');
    expect(of('safe')).toMatch(/FINE|NOTHING FOUND|WITH CARE/);
    // To a CI server a refused file is an error, and no more.
    if (id !== 'junit') expect(of('refused')).toMatch(/UNKNOWN|Whether it is safe to ride is unknown/);
    if (['terminal', 'html', 'markdown'].includes(id))
      expect(of('risky').indexOf('DO NOT RIDE')).toBeLessThan(of('risky').indexOf('Spark over stock at full load'));
  });
});

describe('what people read is the same in each report for people', () => {
  test.each(['terminal', 'html', 'markdown'])(
    '%s: facts, the place of a fault, what it was held against, and a picture',
    async (id) => {
      const text = (await reporters[id]!()).render(documents.risky, { ...view, all: false });
      expect(text).toMatch(/2 maps, 3 cells · against the stock file/);
      expect(text.toLowerCase()).toMatch(/against stock/);
      expect(text).toMatch(
        /4 of 5 danger areas; not judged: full-load mixture|4 of 5 danger areas; not judged\\?: full\\?-load mixture/,
      );
      // The picture: its corner and a marked cell.
      expect(text).toMatch(/rpm \\ throttle %/);
      expect(text).toMatch(/\d!/);
    },
  );

  test('html: several files are listed with their verdicts, each a link to its report', async () => {
    const page = (await reporters['html']!()).render(documents.several, view);
    expect(page.match(/<a href="#file-\d">/g)).toHaveLength(4);
    expect(page.match(/<h2 id="file-\d">/g)).toHaveLength(4);
    expect(page).not.toMatch(/<script|https?:\/\/(?!x)/);
  });

  test('html: a change keeps the decimals of its map', async () => {
    const report = risky();
    const lambda = {
      ...report.exhibits[0]!,
      digits: 2,
      cells: [0.99, 0.9],
      stockCells: [0.88, 0.9],
      flagged: [1, 0],
      rows: 1,
      columns: 2,
      axes: [],
    };
    const page = (await reporters['html']!()).render(documentOf([{ ...report, exhibits: [lambda] }]), view);
    expect(page).toContain('>+0.11!<');
    expect(page).toContain('class="same">0.00<');
  });

  test('terminal: unasked a picture of each map that has to be mended, three at most', async () => {
    const report = risky();
    const [first] = report.exhibits;
    const many = Array.from({ length: 5 }, (_, i) => ({
      ...first!,
      map: { id: `m${i}`, title: `Map number ${i}` },
      findingIds: [`f${i}`, 'rule:map'],
    }));
    const twin = { ...many[0]!, map: { id: 'twin', title: 'Map number 9' } };
    const { render } = await reporters['terminal']!();
    const drawn = (all: boolean): string[] =>
      render(documentOf([{ ...report, exhibits: [many[0]!, twin, ...many.slice(1)] }]), { ...view, all }).match(
        /Map number \d/g,
      ) ?? [];
    expect([drawn(false), drawn(true).length]).toEqual([['Map number 0', 'Map number 1', 'Map number 2'], 6]);
    expect(render(documentOf([{ ...report, exhibits: many }]), { ...view, all: false })).toContain('+ 2 more maps');
  });
});

describe('machines can read it', () => {
  test.each(Object.entries(documents))('%s', async (name, document) => {
    expect(JSON.parse((await reporters['json']!()).render(document, view))).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
    const log = JSON.parse((await reporters['sarif']!()).render(document, view));
    expect(log.version).toBe('2.1.0');
    const xml = new SaxesParser();
    xml.on('error', (error) => {
      throw error;
    });
    xml.write((await reporters['junit']!()).render(document, view)).close();
    if (name === 'risky') {
      // One high finding fails, a note does not; what is counted is what is there.
      const suite = (await reporters['junit']!()).render(document, view);
      expect(suite).toMatch(/tests="4" errors="0" failures="1" skipped="1"/);
      expect([suite.match(/<failure/g)?.length, suite.match(/<skipped/g)?.length]).toEqual([1, 1]);
      expect(suite).toContain('<system-out>note: ');
    }
    if (name === 'undecided') {
      expect((await reporters['junit']!()).render(document, view)).toContain('errors="1"');
      expect(log.runs[0].results).toHaveLength(1);
    }
  });
});

describe('terminal', () => {
  test.each([40, 60, 80, 100, 140])('no line is wider than %i columns, with and without colour', async (width) => {
    const { render } = await reporters['terminal']!();
    for (const document of Object.values(documents)) {
      for (const colour of [false, true]) {
        for (const all of [false, true]) {
          const text = render(document, { ...view, width, colour, all });
          for (const line of text.split('\n')) expect([widthOf(line) <= width, line]).toEqual([true, line]);
        }
      }
    }
  });

  test('several files: the danger first, what was not judged before what is fine', async () => {
    const text = (await reporters['terminal']!()).render(documents.several, { ...view, verbose: false });
    const order = ['tune.bin', 'half.bin', 'safe.bin'].map((name) => text.indexOf(name));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('what was not stored is not said to be shown again', async () => {
    const document = documentOf([{ ...risky('tune.bin'), analysisId: 'cafe0123cafe0123' }]);
    const { render } = await reporters['terminal']!();
    const words = { ...view, all: false };
    expect(render(document, words)).toContain('revsync show cafe0123 --all');
    expect(render(document, { ...words, stored: false })).not.toMatch(/cafe0123|revsync show/);
  });

  test('a file name is no command', async () => {
    const document = documentOf([risky('x; rm -rf ~.bin')]);
    expect((await reporters['terminal']!()).render(document, view)).toContain("revsync analyze 'x; rm -rf ~.bin'");
  });
});

test('wrapping ends for every text and every width', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: -5, max: 200 }),
      fc.constantFrom('', '    '),
      (text, width, indent) => {
        for (const line of wrap(text, width, indent))
          expect(widthOf(line)).toBeLessThanOrEqual(Math.max(width, indent.length + 4));
      },
    ),
    { numRuns: 300 },
  );
});

test('a spreadsheet starts no formula, a terminal no escape, from the title of a map', () => {
  const map = {
    title: HOSTILE,
    rows: 1,
    columns: 1,
    axes: [],
    cells: Float64Array.of(1),
  } as unknown as Parameters<typeof mapCsv>[0];
  expect(mapCsv({ ...map, title: '=1+1' })).toMatch(/^'=1\+1/);
  expect(mapCsv(map)).not.toMatch(ACTIVE);
});
