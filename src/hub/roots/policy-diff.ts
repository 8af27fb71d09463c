import { codedError } from '../../errors/coded-error.ts';
import type { CheckedPolicy } from '../../policy/check.ts';
import { accessClasses, callingAgencies } from '../../policy/classes.ts';
import { classGroups } from '../../policy/class-groups.ts';
import { diffSteps, type PolicyChange } from '../../policy/diff.ts';
import { printDiff } from '../../policy/print.ts';
import type { HubRoot } from '../hub-root.ts';
import { classFilterOf, textOf, type Arguments } from './arguments.ts';
import type { Judged } from './judged-policy.ts';
import { createKept } from './kept.ts';
import { proposedOf, type PolicyDesk } from './policy-desk.ts';
import { refusedBy } from './shown.ts';

/** `policyDiff`: who gains and who loses what from one version to another, or to texts that are proposed. */
export function policyDiffRoot(desk: PolicyDesk): HubRoot {
  const kept = createKept<readonly PolicyChange[]>(16);
  return {
    operation: 'query',
    field: 'policyDiff',
    roles: ['STEWARD', 'AUDITOR'],
    async answer(args, { at }) {
      const version = textOf(args, 'before') ?? desk.inForce().policy.version;
      const [before, after] = [await desk.ofVersion(version), await otherSide(args, desk, at)];
      if (before.kind === 'refused') return refused(version, before);
      if (after.kind === 'refused') return refused(version, after);
      const [from, to] = [before.checked, after.checked];
      const filter = classFilterOf(args, agenciesOf(from, to, desk));
      const classes = accessClasses(agenciesOf(from, to, desk), filter);
      const versions = { before: from.policy.version, after: to.policy.version };
      const changes = await kept(JSON.stringify([versions, filter]), () =>
        desk.turns.take(diffSteps(from, to, classes)),
      );
      return {
        ...versions,
        problems: [],
        changes: changes.map((c) => ({ ...c, callers: classGroups(c.classes) })),
        markdown: printDiff(changes, versions, true),
      };
    },
  };
}

/** Throws `BAD_USER_INPUT` unless one of the two is named. */
async function otherSide(args: Arguments, desk: PolicyDesk, at: number): Promise<Judged> {
  const after = textOf(args, 'after');
  const texts = proposedOf(args);
  if ((after === null) === (texts.length === 0))
    throw codedError('BAD_USER_INPUT', 'name the other side: a version in after, or texts in proposed; not both');
  return after === null ? desk.proposed(texts, at) : desk.ofVersion(after);
}

function refused(before: string, side: Extract<Judged, { kind: 'refused' }>) {
  return { before, after: null, problems: refusedBy(side).problems, changes: null, markdown: null };
}

/** Whoever took part on either side, or is named there. */
function agenciesOf(from: CheckedPolicy, to: CheckedPolicy, desk: PolicyDesk): readonly string[] {
  const owners = [from, to].flatMap((c) => c.parsed.map((p) => p.value.agency));
  return callingAgencies([...desk.agencies, ...owners], from.policy, to.policy);
}
