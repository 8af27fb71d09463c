import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { ReconcileError } from '../../src/reconciliation/ask-tickets.ts';
import type { ReconcileOptions, ReconcileReport } from '../../src/reconciliation/reconcile.ts';
import { askers, openSource, storedRows } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* Reconciliation over the embedded city, and what `handoffFindings` tells of it. The tests go on from one to the next. */

let clock = Date.parse('2026-11-16T09:00:00+08:00');
let own: OwnRoot;
let hub: RunningHub;
let first: ReconcileReport;
beforeAll(async () => {
  own = ownRoot();
  hub = await startHub({}, () => clock, own.root);
  write('hotline', "DELETE FROM ticket WHERE received_at < '2026-08-15'");
  first = await hub.hub.reconcile({ since: null, resume: true });
}, 120_000);
afterAll(async () => {
  await hub.close();
  own.remove();
});

/** Tickets changed on the last days of the records alone: the tests after the first need no others. */
const lately = '2026-11-14T00:00:00+08:00';
const compare = (more: Partial<ReconcileOptions> = {}): Promise<ReconcileReport> =>
  hub.hub.reconcile({ since: lately, resume: false, ...more });

interface Stored {
  readonly kind: string;
  readonly ticket_no: string;
  readonly agency: string;
  readonly state: string;
  readonly found_at: string;
  readonly settled_at: string | null;
}
const stored = (where: string): Stored[] => storedRows(hub, 'hotline', `SELECT * FROM lost_handoff WHERE ${where}`);
const count = (sql: string): number =>
  storedRows<{ n: number }>(hub, 'hotline', `SELECT count(*) n FROM ${sql}`)[0]?.n ?? 0;
const ofShowcase = (): Stored[] => stored(`ticket_no = '${showcase.ticketNo}' ORDER BY lost_no`);

function write(agency: string, sql: string, ...values: (string | number)[]): void {
  const db = openSource(hub, agency);
  expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  db.close();
}

function rename(from: string, to: string): void {
  const db = openSource(hub, 'grid');
  db.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
  db.close();
}

interface Told {
  readonly findingId: string;
  readonly kind: string;
  readonly agency: string;
  readonly ticketNo: string;
  readonly grounds: readonly string[];
  readonly confidence: number;
  readonly settled: boolean;
  readonly settledAt: string | null;
  readonly ticket: { readonly type: string } | null;
}

