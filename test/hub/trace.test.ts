import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/* What each caller learns of a ticket's way, and of what is wrong with it, under the shipped policies. */

const clock = Date.parse('2026-11-16T09:00:00+08:00');
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => clock);
});
afterAll(() => hub.close());

interface Hop {
  readonly agency: string;
  readonly by: string | null;
  readonly reason: string | null;
}
interface Finding {
  readonly findingId: string;
  readonly kind: string;
  readonly agency: string;
  readonly ticket: { readonly type: string | null } | null;
}

async function traceFor(asker: Asker, fields: string, ticketNo: string = showcase.ticketNo): Promise<unknown> {
  const { data } = await hub.ask(asker, `{ ticket(ticketNo: "${ticketNo}") { trace { ${fields} } } }`);
  return (data as { ticket: { trace: unknown } | null }).ticket?.trace;
}

test('the showcase ticket: signed for in time, in a circle, overdue where it lies', async () => {
  expect(
    await traceFor(
      askers.audit,
      'heldBy circles { agency } pingPongs { first } findings { kind agency at confidence } hops { agency from until heldForWorkingSeconds signedLate overdue }',
    ),
  ).toEqual({
    heldBy: 'housing',
    circles: [{ agency: 'housing' }],
    pingPongs: [],
    findings: [{ kind: 'OVERDUE', agency: 'housing', at: '2026-11-12T10:12:30+08:00', confidence: 1 }],
    hops: [
      {
        agency: 'hotline',
        from: null,
        until: '2026-11-05T10:40:00+08:00',
        heldForWorkingSeconds: 1_490,
        signedLate: null,
        overdue: null,
      },
      {
        agency: 'housing',
        from: 'hotline',
        until: '2026-11-05T14:10:00+08:00',
        heldForWorkingSeconds: 5_400,
        signedLate: false,
        overdue: false,
      },
      {
        agency: 'grid',
        from: 'housing',
        until: '2026-11-05T16:30:45+08:00',
        heldForWorkingSeconds: 8_445,
        signedLate: null,
        overdue: false,
      },
      {
        agency: 'hotline',
        from: 'grid',
        until: '2026-11-05T16:50:00+08:00',
        heldForWorkingSeconds: 1_155,
        signedLate: null,
        overdue: false,
      },
      {
        agency: 'housing',
        from: 'hotline',
        until: null,
        heldForWorkingSeconds: null,
        signedLate: false,
        overdue: true,
      },
    ],
  });
});

test('who held the ticket at an instant is the hop of that instant', async () => {
  const instants = {
    beforeAll: '2026-11-05T09:00:00+08:00',
    given: '2026-11-05T10:40:00+08:00',
    lastSecond: '2026-11-05T14:09:59+08:00',
    inUtc: '2026-11-05T06:10:00Z',
    now: '2026-11-16T09:00:00+08:00',
    toCome: '2026-11-16T09:00:01+08:00',
  };
  const fields = Object.entries(instants).map(([name, at]) => `${name}: heldAt(at: "${at}") { agency since }`);
  expect(await traceFor(askers.audit, fields.join(' '))).toEqual({
    beforeAll: null,
    given: { agency: 'housing', since: '2026-11-05T10:40:00+08:00' },
    lastSecond: { agency: 'housing', since: '2026-11-05T10:40:00+08:00' },
    inUtc: { agency: 'grid', since: '2026-11-05T14:10:00+08:00' },
    now: { agency: 'housing', since: '2026-11-05T16:50:00+08:00' },
    toCome: null,
  });
});

test('nobody holds a ticket that is closed', async () => {
  const closed = (await traceFor(askers.audit, 'hops { agency until }', showcase.confidentialTicketNo)) as {
    hops: { until: string | null }[];
  };
  const until = closed.hops.at(-1)?.until;
  expect(until).toEqual(expect.any(String));
  const at = `heldAt(at: "${until}") { agency }`;
  expect(await traceFor(askers.audit, at, showcase.confidentialTicketNo)).toEqual({ heldAt: null });
});

test('whoever is not given the trace is not told who held the ticket either', async () => {
  const at = 'heldAt(at: "2026-11-05T15:00:00+08:00") { agency }';
  expect(await traceFor(askers.audit, at, showcase.reportTicketNo)).toBeNull();
  const { data, errors } = await hub.ask(
    askers.formerHolder,
    `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo trace { ${at} } } }`,
  );
  expect(data).toEqual({ ticket: { ticketNo: showcase.ticketNo, trace: null } });
  expect(errors.map((e) => e.extensions['code'])).toEqual(['FIELD_DENIED']);
});

test('a closure on a visit that nothing shows, of a ticket that was signed for too late', async () => {
  const found = await traceFor(askers.audit, 'findings { kind agency fields }', showcase.confidentialTicketNo);
  expect(found).toEqual({
    findings: [
      { kind: 'LATE_SIGNED', agency: 'housing', fields: [] },
      { kind: 'CLOSED_WITHOUT_EVIDENCE', agency: 'housing', fields: [] },
    ],
  });
});

test('who gave it on, and why, is told of a hop as it is told of its handoff', async () => {
  const both = `{ ticket(ticketNo: "${showcase.ticketNo}") { handoffs { runId by reason } trace { hops { runId by reason } } } }`;
  for (const asker of [askers.audit, askers.housing, askers.grid]) {
    const { data } = await hub.ask(asker, both);
    const { handoffs, trace } = (data as { ticket: { handoffs: { runId: string }[]; trace: { hops: Hop[] } } }).ticket;
    const runs = trace.hops.map((hop) => ({ ...hop }));
    expect(runs.length).toBe(5);
    expect(handoffs).toEqual(expect.arrayContaining(runs));
    for (const { by } of runs) expect(by).not.toBe('陈思远');
  }
});

test('a report shows no trace outside its unit, and is in no finding', async () => {
  expect(await traceFor(askers.audit, 'findings { kind } hops { agency }', showcase.reportTicketNo)).toBeNull();
});

const kinds = ['PING_PONG', 'LATE_SIGNED', 'CLOSED_WITHOUT_EVIDENCE', 'CLOSED_UNRESOLVED', 'RESOLVED_UNSATISFIED'];
test.each(kinds)('%s over many tickets comes page by page, each once, and none on a report', async (kind) => {
  const seen: Finding[] = [];
  let after: string | null = null;
  do {
    const cursor: string = after === null ? '' : `, after: "${after}"`;
    const { data, errors } = await hub.ask(
      askers.audit,
      `{ handoffFindings(filter: { kind: ${kind} }, first: 7${cursor}) {
           nodes { findingId kind agency ticket { type } } pageInfo { hasNextPage endCursor } } }`,
    );
    expect(errors).toEqual([]);
    const page = (
      data as { handoffFindings: { nodes: Finding[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
    ).handoffFindings;
    seen.push(...page.nodes);
    after = page.pageInfo.hasNextPage && seen.length < 60 ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen.map((f) => f.findingId)).size).toBe(seen.length);
  expect(seen.filter((f) => f.kind !== kind || f.ticket?.type === 'REPORT')).toEqual([]);
});

test('a department finds what is about itself alone', async () => {
  const { data } = await hub.ask(askers.housing, '{ handoffFindings(first: 100) { nodes { kind agency } } }');
  const { nodes } = (data as { handoffFindings: { nodes: Finding[] } }).handoffFindings;
  expect(new Set(nodes.map((f) => f.agency))).toEqual(new Set(['housing']));
});
