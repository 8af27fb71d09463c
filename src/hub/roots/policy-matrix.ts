import { accessClasses } from '../../policy/classes.ts';
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
      const filter = classFilterOf(args, desk.agencies);
      const owner = agencyOf(args, 'owner', desk.agencies) ?? undefined;
      const checked = desk.inForce();
      const { version } = checked.policy;
      const classes = accessClasses(desk.agencies, filter);
      const { columns, rows } = await kept(JSON.stringify([version, owner, filter]), () =>
        desk.turns.take(matrixSteps(checked, classes, owner)),
      );
      return { version, columns: columns.map((c) => ({ callers: classGroups(c.classes) })), rows };
    },
  };
}
