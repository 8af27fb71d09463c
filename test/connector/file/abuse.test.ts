import exceljs from 'exceljs';
import iconv from 'iconv-lite';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileEntity } from '../../../src/connector/file/declaration.ts';
import { all, at, csv, drop, eventually, header, houses, open, row, signal, type Opened } from './file-kit.ts';

/* What a file should not be: no row and no value is lost, or becomes another one, without a word. */

/** Number, line, code and column of each row that was left out. */
function rejects(): string[] {
  const folder = join(at.root, 'files/housing-fund/rejects');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 4).join(' ')),
  );
}

/** What became of the files that lay there. */
async function tried(file: FileEntity = csv, settings: object = { rejectPercent: 90 }): Promise<Opened> {
  const opened = open(file, settings);
  await opened.source.ready?.(signal());
  return opened;
}

describe('a CSV', () => {
  test('with a quote that opens by mistake is refused: it would swallow rows up to the next one', async () => {
    const rows = ['H2', 'H3', 'H4'].map((house) => row(house)).join('');
    drop('FUND_20241105.csv', `${header}${row('H1', '1', '"甲')}${rows}${row('H5', '5', '"乙')}${row('H6')}`);
    const { problems, funds } = await tried();
    expect(problems.join()).toMatch(/refused \(NO_CSV\): the row that begins at line 2 /);
    await expect(houses(funds)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
  });

  test('with line breaks, quotes and delimiters in cells keeps them', async () => {
    drop(
      'FUND_20241105.csv',
      `${header}H1,1,2026-11-05 10:00:00,"甲\r\n""乙"", 丙",x\nH2,2,2026-11-05 10:00:00,"""丁""\n戊","x, ""\n"\nH3,3,2026-11-05 10:00:00,己"庚",x\n`,
    );
    const { funds } = await tried();
    expect((await all(funds)).map((r) => r['owner'])).toEqual(['甲\r\n"乙", 丙', '"丁"\n戊', '己"庚"']);
  });

  test('leaves out each row that is no row, and says which', async () => {
    drop(
      'FUND_20241105.csv',
      `${header}${row('H1')}H2,1,2026-11-05 10:00:00,甲\n\nH3,1,2026-11-05 10:00:00,甲,x,y\n${row('H1', '7')},,,,\n${row('H4')}`,
    );
    const { funds, problems } = await tried();
    expect(await houses(funds)).toEqual(['H1', 'H4']);
    expect(rejects()).toEqual(['2 3 RAGGED_ROW ', '3 5 RAGGED_ROW ', '4 6 DUPLICATE_KEY 房屋', '5 7 MISSING_KEY 房屋']);
    expect(problems.join()).toContain('4 of the 6 rows');
    expect((await all(funds))[0]).toMatchObject({ balance: 100 });
  });

  const marked = (encoding: 'utf-8' | 'gb18030' | 'utf-16le', addBOM = true): Buffer =>
    iconv.encode(header + row('H1', '5', '欧阳\u{20000}'), encoding, { addBOM });
  test.each([
    ['utf-8', marked('utf-8')],
    ['utf-8', marked('utf-8', false)],
    ['utf-16le', marked('utf-16le')],
    ['gb18030', Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), marked('gb18030')])],
  ] as const)('in %s is read, its byte order mark being no part of it', async (encoding, bytes) => {
    drop('FUND_20241105.csv', bytes);
    const { funds } = await tried({ ...csv, format: { kind: 'csv', encoding } });
    expect(await all(funds)).toMatchObject([{ house: 'H1', owner: '欧阳\u{20000}' }]);
  });

  test.each([
    ['a declared column twice', `房屋,余额,时间,业主,房屋\n${row('H1')}`, /COLUMNS.*房屋/],
    ['no declared column of that name', `房屋号,余额,时间,业主,备注\n${row('H1')}`, /COLUMNS.*房屋/],
    ['the mark of another encoding', marked('utf-8'), /ENCODING/],
    ['UTF-8 under another name', iconv.encode(header + row('H1'), 'utf-8'), /COLUMNS/],
  ])('with %s is refused', async (_, content, why) => {
    drop('FUND_20241105.csv', content);
    expect((await tried()).problems.join()).toMatch(why);
  });

  test('with a column twice that nobody reads is read', async () => {
    drop('FUND_20241105.csv', `房屋,余额,时间,业主,备注,备注\n${row('H1').trim()},y\n`);
    expect(await houses((await tried()).funds)).toEqual(['H1']);
  });
});

