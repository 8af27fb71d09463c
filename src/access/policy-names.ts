import type { Consumer, FilePath, ParsedPolicy, PolicyConsumers, PolicyCoordinates } from './policy-file.ts';
import { suggestion } from './suggestion.ts';

type Fail = (path: FilePath, message: string) => void;

/** The names that were followed to a place, and all that this list has followed already: each once, so that it ends. */
interface Followed {
  readonly within: readonly string[];
  readonly before: Set<string>;
}

const nothing = (): Followed => ({ within: [], before: new Set() });

/** The callers that a list names. A group may name others; one that comes back to itself is refused. */
export function expandConsumers(
  policy: ParsedPolicy,
  to: PolicyConsumers,
  path: FilePath,
  fail: Fail,
  followed: Followed = nothing(),
): Consumer[] {
  return to.flatMap((one, i): Consumer[] => {
    if (typeof one !== 'string') return [one];
    const { consumers } = policy.value;
    const group = Object.hasOwn(consumers, one) ? consumers[one] : undefined;
    if (group === undefined) {
      fail([...path, i], `there are no consumers called ${one}.${suggestion(one, Object.keys(consumers))}`);
      return [];
    }
    const next = follow(one, followed, (circle) =>
      fail(['consumers', circle[0]], `these consumers go round in a circle: ${circle.join(' → ')}`),
    );
    return next === null ? [] : expandConsumers(policy, group, ['consumers', one], fail, next);
  });
}

/** A coordinate that a list names, and its place in the file. */
export interface NamedField {
  readonly coordinate: string;
  readonly path: FilePath;
}

/** The coordinates that a list names. A set may name others; one that comes back to itself is refused. */
export function expandFields(
  policy: ParsedPolicy,
  list: PolicyCoordinates,
  path: FilePath,
  fail: Fail,
  followed: Followed = nothing(),
): NamedField[] {
  return list.flatMap((one, i): NamedField[] => {
    const at = [...path, i];
    if (typeof one !== 'string') {
      return Object.entries(one).flatMap(([type, fields]) =>
        fields.map((field, j) => ({ coordinate: `${type}.${field}`, path: [...at, type, j] })),
      );
    }
    if (one.includes('.')) return [{ coordinate: one, path: at }];
    const { fields } = policy.value;
    const set = Object.hasOwn(fields, one) ? fields[one] : undefined;
    if (set === undefined) {
      fail(at, `there is no set of fields called ${one}.${suggestion(one, Object.keys(fields))}`);
      return [];
    }
    const next = follow(one, followed, (circle) =>
      fail(['fields', circle[0]], `these sets of fields go round in a circle: ${circle.join(' → ')}`),
    );
    return next === null ? [] : expandFields(policy, set, ['fields', one], fail, next);
  });
}

/**
 * Goes on to the name; null where it was followed before. A circle is told from its first name by the alphabet on, so that
 * it reads the same wherever a list entered it.
 */
function follow(
  name: string,
  { within, before }: Followed,
  circular: (circle: readonly [string, ...string[]]) => void,
): Followed | null {
  if (within.includes(name)) {
    const round = within.slice(within.indexOf(name));
    const first = round.reduce((a, b) => (a < b ? a : b));
    const at = round.indexOf(first);
    circular([first, ...round.slice(at + 1), ...round.slice(0, at), first]);
    return null;
  }
  if (before.has(name)) return null;
  before.add(name);
  return { within: [...within, name], before };
}
