import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, storedRows } from '../hub/askers.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* What `Ticket.trace` says of lost handoffs, to whom, under the shipped policies. */

const clock = Date.parse('2026-11-16T09:00:00+08:00');
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => clock);
});
afterAll(() => hub.close());

interface Reconciliation {
  readonly agencies: readonly { readonly agency: string; readonly state: string }[];
  readonly findings: readonly { readonly kind: string; readonly agency: string }[];
}

const fields = `agencies { agency state receiptCount }
  findings { kind agency at runId receiptNo grounds confidence }`;

function ask(asker: Asker, ticketNo: string, asked: string = fields): Promise<Answer> {
  return hub.ask(asker, `{ ticket(ticketNo: "${ticketNo}") { trace { reconciliation { ${asked} } } } }`);
}

function told({ data }: Answer): Reconciliation | null | undefined {
  return (data as { ticket: { trace: { reconciliation: Reconciliation | null } | null } | null }).ticket?.trace
    ?.reconciliation;
}

test('an auditor is told that the market regulators never got the request for a joint opinion', async () => {
  const answer = await ask(askers.audit, showcase.ticketNo);
  expect(answer.errors).toEqual([]);
  expect(told(answer)).toEqual({
    agencies: [
      { agency: 'police', state: 'COMPARED', receiptCount: 1 },
      { agency: 'grid', state: 'COMPARED', receiptCount: 1 },
      { agency: 'market', state: 'COMPARED', receiptCount: 0 },
      { agency: 'housing', state: 'COMPARED', receiptCount: 2 },
    ],
    findings: [
      {
        kind: 'SENT_NOT_RECEIVED',
        agency: 'market',
        at: '2026-11-06T09:25:00+08:00',
        runId: 'H202611050000000109',
        receiptNo: null,
        grounds: ['NO_RECEIPT'],
        confidence: 1,
      },
    ],
  });
});

test('a department compares its own records alone; those of others are not given to it', async () => {
  const answer = await ask(askers.housing, showcase.ticketNo);
  expect(told(answer)?.agencies).toEqual([
    { agency: 'police', state: 'NOT_GIVEN', receiptCount: null },
    { agency: 'grid', state: 'NOT_GIVEN', receiptCount: null },
    { agency: 'market', state: 'NOT_GIVEN', receiptCount: null },
    { agency: 'housing', state: 'COMPARED', receiptCount: 2 },
  ]);
  expect(told(answer)?.findings).toEqual([]);
  const denied = answer.errors.map((e) => [e.extensions['code'], e.extensions['coordinate']]);
  expect(denied).toEqual([
    ['FIELD_DENIED', 'Ticket.gridReceipts'],
    ['FIELD_DENIED', 'Ticket.marketReceipts'],
    ['FIELD_DENIED', 'Ticket.policeReceipts'],
  ]);
});

test('whoever is given no trace is given no comparison, and what is denied in it is not shown', async () => {
  expect(told(await ask(askers.marketOtherUnit, showcase.confidentialTicketNo))).toBeUndefined();
});

test('of a report nothing is compared outside its unit; its unit sees its own', async () => {
  expect(told(await ask(askers.audit, showcase.reportTicketNo))).toBeUndefined();
  expect(told(await ask(askers.marketOtherUnit, showcase.reportTicketNo))).toBeUndefined();
  const own = told(await ask(askers.reportUnit, showcase.reportTicketNo));
  expect(own?.agencies).toContainEqual({ agency: 'market', state: 'COMPARED', receiptCount: 1 });
  expect(own?.findings).toEqual([]);
});

test('what was compared stands in the ledger under its agencies', async () => {
  const before = storedRows<{ n: number }>(hub, 'ledger', 'SELECT count(*) n FROM disclosure')[0]?.n ?? 0;
  await ask(askers.audit, showcase.ticketNo, 'findings { kind }');
  const [entry] = storedRows<{ owners: string; disclosed: string }>(
    hub,
    'ledger',
    'SELECT owners, disclosed FROM disclosure LIMIT -1 OFFSET ?',
    before,
  );
  expect(JSON.parse(entry?.owners ?? '[]')).toEqual(['grid', 'hotline', 'housing', 'police']);
  expect(JSON.parse(entry?.disclosed ?? '[]')).toContain('PoliceReceipt.receivedAt');
});

test('nothing of the receipts is asked of a source for a caller who is not given them', async () => {
  hub.takeStatements();
  await ask(askers.housing, showcase.ticketNo);
  const asked = hub.takeStatements().map(({ sql }) => sql);
  expect(asked.filter((sql) => /ZWGD\b|wg_receipt|C_RECEIPT/.test(sql))).toEqual([]);
  expect(asked.some((sql) => sql.includes('GD_JS'))).toBe(true);
});
