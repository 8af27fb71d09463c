import { z } from 'zod';
import type { Engine } from '../hub/engine.ts';
import { lostGrounds, lostKinds } from './lost-handoffs.ts';
import type { Principal } from '../identity/principal.ts';
import type { ReconcilePurpose } from './principal.ts';

/** The reconciliation was refused or could not read the tickets: the code and words of the hub's own answer. */
export class ReconcileError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ReconcileError';
    this.code = code;
  }
}

export interface ReconcileCaller {
  readonly engine: Pick<Engine, 'answer'>;
  readonly purpose: ReconcilePurpose;
  /** One for the whole run: what its policy conditions come to is worked out once. */
  readonly principal: Principal;
}

/** A ticket as the gate gave it to the reconciliation. */
export type Compared = NonNullable<z.output<typeof comparedTicket>>;

export interface ComparedPage {
  readonly tickets: readonly Compared[];
  /** The cursor of the next page; null after the last. */
  readonly next: string | null;
  /** How many tickets there are from the first page on; null where that was not asked or not given. */
  readonly total: number | null;
}

/** The tickets of one request: far below what an operation may ask for. */
const pageSize = 20;

const compared = `ticketNo receivedAt trace { reconciliation {
  agencies { agency state }
  findings { kind agency at runId receiptNo grounds confidence } } }`;

const pageQuery = `query Reconcile($filter: TicketFilter, $after: String, $count: Boolean!) {
  tickets(filter: $filter, orderBy: { field: RECEIVED_AT, direction: ASC }, first: ${pageSize}, after: $after) {
    totalCount @include(if: $count) nodes { ${compared} } pageInfo { hasNextPage endCursor } } }`;

const byNoQuery = `query Recheck($ticketNos: [ID!]!) { ticketsByNo(ticketNos: $ticketNos) { ${compared} } }`;

interface PageOf {
  readonly changedSince: string | null;
  readonly receivedFrom: string | null;
  readonly after: string | null;
}

/** A page of tickets in the order in which they came in. Rejects with `ReconcileError`. */
export async function askTickets(caller: ReconcileCaller, { after, ...filter }: PageOf): Promise<ComparedPage> {
  const data = await ask(caller, pageQuery, { filter, after, count: after === null });
  const { nodes, pageInfo, totalCount = null } = pageData.parse(data).tickets;
  return {
    tickets: nodes.filter((one) => one !== null),
    total: totalCount,
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

/** Those of these tickets that it may know of. Rejects with `ReconcileError`. */
export async function askTicketsByNo(
  caller: ReconcileCaller,
  ticketNos: readonly string[],
): Promise<readonly Compared[]> {
  const { ticketsByNo } = byNoData.parse(await ask(caller, byNoQuery, { ticketNos }));
  return ticketsByNo.filter((one) => one !== null);
}

/** What the agencies do not give is told by their states; without the tickets themselves nothing can be compared. */
async function ask(
  { engine, purpose, principal }: ReconcileCaller,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const answer = await engine.answer({
    principal,
    query,
    operationName: null,
    variables,
    purpose,
    ticket: null,
    reason: null,
    mayChange: false,
  });
  const errors = answer.kind === 'refused' ? answer.errors : (answer.result.errors ?? []);
  const data: unknown = answer.kind === 'refused' ? null : answer.result.data;
  const without = errors.find(({ extensions }) => needed.has(String(extensions['coordinate'])));
  const refused = without ?? (data === null || Object.values(data ?? {}).includes(null) ? errors[0] : undefined);
  if (refused === undefined) return data;
  throw new ReconcileError(String(refused.extensions['code']), refused.message);
}

/** Without these there is no comparison at all. */
const needed: ReadonlySet<string> = new Set([
  'Ticket.receivedAt',
  'Ticket.handoffs',
  'Ticket.trace',
  'Trace.reconciliation',
  'Reconciliation.agencies',
  'Reconciliation.findings',
]);

const comparedTicket = z
  .object({
    ticketNo: z.string(),
    receivedAt: z.string(),
    trace: z
      .object({
        reconciliation: z
          .object({
            agencies: z.array(
              z.object({ agency: z.string(), state: z.enum(['COMPARED', 'NOT_GIVEN', 'UNAVAILABLE', 'STALE']) }),
            ),
            findings: z.array(
              z.object({
                kind: z.enum(lostKinds),
                agency: z.string(),
                at: z.string(),
                runId: z.string().nullable(),
                receiptNo: z.string().nullable(),
                grounds: z.array(z.enum(lostGrounds)),
                confidence: z.number(),
              }),
            ),
          })
          .nullable(),
      })
      .nullable(),
  })
  // Of a ticket whose trace is not shown, such as a report (举报), nothing is compared.
  .transform(({ ticketNo, receivedAt, trace }) =>
    trace?.reconciliation == null ? null : { ticketNo, receivedAt, ...trace.reconciliation },
  );

const pageData = z.object({
  tickets: z.object({
    totalCount: z.number().nullish(),
    nodes: z.array(comparedTicket),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

const byNoData = z.object({ ticketsByNo: z.array(comparedTicket.nullable()) });
