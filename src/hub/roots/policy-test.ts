import { ConfigurationError } from '../../access/problem.ts';
import { expectationSteps, withoutExpectations, type ExpectationResult } from '../../policy/expectations.ts';
import type { HubRoot } from '../hub-root.ts';
import { expectationFiles } from './expectation-files.ts';
import { proposedOf, type PolicyDesk } from './policy-desk.ts';
import { refusedBy, shownProblem } from './shown.ts';

/** `policyTest`: runs the expectations that lie beside the policies below `policyRoot` now. */
export function policyTestRoot(desk: PolicyDesk, policyRoot: string): HubRoot {
  return {
    operation: 'query',
    field: 'policyTest',
    roles: ['STEWARD', 'AUDITOR'],
    async answer(args, { at }) {
      const judged = await desk.proposed(proposedOf(args), at);
      if (judged.kind === 'refused') return { ...refusedBy(judged), passed: null, failed: null };
      const { version } = judged.checked.policy;
      try {
        const results: ExpectationResult[] = [];
        for (const { path, shownAs, exists } of expectationFiles(policyRoot, desk.agencies))
          if (exists) results.push(...(await desk.turns.take(expectationSteps(path, shownAs, judged.checked))));
          else results.push(withoutExpectations(shownAs));
        const failed = results.filter((r) => !r.ok);
        return { version, problems: [], passed: results.length - failed.length, failed };
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        return { version, problems: error.problems.map(shownProblem), passed: null, failed: null };
      }
    },
  };
}
