import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seedCity } from '../../src/city/city.ts';
import { showcase } from '../../src/city/showcase.ts';
import { loadConfig } from '../../src/config/config.ts';
import { secretFile } from '../../src/config/secret-file.ts';
import { createHub, type Hub } from '../../src/hub/hub.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';

/* The running hub compares by itself, where the configuration says so, and follows its policies. */

let city: string;
let own: OwnRoot;
let hub: Hub;
const lines: string[] = [];
beforeAll(async () => {
  city = mkdtempSync(join(tmpdir(), 'lianqiao-reconciler-'));
  await seedCity({ dataDir: city, tickets: 30, joinSecret: secretFile(city, 'join') });
  own = ownRoot();
  const config = loadConfig({ LIANQIAO_DATA_DIR: city });
  hub = await createHub({
    // The least that can be configured is a minute: a test does not wait so long.
    config: { ...config, reconcileMinutes: 0.01 },
    root: own.root,
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    now: () => Date.parse('2026-11-16T09:00:00+08:00') + Math.floor(performance.now()),
  });
});
afterAll(async () => {
  await hub.close();
  own.remove();
  rmSync(city, { recursive: true });
});

function all<R>(sql: string): R[] {
  const db = new Database(join(city, 'hotline.db'), { readonly: true });
  try {
    return db.prepare(sql).all() as R[];
  } finally {
    db.close();
  }
}

const lost = () => all<{ state: string }>(`SELECT state FROM lost_handoff WHERE ticket_no = '${showcase.ticketNo}'`);
const shown = () =>
  all(`SELECT 1 FROM handoff_finding WHERE ticket_no = '${showcase.ticketNo}' AND kind = 'SENT_NOT_RECEIVED'`);

test('it finds what is lost, and says so without a value', async () => {
  await vi.waitFor(() => expect(lines.join('')).toContain('handoffs and receipts were compared'), 20_000);
  expect(lost()).toEqual([{ state: 'OPEN' }]);
  expect(shown().length).toBe(1);
  expect(lines.join('')).not.toContain(showcase.ticketNo);
});

test('a grant that is taken back is followed', async () => {
  const grant = '    to: [reconciliation]\n    purposes: [SUPERVISION, AUDIT]';
  own.edit('connectors/market/sharing.yaml', grant, grant.replace('[SUPERVISION, AUDIT]', '[AUDIT]'));
  expect(hub.policies.reload().kind).toBe('admitted');
  await vi.waitFor(() => expect(lost()).toEqual([{ state: 'WITHDRAWN' }]), 20_000);
  expect(shown()).toEqual([]);
});
