import { z } from 'zod';
import { codedError } from '../errors/coded-error.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { Contract, JudgedPolicies } from '../hub/house.ts';
import type { HubRoot, RootCaller } from '../hub/hub-root.ts';
import { applyInput, readAsked, resubmitInput } from './application-input.ts';
import { applicationMachine, type ApplicationMove } from './application-states.ts';
import type { ApplicationView } from './application-view.ts';
import type { Application, ApplicationBook, ApplicationContent } from './application.ts';
import { givesAlready } from './carried-out.ts';
import { callOf, changeOnce, type Change } from './change.ts';
import { decideInput, readDecision } from './decision-input.ts';
import { mergeGrant } from './policy-change.ts';
import { clientRequestId, readInput, requestVersion, writtenText } from './read-input.ts';
import { withFile, type RequestFile } from './request-file.ts';
import { dateOf } from './overdue.ts';
import { seesApplication, spokesmen } from './who-may.ts';

export interface ApplicationDesk {
  readonly file: RequestFile;
  readonly book: ApplicationBook;
  readonly views: ApplicationView;
  readonly contract: Contract;
  readonly policies: { readonly current: JudgedPolicies };
}

const target = { clientRequestId, applicationNo: z.string(), version: requestVersion };
const reason = writtenText(2_000);
const optional = reason.nullish().transform((text) => text ?? null);
const returnInput = z.object({ ...target, reason });
const withdrawInput = z.object({ ...target, reason: optional });
const resubmission = resubmitInput.extend({ note: optional });

type Deed = Change<Application['state'], ApplicationMove, ApplicationContent>['deed'];

/** The mutations on access applications. */
export function applicationChanges(desk: ApplicationDesk): HubRoot[] {
  const { facts } = desk.contract;
  const changed = async (
    field: string,
    input: { readonly clientRequestId: string; readonly applicationNo: string; readonly version: number },
    caller: RootCaller,
    kind: ApplicationMove,
    deed: Deed,
  ): Promise<unknown> => {
    const application = await changeOnce(desk.file, desk.book, applicationMachine, callOf(field, input, caller), {
      number: input.applicationNo,
      version: input.version,
      sees: (request) => seesApplication(caller.principal, request),
      deed,
      kind,
    });
    if (application === null) return null;
    caller.record('AccessApplication', application.owner, application.number);
    return desk.views.view(application, dateOf(caller.at));
  };
  const root = (field: string, answer: HubRoot['answer']): HubRoot => ({
    operation: 'mutation',
    field,
    roles: spokesmen,
    answer,
  });
  return [
    root('applyForAccess', (args, caller) => apply(desk, args, caller)),
    root('returnAccessApplication', (args, caller) => {
      const input = readInput(returnInput, args);
      return changed('returnAccessApplication', input, caller, 'RETURN', ({ content }) => ({
        move: 'RETURN',
        note: input.reason,
        content,
      }));
    }),
    root('withdrawAccessApplication', (args, caller) => {
      const input = readInput(withdrawInput, args);
      return changed('withdrawAccessApplication', input, caller, 'WITHDRAW', ({ content }) => ({
        move: 'WITHDRAW',
        note: input.reason,
        content,
      }));
    }),
    root('resubmitAccessApplication', (args, caller) => {
      const input = readInput(resubmission, args);
      return changed('resubmitAccessApplication', input, caller, 'RESUBMIT', ({ owner, applicant }) => {
        const asked = readAsked(input, applicant, facts, dateOf(caller.at));
        const content = asked.get(owner);
        if (content === undefined || asked.size !== 1)
          throw codedError('BAD_USER_INPUT', `input.fields: this application is for fields of ${owner} alone`);
        refuseGiven(desk, owner, applicant, content);
        return { move: 'RESUBMIT', note: input.note, content };
      });
    }),
    root('decideAccessApplication', (args, caller) => {
      const input = readInput(decideInput, args);
      const kind = input.decision;
      return changed('decideAccessApplication', input, caller, kind, (application) => {
        const { move, granted } = readDecision(input, application, facts, dateOf(caller.at));
        const { content } = application;
        if (granted !== null) checkMergeable(desk, application, granted);
        const decision = { at: formatDateTime(caller.at), reason: input.reason, granted };
        return { move, note: input.reason, content: { ...content, decision } };
      });
    }),
  ];
}

/** Submits an application to each owner of the fields: all of them, or none. */
function apply(desk: ApplicationDesk, args: Readonly<Record<string, unknown>>, caller: RootCaller): Promise<unknown> {
  const { principal, at } = caller;
  const input = readInput(applyInput, args);
  const call = callOf('applyForAccess', input, caller);
  return withFile(() => {
    const numbers = desk.file.once(call, () => {
      const asked = readAsked(input, principal.agency, desk.contract.facts, dateOf(at));
      return [...asked].map(([owner, content]) => {
        refuseGiven(desk, owner, principal.agency, content);
        refuseTwice(desk, owner, principal.agency, content);
        const deed = { action: 'SUBMIT', to: 'SUBMITTED', party: 'APPLICANT', principal, at, note: null } as const;
        return desk.book.submit(owner, { ...deed, content }, null);
      });
    });
    return numbers.flatMap((number) => {
      const application = desk.book.find(number);
      if (application === null) return [];
      caller.record('AccessApplication', application.owner, number);
      return [desk.views.view(application, dateOf(at))];
    });
  });
}

function refuseGiven(desk: ApplicationDesk, owner: string, agency: string, content: ApplicationContent): void {
  const { policy } = desk.policies.current;
  if (givesAlready(desk.contract, policy, owner, agency, content, content.asked))
    throw codedError('DUPLICATE', `the policy in force gives you these fields of ${owner} already; ask explainAccess`);
}

/** The same fields for the same callers need one decision. */
function refuseTwice(desk: ApplicationDesk, owner: string, agency: string, content: ApplicationContent): void {
  const states = ['SUBMITTED', 'RETURNED', 'RESUBMITTED'] as const;
  const open = desk.book.list({ party: agency, by: null, states, owner, applicant: agency, before: null });
  const same = [...open].find((a) => keyOf(a.content) === keyOf(content));
  if (same !== undefined)
    throw codedError('DUPLICATE', `${same.number} asks for these fields already; wait for its answer, or withdraw it`, {
      extensions: { applicationNo: same.number },
    });
}

function keyOf({ asked, roles, purposes }: ApplicationContent): string {
  const fields = asked.fields.map((f) => `${f.coordinate} ${f.mask ?? ''}`).toSorted();
  return JSON.stringify([fields, roles.toSorted(), purposes.toSorted()]);
}

/** A yes that could not be merged would be none. */
function checkMergeable(
  { contract, policies }: ApplicationDesk,
  application: Application,
  granted: NonNullable<NonNullable<ApplicationContent['decision']>['granted']>,
): void {
  const { problems } = mergeGrant(application, granted, contract, policies.current);
  if (problems.length > 0)
    throw codedError('BAD_USER_INPUT', `the grant does not fit the policy: ${problems.slice(0, 5).join('; ')}`);
}
