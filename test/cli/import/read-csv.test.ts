import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvOptions, readCsv } from '../../../src/cli/import/read-csv.ts';
import { readNdjson } from '../../../src/cli/import/read-ndjson.ts';
import { isBad, type RowItem } from '../../../src/cli/import/row.ts';

async function* cut(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function collect(items: AsyncIterable<RowItem>): Promise<RowItem[]> {
  const all: RowItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const read = (text: string | Buffer, options?: CsvOptions, size = 1 << 20) =>
  collect(readCsv(cut(text, size), options));

/** Rows as `[line, ...cells]`, bad ones as `[line, reason]`. */
async function readPlain(text: string | Buffer, size?: number): Promise<unknown[][]> {
  const rows = await read(text, {}, size);
  return rows.map((item) =>
    isBad(item) ? [item.line, item.reason] : [item.line, ...Object.values(item.values)],
  );
}

const NOT_CLOSED = 'begins a quoted text that never ends';

describe('CSV', () => {
  test.each([1, 7, 1_000_000])(
    'quotes, line breaks, empty lines and both line ends, in chunks of %i',
    async (size) => {
      const text = 'a,b\r\n1,2\n"x\ny",3\n\n4,"5""6"\nbad"q,7\n10,"x"y\n11,12\r\n13,';
      expect(await readPlain(text, size)).toEqual([
        [2, '1', '2'],
        [3, 'x\ny', '3'],
        [6, '4', '5"6'],
        [7, 'bad"q', '7'],
        [8, '10', '"x"y'],
        [9, '11', '12'],
        [10, '13', ''],
      ]);
    },
  );

  test('a row with too few or too many columns is rejected alone', async () => {
    expect(await readPlain('a,b\n1\n1,2,3\n1,2\n')).toEqual([
      [2, 'has 1 columns where the header has 2'],
      [3, 'has 3 columns where the header has 2'],
      [4, '1', '2'],
    ]);
  });

  test('a quote that swallows rows says which lines', async () => {
    const [row] = await readPlain('a,b\n"1,2\n3,4\n5,6"\n7,8\n');
    expect(row).toEqual([2, expect.stringContaining('on lines 2 to 4: is a quote not closed?')]);
  });

  test.each([3, 100_000])('a quote that is never closed costs one line, in chunks of %i', async (size) => {
    expect(await readPlain('a,b\n1,2\n"3,4\n5,6\n"7,8\n9,10', size)).toEqual([
      [2, '1', '2'],
      [3, 'has a quote where none can be'],
      [4, '5', '6'],
      [5, NOT_CLOSED],
      [6, '9', '10'],
    ]);
    expect(await readPlain('a,b\n3,4\n5,"6\n7,8', size)).toEqual([
      [2, '3', '4'],
      [3, NOT_CLOSED],
      [4, '7', '8'],
    ]);
  });

  test.each([1_000, 1_000_000])('a huge field costs its line, in chunks of %i', async (size) => {
    const huge = 'z'.repeat(300_000);
    const rows = await readPlain(`a,b\n1,2\n3,"${huge}\n4,5\n6,${huge}\n7,8\n`, size);
    expect(rows.map(([line, first]) => [line, first])).toEqual([
      [2, '1'],
      [3, expect.stringContaining('longer than 256 KB')],
      [4, '4'],
      [5, expect.stringContaining('longer than 256 KB')],
      [6, '7'],
    ]);
  });

  test('the delimiter is found in the header, or said by Excel', async () => {
    expect(await readPlain('a;"b,c,d"\n1;2\n')).toEqual([[2, '1', '2']]);
    expect(await readPlain('a\tb\n1\t2,5\n')).toEqual([[2, '1', '2,5']]);
    expect(await readPlain('sep=;\r\na;b\r\n1;2\r\n')).toEqual([[3, '1', '2']]);
    expect(await read('a,b;c\n1,2;3\n', { delimiter: ';' })).toEqual([
      { line: 2, values: { 'a,b': '1,2', c: '3' } },
    ]);
  });

  test('bytes that are no UTF-8 are rejected with their column', async () => {
    const rows = await read(Buffer.from('name,city\nJürgen,Köln\nAda,Berlin\n', 'latin1'));
    expect(rows).toEqual([
      {
        line: 2,
        reason: 'has bytes in the column name that are no UTF-8: say --encoding',
        row: expect.anything(),
      },
      { line: 3, values: { name: 'Ada', city: 'Berlin' } },
    ]);
  });

  test('a header that cannot be used is an error that says why', async () => {
    await expect(read('')).rejects.toThrow('the file is empty');
    await expect(read('a,b,a\n1,2,3\n')).rejects.toThrow('names the column "a" twice');
    await expect(read('\n\n')).rejects.toThrow('has no header');
    await expect(read(Buffer.from('Größe\n1\n', 'latin1'))).rejects.toThrow('--encoding');
    expect(await read('1,2\n', { columns: ['a', 'b'] })).toEqual([{ line: 1, values: { a: '1', b: '2' } }]);
  });

  test('whatever is in the cells, rows come out as they were written', async () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', '""', ',', '\n', '\r\n', 'ä🦊', ' '));
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (cells, size) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['a,b', ...cells.map((row) => row.map(quote).join(','))].join('\n');
        const rows = await read(text, {}, size);
        expect(rows.map((row) => (isBad(row) ? row.reason : [row.values.a, row.values.b]))).toEqual(cells);
      }),
      { numRuns: 200 },
    );
  });
});

describe('NDJSON', () => {
  test.each([1, 1_000])(
    'objects with what is in them, and bad lines alone, in chunks of %i',
    async (size) => {
      const text = '{"a": 1, "b": {"c": "ä", "d": [1]}}\n\n[1]\n{"a":\n"x"\n{"a": 2}';
      expect(await collect(readNdjson(cut(text, size)))).toEqual([
        { line: 1, values: { a: 1, b: { c: 'ä', d: [1] }, 'b.c': 'ä', 'b.d': [1] } },
        { line: 3, reason: 'is no JSON object', row: '[1]' },
        { line: 4, reason: expect.stringContaining('is no JSON'), row: '{"a":' },
        { line: 5, reason: 'is no JSON object', row: '"x"' },
        { line: 6, values: { a: 2 } },
      ]);
    },
  );

  test('a huge line costs itself', async () => {
    const text = `{"a": 1}\n{"a": "${'z'.repeat(300_000)}"}\n{"a": 3}\n`;
    const rows = await collect(readNdjson(cut(text, 10_000)));
    expect(rows.map((row) => (isBad(row) ? row.reason : row.values.a))).toEqual([
      1,
      'is longer than 256 KB',
      3,
    ]);
  });
});
