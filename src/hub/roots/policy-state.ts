import type { HubRoot } from '../hub-root.ts';
import type { PolicyInForce, PolicyRefusal } from '../policy-in-force.ts';

/** What is in force, since when, and why the files as they stand may not be. */
interface PolicyStateAnswer {
  readonly version: string;
  readonly since: string;
  readonly refusal: PolicyRefusal | null;
}

/** `policyState` and `reloadPolicies`. */
export function policyStateRoots(policies: PolicyInForce): HubRoot[] {
  const state = (): PolicyStateAnswer => ({
    version: policies.current.policy.version,
    since: policies.current.since,
    refusal: policies.refusal,
  });
  return [
    { operation: 'query', field: 'policyState', roles: ['STEWARD', 'AUDITOR'], answer: state },
    {
      operation: 'mutation',
      field: 'reloadPolicies',
      roles: ['STEWARD'],
      answer() {
        policies.reload();
        return state();
      },
    },
  ];
}
