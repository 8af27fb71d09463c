import { formatDateTime } from '../codes/date-time.ts';
import { emergencyServices, type Deed } from './deed.ts';
import { dueTime, extendedDueTime, signTime, type DueSettings } from './due-times.ts';
import type { DeadlineEffect, Effect, Party } from './machine.ts';
import type { HandledContent } from './handled-fields.ts';
import { hotline, type TicketCase, type TicketProcess } from './ticket-case.ts';

/** What an action changes: of the ticket, and of its way. */
export interface TicketChanges {
  readonly content: HandledContent;
  readonly process: Partial<TicketProcess>;
}

/** What the effect changes, of an action that is made as this party. `at` is epoch milliseconds. */
export function effectOf(effect: Effect, ticket: TicketCase, deed: Deed, party: Party, at: number): TicketChanges {
  const { fields, process, lead } = ticket;
  const time = formatDateTime(at);
  switch (effect) {
    case 'GIVE_TO_AGENCY': {
      const agency = named(deed.agency);
      return {
        content: {
          leadAgency: agency,
          leadUnit: deed.unit,
          formerAgencies: without(fields.formerAgencies, agency),
          dispatchedAt: time,
          signedAt: null,
          handledAt: null,
        },
        process: { level: null, extensionDays: null },
      };
    }
    case 'NAME_FIRST_RECEIVER':
      return { content: { firstReceiver: fields.firstReceiver ?? deed.agency }, process: {} };
    case 'NAME_CO_AGENCIES': {
      const { coAgencies } = deed;
      return {
        content: { coAgencies, confirmedCoAgencies: coAgencies, jointHandling: coAgencies.length > 0 },
        process: {},
      };
    }
    case 'INVITE_CO_AGENCY':
      return {
        content: { coAgencies: [...fields.coAgencies, named(deed.agency)], jointHandling: true },
        process: {},
      };
    case 'CONFIRM_CO_AGENCY':
      return { content: { confirmedCoAgencies: [...fields.confirmedCoAgencies, named(deed.agency)] }, process: {} };
    case 'GIVE_TO_UNIT':
      return { content: { leadUnit: deed.unit, signedAt: null }, process: { level: deed.level } };
    case 'SIGN':
      return { content: { signedAt: time }, process: {} };
    case 'TAKE_BACK':
      return {
        content: {
          leadAgency: hotline,
          leadUnit: null,
          formerAgencies: [...without(fields.formerAgencies, lead), lead],
          // Who handled it with the one that returned it has no more to do with it.
          coAgencies: [],
          confirmedCoAgencies: [],
          jointHandling: false,
          signedAt: null,
          returned: true,
        },
        process: { signBy: null },
      };
    case 'SETTLE_RETURN':
      return { content: {}, process: { returnSettled: true } };
    case 'ASK_EXTENSION':
      return { content: {}, process: { extensionDays: deed.days } };
    case 'END_EXTENSION':
      return { content: {}, process: { extensionDays: null } };
    case 'ANSWER': {
      const { result, replyText, factual, outOfRemit, resolved, unresolvedReason, siteVisit, evidence } = deed;
      return {
        content: { result, replyText, factual, outOfRemit, resolved, unresolvedReason },
        process: { siteVisit, evidence },
      };
    }
    case 'CLOSE':
      return {
        content: { closedAt: time, replyText: deed.replyText ?? fields.replyText },
        process: { evidence: [...process.evidence, ...deed.evidence] },
      };
    case 'VISIT': {
      const { satisfaction, resolved, unresolvedReason } = deed;
      return { content: { visitedAt: time, satisfaction, resolved, unresolvedReason }, process: {} };
    }
    case 'REOPEN':
      return {
        content: { signedAt: null, handledAt: null, visitedAt: null, closedAt: null },
        process: { siteVisit: false, evidence: [] },
      };
    case 'URGE':
      return { content: { urgeCount: fields.urgeCount + 1 }, process: {} };
    case 'ALARM':
      return alarm(ticket, deed, party);
  }
}

/**
 * The service handles the ticket with the others from now on; of a report it hears by telephone alone. Confirmed it is by
 * the hotline only: no agency lets another one in by itself.
 */
function alarm({ report, fields, lead }: TicketCase, { service }: Deed, party: Party): TicketChanges {
  const agency = service === null ? null : emergencyServices[service];
  if (report || agency === null || agency === lead) return { content: { urgency: 'CRITICAL' }, process: {} };
  const { coAgencies, confirmedCoAgencies: confirmed } = fields;
  return {
    content: {
      urgency: 'CRITICAL',
      coAgencies: [...without(coAgencies, agency), agency],
      confirmedCoAgencies: party === 'DISPATCHER' ? [...without(confirmed, agency), agency] : confirmed,
      jointHandling: true,
    },
    process: {},
  };
}

/** What becomes of the due times. `at` is epoch milliseconds. */
export function deadlineEffectOf(
  effect: DeadlineEffect | null,
  { fields, process }: TicketCase,
  at: number,
  settings: DueSettings,
): TicketChanges {
  switch (effect) {
    case null:
      return { content: {}, process: {} };
    case 'START': {
      const due = dueTime(fields.type, at, settings);
      return {
        content: { dueAt: due.at, extended: false },
        process: { dueProvisional: due.provisional, signBy: signTime(at, settings), extensionDays: null },
      };
    }
    case 'START_SIGNING':
      return { content: {}, process: { signBy: signTime(at, settings) } };
    case 'SIGN':
      return {
        content: {},
        process: { signBy: null, lateSignings: process.lateSignings + (isLate(process, at) ? 1 : 0) },
      };
    case 'EXTEND': {
      if (fields.dueAt === null || process.extensionDays === null) throw new TypeError('no extension was asked for');
      const due = extendedDueTime(fields.dueAt, process.extensionDays);
      return { content: { dueAt: due.at, extended: true }, process: { dueProvisional: due.provisional } };
    }
    case 'MEET':
      return { content: { handledAt: formatDateTime(at) }, process: {} };
  }
}

/** Whether it is signed for after the time for that. */
export function isLate({ signBy }: TicketProcess, at: number): boolean {
  return signBy !== null && formatDateTime(at) > signBy;
}

function named(agency: string | null): string {
  if (agency === null) throw new TypeError('the action names no agency');
  return agency;
}

function without(agencies: readonly string[], agency: string): readonly string[] {
  return agencies.filter((one) => one !== agency);
}
