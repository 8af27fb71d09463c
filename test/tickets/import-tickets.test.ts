import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { takeImportLock } from '../../src/tickets/import/import-lock.ts';
import { Bench, counts, fixture, queryStore, readRejects, simpleMapping, temporaryFolder } from './import-kit.ts';
import { importTickets } from '../../src/tickets/import/import-tickets.ts';

const csv = (...rows: readonly string[]): string => `no,time,title,x,y\n${rows.join('\n')}\n`;
const at = '2026-01-02 03:04:05';
const titles = (bench: Bench): unknown[] =>
  bench.query('SELECT source_no, title, version FROM ticket ORDER BY source_no');

test('every row is accounted for, the rejected ones with place, code and their own cells', async () => {
  const bench = new Bench(
    csv(
      `1,${at},甲,,`,
      `2,${at},乙`,
      `,${at},丙,,`,
      `4,soon,丁,,`,
      `1,${at},戊,,`,
      '6,,己,,',
      `7,${at},庚\uFFFD,,`,
      `8,${at},辛,,`,
    ),
    simpleMapping(),
  );
  expect(await bench.import()).toEqual({
    read: 8,
    inserted: 2,
    updated: 0,
    unchanged: 0,
    rejected: 6,
    rejectsByCode: {
      RAGGED_ROW: 1,
      BAD_KEY: 1,
      BAD_DATE: 1,
      DUPLICATE_KEY: 1,
      REQUIRED: 1,
      BAD_ENCODING: 1,
    },
    rejectsFile: bench.rejects,
    resumedAfterRow: 0,
    alreadyDone: false,
    dryRun: false,
  });
  expect(bench.rejected()).toEqual([
    { row: 2, line: 3, code: 'RAGGED_ROW', column: '' },
    { row: 3, line: 4, code: 'BAD_KEY', column: 'no' },
    { row: 4, line: 5, code: 'BAD_DATE', column: 'time' },
    { row: 5, line: 6, code: 'DUPLICATE_KEY', column: '' },
    { row: 6, line: 7, code: 'REQUIRED', column: 'time' },
    { row: 7, line: 8, code: 'BAD_ENCODING', column: 'title' },
  ]);
  const text = readFileSync(bench.rejects, 'utf8');
  expect(text.split('\n').slice(0, 2)).toEqual([
    '\uFEFFreject_row,reject_line,reject_code,reject_column,reject_message,no,time,title,x,y',
    `2,3,RAGGED_ROW,,3 cells under a header of 5; a cell with the delimiter in it needs quotes,2,${at},乙`,
  ]);
  expect(statSync(bench.rejects).mode & 0o777).toBe(0o600);
  expect(titles(bench)).toEqual([
    { source_no: '1', title: '甲', version: 1 },
    { source_no: '8', title: '辛', version: 1 },
  ]);
});

test('what is wrong with the tickets is found once they are all there, and at once in a store that is full', async () => {
  const overdue = (...rows: readonly string[]): string => csv(...rows.map((no) => `${no},${at},a,${at},`));
  const bench = new Bench(
    overdue('1', '2'),
    simpleMapping({ fields: ['dueAt: { column: x, format: yyyy-MM-dd HH:mm:ss }'] }),
  );
  const found = (): unknown[] =>
    bench.query('SELECT finding_id FROM handoff_finding ORDER BY finding_id').map((f) => f['finding_id']);
  await bench.import();
  expect(found()).toEqual(['OVERDUE:s:1', 'OVERDUE:s:2']);
  writeFileSync(bench.file, overdue('3'));
  await bench.import();
  expect(found()).toEqual(['OVERDUE:s:1', 'OVERDUE:s:2', 'OVERDUE:s:3']);
});

test('the message of a rejected row holds none of its values', async () => {
  const bench = new Bench(
    csv(`1,13800000001,a,,`, `2,${at},b,13800000001,`, `3,${at},c,,350102198001011234`),
    simpleMapping({ fields: ['type: { column: x, table: { a: REPORT } }', 'reporterIdNumber: { column: y }'] }),
  );
  await bench.import();
  const messages = readFileSync(bench.rejects, 'utf8').split('\n').slice(1, -1);
  expect(messages.map((line) => line.split(',').slice(4, -5).join())).toEqual([
    'expected a time written as yyyy-MM-dd HH:mm:ss',
    "a code that the mapping's table lacks",
    'expected a resident ID of 18 characters with the right check character',
  ]);
});

