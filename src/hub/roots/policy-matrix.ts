import { accessClasses, callingAgencies } from '../../policy/classes.ts';
import { classGroups } from '../../policy/class-groups.ts';
import { matrixSteps, type PolicyMatrix } from '../../policy/matrix.ts';
import type { HubRoot } from '../hub-root.ts';
import { agencyOf, classFilterOf } from './arguments.ts';
import { createKept } from './kept.ts';
import type { PolicyDesk } from './policy-desk.ts';

/** `policyMatrix`: the table of `lianqiao policy matrix`, of the version in force. */
export function policyMatrixRoot(desk: PolicyDesk): HubRoot {
  const kept = createKept<PolicyMatrix>(16);
  return {
    operation: 'query',
    field: 'policyMatrix',
    roles: ['STEWARD', 'AUDITOR'],
    async answer(args) {
      const owner = agencyOf(args, 'owner', desk.agencies) ?? undefined;
      const checked = desk.inForce();
      const named = callingAgencies(desk.agencies, checked.policy);
      const filter = classFilterOf(args, named);
      const { version } = checked.policy;
      const classes = accessClasses(named, filter);
      const { columns, rows } = await kept(JSON.stringify([version, owner, filter]), () =>
        desk.turns.take(matrixSteps(checked, classes, owner)),
      );
      return { version, columns: columns.map((c) => ({ callers: classGroups(c.classes) })), rows };
    },
  };
}
