import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDateTime } from '../../src/codes/date-time.ts';
import { refreshFindings } from '../../src/store/findings.ts';
import { openTicketDatabase } from '../../src/store/ticket-database.ts';
import { findingsOf, type TracedTicket, type TraceFinding } from '../../src/tickets/trace-findings.ts';
import { traceOf } from '../../src/tickets/trace.ts';
import type { TraceStep } from '../../src/tickets/trace-step.ts';
import { stores, testPlace } from '../kit/ticket-place.ts';
import { generatedTrail, step } from './trace-kit.ts';

const now = parseDateTime('2026-11-30T12:00:00+08:00');
const open: TracedTicket = {
  leadAgency: 'housing',
  closedAt: null,
  visitedAt: null,
  updatedAt: '2026-11-05T09:00:00+08:00',
  resolved: null,
  satisfaction: null,
};
const closedAt = '2026-11-09T15:00:00+08:00';

test('each kind names whom it is about, when, and what it rests on', () => {
  const steps = [
    step('DISPATCH', 'hotline', 'housing', '05 10:00', { dueAt: '06 10:00', signBy: '05 12:00' }),
    step('SIGN_FOR', 'housing', 'housing', '05 13:00', { signBy: '05 12:00' }),
    step('FEEDBACK', 'housing', 'hotline', '09 10:00', { siteVisit: true, evidenceCount: 0 }),
    step('CLOSE', 'hotline', 'hotline', '09 15:00', { siteVisit: true, evidenceCount: 0 }),
  ];
  const found = findingsOf(steps, { ...open, closedAt, resolved: false }, now);
  expect(found).toEqual([
    {
      kind: 'LATE_SIGNED',
      agency: 'housing',
      at: '2026-11-05T13:00:00+08:00',
      runIds: ['R05-10:00', 'R05-13:00'],
      fields: [],
      confidence: 1,
    },
    {
      kind: 'OVERDUE',
      agency: 'housing',
      at: '2026-11-06T10:00:00+08:00',
      runIds: ['R05-10:00'],
      fields: [],
      confidence: 1,
    },
    {
      kind: 'CLOSED_WITHOUT_EVIDENCE',
      agency: 'housing',
      at: closedAt,
      runIds: ['R09-15:00'],
      fields: [],
      confidence: 1,
    },
    {
      kind: 'CLOSED_UNRESOLVED',
      agency: 'housing',
      at: closedAt,
      runIds: ['R09-15:00'],
      fields: ['Ticket.closedAt', 'Ticket.resolved'],
      confidence: 1,
    },
  ]);
});

test('a ticket that is resolved and whose reporter is not satisfied; without the follow-up in the record it is less sure', () => {
  const told = {
    ...open,
    closedAt,
    visitedAt: '2026-11-10T09:00:00+08:00',
    resolved: true,
    satisfaction: 'DISSATISFIED',
  };
  const unsatisfied = {
    kind: 'RESOLVED_UNSATISFIED',
    agency: 'housing',
    at: told.visitedAt,
    fields: ['Ticket.resolved', 'Ticket.satisfaction'],
  };
  expect(findingsOf([step('FOLLOW_UP', 'hotline', 'hotline', '10 09:00')], told, now)).toEqual([
    { ...unsatisfied, runIds: ['R10-09:00'], confidence: 1 },
  ]);
  expect(findingsOf([], told, now)).toEqual([{ ...unsatisfied, runIds: [], confidence: 0.5 }]);
  expect(findingsOf([], { ...told, satisfaction: 'NEUTRAL' }, now)).toEqual([]);
});

test('a finding on a stay whose giver did not have the ticket is less sure', () => {
  const gap = [
    step('DISPATCH', 'hotline', 'housing', '05 10:00'),
    step('REASSIGN', 'market', 'grid', '06 10:00', { signBy: '06 12:00' }),
    step('SIGN_FOR', 'grid', 'grid', '06 13:00', { signBy: '06 12:00' }),
  ];
  expect(findingsOf(gap, open, now)).toMatchObject([{ kind: 'LATE_SIGNED', agency: 'grid', confidence: 0.5 }]);
});

test('what the record does not say is no finding', () => {
  const silent = [
    step('DISPATCH', 'hotline', 'housing', '05 10:00'),
    step('SIGN_FOR', 'housing', 'housing', '20 13:00'),
    step('CLOSE', 'hotline', 'hotline', '29 15:00', { siteVisit: true }),
  ];
  expect(findingsOf(silent, { ...open, closedAt }, now)).toEqual([]);
});

