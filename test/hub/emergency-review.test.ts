import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { block, page } from '../docs/markdown.ts';
import { errorLines } from './askers.ts';

/* Break-glass: without a reason refused, with one wider and flagged, and its use comes back to the owner for review. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const handler: Asker = {
  claims: { agency: 'market', role: 'HANDLER', unit: 'market-price', purposes: ['HANDLING', 'EMERGENCY'] },
  purpose: 'HANDLING',
};
const emergency: Asker = { ...handler, purpose: 'EMERGENCY' };
const reason = `来电人失联, 请林晓晨家属速电${showcase.reporterPhone}`;
const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterPhone reporterIdNumber } }`;

const ownerOf = (agency: string, role: 'SYSTEM' | 'SUPERVISOR' = 'SUPERVISOR'): Asker => ({
  claims: { agency, role, areas: ['350102'], purposes: ['SUPERVISION'] },
  purpose: 'SUPERVISION',
});
const uses =
  '{ disclosures(filter: { purpose: ["EMERGENCY"] }) { totalCount nodes { agency role purpose reason operator ticketNos disclosedFields policyVersion access { field status rule } } } }';

interface Listed {
  readonly disclosures: { readonly totalCount: number; readonly nodes: readonly Record<string, unknown>[] };
}
const listed = (answer: Answer): Listed['disclosures'] => (answer.data as Listed).disclosures;

test('without a reason it is refused, and nothing is read', async () => {
  hub.takeStatements();
  for (const none of [
    {},
    { reason: '' },
    { reason: '   ' },
    { reason: '\u200b' },
    { reason: '\u0000' },
    { reason: '…' },
  ]) {
    const answer = await hub.ask({ ...emergency, ...none }, query);
    expect(errorLines(answer)).toEqual(['REASON_REQUIRED']);
    expect(answer.data).toBeUndefined();
  }
  expect(hub.takeStatements()).toEqual([]);
  expect(listed(await hub.ask(ownerOf('hotline'), uses))).toEqual({ totalCount: 0, nodes: [] });
});

test('with one it widens the grant, is flagged, and the owner reads who used it and why', async () => {
  const phone = (answer: Answer): unknown =>
    (answer.data as { ticket: { reporterPhone: unknown } }).ticket.reporterPhone;
  expect(phone(await hub.ask(handler, query))).toBe('138****0517');
  const opened = await hub.ask({ ...emergency, reason }, query);
  expect(phone(opened)).toBe(showcase.reporterPhone);
  expect(opened.extensions['access']).toMatchObject({ purpose: 'EMERGENCY' });

  const answer = await hub.ask(ownerOf('hotline'), uses);
  const { totalCount, nodes } = listed(answer);
  expect(totalCount).toBe(1);
  expect(nodes).toEqual([
    {
      agency: 'market',
      role: 'HANDLER',
      purpose: 'EMERGENCY',
      // The owner reviews the reason, and learns nobody's number from it.
      reason: expect.stringContaining('来电人失联'),
      operator: null,
      ticketNos: [showcase.ticketNo],
      disclosedFields: ['Ticket.reporterPhone', 'Ticket.ticketNo'],
      policyVersion: hub.hub.sources.policy.version,
      access: expect.arrayContaining([
        { field: 'reason', status: 'MASKED', rule: 'audit/emergency-reason-to-owners' },
        { field: 'operator', status: 'DENIED', rule: null },
      ]),
    },
  ]);
  expect(answer.text).not.toContain(showcase.reporterPhone);
  expect(errorLines(answer)).toEqual(['FIELD_DENIED Disclosure.operator disclosures.nodes.*.operator']);
  expect(listed(await hub.ask(ownerOf('hotline', 'SYSTEM'), uses)).totalCount).toBe(1);
});

test('the query of the page lists it', async () => {
  const answer = await hub.ask(ownerOf('hotline'), block(page('policy'), 'emergency uses'));
  expect(answer.errors).toEqual([]);
  expect(listed(answer).nodes.map((n) => [n['agency'], n['ticketNos']])).toEqual([['market', [showcase.ticketNo]]]);
});

test('the reason of another read stays closed to the owner', async () => {
  await hub.ask({ ...handler, reason: '顺便一提' }, query);
  const answer = await hub.ask(ownerOf('hotline'), uses.replace('EMERGENCY', 'HANDLING'));
  expect(listed(answer).nodes.map((n) => n['reason'])).toEqual(listed(answer).nodes.map(() => null));
  expect(listed(answer).totalCount).toBeGreaterThan(0);
  expect(errorLines(answer)).toContain('FIELD_DENIED Disclosure.reason disclosures.nodes.*.reason');
  expect(answer.text).not.toContain('顺便一提');
});

test('whose data it was not learns nothing of it', async () => {
  expect(listed(await hub.ask(ownerOf('housing'), uses))).toEqual({ totalCount: 0, nodes: [] });
  expect(errorLines(await hub.ask(handler, uses))[0]).toMatch(/^FIELD_DENIED/);
});

test('the auditor of the ticket reads it too', async () => {
  const auditor: Asker = {
    claims: { agency: 'audit', role: 'AUDITOR', areas: ['350102'], purposes: ['AUDIT'] },
    purpose: 'AUDIT',
  };
  const named = uses.replace('(filter', `(ticketNo: "${showcase.ticketNo}", filter`);
  expect(listed(await hub.ask(auditor, named)).nodes.map((n) => [n['agency'], n['reason']])).toEqual([
    ['market', expect.stringContaining('来电人失联')],
  ]);
});
