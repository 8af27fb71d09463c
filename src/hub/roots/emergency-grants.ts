import { accessClasses, callingAgencies } from '../../policy/classes.ts';
import { classGroups } from '../../policy/class-groups.ts';
import { emergencySteps, type EmergencyGrant } from '../../policy/emergency.ts';
import type { HubRoot } from '../hub-root.ts';
import { classFilterOf } from './arguments.ts';
import { createKept } from './kept.ts';
import type { PolicyDesk } from './policy-desk.ts';

/** `emergencyGrants`: what an emergency (break-glass) opens, for review. */
export function emergencyGrantsRoot(desk: PolicyDesk): HubRoot {
  const kept = createKept<readonly EmergencyGrant[]>(16);
  return {
    operation: 'query',
    field: 'emergencyGrants',
    roles: ['STEWARD', 'AUDITOR'],
    async answer(args) {
      const checked = desk.inForce();
      const named = callingAgencies(desk.agencies, checked.policy);
      const filter = classFilterOf(args, named);
      const { version } = checked.policy;
      const callers = accessClasses(named, { ...filter, purpose: 'EMERGENCY' });
      const grants = await kept(JSON.stringify([version, filter]), () =>
        desk.turns.take(emergencySteps(checked, callers)),
      );
      return { version, grants: grants.map((g) => ({ ...g, callers: classGroups(g.classes) })) };
    },
  };
}
