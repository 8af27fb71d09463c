import { at } from './choose.ts';
import type { CallerModel, GrantModel, PolicyModel, WorldModel } from './model.ts';
import type { ReferenceAnswer } from './reference-answer.ts';
import { linesOn } from './reference-verdict.ts';

/** The policies without a word on the field for the caller's purpose. */
export interface Twin {
  readonly field: string;
  readonly policies: readonly PolicyModel[];
}

/**
 * Takes the grants of one field away that the answer denied everywhere although some line could have given it: to this
 * caller's answer that must make no difference. Null where there is no such field.
 */
export function withoutGrantsOf(
  expected: ReferenceAnswer,
  choice: number,
  caller: CallerModel,
  world: WorldModel,
): Twin | null {
  const fields = world.schema.types.flatMap((t) => t.fields);
  const conditional = fields.filter((field) => {
    const coordinate = `${field.type}.${field.name}`;
    if (!expected.notes.has(`DENIED ${coordinate}`) || expected.given.has(coordinate)) return false;
    return linesOn(field, caller, world).some((l) => l.gives.kind !== 'deny');
  });
  if (conditional.length === 0) return null;
  const field = at(conditional, choice);
  const coordinate = `${field.type}.${field.name}`;
  const rest = (list: readonly string[]): string[] => list.filter((one) => one !== coordinate);
  const without = (grant: GrantModel): GrantModel => ({
    ...grant,
    purposes: [caller.purpose],
    plain: rest(grant.plain),
    verbatim: rest(grant.verbatim),
    mask: Object.fromEntries(Object.entries(grant.mask).map(([mask, list]) => [mask, rest(list)])),
    deny: rest(grant.deny),
  });
  // What the purpose lacks is told by the other purposes, so theirs stays as it is.
  const split = (grant: GrantModel): GrantModel[] => {
    if (!grant.purposes.includes(caller.purpose)) return [grant];
    const others = grant.purposes.filter((purpose) => purpose !== caller.purpose);
    return [without(grant), ...(others.length === 0 ? [] : [{ ...grant, id: `${grant.id}-else`, purposes: others }])];
  };
  return {
    field: coordinate,
    policies: world.policies.map((p) => (p.agency === field.owner ? { ...p, grants: p.grants.flatMap(split) } : p)),
  };
}
