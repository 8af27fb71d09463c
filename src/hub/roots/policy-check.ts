import { accessClasses, callingAgencies } from '../../policy/classes.ts';
import { checkSteps } from '../../policy/check.ts';
import { classGroups } from '../../policy/class-groups.ts';
import { findingsFor, type PolicyFinding } from '../../policy/finding.ts';
import type { HubRoot } from '../hub-root.ts';
import { classFilterOf, textOf } from './arguments.ts';
import { createKept } from './kept.ts';
import { dayOf, proposedOf, type PolicyDesk } from './policy-desk.ts';
import { refusedBy, shownProblem } from './shown.ts';

/** `policyCheck`: what `lianqiao policy check` finds. */
export function policyCheckRoot(desk: PolicyDesk): HubRoot {
  const kept = createKept<readonly PolicyFinding[]>(16);
  return {
    operation: 'query',
    field: 'policyCheck',
    roles: ['STEWARD', 'AUDITOR'],
    async answer(args, { at }) {
      const today = textOf(args, 'date') ?? dayOf(at);
      const judged = await desk.proposed(proposedOf(args), at);
      if (judged.kind === 'refused') return { ...refusedBy(judged), findings: null };
      const { checked } = judged;
      const { version } = checked.policy;
      const callers = callingAgencies(desk.agencies, checked.policy);
      const filter = classFilterOf(args, callers);
      const classes = accessClasses(callers);
      const all = await kept(`${version} ${today}`, () => desk.turns.take(checkSteps(checked, classes, today)));
      const findings = findingsFor(all, classes, filter).map((f) => ({
        ...f,
        ...shownProblem(f),
        callers: classGroups(f.classes),
      }));
      return { version, problems: [], findings };
    },
  };
}
