import { mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { testPlace } from '../kit/ticket-place.ts';
import { bring, dispatcher, handlerOf, mutate, refusals, taskOf, value } from './handoff-kit.ts';

/* Input that is not right, and a store or a ledger that cannot be used: told, and nothing is changed. */

const now = (): number => Date.parse('2026-11-16T09:00:00+08:00');
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, now);
});
afterAll(() => hub.close());

describe('input', () => {
  const long = '长'.repeat(2_001);
  test.each<[string, string, object]>([
    ['input.idempotencyKey', 'dispatchTicket', { idempotencyKey: '', agency: 'housing' }],
    ['input.idempotencyKey', 'dispatchTicket', { idempotencyKey: 'a b', agency: 'housing' }],
    ['input.idempotencyKey', 'dispatchTicket', { idempotencyKey: 'x'.repeat(101), agency: 'housing' }],
    ['input.expectedVersion', 'dispatchTicket', { expectedVersion: 0, agency: 'housing' }],
    ['input.ticketNo', 'dispatchTicket', { ticketNo: '', agency: 'housing' }],
    ['input.agency', 'dispatchTicket', { agency: 'audit' }],
    ['input.agency', 'dispatchTicket', { agency: 'hotline' }],
    ['input.unit', 'dispatchTicket', { agency: 'housing', unit: ' ' }],
    ['input.coAgencies', 'dispatchTicket', { agency: 'housing', coAgencies: ['police', 'police'] }],
    ['input.coAgencies', 'dispatchTicket', { agency: 'housing', coAgencies: ['housing'] }],
    ['input.opinion', 'dispatchTicket', { agency: 'housing', opinion: long }],
    ['input.opinion', 'dispatchTicket', { agency: 'housing', opinion: '\ud800' }],
    ['input.opinion', 'consultOnTicket', { agency: 'housing', opinion: '  ' }],
    ['input.agency', 'consultOnTicket', { agency: 'hotline', opinion: '请协助' }],
    ['input.policeNo', 'callEmergencyService', { service: 'FIRE_119', policeNo: 'JJ1', opinion: '起火' }],
  ])('%s of %s', async (place, field, says) => {
    const ticketNo = await bring(hub.dataDir, '2026111600700001');
    const answer = await mutate(hub, dispatcher, field, { ticketNo, expectedVersion: 1, ...says });
    expect(refusals(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0]?.message).toContain(place);
    expect(answer.text).not.toContain('长长');
    expect(await taskOf(hub, dispatcher, ticketNo)).toMatchObject({ version: 1 });
  });

  test('a bare number means the city’s own hotline', async () => {
    await bring(hub.dataDir, '2026111600700002');
    const says = { ticketNo: '2026111600700002', expectedVersion: 1, agency: 'housing' };
    expect(value(await mutate(hub, dispatcher, 'dispatchTicket', says))).toMatchObject({
      ticketNo: '12345:2026111600700002',
    });
  });
});

test('what a source says later wins: the stage follows the status that it sets, and older versions are stale', async () => {
  const ticketNo = await bring(hub.dataDir, '2026111600700003');
  await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'housing' });
  await bring(hub.dataDir, '2026111600700003', { status: 'IN_PROGRESS' });
  const housing = handlerOf('housing');
  expect(refusals(await mutate(hub, housing, 'signForTicket', { ticketNo, expectedVersion: 2 }))).toEqual([
    'STALE_VERSION',
  ]);
  expect(await taskOf(hub, housing, ticketNo)).toMatchObject({ version: 3, stage: 'IN_PROGRESS' });
});

test('while somebody else writes, it is told to try again, and nothing is changed', async () => {
  const ticketNo = await bring(hub.dataDir, '2026111600700004');
  const says = { ticketNo, expectedVersion: 1, agency: 'housing', idempotencyKey: 'busy' };
  const other = new Database(join(hub.dataDir, 'hotline.db'));
  other.exec('BEGIN IMMEDIATE');
  const answer = await mutate(hub, dispatcher, 'dispatchTicket', says);
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'SOURCE_UNAVAILABLE', agency: 'hotline' });
  other.exec('ROLLBACK');
  other.close();
  expect(value(await mutate(hub, dispatcher, 'dispatchTicket', says))).toMatchObject({ version: 2 });
});

