import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { AgencyReceipts } from '../connector/connector.ts';
import type { Engine } from '../hub/engine.ts';
import { askTickets, askTicketsByNo, type Compared } from './ask-tickets.ts';
import type { LostStore } from './lost-store.ts';
import { reconciliationPrincipal, withoutGrant, type ReconcilePurpose } from './principal.ts';
import type { ComparedState } from './reconciliation.ts';
import type { Run, RunLog } from './run-log.ts';

export interface ReconcileParts {
  readonly engine: Pick<Engine, 'answer'>;
  readonly store: LostStore;
  readonly runs: RunLog;
  readonly receipts: readonly AgencyReceipts[];
  readonly facts: SchemaFacts;
  readonly policy: () => Policy;
  readonly purpose: ReconcilePurpose;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ReconcileOptions {
  /** Only tickets that were changed at this time or later, and those with open findings: RFC 3339 in +08:00; null: all. */
  readonly since: string | null;
  /** Whether to go on with a run over the same tickets that was broken off. */
  readonly resume: boolean;
  /** Ends the run after the page at hand; it can be gone on with. */
  readonly signal?: AbortSignal;
  /** `total` is null where the policy does not let the tickets be counted. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

/** What one run did. */
export interface ReconcileReport {
  readonly purpose: ReconcilePurpose;
  readonly since: string | null;
  readonly resumed: boolean;
  readonly ended: boolean;
  /** Tickets that were looked at. */
  readonly tickets: number;
  readonly found: number;
  readonly settled: number;
  /** Findings that are told no longer, since their agencies grant their receipts no longer. */
  readonly withdrawn: number;
  /** By agency, of how many of the tickets its receipts were compared, or why not. */
  readonly agencies: Readonly<Record<string, Readonly<Record<ComparedState, number>>>>;
}

/**
 * Compares the handoffs of all tickets that the policies show to the reconciliation with the receipts that they give it,
 * and keeps what it finds. Every ticket goes through the gate and into the ledger as for any caller. Rejects with
 * `ReconcileError` where it is refused; what was found until then is kept.
 */
export async function reconcile(parts: ReconcileParts, options: ReconcileOptions): Promise<ReconcileReport> {
  const { store, runs, purpose, now } = parts;
  const { since, signal } = options;
  const clock = (): string => formatDateTime(now());
  const closed = (): readonly string[] => withoutGrant(parts.receipts, purpose, parts.policy(), parts.facts);
  const withdrawn = await store.withdraw(closed(), clock());
  const before = options.resume ? await runs.unfinished(since, purpose) : null;
  let run: Run = before ?? (await runs.begin(since, purpose, clock()));
  const agencies = Object.fromEntries(parts.receipts.map(({ agency }) => [agency, { ...noStates }]));
  const principal = reconciliationPrincipal(purpose, `reconciliation-${run.runNo}`, now());
  const caller = { engine: parts.engine, purpose, principal };
  const take = async (tickets: readonly Compared[]): Promise<void> => {
    for (const { agencies: states } of tickets)
      for (const { agency, state } of states) (agencies[agency] ??= { ...noStates })[state] += 1;
    // A grant may have been taken back while they were compared.
    const gone = closed();
    const outcomes = tickets.map(({ ticketNo, agencies: states, findings }) => ({
      ticketNo,
      findings: findings.filter(({ agency }) => !gone.includes(agency)),
      compared: states.flatMap(({ agency, state }) => (state === 'COMPARED' && !gone.includes(agency) ? [agency] : [])),
    }));
    const { found, settled } = await store.take(outcomes, clock());
    run = { ...run, compared: run.compared + tickets.length, found: run.found + found, settled: run.settled + settled };
  };
  const report = (ended: boolean): ReconcileReport => {
    const { compared: tickets, found, settled } = run;
    return { purpose, since, resumed: before !== null, ended, tickets, found, settled, withdrawn, agencies };
  };

  const stopped = (): boolean => signal?.aborted === true;
  const from = run.after;
  const done = run.compared;
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    if (stopped()) return report(false);
    const page = await askTickets(caller, { changedSince: since, receivedFrom: from, after: cursor });
    if (page.total !== null) total = page.total + done;
    await take(page.tickets);
    run = { ...run, after: page.tickets.at(-1)?.receivedAt ?? run.after };
    await runs.advance(run);
    cursor = page.next;
    options.onProgress?.(run.compared, total);
  } while (cursor !== null);

  // What is open on tickets that nobody has touched since may have healed in the agency's record.
  let open = since === null ? [] : await store.openTickets('', recheckSize);
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    if (stopped()) return report(false);
    await take(await askTicketsByNo(caller, open));
    open = await store.openTickets(last, recheckSize);
  }
  await runs.end(run.runNo, clock());
  return report(true);
}

/** Tickets that are looked at again in one request. */
const recheckSize = 20;

const noStates: Readonly<Record<ComparedState, number>> = { COMPARED: 0, NOT_GIVEN: 0, UNAVAILABLE: 0, STALE: 0 };