test('mended rows import under the same mapping', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`, `2,bad,乙,,`), simpleMapping());
  await bench.import();
  writeFileSync(bench.file, readFileSync(bench.rejects, 'utf8').replace('bad', at));
  expect(counts(await bench.import())).toEqual([1, 1, 0, 0, 0]);
  expect(existsSync(bench.rejects)).toBe(false);
  expect(titles(bench)).toHaveLength(2);
});

test('an identical import is a no-op with the same totals; --restart finds all unchanged', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`, `2,${at},乙,,`, '3,bad,丙,,'), simpleMapping());
  const first = await bench.import();
  const before = bench.query('SELECT * FROM ticket');
  expect(await bench.import()).toEqual({ ...first, alreadyDone: true });
  expect(counts(await bench.import({ restart: true }))).toEqual([3, 0, 0, 2, 1]);
  expect(bench.query('SELECT * FROM ticket')).toEqual(before);
  expect(bench.rejected()).toHaveLength(1);
});

test('a later file changes what changed and nothing else', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`, `2,${at},乙,,`), simpleMapping());
  await bench.import();
  writeFileSync(bench.file, csv(`2,${at},乙改,,`, `1,${at},甲,,`, `3,${at},丙,,`));
  expect(counts(await bench.import())).toEqual([3, 1, 1, 1, 0]);
  expect(titles(bench)).toEqual([
    { source_no: '1', title: '甲', version: 1 },
    { source_no: '2', title: '乙改', version: 2 },
    { source_no: '3', title: '丙', version: 1 },
  ]);
});

test('onDuplicate: last takes the last good row, and a second import changes nothing', async () => {
  const rows = csv(`1,${at},first,,`, `1,${at},second,,`, `1,bad,third,,`, `2,${at},other,,`);
  const bench = new Bench(rows, simpleMapping({ top: 'onDuplicate: last' }));
  expect((await bench.import()).rejectsByCode).toEqual({ DUPLICATE_KEY: 1, BAD_DATE: 1 });
  expect(bench.rejected().map(({ row }) => row)).toEqual([1, 3]);
  expect(titles(bench)).toEqual([
    { source_no: '1', title: 'second', version: 1 },
    { source_no: '2', title: 'other', version: 1 },
  ]);
  expect(counts(await bench.import({ restart: true }))).toEqual([4, 0, 0, 2, 2]);
});

test('a row that was rejected does not hold its key', async () => {
  const bench = new Bench(csv('1,bad,first,,', `1,${at},second,,`), simpleMapping());
  expect(counts(await bench.import())).toEqual([2, 1, 0, 0, 1]);
});

test('settings of a field', async () => {
  const bench = new Bench(
    csv(`1,${at},  甲 ,N/A,a;b;`, `2,${at},,17,`, `3,${at},乙,,c`),
    simpleMapping({
      fields: [
        'title: { column: title, default: 无题 }',
        'content: { column: title, trim: false }',
        'address: { join: { columns: [title, x], separator: / } }',
        "street: { template: '{{{title}}-{x}' }",
        'categoryPath: { column: y, split: ; }',
        'coAgencies: { column: y, split: ;, table: { a: grid, b: null, c: housing } }',
        'urgency: { column: x, table: { 17: URGENT }, otherwise: NORMAL, emptyValues: [N/A] }',
        'uscc: { column: x, onBad: null }',
        'urgeCount: { column: x, emptyValues: [N/A] }',
      ],
    }),
  );
  expect(counts(await bench.import())).toEqual([3, 3, 0, 0, 0]);
  expect(
    bench.query(
      'SELECT title, content, address, street, category_path, co_agencies, urgency, uscc, urge_count FROM ticket',
    ),
  ).toEqual([
    {
      title: '甲',
      content: '  甲 ',
      address: '甲/N/A',
      street: '{甲}-N/A',
      category_path: '["a","b"]',
      co_agencies: '["grid"]',
      urgency: null,
      uscc: null,
      urge_count: 0,
    },
    {
      title: '无题',
      content: null,
      address: '17',
      street: '{}-17',
      category_path: '[]',
      co_agencies: '[]',
      urgency: 'URGENT',
      uscc: null,
      urge_count: 17,
    },
    {
      title: '乙',
      content: '乙',
      address: '乙',
      street: '{乙}-',
      category_path: '["c"]',
      co_agencies: '["housing"]',
      urgency: null,
      uscc: null,
      urge_count: 0,
    },
  ]);
});

test('an empty cell clears the stored value, or keeps it when the mapping says so', async () => {
  const fields = ['title: { column: title, whenEmpty: keep }', 'content: { column: x }'];
  const bench = new Bench(csv(`1,${at},甲,乙,`), simpleMapping({ fields }));
  await bench.import();
  writeFileSync(bench.file, csv(`1,${at},,,`));
  await bench.import();
  expect(bench.query('SELECT title, content, version FROM ticket')).toEqual([
    { title: '甲', content: null, version: 2 },
  ]);
});

test('a point is whole or absent', async () => {
  const fields = ['longitude: { column: x }', 'latitude: { column: y }', 'crs: { constant: WGS84 }'];
  const bench = new Bench(
    csv(`1,${at},,119.3,26.08`, `2,${at},,,`, `3,${at},,119.3,`, `4,${at},,181,1`),
    simpleMapping({ fields }),
  );
  expect((await bench.import()).rejectsByCode).toEqual({ BAD_POINT: 1, BAD_VALUE: 1 });
  expect(bench.query('SELECT longitude, latitude, crs FROM ticket')).toEqual([
    { longitude: 119.3, latitude: 26.08, crs: 'WGS84' },
    { longitude: null, latitude: null, crs: null },
  ]);
});

test('bytes that are no UTF-8 behind the first MiB cost their row only', async () => {
  const many = Array.from({ length: 12_000 }, (_, i) => `${i},${at},${'噪声'.repeat(12)},,`).join('\n');
  const bad = Buffer.concat([
    Buffer.from(`bad,${at},`),
    iconv.encode('噪声', 'gb18030'),
    Buffer.from(`,,\nz,${at},last,,\n`),
  ]);
  const bench = new Bench(Buffer.concat([Buffer.from(`${csv(many)}`), bad]), simpleMapping());
  expect(statSync(bench.file).size).toBeGreaterThan(1 << 20);
  expect(counts(await bench.import())).toEqual([12_002, 12_001, 0, 0, 1]);
  expect(bench.rejected()).toEqual([{ row: 12_001, line: 12_002, code: 'BAD_ENCODING', column: 'title' }]);
});

test('a third city: semicolons, GB18030, serial dates, a report above the header, satisfaction 0 to 3', async () => {
  const dataDir = temporaryFolder();
  const file = fixture('third-city.csv');
  const report = await importTickets({ file, mapping: fixture('third-city.yaml'), dataDir });
  expect(counts(report)).toEqual([11, 4, 0, 0, 7]);
  expect(
    queryStore(
      dataDir,
      `SELECT ticket_no, type, content, received_at, closed_at, reporter_phone, division_code, lead_agency, co_agencies,
       satisfaction, satisfaction_raw, anonymous, uscc FROM ticket ORDER BY ticket_no`,
    ).map((row) => Object.values(row)),
  ).toEqual([
    [
      'third-city:2025-0001',
      'COMPLAINT',
      '早市占道',
      '2025-01-01T00:00:00+08:00',
      '2025-01-02T23:59:59+08:00',
      null,
      '350103',
      'grid',
      '[]',
      'VERY_DISSATISFIED',
      '0',
      null,
      null,
    ],
    [
      'third-city:2026-0001',
      'COMPLAINT',
      '工地夜间施工; 楼里睡不着\r\n请尽快处理',
      '2026-01-01T12:00:00+08:00',
      '2026-01-03T18:00:00+08:00',
      '13800000001',
      '350102',
      'market',
      '["grid","housing"]',
      'VERY_SATISFIED',
      '3',
      0,
      '91350102MA2XN7K37A',
    ],
    [
      'third-city:2026-0002',
      'CONSULTATION',
      '怎样申请公租房',
      '2026-01-02T08:00:00+08:00',
      null,
      '0591-87654321',
      '350102001',
      'housing',
      '[]',
      null,
      null,
      1,
      null,
    ],
    [
      'third-city:2026-0003',
      'SUGGESTION',
      null,
      '2026-01-02T00:00:00+08:00',
      null,
      null,
      '350100',
      'grid',
      '[]',
      null,
      null,
      null,
      null,
    ],
  ]);
  expect(queryStore(dataDir, 'SELECT * FROM ticket_party ORDER BY agency')).toEqual([
    { ticket_no: 'third-city:2026-0001', agency: 'grid', role: 'CO' },
    { ticket_no: 'third-city:2026-0001', agency: 'housing', role: 'CO' },
  ]);
  expect(
    readRejects(join(dataDir, 'third-city.csv.rejects.csv')).map(({ line, code, column }) => [line, code, column]),
  ).toEqual([
    [10, 'BAD_DATE', '来电时间'],
    [11, 'UNKNOWN_CODE', '类型'],
    [12, 'RAGGED_ROW', ''],
    [13, 'DUPLICATE_KEY', ''],
    [14, 'BAD_KEY', '年度 + 工单号'],
    [15, 'BAD_VALUE', '电话'],
    [16, 'REQUIRED', '来电时间'],
  ]);
});

test('the guides show the mapping of the third city as it is', () => {
  for (const guide of ['docs/import.md', 'docs/import.zh-CN.md']) {
    expect(readFileSync(guide, 'utf8')).toContain(
      `\`\`\`yaml\n${readFileSync(fixture('third-city.yaml'), 'utf8')}\`\`\``,
    );
  }
});