test('an action that the ledger could not record is not answered; asked again, it is not done twice', async () => {
  const mute = await startHub({}, now);
  try {
    const ticketNo = await bring(mute.dataDir, '2026111600700005');
    const says = { ticketNo, expectedVersion: 1, agency: 'housing', idempotencyKey: 'mute' };
    const ledger = new Database(join(mute.dataDir, 'ledger.db'));
    ledger.exec('ALTER TABLE disclosure RENAME TO gone');
    expect(refusals(await mutate(mute, dispatcher, 'dispatchTicket', says))).toEqual(['LEDGER_UNAVAILABLE']);
    ledger.exec('ALTER TABLE gone RENAME TO disclosure');
    ledger.close();
    expect(value(await mutate(mute, dispatcher, 'dispatchTicket', says))).toMatchObject({ version: 2 });
  } finally {
    await mute.close();
  }
});

test('a hub without its ticket store starts, and tells so', async () => {
  const bare = await startHub({}, now);
  try {
    const path = join(bare.dataDir, 'hotline.db');
    renameSync(path, `${path}.away`);
    const ask = () =>
      mutate(bare, dispatcher, 'dispatchTicket', { ticketNo: '1', expectedVersion: 1, agency: 'housing' });
    expect(refusals(await ask())).toEqual(['SOURCE_UNAVAILABLE']);
    mkdirSync(path);
    expect(refusals(await ask())).toEqual(['SOURCE_UNAVAILABLE']);
    rmdirSync(path);
    renameSync(`${path}.away`, path);
    expect(refusals(await ask())).toEqual(['NOT_FOUND']);
    // Another file in its place is the store from then on.
    const ticketNo = await bring(bare.dataDir, '2026111600700006');
    const old = new Database(path);
    old.exec(`VACUUM INTO '${path}.copy'`);
    old.close();
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
    renameSync(`${path}.copy`, path);
    const seen = value(
      await mutate(bare, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'grid' }),
    );
    expect(seen).toMatchObject({ version: 2 });
    const db = new Database(path, { readonly: true });
    expect(db.prepare('SELECT version FROM ticket WHERE ticket_no = ?').pluck().get(ticketNo)).toBe(2);
    db.close();
  } finally {
    await bare.close();
  }
});

test('where the account may only read, tickets are acted on elsewhere, and nothing of the store is made', async () => {
  const own = await testPlace('mysql');
  const { host, port, database } = own.settings;
  const user = `reader_${String(database).slice(-8)}`;
  await own.exec(`CREATE USER '${user}'@'%'`);
  try {
    await own.exec(`GRANT SELECT ON \`${database}\`.* TO '${user}'@'%'`);
    const settings = { kind: 'sql', client: 'mysql', host, port, database, user };
    const reading = await startHub({ LIANQIAO_SOURCES: JSON.stringify({ hotline: settings }) }, now);
    try {
      const says = { ticketNo: '1', expectedVersion: 1, agency: 'housing' };
      expect(refusals(await mutate(reading, dispatcher, 'dispatchTicket', says))).toEqual(['OPERATION_NOT_SUPPORTED']);
      expect(await own.exec('SHOW TABLES')).toEqual([]);
    } finally {
      await reading.close();
    }
  } finally {
    await own.exec(`DROP USER '${user}'@'%'`);
    await own.drop();
  }
});

test('while the server of the tickets is away, it is told to try again', async () => {
  const settings = { kind: 'sql', client: 'mysql', host: '127.0.0.1', port: 1, database: 'tickets', user: 'nobody' };
  const away = await startHub({ LIANQIAO_SOURCES: JSON.stringify({ hotline: settings }) }, now);
  try {
    const says = { ticketNo: '1', expectedVersion: 1, agency: 'housing' };
    const answer = await mutate(away, dispatcher, 'dispatchTicket', says);
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'SOURCE_UNAVAILABLE', agency: 'hotline' });
    expect(away.logged()).toContain('the ticket store cannot be used yet');
  } finally {
    await away.close();
  }
});

test('where the tickets lie in another system, they are acted on there', async () => {
  const sources =
    '{ hotline: { kind: sql, client: postgres, host: 127.0.0.1, port: 1, database: hotline, user: nobody } }';
  const elsewhere = await startHub({ LIANQIAO_SOURCES: sources }, now);
  try {
    const says = { ticketNo: '1', expectedVersion: 1, agency: 'housing' };
    expect(refusals(await mutate(elsewhere, dispatcher, 'dispatchTicket', says))).toEqual(['OPERATION_NOT_SUPPORTED']);
  } finally {
    await elsewhere.close();
  }
});
