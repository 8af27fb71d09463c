import type { PlanSources } from '../../access/selection-planner.ts';
import type { Documents } from '../documents.ts';
import type { HubRoot } from '../hub-root.ts';
import { emergencyGrantsRoot } from './emergency-grants.ts';
import { explainAccessRoot } from './explain-access.ts';
import { policyCheckRoot } from './policy-check.ts';
import { createPolicyDesk, type PolicyDeskParts } from './policy-desk.ts';
import { policyDiffRoot } from './policy-diff.ts';
import { policyMatrixRoot } from './policy-matrix.ts';
import { policyStateRoots } from './policy-state.ts';
import { policyTestRoot } from './policy-test.ts';
import { policyVersionsRoot } from './policy-versions.ts';

export interface PolicyRootParts extends PolicyDeskParts {
  readonly documents: Documents;
  readonly sources: () => PlanSources;
  /** The folder that the policies are read from. */
  readonly policyRoot: string;
}

/** The root fields of `schema/policy.graphql`: the stewards' tools. */
export function policyRoots(parts: PolicyRootParts): HubRoot[] {
  const desk = createPolicyDesk(parts);
  return [
    explainAccessRoot(parts.documents, parts.sources, desk.agencies),
    ...policyStateRoots(parts.policies),
    policyVersionsRoot(parts.history),
    policyCheckRoot(desk),
    policyMatrixRoot(desk),
    policyDiffRoot(desk),
    policyTestRoot(desk, parts.policyRoot),
    emergencyGrantsRoot(desk),
  ];
}