test('a dry run counts against the store and leaves it alone', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`, `2,${at},乙,,`), simpleMapping());
  expect(counts(await bench.import({ dryRun: true }))).toEqual([2, 2, 0, 0, 0]);
  expect(existsSync(bench.dataDir)).toBe(false);
  await bench.import();
  const before = readFileSync(join(bench.dataDir, 'hotline.db'));
  writeFileSync(bench.file, csv(`1,${at},甲,,`, `2,${at},乙改,,`, `3,${at},丙,,`, `3,${at},丙,,`));
  const rejects = join(bench.folder, 'dry.csv');
  expect(await bench.import({ dryRun: true, rejects })).toMatchObject({
    read: 4,
    inserted: 1,
    updated: 1,
    unchanged: 1,
    rejected: 1,
    dryRun: true,
    rejectsFile: rejects,
  });
  expect(readRejects(rejects)).toHaveLength(1);
  expect(existsSync(bench.rejects)).toBe(false);
  expect(readFileSync(join(bench.dataDir, 'hotline.db')).equals(before)).toBe(true);
  expect((await bench.import({ dryRun: true })).rejectsFile).toBe(null);
});

test('a mapping that does not fit stops before anything is written', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`), simpleMapping({ fields: ['title: { column: titles }'] }));
  await expect(bench.import()).rejects.toThrow(
    `${bench.mapping}:7:20: the file has no column titles. Did you mean title?`,
  );
  expect(existsSync(bench.dataDir)).toBe(false);
});

