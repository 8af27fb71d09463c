import type { Knex } from 'knex';
import { z } from 'zod';
import { refreshFindings } from '../store/findings.ts';
import type { TicketDatabase } from '../store/ticket-database.ts';
import { lostKinds, type LostHandoff } from './lost-handoffs.ts';

/** What the comparison of one ticket says. Agencies that were not compared are left as they are. */
export interface TicketOutcome {
  readonly ticketNo: string;
  readonly compared: readonly string[];
  readonly findings: readonly LostHandoff[];
}

export interface TakenCounts {
  /** New, or open again. */
  readonly found: number;
  readonly settled: number;
}

/** A lost handoff that was not known to be open before. */
export interface FoundHandoff extends LostHandoff {
  readonly ticketNo: string;
}

/** The lost handoffs that are known, in the database of the tickets. Times are RFC 3339 in +08:00. */
export interface LostStore {
  /** Writes down what was found and what has healed, in one transaction. What is known of a report is nothing. */
  take(outcomes: readonly TicketOutcome[], at: string): Promise<TakenCounts>;
  /** From now on nothing is told of what these agencies' receipts showed; how many findings that are. */
  withdraw(agencies: readonly string[], at: string): Promise<number>;
  /** Tickets with open findings in order of their numbers, from after this one on. */
  openTickets(after: string, limit: number): Promise<readonly string[]>;
}

/**
 * `onFound` is called inside the transaction with what is newly found: whoever tells of it writes its event there, so that
 * there is none without its finding and no finding without one.
 */
export function openLostStore(
  database: Pick<TicketDatabase, 'db' | 'transaction'>,
  onFound: (trx: Knex, found: readonly FoundHandoff[], at: string) => Promise<void> = () => Promise.resolve(),
): LostStore {
  return {
    take: (outcomes, at) =>
      database.transaction(async (trx) => {
        const tickets = await locked(trx, outcomes);
        const before = await knownOf(
          trx,
          tickets.map((t) => t.ticketNo),
        );
        const found: FoundHandoff[] = [];
        let settled = 0;
        for (const outcome of tickets) {
          const known = before.get(outcome.ticketNo) ?? [];
          found.push(...(await writeFindings(trx, outcome, known, at)));
          settled += await settle(trx, outcome, known, at);
        }
        await refreshFindings(
          trx,
          tickets.map((t) => t.ticketNo),
        );
        if (found.length > 0) await onFound(trx, found, at);
        return { found: found.length, settled };
      }),
    withdraw: (agencies, at) =>
      database.transaction(async (trx) => {
        const told = trx('lost_handoff').whereIn('agency', agencies).whereNot('state', 'WITHDRAWN');
        const tickets = await told.clone().distinct().orderBy('ticket_no').pluck<string[]>('ticket_no');
        if (tickets.length === 0) return 0;
        const withdrawn = await told.clone().update({ state: 'WITHDRAWN', settled_at: null, seen_at: at });
        await refreshFindings(trx, tickets);
        return withdrawn;
      }),
    async openTickets(after, limit) {
      return database
        .db('lost_handoff')
        .where('state', 'OPEN')
        .where('ticket_no', '>', after)
        .distinct()
        .orderBy('ticket_no')
        .limit(limit)
        .pluck<string[]>('ticket_no');
    },
  };
}

interface Known {
  readonly lostNo: number;
  readonly kind: string;
  readonly agency: string;
  readonly subject: string;
  readonly state: 'OPEN' | 'SETTLED' | 'WITHDRAWN';
}

/** The outcomes of tickets that are no report (举报), in the order in which all writers lock them. */
async function locked(trx: Knex, outcomes: readonly TicketOutcome[]): Promise<readonly TicketOutcome[]> {
  const sorted = outcomes.toSorted((a, b) => (a.ticketNo < b.ticketNo ? -1 : 1));
  const rows = await trx('ticket')
    .whereIn(
      'ticket_no',
      sorted.map((o) => o.ticketNo),
    )
    .orderBy('ticket_no')
    .forUpdate()
    .select('ticket_no', 'type');
  const open = new Set(rowsOf(rows, ticketRow).flatMap(({ ticket_no: no, type }) => (type === 'REPORT' ? [] : [no])));
  return sorted.filter(({ ticketNo }) => open.has(ticketNo));
}

async function knownOf(trx: Knex, ticketNos: readonly string[]): Promise<ReadonlyMap<string, readonly Known[]>> {
  const rows = rowsOf(await trx('lost_handoff').whereIn('ticket_no', ticketNos).select(), knownRow);
  const byTicket = new Map<string, Known[]>();
  for (const { ticketNo, ...known } of rows) byTicket.set(ticketNo, [...(byTicket.get(ticketNo) ?? []), known]);
  return byTicket;
}

async function writeFindings(
  trx: Knex,
  { ticketNo, findings }: TicketOutcome,
  known: readonly Known[],
  at: string,
): Promise<readonly FoundHandoff[]> {
  const found: FoundHandoff[] = [];
  for (const finding of findings) {
    const before = known.find((one) => isSame(one, finding));
    const { kind, agency, confidence } = finding;
    const written = { at: finding.at, grounds: JSON.stringify(finding.grounds), confidence, seen_at: at };
    if (before === undefined) {
      const key = { ticket_no: ticketNo, agency, kind, subject: subjectOf(finding) };
      await trx('lost_handoff').insert({ ...key, ...written, state: 'OPEN', found_at: at, settled_at: null });
    } else {
      await trx('lost_handoff')
        .where('lost_no', before.lostNo)
        .update({ ...written, state: 'OPEN', settled_at: null });
    }
    if (before?.state !== 'OPEN') found.push({ ...finding, ticketNo });
  }
  return found;
}

/** What is not found any more has healed, where its agency was compared. */
async function settle(
  trx: Knex,
  { compared, findings }: TicketOutcome,
  known: readonly Known[],
  at: string,
): Promise<number> {
  const healed = known.filter(
    (one) => one.state !== 'SETTLED' && compared.includes(one.agency) && !findings.some((f) => isSame(one, f)),
  );
  const numbers = healed.map((one) => one.lostNo);
  if (numbers.length > 0)
    await trx('lost_handoff').whereIn('lost_no', numbers).update({ state: 'SETTLED', seen_at: at, settled_at: at });
  return healed.filter((one) => one.state === 'OPEN').length;
}

/** The hotline's step where there is one: of it the agency's record may come and go. */
function subjectOf({ runId, receiptNo }: LostHandoff): string {
  return runId ?? receiptNo ?? '';
}

function isSame(known: Known, finding: LostHandoff): boolean {
  return known.kind === finding.kind && known.agency === finding.agency && known.subject === subjectOf(finding);
}

const ticketRow = z.object({ ticket_no: z.string(), type: z.string().nullable() });

const knownRow = z
  .object({
    lost_no: z.number(),
    kind: z.enum(lostKinds),
    ticket_no: z.string(),
    agency: z.string(),
    subject: z.string(),
    state: z.enum(['OPEN', 'SETTLED', 'WITHDRAWN']),
  })
  .transform(({ lost_no: lostNo, ticket_no: ticketNo, ...rest }) => ({ lostNo, ticketNo, ...rest }));

function rowsOf<T>(rows: unknown, row: z.ZodType<T>): T[] {
  return z.array(row).parse(rows);
}
