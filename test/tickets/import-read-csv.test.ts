import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { sourceSchema } from '../../src/tickets/import/mapping-schema.ts';
import type { CsvRow } from '../../src/csv/csv-rows.ts';
import { openCsv } from '../../src/tickets/import/read-csv.ts';
import { detectEncoding, inspectSource } from '../../src/tickets/import/source-file.ts';
import { temporaryFolder } from './import-kit.ts';

interface Read {
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

async function read(data: string | Buffer, settings: Record<string, unknown> = {}): Promise<Read> {
  const path = join(temporaryFolder(), 'in.csv');
  writeFileSync(path, data);
  const rule = sourceSchema.parse({ system: 's', ...settings });
  const source = await inspectSource(path, rule.encoding);
  const { header, delimiter, rows } = await openCsv(source, rule);
  const all: CsvRow[] = [];
  for await (const row of rows) all.push(row);
  return { encoding: source.encoding, delimiter, header, rows: all };
}

const text = '编号,内容\n1,噪声\n2,"𠮷野家, 门口\n积水"\n';
const expected = [
  { row: 1, line: 2, cells: ['1', '噪声'] },
  { row: 2, line: 3, cells: ['2', '𠮷野家, 门口\n积水'] },
];

test.each([
  ['utf-8', Buffer.from(text)],
  ['utf-8', Buffer.from(`\uFEFF${text}`)],
  ['utf-16le', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
  ['gb18030', iconv.encode(text, 'gb18030')],
])('%s is found and decoded', async (encoding, data) => {
  expect(await read(data)).toEqual({ encoding, delimiter: ',', header: ['编号', '内容'], rows: expected });
});

test('the first MiB decides, even when it ends inside a character', () => {
  const head = Buffer.from(`aa${'噪'.repeat(400_000)}`).subarray(0, 1 << 20);
  expect([detectEncoding(head, false, 'auto'), detectEncoding(head, true, 'auto')]).toEqual(['utf-8', 'gb18030']);
});

test('a mapping that contradicts the byte order mark is refused, and so is half a character', async () => {
  await expect(read(Buffer.from('\uFEFFa', 'utf16le'), { encoding: 'gb18030' })).rejects.toThrow(/use encoding: auto/);
  await expect(read(Buffer.concat([Buffer.from('\uFEFFa', 'utf16le'), Buffer.of(65)]))).rejects.toThrow(/cut off/);
  await expect(read(iconv.encode(text, 'gb18030'), { encoding: 'utf-8' })).rejects.toThrow(/does not read as utf-8/);
});

test('lines are counted over blank lines, quoted breaks and all three line ends', async () => {
  const { rows } = await read('a,b\r\n1,"2\r\n3"\r\n\r\n4,5\n\n\n6,7\r8,9');
  expect(rows).toEqual([
    { row: 1, line: 2, cells: ['1', '2\r\n3'] },
    { row: 2, line: 5, cells: ['4', '5'] },
    { row: 3, line: 8, cells: ['6', '7'] },
    { row: 4, line: 9, cells: ['8', '9'] },
  ]);
});

test('skipped lines may hold quotes and any line end', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const { header, rows } = await read(`report "x,${end}made, "today${end}a,b${end}1,2${end}`, { skipLines: 2 });
    expect([header, rows]).toEqual([['a', 'b'], [{ row: 1, line: 4, cells: ['1', '2'] }]]);
  }
});

test.each([',', ';', '\t', '|'])('the delimiter %j is found', async (delimiter) => {
  const found = await read(`${['"a,;|b"', 'c', 'd'].join(delimiter)}\n${['1', '2', '3'].join(delimiter)}\n`);
  expect([found.delimiter, found.header]).toEqual([delimiter, ['a,;|b', 'c', 'd']]);
});

test('stray quotes stay in their cells; other quoting is a setting', async () => {
  expect((await read('a,b\n1,5" pipe\n"q"z,2\n')).rows.map((row) => row.cells)).toEqual([
    ['1', '5" pipe'],
    ['"q"z', '2'],
  ]);
  expect((await read("a,b\n'1,1',2\n", { quote: "'" })).rows[0]?.cells).toEqual(['1,1', '2']);
  expect((await read('a,b\n"1,2\n', { quote: false })).rows[0]?.cells).toEqual(['"1', '2']);
});

test('a quote that never ends stops with the line where its row begins', async () => {
  await expect(read('a,b\n1,2\n3,"4\n5,6\n')).rejects.toThrow(
    /row that begins at line 3 has a quote that is never closed/,
  );
  await expect(read(`a,b\n3,"4${'x'.repeat(9 << 20)}`)).rejects.toThrow(/begins at line 2 is longer than 8 MiB/);
});

test('a quote that ends rows later, within a cell, stops with the line where its row begins', async () => {
  await expect(read('a,b\n1,2\n3,"4\n5,6\n7,"8\n')).rejects.toThrow(
    /row that begins at line 3 has a quote that ends within a cell/,
  );
  expect((await read('a,b\n"1\n""2""\n",3\n')).rows[0]?.cells).toEqual(['1\n"2"\n', '3']);
});

test('a file without a header is refused', async () => {
  await expect(read('')).rejects.toThrow(/has no header line/);
  await expect(read('a\nb\n', { skipLines: 2 })).rejects.toThrow(/has no header line after 2 lines/);
});