test('a broken end stops the import; what was read stays and the mended file goes on from it', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => `${i},${at},甲,,`);
  const bench = new Bench(csv(...rows, `x,${at},"open,,`), simpleMapping());
  await expect(bench.import()).rejects.toThrow('the row that begins at line 1502 has a quote that is never closed');
  expect(bench.query('SELECT count(*) AS n FROM ticket')).toEqual([{ n: 1000 }]);
  writeFileSync(bench.file, csv(...rows));
  expect(counts(await bench.import())).toEqual([1500, 500, 0, 1000, 0]);
});

test('tickets and progress commit together or not at all', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => (i % 3 === 0 ? `${i},bad,甲,,` : `${i},${at},甲,,`));
  const bench = new Bench(csv(...rows), simpleMapping());
  const whole = await bench.import();
  const rejects = readFileSync(bench.rejects);
  const store = new Database(join(bench.dataDir, 'hotline.db'));
  store.exec(`DELETE FROM ticket; DELETE FROM import_run;
    CREATE TRIGGER full BEFORE UPDATE ON import_run WHEN NEW.last_row > 1000 BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  await expect(bench.import()).rejects.toThrow('disk full');
  expect(bench.query('SELECT (SELECT count(*) FROM ticket) AS tickets, last_row FROM import_run')).toEqual([
    { tickets: 666, last_row: 1000 },
  ]);
  store.exec('DROP TRIGGER full');
  store.close();
  expect(await bench.import()).toEqual({ ...whole, resumedAfterRow: 1000 });
  expect(readFileSync(bench.rejects).equals(rejects)).toBe(true);
});

test('a file that changes while it is read is noticed', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => `${i},${at},甲,,`);
  const bench = new Bench(csv(...rows), simpleMapping());
  const onProgress = (): void => appendFileSync(bench.file, `z,${at},甲,,\n`);
  await expect(bench.import({ onProgress })).rejects.toThrow(/changed while it was read/);
});

test('a NUL character, at which SQLite would cut a text, costs the row', async () => {
  const bench = new Bench(csv(`1,${at},a\0b,,`), simpleMapping());
  expect((await bench.import()).rejectsByCode).toEqual({ BAD_VALUE: 1 });
});

test('one import at a time on a data folder', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`), simpleMapping());
  await bench.import();
  const release = takeImportLock(bench.dataDir);
  await expect(bench.import()).rejects.toThrow(/Another import is running/);
  release();
  expect((await bench.import()).alreadyDone).toBe(true);
});