/** Every page of the caller's findings under this filter. */
async function findings(asker: Asker, filter: string, size = 40): Promise<Told[]> {
  const all: Told[] = [];
  for (let after: string | null = null; ;) {
    const { data, errors } = await hub.ask(
      asker,
      `query($after: String) { handoffFindings(filter: { ${filter} }, first: ${size}, after: $after) {
         nodes { findingId kind agency ticketNo grounds confidence settled settledAt ticket { type } }
         pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    expect(errors).toEqual([]);
    const { nodes, pageInfo } = (
      data as { handoffFindings: { nodes: Told[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
    ).handoffFindings;
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
  }
}

test('every ticket that is no report was compared with every agency', () => {
  const n = count("ticket WHERE type <> 'REPORT'");
  expect(first).toMatchObject({
    purpose: 'SUPERVISION',
    ended: true,
    resumed: false,
    tickets: n,
    settled: 0,
    withdrawn: 0,
  });
  expect(first.agencies['grid']).toEqual({ COMPARED: n, NOT_GIVEN: 0, UNAVAILABLE: 0, STALE: 0 });
  expect(first.found).toBe(stored("state = 'OPEN'").length);
});

test('each kind is found, and none on a report, though its agency recorded it', () => {
  const kinds = ['SENT_NOT_RECEIVED', 'RECEIVED_NOT_SENT', 'ANSWERED_NOT_FED_BACK'];
  expect(new Set(stored('1 = 1').map((s) => s.kind))).toEqual(new Set(kinds));
  expect(count("lost_handoff l JOIN ticket t USING (ticket_no) WHERE t.type = 'REPORT'")).toBe(0);
});

test('a second run over the same records finds nothing new', async () => {
  expect(await compare()).toMatchObject({ found: 0, settled: 0, ended: true });
});

const lostKinds = 'kind: [SENT_NOT_RECEIVED, RECEIVED_NOT_SENT, ANSWERED_NOT_FED_BACK]';

test('an auditor pages over them with the other kinds, each once, under its own areas', async () => {
  const told = await findings(askers.audit, lostKinds, 7);
  const [area] = askers.audit.claims.areas ?? [];
  expect(area).toBeDefined();
  const inArea = `lost_handoff l JOIN ticket t USING (ticket_no) WHERE t.division_code LIKE '${String(area).replace(/(00)+$/, '')}%'`;
  expect(told.length).toBe(count(inArea));
  expect(new Set(told.map((f) => f.findingId)).size).toBe(told.length);
  expect(told.filter((f) => f.ticket?.type === 'REPORT' || f.settled)).toEqual([]);
  expect(told.find((f) => f.ticketNo === showcase.ticketNo)).toMatchObject({
    kind: 'SENT_NOT_RECEIVED',
    agency: 'market',
    grounds: ['NO_RECEIPT'],
    confidence: 1,
    settledAt: null,
  });
  const both = await findings(askers.audit, 'kind: [OVERDUE, SENT_NOT_RECEIVED], agency: ["market"]');
  expect(new Set(both.map((f) => f.kind))).toEqual(new Set(['OVERDUE', 'SENT_NOT_RECEIVED']));
});

test('a department finds what is about itself alone; nobody is told which record of the agency it is', async () => {
  const told = await findings(askers.housing, lostKinds);
  expect(new Set(told.map((f) => f.agency))).toEqual(new Set(['housing']));
  const receipts = storedRows<{ subject: string }>(
    hub,
    'hotline',
    "SELECT subject FROM lost_handoff WHERE kind = 'RECEIVED_NOT_SENT'",
  );
  const text = JSON.stringify(await findings(askers.audit, lostKinds));
  expect(receipts.length).toBeGreaterThan(0);
  for (const { subject } of receipts) expect(text).not.toContain(subject);
});

test('each page of the run stands in the ledger, as read by the reconciliation', () => {
  const entries = storedRows<{
    agency: string;
    role: string;
    purpose: string;
    subject: string;
    owners: string;
    sealed: number;
  }>(hub, 'ledger', "SELECT * FROM disclosure WHERE agency = 'reconciliation'");
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries)
    expect(entry).toMatchObject({ role: 'SYSTEM', purpose: 'SUPERVISION', subject: 'reconciliation', sealed: 0 });
  const owners = new Set(entries.flatMap((e) => JSON.parse(e.owners) as string[]));
  expect(owners).toEqual(new Set(['hotline', 'police', 'grid', 'market', 'housing']));
});

test('what has healed is settled, not deleted, and found again it is open again', async () => {
  clock += 60_000;
  const receipt = 'INSERT INTO C_RECEIPT (JSBH, GDBH, AJBH, LYDW, JSSJ, DFSJ) VALUES (?, ?, ?, ?, ?, NULL)';
  // In UTC, without leading zeros, as that system may write.
  write('market', receipt, 'late-1', showcase.ticketNo, 'SA-1', '住建', '2026-11-6T1:31:00Z');
  expect(await compare()).toMatchObject({ found: 0, settled: 1 });
  expect(ofShowcase()).toMatchObject([{ state: 'SETTLED', settled_at: '2026-11-16T09:01:00+08:00' }]);
  const settled = await findings(askers.audit, 'settled: true');
  expect(settled).toMatchObject([{ ticketNo: showcase.ticketNo, settledAt: '2026-11-16T09:01:00+08:00' }]);
  expect((await findings(askers.audit, `${lostKinds}, settled: false`)).map((f) => f.ticketNo)).not.toContain(
    showcase.ticketNo,
  );
  write('market', "DELETE FROM C_RECEIPT WHERE JSBH = 'late-1'");
  // Nobody has touched the ticket lately, and nothing is open on it: a run over all tickets finds it.
  expect(await compare({ since: '2026-11-06T00:00:00+08:00' })).toMatchObject({
    found: 1,
    settled: 0,
  });
  expect(ofShowcase()).toMatchObject([{ state: 'OPEN', settled_at: null }]);
});

test('a receipt that names another ticket is missing from its own and found on the other', async () => {
  const [other] = storedRows<{ ticket_no: string }>(
    hub,
    'hotline',
    `SELECT ticket_no FROM ticket t WHERE type = 'COMPLAINT' AND lead_agency <> 'housing' AND updated_at > ?
        AND co_agencies = '[]' AND NOT EXISTS
          (SELECT 1 FROM handoff h WHERE h.ticket_no = t.ticket_no AND 'housing' IN (h.from_agency, h.to_agency))`,
    lately,
  );
  const ticketNo = String(other?.ticket_no);
  const housing = "UPDATE GD_JS SET GDBH = ? WHERE JSBH = '9000000006'";
  write('housing', housing, ticketNo);
  const since = '2026-11-06T00:00:00+08:00';
  await compare({ since });
  const both = `ticket_no IN ('${ticketNo}', '${showcase.confidentialTicketNo}') AND agency = 'housing' ORDER BY kind`;
  expect(stored(both)).toMatchObject([
    { kind: 'RECEIVED_NOT_SENT', ticket_no: ticketNo, state: 'OPEN' },
    { kind: 'SENT_NOT_RECEIVED', ticket_no: showcase.confidentialTicketNo, state: 'OPEN' },
  ]);
  write('housing', housing, showcase.confidentialTicketNo);
  await compare({ since });
  expect(stored(both).map((s) => s.state)).toEqual(['SETTLED', 'SETTLED']);
});

test('a run that is broken off is gone on with', async () => {
  const stop = new AbortController();
  const since = '2026-11-13T00:00:00+08:00';
  const broken = await compare({ since, signal: stop.signal, onProgress: () => stop.abort() });
  expect(broken).toMatchObject({ ended: false, tickets: 20 });
  const seen: (number | null)[] = [];
  const whole = await compare({ since, resume: true, onProgress: (_done, total) => void seen.push(total) });
  expect(whole).toMatchObject({ resumed: true, ended: true });
  // The ticket that the first part ended with is looked at again: others may have come in the same second.
  expect(whole.tickets).toBeGreaterThan(20);
  expect(seen.every((total) => total !== null)).toBe(true);
  expect(await compare({ since, resume: true })).toMatchObject({ resumed: false });
});

test('a source that is down costs its own agency alone, and settles nothing', async () => {
  const open = stored("state = 'OPEN' AND agency = 'grid'").length;
  rename('wg_receipt', 'wg_gone');
  const report = await compare();
  expect(report).toMatchObject({ found: 0, settled: 0 });
  expect(report.agencies['grid']).toMatchObject({ COMPARED: 0, UNAVAILABLE: report.tickets });
  expect(report.agencies['police']).toMatchObject({ COMPARED: report.tickets });
  expect(stored("state = 'OPEN' AND agency = 'grid'").length).toBe(open);
  rename('wg_gone', 'wg_receipt');
}, 60_000);

test('a grant that is taken back takes with it what was found by it', async () => {
  const before = stored("agency = 'housing' AND state = 'OPEN'").length;
  expect(before).toBeGreaterThan(0);
  const grant = '  - id: receipts-to-reconciliation\n    to: [reconciliation]\n    purposes: [SUPERVISION, AUDIT]';
  own.edit('connectors/housing/sharing.yaml', grant, grant.replace('[SUPERVISION, AUDIT]', '[AUDIT]'));
  expect(hub.hub.policies.reload().kind).toBe('admitted');
  const report = await compare();
  expect(report.agencies['housing']).toMatchObject({ COMPARED: 0, NOT_GIVEN: report.tickets });
  expect(stored("agency = 'housing' AND state <> 'WITHDRAWN'")).toEqual([]);
  expect(await findings(askers.housing, lostKinds)).toEqual([]);
  own.edit('connectors/housing/sharing.yaml', grant.replace('[SUPERVISION, AUDIT]', '[AUDIT]'), grant);
  hub.hub.policies.reload();
  expect((await hub.hub.reconcile({ since: null, resume: false })).found).toBe(before);
}, 60_000);

test('without the hotline’s own grant nothing is compared, and it is said', async () => {
  own.edit('connectors/hotline/sharing.yaml', '      - Trace: [ticketNo, reconciliation]\n', '');
  hub.hub.policies.reload();
  await expect(compare()).rejects.toThrow(ReconcileError);
  await expect(compare()).rejects.toMatchObject({ code: 'FIELD_DENIED' });
});
