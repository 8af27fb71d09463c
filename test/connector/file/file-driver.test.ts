import exceljs from 'exceljs';
import iconv from 'iconv-lite';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileEntity } from '../../../src/connector/file/declaration.ts';
import { always } from '../../../src/connector/filter.ts';
import { provenanceOf } from '../../../src/connector/provenance.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { all, at, csv, drop, eventually, fund, header, houses, open, row, signal } from './file-kit.ts';

/* Files that an agency drops into a folder: real files, read as they come, and never half of one. */

describe('a CSV', () => {
  test('in GB18030 is read, found by its keys and by what it is joined by', async () => {
    drop(
      'FUND_20241105.csv',
      `${header}${row('H1', '5', '林秀兰')}${row('H2', '', '欧阳\u{20000}')}"H,3",7,,"引""号\n换行",\n`,
    );
    const { funds } = open();
    expect(await all(funds)).toEqual([
      { house: 'H,3', balance: 7, at: null, owner: '引"号\n换行' },
      { house: 'H1', balance: 5, at: '2026-11-05T10:00:00+08:00', owner: '林秀兰' },
      { house: 'H2', balance: null, at: '2026-11-05T10:00:00+08:00', owner: '欧阳\u{20000}' },
    ]);
    const load = { rows: always, order: fund.order, limitPerKey: 5, signal: signal() };
    expect(await funds.loadByKeys({ key: 'house', keys: ['H2', 'none', 'H1'], fields: ['balance'], ...load })).toEqual([
      [{ balance: null }],
      [],
      [{ balance: 5 }],
    ]);
    expect(await funds.loadByKeys({ key: 'owner', keys: ['林秀兰'], fields: ['house'], ...load })).toEqual([
      [{ house: 'H1' }],
    ]);
  });

  test('that is newer takes its place; an older one does not', async () => {
    drop('FUND_20241105.csv', header + row('H1'));
    const { funds } = open();
    expect(await houses(funds)).toEqual(['H1']);
    drop('FUND_20241106.csv', header + row('H1') + row('H2'));
    await eventually(funds).toEqual(['H1', 'H2']);
    drop('FUND_20241101.csv', header + row('H9'));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await houses(funds)).toEqual(['H1', 'H2']);
  });

  const bad: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['without a column', '房屋,余额,时间\nH9,1,\n', /column/i],
    [
      'of bytes that are no GB18030',
      Buffer.from([...iconv.encode(header, 'gb18030'), 0xff, 0xff, 0x0a]),
      /bytes|encod|GB18030|reject|bad/i,
    ],
    ['without rows', header, /row/i],
    ['of which too many rows are bad', `${header}${row('H9')}only,two\nonly\n`, /bad/],
    ['that is a web page', '<html><body>登录</body></html>', /column|row|bad/i],
  ];
  test.each(bad)('%s is refused: the last good one stays, and somebody is told once', async (_, content, why) => {
    drop('FUND_20241105.csv', header + row('H1'));
    const { funds, problems } = open();
    expect(await houses(funds)).toEqual(['H1']);
    drop('FUND_20241106.csv', content);
    await expect.poll(() => problems.length, { timeout: 8_000 }).toBe(1);
    expect(problems[0]).toMatch(/refused/);
    expect(problems[0]).toMatch(why);
    expect(problems[0]).not.toContain('H9');
    expect(await houses(funds)).toEqual(['H1']);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(problems).toHaveLength(1);
  });

  test('leaves bad rows out, up to their share, and writes down which and why', async () => {
    const good = Array.from({ length: 40 }, (_, i) => row(`H${i}`)).join('');
    drop('FUND_20241105.csv', `${header}${good}H1,5,,again,\nbad row\n`);
    const { funds, problems } = open();
    expect(await funds.count(always, signal())).toBe(40);
    const folder = join(at.root, 'files/housing-fund/rejects');
    const [file = ''] = readdirSync(folder);
    const rejects = readFileSync(join(folder, file), 'utf8');
    expect(rejects.trim().split('\n')).toHaveLength(3);
    expect(rejects).not.toMatch(/again|bad row/);
    expect(problems.join()).toContain('2 of the 42 rows');
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });
});

