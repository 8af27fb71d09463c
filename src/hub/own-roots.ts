import { ConfigurationError } from '../access/problem.ts';
import { codedError } from '../errors/coded-error.ts';
import type { OpenRoot } from '../gate/roots.ts';
import type { HubRoot, RootCaller } from './hub-root.ts';

/**
 * The hub's own root fields by name, each behind its roles. Throws `ConfigurationError` where the SDL and the code do not
 * name the same fields.
 */
export function ownRoots(declared: ReadonlySet<string>, roots: readonly HubRoot[]): (caller: RootCaller) => OpenRoot {
  const byField = new Map(roots.map((r) => [r.field, r]));
  const unanswered = [...declared].filter((field) => !byField.has(field));
  const undeclared = [...byField.keys()].filter((field) => !declared.has(field));
  if (unanswered.length > 0 || undeclared.length > 0) {
    throw new ConfigurationError([
      {
        file: 'schema',
        message: `the hub's own root fields do not agree with its code: ${[...unanswered, ...undeclared].join(', ')}`,
      },
    ]);
  }
  return (caller) => (field, args) => {
    const root = byField.get(field);
    if (root === undefined) throw codedError('INTERNAL', 'the hub has no answer for this field');
    const { role, agency } = caller.principal;
    if (root.roles !== 'anyone' && !root.roles.includes(role)) {
      throw codedError('FIELD_DENIED', `${field}: for ${root.roles.join(', ')} only; your role is ${role}`, {
        extensions: { coordinate: `${root.operation === 'query' ? 'Query' : 'Mutation'}.${field}`, agency },
      });
    }
    return root.answer(args, caller);
  };
}
