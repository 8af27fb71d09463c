import { parseDateTime } from '../codes/date-time.ts';
import type { Deed } from './deed.ts';
import type { Rule } from './machine.ts';
import type { TicketCase } from './ticket-case.ts';

/** Each rule: whether it holds, and what to tell whom it stops. `now` is epoch milliseconds. */
export const rules: Readonly<
  Record<
    Rule,
    { readonly says: string; readonly holds: (ticket: TicketCase, deed: Deed | null, now: number) => boolean }
  >
> = {
  FIRST_RECEIVER_INVESTIGATES: {
    says: 'the first receiver investigates first: start handling it, then ask with what you found',
    holds: ({ stage, lead, fields }) => lead !== fields.firstReceiver || stage === 'IN_PROGRESS',
  },
  NO_SECOND_RETURN: {
    says: 'a return of this ticket was decided on: it cannot be returned again; handle it, or object where that is open',
    holds: ({ process }) => !process.returnSettled,
  },
  ONE_EXTENSION: {
    says: 'the ticket was extended already; answer it, or ask the hotline for supervision',
    holds: ({ fields }) => !fields.extended,
  },
  BEFORE_THE_DUE_TIME: {
    says: 'an extension is asked for before the due time; answer it now',
    holds: ({ fields }, _deed, now) => fields.dueAt !== null && now <= parseDateTime(fields.dueAt),
  },
  REPLY_NEEDED: {
    says: 'closing needs a reply to the citizen: give replyText, or send it back for rework',
    holds: ({ fields }, deed) => deed === null || (deed.replyText ?? fields.replyText) !== null,
  },
  EVIDENCE_NEEDED: {
    says: 'a visit on site needs references to its evidence: give evidence, or send it back for rework',
    holds: ({ process }, deed) =>
      deed === null || !process.siteVisit || [...process.evidence, ...deed.evidence].length > 0,
  },
};