describe('a checksum beside the file', () => {
  const checked: FileEntity = { ...csv, checksum: 'sideFile' };

  test('is waited for, and must be right', async () => {
    drop('FUND_20241105.csv', header + row('H1'), true);
    const { funds, problems } = open(checked);
    expect(await houses(funds)).toEqual(['H1']);
    drop('FUND_20241106.csv', header + row('H2'));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await houses(funds)).toEqual(['H1']);
    expect(problems).toEqual([]);
    writeFileSync(join(at.drops, 'FUND_20241106.csv.sha256'), `${'0'.repeat(64)}\n`);
    await expect.poll(() => problems.join(), { timeout: 8_000 }).toMatch(/refused.*(?:SHA-256|checksum)/i);
    expect(await houses(funds)).toEqual(['H1']);
    drop('FUND_20241107.csv', header + row('H3'), true);
    await eventually(funds).toEqual(['H3']);
  });
});

describe('what keeps deliveries out is told once, and known until it is over', () => {
  test('a drop folder that has vanished', async () => {
    drop('FUND_20241105.csv', header + row('H1'));
    const { funds, source, problems } = open();
    await eventually(funds).toEqual(['H1']);
    expect(source.troubles?.()).toEqual([]);
    renameSync(at.drops, `${at.drops}.away`);
    await expect.poll(() => source.troubles?.(), { timeout: 8_000 }).toEqual(['Fund: its drop folder is not there']);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(problems).toEqual(['housing-fund: Fund: its drop folder is not there']);
    expect(await houses(funds)).toEqual(['H1']);
    renameSync(`${at.drops}.away`, at.drops);
    await expect.poll(() => source.troubles?.(), { timeout: 8_000 }).toEqual([]);
  });

  test.each([
    ['its checksum (NAME.sha256)', { ...csv, checksum: 'sideFile' }, '.sha256'],
    ['its marker (NAME.ok)', { ...csv, marker: true }, '.ok'],
  ] satisfies [string, FileEntity, string][])(
    'a file that stays without %s',
    async (what, declared, side) => {
      drop('FUND_20241105.csv', header + row('H1'));
      const { source, problems } = open(declared);
      const trouble = `Fund: a file of 2024-11-05 is not read: ${what} is not beside it`;
      await expect.poll(() => source.troubles?.(), { timeout: 12_000 }).toEqual([trouble]);
      expect(problems).toEqual([`housing-fund: ${trouble}`]);
      const bytes = readFileSync(join(at.drops, 'FUND_20241105.csv'));
      writeFileSync(join(at.drops, `FUND_20241105.csv${side}`), createHash('sha256').update(bytes).digest('hex'));
      await expect.poll(() => source.troubles?.(), { timeout: 8_000 }).toEqual([]);
    },
    25_000,
  );
});

