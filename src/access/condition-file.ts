import { z } from 'zod';
import type { Condition } from './condition.ts';
import type { FilePath } from './policy-file.ts';
import { isPredicateName, predicates } from './predicates.ts';
import { suggestion } from './suggestion.ts';

type Fail = (path: FilePath, message: string) => void;
/** Called for each predicate, to check what it reads. */
type Check = (condition: Condition, path: FilePath) => void;

/**
 * A list of conditions (all must hold) as a policy file writes them: `handlesTicket`, `{ withinDays: { field, days } }`,
 * `{ any: [...] }`, `{ all: [...] }`, `{ not: … }`.
 */
export function readCondition(when: readonly unknown[], path: FilePath, fail: Fail, check: Check): Condition {
  return simplified({ kind: 'all', of: when.map((one, i) => readOne(one, [...path, i], fail, check)) });
}

const always: Condition = { kind: 'all', of: [] };
const never: Condition = { kind: 'any', of: [] };

/** The same condition without the parts that say nothing, so that `when: [{ all: [] }]` is known for what it is: no condition. */
function simplified(condition: Condition): Condition {
  switch (condition.kind) {
    case 'predicate':
      return condition;
    case 'all':
    case 'any': {
      const [neutral, decisive] = condition.kind === 'all' ? [always, never] : [never, always];
      const of = condition.of.map(simplified).filter((part) => !isSame(part, neutral));
      return of.some((part) => isSame(part, decisive)) ? decisive : { kind: condition.kind, of };
    }
    case 'not': {
      const of = simplified(condition.of);
      return isSame(of, always) ? never : isSame(of, never) ? always : { kind: 'not', of };
    }
  }
}

function isSame(condition: Condition, constant: Condition): boolean {
  return (
    (condition.kind === 'all' || condition.kind === 'any') &&
    condition.kind === constant.kind &&
    condition.of.length === 0
  );
}

/** Stands for a condition that could not be read; the file is refused anyway. */
const unreadable: Condition = { kind: 'any', of: [] };

function readOne(one: unknown, path: FilePath, fail: Fail, check: Check): Condition {
  if (typeof one === 'string') return readPredicate(one, undefined, path, fail, check);
  const entries = typeof one === 'object' && one !== null ? Object.entries(one) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    fail(path, 'a condition is a name, or a map with one name; write several as several list items');
    return unreadable;
  }
  const [name, args] = entry as [string, unknown];
  switch (name) {
    case 'any':
    case 'all':
      if (!Array.isArray(args)) {
        fail([...path, name], `${name} takes a list of conditions`);
        return unreadable;
      }
      return { kind: name, of: args.map((a, i) => readOne(a, [...path, name, i], fail, check)) };
    case 'not':
      return { kind: 'not', of: readOne(args, [...path, name], fail, check) };
    default:
      return readPredicate(name, args, path, fail, check);
  }
}

function readPredicate(name: string, args: unknown, path: FilePath, fail: Fail, check: Check): Condition {
  if (!isPredicateName(name)) {
    fail(path, `there is no condition called ${name}.${suggestion(name, Object.keys(predicates))}`);
    return unreadable;
  }
  const parsed = (predicates[name].args as z.ZodType).safeParse(args);
  if (!parsed.success) {
    fail(path, `${name}: ${parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`.trim()).join('; ')}`);
    return unreadable;
  }
  const condition: Condition = { kind: 'predicate', name, args: parsed.data };
  check(condition, path);
  return condition;
}