/** An empty store, and the findings that it has on one ticket with these steps. */
async function findingsIn(store: (typeof stores)[number]) {
  const own = await testPlace(store);
  const database = await openTicketDatabase(own.place);
  const found = async (steps: readonly TraceStep[], ticket: TracedTicket, type: string | null): Promise<Row[]> => {
    const { leadAgency, visitedAt, updatedAt, satisfaction, closedAt } = ticket;
    await own.exec(
      `INSERT INTO ticket (ticket_no, source_system, source_no, type, status, received_at, updated_at, lead_agency,
         closed_at, visited_at, resolved, satisfaction) VALUES ('t:1', 't', '1', ?, 'ACCEPTED', '2026-11-01T00:00:00+08:00', ?, ?, ?, ?, ?, ?)`,
      [type, updatedAt, leadAgency, closedAt, visitedAt, cell(ticket.resolved), satisfaction],
    );
    for (const [seq, s] of steps.entries())
      await own.exec(
        `INSERT INTO handoff (run_id, ticket_no, seq, kind, from_agency, to_agency, at, due_at, sign_by, site_visit,
           evidence_count) VALUES (?, 't:1', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [s.runId, seq, s.kind, s.from, s.to, s.at, s.dueAt, s.signBy, cell(s.siteVisit), s.evidenceCount],
      );
    await database.transaction((trx) => refreshFindings(trx, ['t:1']));
    const rows = await own.exec(
      `SELECT kind, agency, times, at FROM handoff_finding
        WHERE kind NOT IN ('CIRCLE', 'REPEATED_RETURN', 'OVERDUE') ORDER BY kind, at, agency`,
    );
    for (const table of ['handoff', 'ticket']) await own.exec(`DELETE FROM ${table}`);
    return rows as Row[];
  };
  const end = async (): Promise<void> => {
    await database.close();
    await own.drop();
  };
  // What is handed on stays: here the tables are used again and again.
  for (const trigger of ['handoff_kept', 'handoff_stays']) await own.exec(`DROP TRIGGER ${trigger}`);
  return { found, end };
}

type Row = Record<string, unknown>;

const cell = (flag: boolean | null): number | null => (flag === null ? null : Number(flag));

const generatedTicket = fc.record({
  leadAgency: fc.constantFrom('housing', 'grid', null),
  closedAt: fc.constantFrom(closedAt, null),
  visitedAt: fc.constantFrom('2026-11-10T09:00:00+08:00', null),
  updatedAt: fc.constant(open.updatedAt),
  resolved: fc.constantFrom(true, false, null),
  satisfaction: fc.constantFrom('VERY_SATISFIED', 'DISSATISFIED', 'VERY_DISSATISFIED', null),
});

/** The same from the trace: a row for each agency of a pair. */
function fromTrace(steps: readonly TraceStep[], ticket: TracedTicket): Record<string, unknown>[] {
  const { pingPongs } = traceOf(steps, { officeHours: [], now: () => now });
  const pairs = pingPongs.flatMap(({ first, second, at }) => [first, second].map((agency) => ({ agency, at })));
  const agencies = [...new Set(pairs.map((p) => p.agency))];
  const toAndFro = agencies.map((agency) => {
    const at = pairs.filter((p) => p.agency === agency).flatMap((p) => p.at);
    return { kind: 'PING_PONG', agency, times: at.length, at: at.toSorted().at(-1) };
  });
  const others = findingsOf(steps, ticket, now).filter(({ kind }) => kind !== 'OVERDUE');
  return [
    ...toAndFro,
    ...others.map(({ kind, agency, at }: TraceFinding) => ({ kind, agency, times: 1, at })),
  ].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}
const order = ({ kind, at, agency }: Record<string, unknown>): string =>
  `${String(kind)} ${String(at)} ${String(agency ?? '')}`;

test.each([
  ['sqlite', 400],
  ['mysql', 60],
] as const)('%s finds what the trace finds, and nothing on reports', async (store, numRuns) => {
  const { found, end } = await findingsIn(store);
  try {
    let pingPongs = 0;
    await fc.assert(
      fc.asyncProperty(generatedTrail, generatedTicket, async (steps, ticket) => {
        const rows = await found(steps, ticket, 'COMPLAINT');
        pingPongs += rows.filter((f) => f['kind'] === 'PING_PONG').length;
        expect(rows).toEqual(fromTrace(steps, ticket));
        expect(await found(steps, ticket, 'REPORT')).toEqual([]);
      }),
      // The same trails each time: among these some go to and fro.
      { numRuns, seed: 4 },
    );
    expect(pingPongs).toBeGreaterThan(0);
  } finally {
    await end();
  }
});
