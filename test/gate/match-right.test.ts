import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines, storedRows } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* A caller that does not see a number may be allowed to compare it: it finds the tickets of a number that it knows. */

const dispatcher: Asker = {
  claims: { agency: 'housing', role: 'HANDLER', unit: 'housing-rental', purposes: ['DISPATCH', 'HANDLING'] },
  purpose: 'DISPATCH',
};

let own: OwnRoot;
let hub: RunningHub;
/** A ticket that housing leads, whose reporter asked for no secrecy, and its number. */
let seen: { ticketNo: string; phone: string };
let secret: { ticketNo: string; phone: string };
beforeAll(async () => {
  own = ownRoot();
  own.grantFirst(
    'hotline',
    `  - id: same-citizen
    to: [{ agency: housing, roles: [HANDLER] }]
    purposes: [DISPATCH]
    law: 国办函〔2025〕66号
    match: [Ticket.reporterPhone]
`,
  );
  hub = await startHub({}, undefined, own.root);
  const select = 'SELECT ticket_no AS ticketNo, reporter_phone AS phone FROM ticket';
  const ticketOf = (where: string): typeof seen => {
    const [row] = storedRows<typeof seen>(hub, 'hotline', `${select} WHERE ${where}`);
    if (row === undefined) throw new Error(`no ticket where ${where}`);
    return row;
  };
  seen = ticketOf("lead_agency = 'housing' AND type = 'COMPLAINT' AND confidential = 0 AND reporter_phone LIKE '1%'");
  secret = ticketOf(`ticket_no = '${showcase.confidentialTicketNo}'`);
});
afterAll(async () => {
  await hub.close();
  own.remove();
});

const find = (asker: Asker, phone: string): Promise<Answer> =>
  hub.ask(
    asker,
    'query ($phone: Phone!) { tickets(filter: { reporterPhone: $phone }) { nodes { ticketNo reporterPhone } pageInfo { hasNextPage } } }',
    { phone },
  );
const found = (answer: Answer): string[] =>
  (answer.data as { tickets: { nodes: { ticketNo: string }[] } }).tickets.nodes.map((n) => n.ticketNo);

describe('the right to compare', () => {
  test('finds the tickets of a number, which stays masked', async () => {
    const answer = await find(dispatcher, seen.phone);
    expect(errorLines(answer)).toEqual([]);
    expect(found(answer)).toContain(seen.ticketNo);
    expect(answer.text).not.toContain(seen.phone);
    expect(answer.text).toContain(`${seen.phone.slice(0, 3)}****${seen.phone.slice(-4)}`);
    expect(found(await find(dispatcher, '13900000000'))).toEqual([]);
  });

  test('does not find the ticket of a reporter who asked for secrecy, except in its handling unit', async () => {
    const others = found(
      await find({ ...dispatcher, claims: { ...dispatcher.claims, unit: 'housing-other' } }, secret.phone),
    );
    expect(others).not.toContain(secret.ticketNo);
    expect(found(await find(dispatcher, secret.phone))).toContain(secret.ticketNo);
  });

  test('holds for its purpose alone: for another, the tickets whose number shows plainly are found', async () => {
    const numbers = (answer: Answer) =>
      (answer.data as { tickets: { nodes: { reporterPhone: string }[] } }).tickets.nodes.map((n) => n.reporterPhone);
    const handling = numbers(await find({ ...dispatcher, purpose: 'HANDLING' }, seen.phone));
    expect(handling.length).toBeGreaterThan(0);
    expect(new Set(handling)).toEqual(new Set([seen.phone]));
  });

  test('is refused to whoever never sees the number plainly and may not compare it', async () => {
    const answer = await find(askers.grid, seen.phone);
    expect(answer.errors.map((e) => [e.extensions['code'], e.message])).toEqual([
      ['FIELD_DENIED', 'tickets: filter.reporterPhone uses Ticket.reporterPhone, which is not granted to you plainly'],
    ]);
  });

  test('compares whole numbers only', async () => {
    const answer = await find(dispatcher, `${seen.phone.slice(0, 3)}****${seen.phone.slice(-4)}`);
    expect(errorLines(answer)).toEqual(['BAD_USER_INPUT']);
  });

  test('the number is bound, and stands in no log and no ledger', async () => {
    hub.takeStatements();
    await find(dispatcher, seen.phone);
    const statements = hub.takeStatements();
    expect(statements.some((s) => s.sql.includes('reporter_phone` in (?)'))).toBe(true);
    expect(JSON.stringify(statements)).not.toContain(seen.phone);
    expect(hub.logged()).not.toContain(seen.phone);
    const entries = storedRows(hub, 'ledger', 'SELECT * FROM disclosure');
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain(seen.phone);
  });
});

describe('statistics', () => {
  const statistician: Asker = {
    claims: { agency: 'hotline', role: 'SUPERVISOR', areas: [showcase.areaCode], purposes: ['STATISTICS'] },
    purpose: 'STATISTICS',
  };

  test.each([
    ['a list', '{ tickets(first: 1) { nodes { __typename } pageInfo { hasNextPage endCursor } totalCount } }'],
    ['a ticket', `{ ticket(ticketNo: "${showcase.ticketNo}") { __typename } }`],
    ['tickets by number', `{ ticketsByNo(ticketNos: ["${showcase.ticketNo}"]) { __typename } }`],
    ['cases', '{ myCases { nodes { __typename } pageInfo { hasNextPage endCursor } } }'],
    ['findings', '{ handoffFindings { nodes { __typename } pageInfo { hasNextPage endCursor } } }'],
    ['the log', '{ disclosures { nodes { __typename } } }'],
  ])('gives no record: %s', async (_what, query) => {
    hub.takeStatements();
    const answer = await hub.ask(statistician, query);
    expect(answer.text).not.toContain('"__typename"');
    expect(answer.text).not.toMatch(/"hasNextPage":true|"endCursor":"|"totalCount":\d/);
    expect(hub.takeStatements()).toEqual([]);
  });
});
