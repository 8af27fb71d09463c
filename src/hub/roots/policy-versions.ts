import { codedError } from '../../errors/coded-error.ts';
import type { InForceSince, PolicyHistory } from '../../policy/history.ts';
import type { HubRoot } from '../hub-root.ts';
import { textOf } from './arguments.ts';

/** A version, from when to when it was in force. One that came back stands there twice. */
interface VersionAnswer extends InForceSince {
  /** Null for the one in force. */
  readonly until: string | null;
}

const max = 100;

/** `policyVersions`: the newest first. */
export function policyVersionsRoot(history: PolicyHistory): HubRoot {
  return {
    operation: 'query',
    field: 'policyVersions',
    roles: ['STEWARD', 'AUDITOR'],
    answer(args) {
      const first = typeof args['first'] === 'number' ? args['first'] : 20;
      if (first < 0) throw codedError('BAD_USER_INPUT', 'first must be 0 or more');
      if (first > max)
        throw codedError('LIMIT_EXCEEDED', `first may be ${max} at most here; go on with before`, {
          extensions: { limit: 'first', max },
        });
      const before = textOf(args, 'before');
      const changes = history.changes();
      return changes
        .map((change, i): VersionAnswer => ({ ...change, until: changes[i + 1]?.since ?? null }))
        .filter(({ since }) => before === null || since < before)
        .toReversed()
        .slice(0, first);
    },
  };
}
