import { LRUCache } from 'lru-cache';
import type { Contract, JudgedPolicies } from '../hub/house.ts';
import type { Application, ApplicationBook, GrantTerms, RequestedField } from './application.ts';
import { isYes, type ShownApplicationState } from './application-states.ts';
import { givesAlready } from './carried-out.ts';
import { isOverdue } from './overdue.ts';
import { scopeText } from './scope.ts';

/** What an application looks like in the schema's names. */
export interface ApplicationView {
  /** As it is shown under the policies in force now. */
  stateOf(application: Application): ShownApplicationState;
  /** `today` is a date, YYYY-MM-DD. */
  view(application: Application, today: string): Readonly<Record<string, unknown>>;
}

export function createApplicationView(
  book: ApplicationBook,
  contract: Contract,
  policies: { readonly current: JudgedPolicies },
): ApplicationView {
  const carriedOut = new LRUCache<string, boolean>({ max: 10_000 });
  const isInForce = ({ number, version, owner, applicant, content }: Application): boolean => {
    const granted = content.decision?.granted ?? null;
    if (granted === null) return false;
    const { policy } = policies.current;
    const key = `${policy.version} ${number} ${version}`;
    const known = carriedOut.get(key);
    if (known !== undefined) return known;
    const given = givesAlready(contract, policy, owner, applicant, content, granted);
    carriedOut.set(key, given);
    return given;
  };
  const stateOf = (a: Application): ShownApplicationState => (isYes(a.state) && isInForce(a) ? 'IN_FORCE' : a.state);
  return {
    stateOf,
    view: (application, today) => {
      const { number, applicant, owner, version, submittedAt, dueOn, provisional, content } = application;
      const { asked, roles, purposes, basis, scenario, decision } = content;
      return {
        applicationNo: number,
        state: stateOf(application),
        version,
        applicant,
        owner,
        roles,
        purposes,
        basis,
        scenario,
        submittedAt,
        dueOn,
        provisional,
        ...termsView(asked),
        overdue: isOverdue(application, today),
        decision:
          decision === null
            ? null
            : {
                at: decision.at,
                reason: decision.reason,
                ...(decision.granted === null
                  ? { fields: null, scope: null, from: null, until: null, law: null }
                  : { ...termsView(decision.granted), law: decision.granted.law }),
              },
        history: book
          .history(number)
          .map(({ at, action, agency, role, note }) => ({ at, action, actor: `${agency} ${role}`, note })),
      };
    },
  };
}

function termsView({ fields, scope, from, until }: GrantTerms): {
  fields: readonly RequestedField[];
  scope: string[];
  from: string | null;
  until: string;
} {
  return { fields, scope: scope.map(scopeText), from, until };
}
