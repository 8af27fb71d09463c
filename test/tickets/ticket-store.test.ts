import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTicketDatabase, type TicketDatabase, type TicketPlace } from '../../src/store/ticket-database.ts';
import { previewTicket, ticketStore, type TicketRow, type UpsertCounts } from '../../src/tickets/ticket-store.ts';
import { stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { temporaryFolder, type Row } from './import-kit.ts';

const opened: TicketDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function open(place: TicketPlace): Promise<TicketDatabase> {
  const database = await openTicketDatabase(place);
  opened.push(database);
  return database;
}

let clock = '2026-11-23T09:30:00+08:00';
const upsert = (database: TicketDatabase, ...tickets: TicketRow[]): Promise<UpsertCounts> =>
  database.transaction(async (trx) => {
    const store = ticketStore(trx);
    const counts = await store.upsert(tickets, clock);
    await store.settle();
    await store.review();
    return counts;
  });

const ticket = (more: Partial<TicketRow> = {}): TicketRow => ({
  sourceSystem: '12345',
  sourceNo: '2026112300012345',
  status: 'ACCEPTED',
  receivedAt: '2026-11-23T09:00:00+08:00',
  ...more,
});

describe.each(stores)('on %s', (store) => {
  // One for all: MySQL takes a second to make the tables.
  let own: TestPlace;
  beforeAll(async () => {
    own = await testPlace(store);
  });
  afterAll(() => own.drop());
  async function fresh() {
    const database = await open(own.place);
    for (const table of ['ticket', 'ticket_party', 'ticket_finding']) await own.exec(`DELETE FROM ${table}`);
    return { database, rows: (sql: string) => own.exec(sql) as Promise<Row[]> };
  }
  const stamp = 'SELECT version, updated_at FROM ticket';

  test('a new ticket is numbered SOURCE:number and takes the defaults of what it leaves out', async () => {
    clock = '2026-11-23T09:30:00+08:00';
    const { database, rows } = await fresh();
    expect(
      await upsert(database, ticket({ title: '路灯不亮', anonymous: true, longitude: 119.3, latitude: 26.08 })),
    ).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect(await rows('SELECT * FROM ticket')).toMatchObject([
      {
        ticket_no: '12345:2026112300012345',
        title: '路灯不亮',
        anonymous: 1,
        longitude: 119.3,
        confidential: null,
        category_path: '[]',
        urge_count: 0,
        returned: 0,
        version: 1,
        updated_at: '2026-11-23T09:30:00+08:00',
      },
    ]);
  });

  test('an equal ticket is not touched; a changed one gets a version and a time', async () => {
    clock = '2026-11-23T09:30:00+08:00';
    const { database, rows } = await fresh();
    const same = ticket({ categoryPath: ['环境', '噪声'], resolved: false, urgeCount: 2, longitude: 0.1 });
    await upsert(database, same);
    clock = '2026-11-23T10:30:00+08:00';
    expect(await upsert(database, same, { ...same })).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
    expect(await rows(stamp)).toEqual([{ version: 1, updated_at: '2026-11-23T09:30:00+08:00' }]);
    expect(await upsert(database, { ...same, categoryPath: ['噪声', '环境'] })).toEqual({
      inserted: 0,
      updated: 1,
      unchanged: 0,
    });
    expect(await rows(stamp)).toEqual([{ version: 2, updated_at: '2026-11-23T10:30:00+08:00' }]);
  });

  test('a field left out keeps what is stored; null empties it', async () => {
    const { database, rows } = await fresh();
    await upsert(database, ticket({ title: '甲', content: '乙', urgeCount: 3 }));
    expect(await upsert(database, ticket())).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    await upsert(database, ticket({ title: null, urgeCount: null }));
    expect(await rows('SELECT title, content, urge_count FROM ticket')).toEqual([
      { title: null, content: '乙', urge_count: 0 },
    ]);
  });

  test("the parties follow the ticket's agencies", async () => {
    const { database, rows } = await fresh();
    const parties = 'SELECT role, agency FROM ticket_party ORDER BY role, agency';
    await upsert(
      database,
      ticket({ coAgencies: ['grid', 'market', 'grid'], confirmedCoAgencies: ['grid'], formerAgencies: ['police'] }),
    );
    expect(await rows(parties)).toEqual([
      { role: 'CO', agency: 'grid' },
      { role: 'CO', agency: 'market' },
      { role: 'CO_CONFIRMED', agency: 'grid' },
      { role: 'FORMER', agency: 'police' },
    ]);
    await upsert(database, ticket({ coAgencies: ['housing'], formerAgencies: null }));
    expect(await rows(parties)).toEqual([
      { role: 'CO', agency: 'housing' },
      { role: 'CO_CONFIRMED', agency: 'grid' },
    ]);
  });

  test('many new ones, some of them twice, are each written once, as the last says', async () => {
    const { database, rows } = await fresh();
    const many = Array.from({ length: 900 }, (_, i) => ticket({ sourceNo: `n${i % 700}`, title: `第 ${i} 个` }));
    expect(await upsert(database, ...many)).toEqual({ inserted: 700, updated: 200, unchanged: 0 });
    expect(await rows('SELECT count(*) AS n FROM ticket')).toEqual([{ n: 700 }]);
    expect(await rows("SELECT title, version FROM ticket WHERE source_no = 'n100'")).toEqual([
      { title: '第 800 个', version: 2 },
    ]);
  });

  test('numbers that differ in case, accent or a blank at the end are different tickets', async () => {
    const { database } = await fresh();
    const numbers = ['a', 'A', 'á', 'a\u00a0', 'a '];
    expect(await upsert(database, ...numbers.map((sourceNo) => ticket({ sourceNo })))).toMatchObject({
      inserted: numbers.length,
    });
    expect(await upsert(database, ...numbers.map((sourceNo) => ticket({ sourceNo })))).toMatchObject({
      unchanged: numbers.length,
    });
  });

  test('one bad ticket costs its whole batch and nothing before it', async () => {
    const { database, rows } = await fresh();
    await upsert(database, ticket());
    const bad = { ...ticket({ sourceNo: '3', title: '绝不外传' }), receivedAt: null as unknown as string };
    const failed = upsert(database, ticket({ sourceNo: '2' }), bad);
    await expect(failed).rejects.toThrow(/NOT NULL|cannot be null/);
    await expect(failed).rejects.not.toThrow(/绝不外传/);
    expect(await rows('SELECT source_no FROM ticket')).toEqual([{ source_no: '2026112300012345' }]);
  });

  test('a finding stands from the change that makes it to the change that ends it, and not before its time', async () => {
    const { database, rows } = await fresh();
    const kinds = 'SELECT kind, agency, at FROM handoff_finding ORDER BY kind';
    await upsert(database, ticket({ leadAgency: 'housing', dueAt: '2999-01-01T00:00:00+08:00' }));
    expect(await rows(kinds)).toEqual([]);
    const dueAt = '2026-11-24T23:59:59+08:00';
    await upsert(database, ticket({ dueAt }));
    expect(await rows(kinds)).toEqual([{ kind: 'OVERDUE', agency: 'housing', at: dueAt }]);
    const closedAt = '2026-11-26T12:00:00+08:00';
    await upsert(database, ticket({ status: 'CLOSED', closedAt, resolved: false }));
    expect(await rows(kinds)).toEqual([{ kind: 'CLOSED_UNRESOLVED', agency: 'housing', at: closedAt }]);
    await upsert(database, ticket({ status: 'CLOSED', type: 'REPORT' }));
    expect(await rows(kinds)).toEqual([]);
  });

  test('what is read outside of transactions is what was committed', async () => {
    const { database } = await fresh();
    await upsert(database, ticket({ title: '甲' }));
    const previews = [ticket({ title: '甲' }), ticket({ title: '乙' }), ticket({ sourceNo: '2' })].map((t) =>
      previewTicket(database.db, t),
    );
    expect(await Promise.all(previews)).toEqual(['unchanged', 'updated', 'inserted']);
  });
});

const file = (): string => join(temporaryFolder(), 'hotline.db');

test('a file that is opened to be read is not written', async () => {
  const path = file();
  await upsert(await open({ kind: 'sqlite', file: path }), ticket());
  const reader = await open({ kind: 'sqlite', file: path, readonly: true });
  await expect(upsert(reader, ticket({ sourceNo: '2' }))).rejects.toThrow(/readonly/);
});

test('the file is durable, shared and private', async () => {
  const path = file();
  const database = await open({ kind: 'sqlite', file: path });
  await upsert(database, ticket());
  expect(await database.db.raw('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await database.db.raw('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const other = new Database(path, { readonly: true });
  expect(other.prepare('SELECT count(*) AS n FROM ticket').get()).toEqual({ n: 1 });
  other.close();
});

test('a file that somebody else holds keeps a writer waiting, and nobody else', async () => {
  const path = file();
  const database = await open({ kind: 'sqlite', file: path, busyMilliseconds: 400 });
  await upsert(database, ticket());
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  let longest = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const writer = upsert(database, ticket({ title: '甲' }));
  expect(await previewTicket(database.db, ticket())).toBe('unchanged');
  await expect(writer).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  clearInterval(pulse);
  expect(longest).toBeLessThan(150);
  const later = upsert(database, ticket({ title: '乙' }));
  other.exec('ROLLBACK');
  other.close();
  expect(await later).toMatchObject({ updated: 1 });
});

test('a file of an earlier version gets the later columns, and findings that read them', async () => {
  const path = file();
  await (await openTicketDatabase({ kind: 'sqlite', file: path })).close();
  const old = new Database(path);
  old.exec('DROP VIEW handoff_finding; DROP TABLE ticket_finding; DROP TABLE store_migration');
  for (const column of ['due_at', 'sign_by', 'site_visit', 'evidence_count'])
    old.exec(`ALTER TABLE handoff DROP COLUMN ${column}`);
  old.exec("CREATE VIEW handoff_finding AS SELECT 'old' AS finding_id");
  old.exec(
    `INSERT INTO handoff (run_id, ticket_no, seq, kind, at) VALUES ('H1', 't:1', 1, 'SIGN_FOR', '2026-11-05T09:00:00+08:00')`,
  );
  old.exec(
    `INSERT INTO ticket (ticket_no, source_system, source_no, status, received_at, updated_at, due_at) VALUES
       ('t:1', 't', '1', 'ACCEPTED', '2026-11-05T09:00:00+08:00', '2026-11-05T09:00:00+08:00', '2026-11-06T09:00:00+08:00')`,
  );
  old.close();
  const { db } = await open({ kind: 'sqlite', file: path });
  expect(await db('handoff').select('run_id', 'due_at', 'sign_by', 'site_visit', 'evidence_count')).toEqual([
    { run_id: 'H1', due_at: null, sign_by: null, site_visit: null, evidence_count: null },
  ]);
  expect(await db('handoff_finding').pluck('finding_id')).toEqual(['OVERDUE:t:1']);
});
