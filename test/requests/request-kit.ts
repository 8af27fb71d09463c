import type { Role } from '../../src/identity/principal.ts';
import type { Answer, Asker, RunningHub } from '../kit/running-hub.ts';

/** Each mutation with the type of its input. */
const inputs = {
  applyForAccess: 'AccessApplicationInput',
  returnAccessApplication: 'ReturnAccessApplicationInput',
  resubmitAccessApplication: 'ResubmitAccessApplicationInput',
  decideAccessApplication: 'DecideAccessApplicationInput',
  withdrawAccessApplication: 'WithdrawAccessApplicationInput',
  reportDataError: 'DataErrorInput',
  answerCorrection: 'AnswerCorrectionInput',
  withdrawCorrection: 'WithdrawCorrectionInput',
} as const;
export type MutationName = keyof typeof inputs;

export const applicationFields = `applicationNo state version applicant owner fields { coordinate mask } roles purposes basis
  scenario scope from until submittedAt dueOn provisional overdue
  decision { at reason fields { coordinate mask } scope from until law } history { at action actor note }`;
export const correctionFields = `correctionNo state version applicant owner recordType recordId field problem proposedValue
  evidence submittedAt dueOn provisional overdue escalated answer history { at action actor note }`;

export interface Application {
  readonly applicationNo: string;
  readonly state: string;
  readonly version: number;
  readonly owner: string;
  readonly dueOn: string | null;
  readonly overdue: boolean;
  readonly history: readonly { readonly action: string; readonly note: string | null }[];
  readonly [field: string]: unknown;
}

export interface Correction {
  readonly correctionNo: string;
  readonly state: string;
  readonly version: number;
  readonly applicant: string;
  readonly overdue: boolean;
  readonly escalated: boolean;
  readonly [field: string]: unknown;
}

/** Somebody of an agency; a steward where nothing is said. */
export function of(agency: string, role: Role = 'STEWARD'): Asker {
  return {
    claims: {
      agency,
      role,
      areas: ['350102'],
      purposes: ['DISPATCH', 'HANDLING', 'FOLLOW_UP', 'SUPERVISION', 'AUDIT'],
    },
  };
}

let calls = 0;

/** One mutation, under a `clientRequestId` of its own where the input has none. */
export function mutate(hub: RunningHub, asker: Asker, name: MutationName, input: object): Promise<Answer> {
  const fields = /Correction|DataError/.test(name) ? correctionFields : applicationFields;
  calls += 1;
  return hub.ask(asker, `mutation M($input: ${inputs[name]}!) { ${name}(input: $input) { ${fields} } }`, {
    input: { clientRequestId: `call-${calls}`, ...input },
  });
}

/** The value of the one root field; the errors where there are any. */
export function value({ data, errors }: Answer): unknown {
  if (errors.length > 0) throw new Error(errors.map((e) => `${String(e.extensions['code'])} ${e.message}`).join('; '));
  const [only] = Object.values(data as Record<string, unknown>);
  return only;
}

/** `CODE message`, for each error. */
export function refusals({ errors }: Answer): string[] {
  return errors.map((e) => `${String(e.extensions['code'])} ${e.message}`);
}

export function codesOf({ errors }: Answer): unknown[] {
  return errors.map((e) => e.extensions['code']);
}

/** What market asks of housing; what the test is about goes over it. */
export const asking = {
  fields: [{ coordinate: 'House.ownerName' }],
  roles: ['HANDLER'],
  purposes: ['HANDLING'],
  basis: '消费者权益保护法',
  scenario: '核实消费投诉所涉房屋的产权人',
  scope: ['handlesTicket'],
  until: '2027-12-31',
};

/** One application of market to housing. */
export async function apply(hub: RunningHub, over: object = {}, asker: Asker = of('market')): Promise<Application> {
  const [application] = value(await mutate(hub, asker, 'applyForAccess', { ...asking, ...over })) as Application[];
  if (application === undefined) throw new Error('nothing was submitted');
  return application;
}