test('the rejects file never replaces what is read, nor what an unfinished import has rejected', async () => {
  const bench = new Bench(csv('1,bad,甲,,'), simpleMapping());
  await expect(bench.import({ rejects: bench.file })).rejects.toThrow(/would replace a file that is read/);
  await expect(bench.import({ rejects: bench.mapping })).rejects.toThrow(/would replace a file that is read/);
  await expect(bench.import({ rejects: join(bench.folder, 'no/x.csv') })).rejects.toThrow(/make it first/);
  const rejects = join(bench.folder, 'rejects.csv');
  const broken = [...Array.from({ length: 1000 }, (_, i) => `${i},bad,甲,,`), `x,${at},"open,,`];
  writeFileSync(bench.file, csv(...broken));
  await expect(bench.import({ rejects })).rejects.toThrow(/never closed/);
  const kept = readFileSync(rejects);
  await expect(bench.import()).rejects.toThrow(/began with the rejects file|never closed/);
  writeFileSync(bench.file, csv('1,bad,甲,,'));
  await expect(bench.import({ rejects })).rejects.toThrow(/belongs to another import that is not finished/);
  expect(readFileSync(rejects).equals(kept)).toBe(true);
});

test('rejected rows that vanished are noticed when the import goes on', async () => {
  const broken = [...Array.from({ length: 1000 }, (_, i) => `${i},bad,甲,,`), `x,${at},"open,,`];
  const bench = new Bench(csv(...broken), simpleMapping());
  await expect(bench.import()).rejects.toThrow(/never closed/);
  writeFileSync(bench.rejects, 'short');
  await expect(bench.import()).rejects.toThrow(
    /has lost rejected rows since this import began; start over with --restart/,
  );
});

test('a folder that may not be written is said so', async () => {
  const bench = new Bench(csv(`1,${at},甲,,`), simpleMapping());
  writeFileSync(bench.dataDir, 'a file, not a folder');
  await expect(bench.import()).rejects.toThrow(/cannot be made; name a folder that you may write/);
});

test('any file of random cells is accounted for, and a second import changes nothing', async () => {
  const cell = fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
    fc.constantFrom('', '1', '2', at, 'a"b', 'x\ny', '\r', ' ', '\uFFFD', '\uD800', '\0', ',', '否'),
  );
  const row = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constantFrom('1', '2', '3', '4', '', '5\t'),
        fc.constantFrom(at, at, ''),
        cell,
        cell,
        cell,
      ),
    },
    { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 7 }) },
  );
  const settings = fc.record({
    rows: fc.array(row, { maxLength: 12 }),
    top: fc.constantFrom(undefined, 'onDuplicate: last'),
    encoding: fc.constantFrom('utf8', 'utf16le', 'gb18030'),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
  });
  await fc.assert(
    fc.asyncProperty(settings, async ({ rows, top, encoding, delimiter }) => {
      const header = ['no', 'time', 'title', 'x', 'y'];
      const text = stringify([header, ...rows], { delimiter, quoted: true, quoted_empty: true });
      const fields = ['title: { column: title }', 'anonymous: { column: x }', 'content: { column: y, trim: false }'];
      const more = top === undefined ? { fields } : { fields, top };
      const bench = new Bench(iconv.encode(text, encoding, { addBOM: encoding === 'utf16le' }), simpleMapping(more));
      const first = await bench.import();
      expect(first.read).toBe(rows.length);
      expect(first.inserted + first.updated + first.unchanged + first.rejected).toBe(rows.length);
      expect(bench.query('SELECT count(*) AS n FROM ticket')).toEqual([{ n: first.inserted }]);
      expect(existsSync(bench.rejects) ? bench.rejected().length : 0).toBe(first.rejected);
      const second = await bench.import({ restart: true });
      expect(counts(second)).toEqual([rows.length, 0, 0, first.inserted, first.rejected]);
    }),
    { numRuns: 60 },
  );
}, 120_000);
