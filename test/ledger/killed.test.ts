import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { askers } from '../hub/askers.ts';
import { startHubProcess } from '../kit/hub-process.ts';
import { verifiedLedger } from './kit/verified-ledger.ts';

/* A hub that is killed under load: no answer left without its entry, and the ledger goes on where it was. */

/** `npm run prove` kills hundreds. */
const kills = Number(process.env['LIANQIAO_LEDGER_KILLS'] ?? 3);
const inFlight = 8;
const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-killed-'));
const exports = mkdtempSync(join(tmpdir(), 'lianqiao-killed-out-'));
afterAll(() => {
  for (const folder of [dataDir, exports]) rmSync(folder, { recursive: true, force: true });
});

test(
  'each answer has its entry, each crash leaves intents, and all of it is verified',
  { timeout: 60_000 + kills * 20_000 },
  async () => {
    cpSync(inject('city'), dataDir, { recursive: true });
    const issuer = new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false });
    const token = await issuer.issue(askers.police.claims, 3_600);
    const answered = new Set<string>();
    let asked = 0;
    let cutOff = 0;
    for (let round = 0; round < kills; round++) {
      const hub = await startHubProcess(dataDir, {});
      const over = new AbortController();
      const ask = async (): Promise<void> => {
        while (!over.signal.aborted) {
          // Each has a text, and so a document hash, of its own.
          const query = `# ${round}-${(asked += 1)}\n{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterName } }`;
          try {
            const response = await fetch(`${hub.url}/graphql`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${token}`,
                'lianqiao-purpose': 'HANDLING',
                'lianqiao-ticket': showcase.ticketNo,
              },
              body: JSON.stringify({ query }),
            });
            const { data } = (await response.json()) as { data?: { ticket: unknown } | null };
            if (data?.ticket != null) answered.add(createHash('sha256').update(query).digest('hex'));
          } catch {
            cutOff += 1;
          }
        }
      };
      const before = answered.size;
      const asking = Array.from({ length: inFlight }, ask);
      const enough = before + 20 + Math.floor(Math.random() * 60);
      while (answered.size < enough) await new Promise((resolve) => setTimeout(resolve, 2));
      await hub.kill();
      over.abort();
      await Promise.all(asking);
    }
    expect(cutOff).toBeGreaterThan(0);

    const db = new Database(join(dataDir, 'ledger.db'), { readonly: true });
    const bodies = db
      .prepare('SELECT bytes FROM ledger_entry ORDER BY log_no, seq')
      .pluck()
      .all()
      .map((bytes) => JSON.parse(String(bytes)) as { kind: string; body: Record<string, unknown> });
    const outcomes = new Set(bodies.filter(({ kind }) => kind === 'OUTCOME').map(({ body }) => body['documentHash']));
    expect([...answered].filter((hash) => !outcomes.has(hash))).toEqual([]);
    const open = db.prepare('SELECT count(*) FROM ledger_intent').pluck().get();
    // All rounds wrote to one log: a killed writer's lock is nobody's.
    expect(db.prepare('SELECT count(*) FROM ledger_log').pluck().get()).toBe(1);
    db.close();

    // Who opens it next signs what the killed ones wrote.
    const last = await startHubProcess(dataDir, { LIANQIAO_LEDGER_HEAD_SECONDS: '1' });
    const size = (): number => {
      const look = new Database(join(dataDir, 'ledger.db'), { readonly: true });
      const found = look.prepare('SELECT coalesce(max(size), 0) FROM ledger_head').pluck().get();
      look.close();
      return Number(found);
    };
    await expect.poll(size, { timeout: 30_000 }).toBeGreaterThanOrEqual(bodies.length);
    await last.kill();
    const [report, ...more] = await verifiedLedger(dataDir, exports);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ verdict: 'VERIFIED', findings: [] });
    expect(report?.unfinished.count).toBe(open);
  },
);
