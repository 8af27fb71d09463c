import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { openTicketStore, type TicketRow, type TicketStore } from '../../src/tickets/ticket-store.ts';
import { temporaryFolder, type Row } from './import-kit.ts';

const stores: TicketStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

let clock = '2026-11-23T01:30:00Z';
function open(file = join(temporaryFolder(), 'hotline.db')): TicketStore {
  const store = openTicketStore(file, { now: () => new Date(clock) });
  stores.push(store);
  return store;
}

const ticket = (more: Partial<TicketRow> = {}): TicketRow => ({
  sourceSystem: '12345',
  sourceNo: '2026112300012345',
  status: 'ACCEPTED',
  receivedAt: '2026-11-23T09:00:00+08:00',
  ...more,
});
const rows = (store: TicketStore, sql: string): Row[] => store.database.prepare<[], Row>(sql).all();
const stamp = (store: TicketStore): Row[] => rows(store, 'SELECT version, updated_at FROM ticket');

test('a new ticket is numbered SOURCE:number and takes the defaults of what it leaves out', () => {
  clock = '2026-11-23T01:30:00Z';
  const store = open();
  expect(store.upsert([ticket({ title: '路灯不亮', anonymous: true, longitude: 119.3, latitude: 26.08 })])).toEqual({
    inserted: 1,
    updated: 0,
    unchanged: 0,
  });
  expect(rows(store, 'SELECT * FROM ticket')).toMatchObject([
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

test('an equal ticket is not touched; a changed one gets a version and a time', () => {
  clock = '2026-11-23T01:30:00Z';
  const store = open();
  const same = ticket({ categoryPath: ['环境', '噪声'], resolved: false, urgeCount: 2, longitude: 0.1 });
  store.upsert([same]);
  clock = '2026-11-23T02:30:00Z';
  expect(store.upsert([same, { ...same }])).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
  expect(stamp(store)).toEqual([{ version: 1, updated_at: '2026-11-23T09:30:00+08:00' }]);
  expect(store.upsert([{ ...same, categoryPath: ['噪声', '环境'] }])).toEqual({
    inserted: 0,
    updated: 1,
    unchanged: 0,
  });
  expect(stamp(store)).toEqual([{ version: 2, updated_at: '2026-11-23T10:30:00+08:00' }]);
});

test('a field left out keeps what is stored; null empties it', () => {
  const store = open();
  store.upsert([ticket({ title: '甲', content: '乙', urgeCount: 3 })]);
  expect(store.upsert([ticket()])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
  store.upsert([ticket({ title: null, urgeCount: null })]);
  expect(rows(store, 'SELECT title, content, urge_count FROM ticket')).toEqual([
    { title: null, content: '乙', urge_count: 0 },
  ]);
});

test("the parties follow the ticket's agencies", () => {
  const store = open();
  const parties = (): Row[] => rows(store, 'SELECT role, agency FROM ticket_party ORDER BY role, agency');
  store.upsert([
    ticket({ coAgencies: ['grid', 'market', 'grid'], confirmedCoAgencies: ['grid'], formerAgencies: ['police'] }),
  ]);
  expect(parties()).toEqual([
    { role: 'CO', agency: 'grid' },
    { role: 'CO', agency: 'market' },
    { role: 'CO_CONFIRMED', agency: 'grid' },
    { role: 'FORMER', agency: 'police' },
  ]);
  store.upsert([ticket({ coAgencies: ['housing'], formerAgencies: null })]);
  expect(parties()).toEqual([
    { role: 'CO', agency: 'housing' },
    { role: 'CO_CONFIRMED', agency: 'grid' },
  ]);
});

test('one bad ticket costs its whole batch and nothing before it', () => {
  const store = open();
  store.upsert([ticket()]);
  const bad = { ...ticket({ sourceNo: '3' }), receivedAt: null as unknown as string };
  expect(() => store.upsert([ticket({ sourceNo: '2' }), bad])).toThrow(/NOT NULL/);
  expect(rows(store, 'SELECT source_no FROM ticket')).toEqual([{ source_no: '2026112300012345' }]);
});

test('preview says what upsert would do and writes nothing', () => {
  const file = join(temporaryFolder(), 'hotline.db');
  open(file).upsert([ticket({ title: '甲' })]);
  const reader = openTicketStore(file, { readonly: true });
  stores.push(reader);
  const previews = [ticket({ title: '甲' }), ticket({ title: '乙' }), ticket({ sourceNo: '2' })].map((t) =>
    reader.preview(t),
  );
  expect(previews).toEqual(['unchanged', 'updated', 'inserted']);
  expect(() => reader.upsert([ticket({ sourceNo: '2' })])).toThrow(/readonly/);
});

test('the file is durable, shared and private', () => {
  const file = join(temporaryFolder(), 'hotline.db');
  const store = open(file);
  store.upsert([ticket()]);
  const pragma = (name: string): unknown => store.database.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('busy_timeout')]).toEqual(['wal', 2, 5000]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const other = new Database(file, { readonly: true });
  expect(other.prepare('SELECT count(*) AS n FROM ticket').get()).toEqual({ n: 1 });
  other.close();
});

test('a file of an earlier version gets the later columns, and findings that read them', () => {
  const file = join(temporaryFolder(), 'hotline.db');
  open(file).close();
  stores.pop();
  const old = new Database(file);
  old.exec('DROP VIEW handoff_finding');
  for (const column of ['due_at', 'sign_by', 'site_visit', 'evidence_count'])
    old.exec(`ALTER TABLE handoff DROP COLUMN ${column}`);
  old.exec("CREATE VIEW handoff_finding AS SELECT 'old' AS finding_id");
  old.exec(
    `INSERT INTO handoff (run_id, ticket_no, seq, kind, at) VALUES ('H1', 't:1', 1, 'SIGN_FOR', '2026-11-05T09:00:00+08:00')`,
  );
  old.close();
  const store = open(file);
  expect(rows(store, 'SELECT run_id, due_at, sign_by, site_visit, evidence_count FROM handoff')).toEqual([
    { run_id: 'H1', due_at: null, sign_by: null, site_visit: null, evidence_count: null },
  ]);
  expect(rows(store, "SELECT finding_id FROM handoff_finding WHERE kind = 'LATE_SIGNED'")).toEqual([]);
});