describe('what is not ready', () => {
  test('no file: unreachable, until one comes; the folder may come later too', async () => {
    rmSync(at.drops, { recursive: true });
    const { funds, source } = open();
    await expect(all(funds)).rejects.toMatchObject({ fault: 'UNREACHABLE', agency: 'housing' });
    await expect(source.ping(signal())).rejects.toBeInstanceOf(SourceError);
    mkdirSync(at.drops);
    drop('FUND_20241105.csv', header + row('H1'));
    await eventually(funds).toEqual(['H1']);
    await source.ping(signal());
  });

  test('whoever waits for it hears when the files that lay there have been tried, good or bad', async () => {
    const { source, problems } = open();
    await source.ready?.(signal());
    expect(problems).toEqual([]);
    await source.close();
    drop('FUND_20241105.csv', header);
    const refused = open();
    await refused.source.ready?.(signal());
    expect(refused.problems.join()).toMatch(/refused \(TOO_FEW_ROWS\)/);
    await refused.source.close();
    drop('FUND_20241106.csv', header + row('H1'));
    const good = open();
    await good.source.ready?.(signal());
    expect(readdirSync(join(at.root, 'files/housing-fund')).filter((name) => name.endsWith('.db'))).toHaveLength(1);
    await good.source.close();
    const gone = open();
    await expect(gone.source.ready?.(AbortSignal.abort(new Error('nobody waits')))).rejects.toThrow('nobody waits');
  });

  test('a file that is still being written is left alone until it is whole', async () => {
    drop('FUND_20241105.csv', header + row('H1'));
    const { funds, problems } = open();
    expect(await houses(funds)).toEqual(['H1']);
    const path = join(at.drops, 'FUND_20241106.csv');
    let content = header;
    for (let i = 0; i < 8; i += 1) {
      content += row(`H${i}`);
      // Half of a line at a time.
      writeFileSync(path, iconv.encode(content.slice(0, -6), 'gb18030'));
      expect(await houses(funds)).toEqual(['H1']);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    writeFileSync(path, iconv.encode(content, 'gb18030'));
    await eventually(funds).toHaveLength(8);
    expect(problems).toEqual([]);
  });

  test('a link out of the folder is not followed', async () => {
    writeFileSync(join(at.root, 'elsewhere.csv'), iconv.encode(header + row('H9'), 'gb18030'));
    symlinkSync(join(at.root, 'elsewhere.csv'), join(at.drops, 'FUND_20241105.csv'));
    const { funds, problems } = open();
    await expect(all(funds)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
    expect(problems.join()).toContain('link');
  });
});

test('the last good version is there again after a restart, without the file; what a crash left is removed', async () => {
  drop('FUND_20241105.csv', header + row('H1'));
  const first = open();
  expect(await houses(first.funds)).toEqual(['H1']);
  await first.source.close();
  const folder = join(at.root, 'files/housing-fund');
  writeFileSync(join(folder, 'Fund-abc-12345678.part'), 'half');
  rmSync(join(at.drops, 'FUND_20241105.csv'));
  const again = open();
  expect(await houses(again.funds)).toEqual(['H1']);
  expect(existsSync(join(folder, 'Fund-abc-12345678.part'))).toBe(false);
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .map((name) => statSync(join(folder, name)).mode & 0o077),
  ).toEqual([0]);
});

test('records tell the date of their file, and since when they are stale', async () => {
  drop('FUND_20200105.csv', header + row('H1'));
  const { funds } = open(csv, { staleHours: 24 });
  const [list] = await funds.loadByKeys({
    key: 'house',
    keys: ['H1'],
    fields: ['house'],
    rows: always,
    order: [],
    limitPerKey: 1,
    signal: signal(),
  });
  const provenance = provenanceOf(list ?? []);
  expect(provenance?.staleSince).toBe(provenance?.fetchedAt);
  expect(new Date(provenance?.fetchedAt ?? 0).toISOString().slice(0, 4)).toBe('2020');
});

test('a workbook: texts, numbers, dates, formulas by their value', async () => {
  const workbook = new exceljs.Workbook();
  workbook.addWorksheet('封面').addRow(['说明']);
  const sheet = workbook.addWorksheet('余额');
  sheet.addRow(['房屋', '余额', '时间', '业主']);
  sheet.addRow(['H1', 5, new Date(Date.UTC(2026, 10, 5, 10, 0, 0)), '林秀兰']);
  sheet.addRow(['007', { formula: '3+4', result: 7 }, '2026-11-06 08:00:00', '=1+1']);
  const path = join(at.root, 'made.xlsx');
  await workbook.xlsx.writeFile(path);
  drop('FUND_20241105.xlsx', readFileSync(path));
  const { funds } = open({ ...csv, name: 'FUND_*.xlsx', format: { kind: 'excel', sheet: '余额' } });
  expect(await all(funds)).toEqual([
    { house: '007', balance: 7, at: '2026-11-06T08:00:00+08:00', owner: '=1+1' },
    { house: 'H1', balance: 5, at: '2026-11-05T10:00:00+08:00', owner: '林秀兰' },
  ]);
});

test('a declaration that cannot be stops at once', () => {
  expect(() => open({ ...csv, columns: { H: '房屋' } })).toThrow(TypeError);
});