describe('a file', () => {
  test('under the name of one in the making is none, until it has its own', async () => {
    for (const name of ['.FUND_20241105.csv', '~$FUND_20241105.csv', 'FUND_20241105.csv.tmp', 'FUND_20241105.csv.part'])
      writeFileSync(join(at.drops, name), iconv.encode(header + row('H9'), 'gb18030'));
    const { funds } = await tried();
    await expect(houses(funds)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
    renameSync(join(at.drops, 'FUND_20241105.csv.tmp'), join(at.drops, 'FUND_20241105.csv'));
    await eventually(funds).toEqual(['H9']);
  });

  test('that is dated in the future does not keep those of today out', async () => {
    drop('FUND_20990101.csv', header + row('H9'));
    drop('FUND_20241105.csv', header + row('H1'));
    const { funds, problems } = await tried();
    expect(await houses(funds)).toEqual(['H1']);
    drop('FUND_20241106.csv', header + row('H2'));
    await eventually(funds).toEqual(['H2']);
    expect(problems).toEqual(['housing-fund: Fund: a file of 2099-01-01 is dated in the future: it waits for its day']);
  });

  test('and others that cannot be taken, however many, do not keep a whole one out', async () => {
    for (let i = 1; i <= 28; i++) drop(`FUND_209902${String(i).padStart(2, '0')}.csv`, header + row('H9'));
    for (let i = 10; i < 60; i++) symlinkSync('/dev/null', join(at.drops, `FUND_20241106_10${i}.csv`));
    drop('FUND_20241105.csv', header + row('H1'));
    expect(await houses((await tried()).funds)).toEqual(['H1']);
  });

  test('of another folder is not this source’s, though it is newer', async () => {
    drop('FUND_20241105.csv', header + row('H1'));
    const before = await tried();
    expect(await houses(before.funds)).toEqual(['H1']);
    await before.source.close();
    const elsewhere = join(at.root, 'elsewhere');
    mkdirSync(elsewhere);
    const moved = open(csv, { folder: elsewhere });
    await moved.source.ready?.(signal());
    await expect(houses(moved.funds)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
    writeFileSync(join(elsewhere, 'FUND_20241101.csv'), iconv.encode(header + row('REAL-1'), 'gb18030'));
    await eventually(moved.funds).toEqual(['REAL-1']);
  });

  test('that takes another’s name while that one is read counts, whole', async () => {
    const many = (owner: string): string =>
      header + Array.from({ length: 30_000 }, (_, i) => row(`H${i}`, '1', owner)).join('');
    drop('FUND_20241105.csv', many('甲'));
    const { funds, problems } = open();
    // From the second look on the first one is read.
    await new Promise((resolve) => setTimeout(resolve, 1_150));
    drop('FUND_20241105.csv', many('乙'));
    const owners = async (): Promise<unknown> => {
      const groups = await funds.countBy(['owner'], { kind: 'always' }, signal()).catch(() => []);
      return groups.map((g) => [g.values[0], g.count]);
    };
    await expect.poll(owners, { timeout: 20_000, interval: 100 }).toEqual([['乙', 30_000]]);
    expect(problems).toEqual([]);
  });

  test('whose content changes under the date and the size that it had is noticed by its checksum', async () => {
    const file: FileEntity = { ...csv, checksum: 'sideFile' };
    drop('FUND_20241105.csv', header + row('H1'), true);
    const time = new Date();
    writeFileSync(join(at.drops, 'FUND_20241105.csv'), iconv.encode(header + row('H2'), 'gb18030'));
    utimesSync(join(at.drops, 'FUND_20241105.csv'), time, time);
    expect((await tried(file)).problems.join()).toMatch(/refused \(CHECKSUM\)/);
  });
});

describe('a workbook', () => {
  const book: FileEntity = { ...csv, name: 'FUND_*.xlsx', format: { kind: 'excel', sheet: 1 } };
  async function dropBook(fill: (sheet: exceljs.Worksheet) => void, before = 0): Promise<void> {
    const workbook = new exceljs.Workbook();
    for (let i = 0; i < before; i += 1) {
      const other = workbook.addWorksheet(`other ${i}`);
      other.addRow(['a', 'b']);
      other.addRow(['c']);
      other.mergeCells('A1:A2');
    }
    const sheet = workbook.addWorksheet('余额');
    sheet.addRow(['房屋', '余额', '时间', '业主']);
    fill(sheet);
    const path = join(at.root, 'made.xlsx');
    await workbook.xlsx.writeFile(path);
    drop('FUND_20241105.xlsx', readFileSync(path));
  }
  const day = new Date(Date.UTC(2026, 10, 5, 10, 0, 0));

  test('of which cells are merged over rows is refused: all but the first would be empty', async () => {
    await dropBook((sheet) => {
      sheet.addRow(['H1', 1, day, '甲']);
      sheet.addRow(['H2', 2, day, null]);
      sheet.mergeCells('D2:D3');
    });
    expect((await tried(book)).problems.join()).toMatch(/refused \(MERGED_CELLS\)/);
  });

  test('whose title, or another sheet, has merged cells is read', async () => {
    await dropBook((sheet) => {
      sheet.insertRow(1, ['房屋维修资金']);
      sheet.insertRow(2, []);
      sheet.mergeCells('A1:D2');
      sheet.addRow(['H1', 1, day, '甲']);
    }, 1);
    const { funds, problems } = await tried({ ...book, format: { kind: 'excel', sheet: '余额', headerRow: 3 } });
    expect(problems).toEqual([]);
    expect(await houses(funds)).toEqual(['H1']);
  });

  test('does not give a number that it has rounded for the code that it was', async () => {
    await dropBook((sheet) => {
      sheet.addRow([Number('350102199001011234'), 1, day, '甲']);
      sheet.addRow([3_501_021_990_010_112, 1, day, '甲']);
      sheet.addRow([350_102_199_001_011, 1, day, '甲']);
      sheet.addRow(['H1', 1, day, 1.1 + 2.2]);
    });
    const { funds } = await tried(book);
    expect((await all(funds)).map((r) => [r['house'], r['owner']])).toEqual([
      ['350102199001011', '甲'],
      ['H1', '3.3'],
    ]);
    expect(rejects()).toEqual(['1 2 BAD_CELL 房屋', '2 3 BAD_CELL 房屋']);
  });

  test('with rich texts, links, formulas, errors, empty rows and cells beyond the header', async () => {
    await dropBook((sheet) => {
      sheet.addRow(['H1', 1, day, { richText: [{ text: '林' }, { text: '秀兰', font: { bold: true } }] }]);
      sheet.addRow([]);
      sheet.addRow([
        { text: 'H2', hyperlink: 'http://h' },
        { formula: '1+1', result: 2 },
        day,
        { formula: '"甲"', result: '甲' },
      ]);
      sheet.addRow(['H3', { formula: '1/0', result: { error: '#DIV/0!' } }, day, '乙']);
      sheet.addRow(['H4', 4, day, '丙', 'beyond']);
      sheet.addRow(['H5', 5, { formula: 'A1', result: day }, null]);
      sheet.addRow([null, 6, day, '丁']);
      sheet.addRow(['H1', 7, day, '戊']);
    });
    const { funds } = await tried(book);
    const time = '2026-11-05T10:00:00+08:00';
    expect(await all(funds)).toEqual([
      { house: 'H1', balance: 1, at: time, owner: '林秀兰' },
      { house: 'H2', balance: 2, at: time, owner: '甲' },
      { house: 'H5', balance: 5, at: time, owner: null },
    ]);
    expect(rejects()).toEqual([
      '3 5 BAD_CELL 余额',
      '4 6 RAGGED_ROW ',
      '6 8 MISSING_KEY 房屋',
      '7 9 DUPLICATE_KEY 房屋',
    ]);
  });
});
