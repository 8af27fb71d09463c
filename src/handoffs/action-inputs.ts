import { z } from 'zod';
import { isAgencyCode } from '../codes/agency.ts';
import { writtenText } from '../requests/read-input.ts';
import { deed, emergencyServices, type Deed, type EmergencyService } from './deed.ts';
import type { Action } from './machine.ts';
import { levels } from './ticket-case.ts';

/** One mutation: the action that its input says, and what is said with it. */
export interface ActionMutation {
  readonly field: string;
  /** Every action that it can be. */
  readonly actions: readonly Action[];
  readonly form: z.ZodType<ActionInput>;
}

/** An input as it was read. */
export interface ActionInput {
  readonly ticketNo: string;
  readonly expectedVersion: number;
  readonly idempotencyKey: string;
  readonly action: Action;
  readonly deed: Deed;
}

const idempotencyKey = z
  .string()
  .regex(/^[!-~]{1,100}$/, 'must have 1 to 100 visible ASCII characters, without spaces');
const target = {
  ticketNo: z.string().min(1).max(128),
  expectedVersion: z.number().int().min(1, 'must be 1 or more'),
  idempotencyKey,
};
const reason = writtenText(2_000);
const optional = reason.nullish().transform((text) => text ?? null);
const maybe = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
const unit = writtenText(64);
const agency = z
  .string()
  .refine((text) => isAgencyCode(text) && text !== 'hub' && text !== 'audit', 'is no agency that handles tickets');
const evidence = z
  .array(writtenText(500))
  .max(50, 'may have 50 references at most')
  .nullish()
  .transform((list) => list ?? []);
const unitOrNone = unit.nullish().transform((text) => text ?? null);
const coAgencies = z
  .array(agency)
  .max(20, 'may name 20 agencies at most')
  .refine((list) => new Set(list).size === list.length, 'names an agency twice')
  .nullish()
  .transform((list) => list ?? []);
const services = Object.keys(emergencyServices) as [EmergencyService, ...EmergencyService[]];
const given = { agency, unit: unitOrNone, coAgencies };
const answered = {
  result: reason,
  replyText: optional,
  factual: maybe,
  outOfRemit: maybe,
  resolved: maybe,
  unresolvedReason: optional,
  siteVisit: z.boolean(),
  evidence,
};
const visited = {
  satisfaction: z.enum(['VERY_SATISFIED', 'SATISFIED', 'NEUTRAL', 'DISSATISFIED', 'VERY_DISSATISFIED']),
  resolved: z.boolean(),
  unresolvedReason: optional,
};

/** Every mutation on tickets. */
export const actionMutations: readonly ActionMutation[] = [
  one('dispatchTicket', 'DISPATCH', { ...given, opinion: optional }),
  one('consultOnTicket', 'CONSULT', { agency, opinion: reason }),
  one('confirmCoAgency', 'CONFIRM_CO_AGENCY', { agency, opinion: optional }),
  one('coSignTicket', 'CO_SIGN', { opinion: reason }),
  one('signForTicket', 'SIGN_FOR', { opinion: optional }),
  one('startHandling', 'START', { opinion: optional }),
  one('pushDownTicket', 'PUSH_DOWN', { unit, level: z.enum(levels), opinion: optional }),
  one('requestReturn', 'REQUEST_RETURN', { opinion: reason }),
  either('reviewReturn', { GRANT: 'GRANT_RETURN', REFUSE: 'REFUSE_RETURN' }),
  one('objectToDispatch', 'OBJECT', { opinion: reason }),
  either('ruleOnReturn', { UPHOLD: 'UPHOLD_OBJECTION', DISMISS: 'DISMISS_OBJECTION' }),
  one('reassignTicket', 'REASSIGN', { ...given, opinion: reason }),
  one('requestExtension', 'REQUEST_EXTENSION', { days: z.number().int().min(1, 'must be 1 or more'), opinion: reason }),
  either('decideExtension', { GRANT: 'GRANT_EXTENSION', REFUSE: 'REFUSE_EXTENSION' }),
  one('callEmergencyService', 'ALARM', {
    service: z.enum(services),
    policeNo: writtenText(64)
      .nullish()
      .transform((text) => text ?? null),
    opinion: reason,
  }),
  one('submitFeedback', 'SUBMIT_FEEDBACK', { ...answered, opinion: optional }),
  one('closeTicket', 'CLOSE', { replyText: optional, evidence, opinion: optional }),
  one('recordFollowUp', 'FOLLOW_UP', { ...visited, opinion: optional }),
  one('reworkTicket', 'REWORK', { opinion: reason }),
  one('urgeTicket', 'URGE', { opinion: optional }),
  one('superviseTicket', 'SUPERVISE', { opinion: reason }),
  one('appraiseTicket', 'APPRAISE', { grade: z.enum(['GOOD', 'FAIR', 'POOR']), opinion: reason }),
  one('archiveTicket', 'ARCHIVE', { opinion: optional }),
];

/** A mutation that is one action; `says` are the parts of the deed that its input has. */
function one(field: string, action: Action, says: Readonly<Partial<Record<keyof Deed, z.ZodType>>>): ActionMutation {
  const form = z.object({ ...target, ...says }).transform((input): ActionInput => {
    const { ticketNo, expectedVersion, idempotencyKey: key, ...rest } = input;
    return { ticketNo, expectedVersion, idempotencyKey: key, action, deed: deed(rest as Partial<Deed>) };
  });
  return { field, actions: [action], form };
}

/** A decision: one of two actions, always with its reason. */
function either(field: string, decisions: Readonly<Record<string, Action>>): ActionMutation {
  const names = Object.keys(decisions) as [string, ...string[]];
  const form = z
    .object({ ...target, decision: z.enum(names), opinion: reason })
    .transform(({ ticketNo, expectedVersion, idempotencyKey: key, decision, opinion }): ActionInput => {
      const action = decisions[decision];
      if (action === undefined) throw new TypeError(`${field} knows no decision ${decision}`);
      return { ticketNo, expectedVersion, idempotencyKey: key, action, deed: deed({ opinion }) };
    });
  return { field, actions: Object.values(decisions), form };
}
