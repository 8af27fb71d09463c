import { z } from 'zod';
import type { SourceRecord } from '../connector/connector.ts';
import type { StoredTicket } from '../tickets/ticket-store.ts';
import { ticketStatuses } from '../tickets/ticket-status.ts';
import { stageOf, type Stage } from './stages.ts';

/** The agency that takes tickets in and hands them out. */
export const hotline = 'hotline';

/** Levels that a ticket is pushed down through (下派), the highest first. */
export const levels = ['DISTRICT', 'STREET', 'COMMUNITY'] as const;
export type Level = (typeof levels)[number];

/** What the hub keeps of a ticket's way beside the ticket itself. */
export interface TicketProcess {
  /** A return was refused or ruled on: whoever has the ticket from then on keeps it. */
  readonly returnSettled: boolean;
  /** Working days of the extension that is asked for. */
  readonly extensionDays: number | null;
  /** How far down the ticket was pushed. */
  readonly level: Level | null;
  /** Until when it must be signed for; null while nobody has to. */
  readonly signBy: string | null;
  readonly lateSignings: number;
  readonly dueProvisional: boolean;
  /** The last feedback tells of a visit on site. */
  readonly siteVisit: boolean;
  /** Where what was found on site is kept: references, never the material itself. */
  readonly evidence: readonly string[];
}

export const freshProcess: TicketProcess = {
  returnSettled: false,
  extensionDays: null,
  level: null,
  signBy: null,
  lateSignings: 0,
  dueProvisional: false,
  siteVisit: false,
  evidence: [],
};

/** A ticket as an action finds it. */
export interface TicketCase {
  readonly ticketNo: string;
  readonly version: number;
  readonly stage: Stage;
  /** 举报: it stays in its handling unit. */
  readonly report: boolean;
  /** Who has it: the hotline until it is given to somebody. */
  readonly lead: string;
  readonly fields: TicketFields;
  readonly process: TicketProcess;
  /** All its fields, for the policy to judge. */
  readonly record: SourceRecord;
}

const text = z.string().nullable();
const agencies = z.array(z.string());
const ticketFields = z.object({
  ticketNo: z.string(),
  type: text,
  status: z.enum(ticketStatuses),
  firstReceiver: text,
  leadAgency: text,
  leadUnit: text,
  coAgencies: agencies,
  confirmedCoAgencies: agencies,
  formerAgencies: agencies,
  dueAt: text,
  handledAt: text,
  replyText: text,
  urgeCount: z.number(),
  extended: z.boolean(),
});
type TicketFields = z.infer<typeof ticketFields>;

/** `kept` is what the hub holds of its way; null for a ticket on which nobody has acted yet. */
export function ticketCase(
  { version, record }: StoredTicket,
  kept: { readonly stage: Stage; readonly process: TicketProcess } | null,
): TicketCase {
  const fields = ticketFields.parse(record);
  return {
    ticketNo: fields.ticketNo,
    version,
    stage: stageOf(fields.status, kept?.stage ?? null),
    report: fields.type === 'REPORT',
    lead: fields.leadAgency ?? hotline,
    fields,
    process: kept?.process ?? freshProcess,
    record,
  };
}
