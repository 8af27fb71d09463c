import { mappableFields } from '../../tickets/import/ticket-fields.ts';
import type { TicketContent } from '../../tickets/ticket-columns.ts';
import type { TicketRow } from '../../tickets/ticket-store.ts';
import type { SourceRecord } from '../../connector/connector.ts';
import { handledFields } from '../handled-fields.ts';
import { isWithin, type PushDesk } from './push-desk.ts';
import type { PushedTicket, SourcePlace } from './push-input.ts';
import { outOfArea, type ConflictCode, type PushOutcome, type PushProblem } from './push-outcome.ts';
import { takeHeld } from './take-held.ts';

/** Of a ticket that was acted on. */
const ofActions: ReadonlySet<string> = new Set(['status', ...handledFields]);

type Taken = Omit<PushOutcome, 'index' | 'ticketNo'>;

/** Takes over one ticket: the newest version that its source told, unless an agency has acted against it. */
export async function takeTicket(desk: PushDesk, ticket: PushedTicket): Promise<Taken> {
  const { file, at } = desk;
  const { ticketNo } = ticket;
  const stored = await file.record(ticketNo);
  if (stored !== null && !isWithin(desk, stored)) return { outcome: 'REJECTED', problems: [outOfArea] };
  const newest = file.newest(ticketNo);
  const order = newest === null ? 1 : compare(ticket, newest);
  if (order <= 0) {
    if (await file.hasVersion(ticketNo, ticket)) return { outcome: 'UNCHANGED', problems: [] };
    return order === 0
      ? conflict(desk, ticket, 'SAME_VERSION', 'this version was pushed with other content; push it as a newer one')
      : conflict(desk, ticket, 'LATE', 'a newer version of the ticket is stored');
  }
  const actedOn = stored !== null && file.isActedOn(ticketNo);
  // Whatever is stored of it, the answer is one: it would tell what the handling unit wrote.
  if (actedOn && stored['type'] === 'REPORT' && sealedFields(ticket).length > 0)
    return conflict(desk, ticket, 'ACTED_ON', ofReport);
  const row = actedOn ? besideActions(ticket, stored) : wholeRow(ticket);
  const { record, changes } = await file.foresee(row, at);
  if (!isWithin(desk, record)) return { outcome: 'REJECTED', problems: [outOfArea] };
  const against = actedOn ? changes.filter((field) => ofActions.has(field)) : [];
  if (against.length > 0 && stored !== null) return againstActions(desk, ticket, stored, against);
  const put = await file.put(row, ticketNo, ticket, at);
  await takeHeld(desk, ticketNo);
  switch (put) {
    case 'inserted':
      return { outcome: 'INSERTED', problems: [] };
    case 'updated':
      if (stored !== null) file.tellParties(ticketNo, newParties(stored, record), at);
      return { outcome: 'UPDATED', problems: [] };
    case 'unchanged':
      return { outcome: 'UNCHANGED', problems: [] };
  }
}

const ofReport =
  'an agency acted on this report in the hub: what its handling sets, its status and another type are not taken from outside; leave them out';

/** What the source says of a report that its handling unit alone may say; that it is no report would open the rest. */
function sealedFields({ status, content }: PushedTicket): readonly string[] {
  const said: Readonly<Record<string, unknown>> = { ...content, status };
  const retyped = said['type'] !== undefined && said['type'] !== 'REPORT';
  return [...(retyped ? ['type'] : []), ...[...ofActions].filter((field) => said[field] !== undefined)];
}

/** The agencies that have to do with the ticket now and had not before. */
function newParties(before: SourceRecord, after: SourceRecord): ReadonlySet<string> {
  const had = parties(before);
  return new Set([...parties(after)].filter((agency) => !had.has(agency)));
}

function parties(record: SourceRecord): ReadonlySet<string> {
  const of = [record['leadAgency'], record['coAgencies'], record['confirmedCoAgencies']].flat();
  return new Set(of.filter((agency) => typeof agency === 'string'));
}

function compare(one: SourcePlace, other: SourcePlace): number {
  if (one.sourceAt !== other.sourceAt) return one.sourceAt < other.sourceAt ? -1 : 1;
  return one.sourceVersion - other.sourceVersion;
}

/** All that the source says: what it left out is empty, so that every order of arrival ends in the same. */
function wholeRow({ sourceSystem, sourceNo, receivedAt, status, content }: PushedTicket): TicketRow {
  const whole: Record<string, unknown> = {};
  for (const field of mappableFields) whole[field] = (content as Record<string, unknown>)[field] ?? null;
  return { ...(whole as TicketContent), sourceSystem, sourceNo, receivedAt, status: status ?? 'ACCEPTED' };
}

/** The same, but silent on what actions set where the source left it out. */
function besideActions(ticket: PushedTicket, stored: SourceRecord): TicketRow {
  const given = ticket.content as Readonly<Record<string, unknown>>;
  const isKept = (field: string): boolean => ofActions.has(field) || (field === 'type' && stored['type'] === 'REPORT');
  const row = Object.entries(wholeRow(ticket)).filter(([field]) => !isKept(field) || given[field] !== undefined);
  return { ...(Object.fromEntries(row) as unknown as TicketRow), status: ticket.status ?? String(stored['status']) };
}

function againstActions(desk: PushDesk, ticket: PushedTicket, stored: SourceRecord, against: readonly string[]): Taken {
  // Of what the pusher may not see it is not told what differs.
  const shown = against.filter((f) => desk.sight.isGiven(f, { record: stored }));
  const reason = 'an agency acted on the ticket in the hub and left something else; leave the field out, or act there';
  return conflict(desk, ticket, 'ACTED_ON', reason, shown);
}

function conflict(
  { file, at }: PushDesk,
  { ticketNo, sourceAt, sourceVersion, digest }: PushedTicket,
  code: ConflictCode,
  reason: string,
  fields: readonly string[] = [],
): Taken {
  const place = { sourceAt, sourceVersion, digest };
  file.putConflict({ kind: 'TICKET', ticketNo, sourceRunId: null, code, fields, ...place }, at);
  const about: readonly (string | null)[] = fields.length === 0 ? [null] : fields;
  return { outcome: 'CONFLICT', problems: about.map((field): PushProblem => ({ code, field, reason })) };
}
