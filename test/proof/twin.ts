import { filterFields } from '../../src/connector/filter.ts';
import { at } from './choose.ts';
import type { CallerModel, GrantModel, PolicyModel, QueryModel, WorldModel } from './model.ts';
import type { ReferenceAnswer } from './reference-answer.ts';
import { linesOn } from './reference-verdict.ts';

/** The policies without a word on the field for the caller's purpose. */
export interface Twin {
  readonly field: string;
  readonly policies: readonly PolicyModel[];
}

/**
 * Takes the grants of one field away that the answer denied everywhere although some line could have given it: to this
 * caller's answer that must make no difference. Null where there is no such field. One that a list is filtered by is no
 * such field: that the class may use it at all is told by the policy, not by a record.
 */
export function withoutGrantsOf(
  expected: ReferenceAnswer,
  query: QueryModel,
  choice: number,
  caller: CallerModel,
  world: WorldModel,
): Twin | null {
  const fields = world.schema.types.flatMap((t) => t.fields);
  const compared = comparedIn(query, world);
  const conditional = fields.filter((field) => {
    const coordinate = `${field.type}.${field.name}`;
    if (compared.has(coordinate)) return false;
    if (!expected.notes.has(`DENIED ${coordinate}`) || expected.given.has(coordinate)) return false;
    return linesOn(field, caller, world).some((l) => l.gives.kind !== 'deny');
  });
  if (conditional.length === 0) return null;
  const field = at(conditional, choice);
  const coordinate = `${field.type}.${field.name}`;
  const sets = world.policies.find((p) => p.agency === field.owner)?.fields ?? {};
  // A set that holds it is written out, so that it goes from there as well.
  const rest = (list: readonly string[]): string[] =>
    list.flatMap((one) => (sets[one] === undefined ? [one] : rest(sets[one]))).filter((one) => one !== coordinate);
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

/** `Type.field` of everything that the query's lists are filtered by; cases are those whose state and last change the class may use. */
function comparedIn(query: QueryModel, { schema }: WorldModel): ReadonlySet<string> {
  return new Set(
    query.roots.flatMap((root) => {
      if (root.name === 'myCases')
        return schema.cases.flatMap((c) => [c.changedAt, ...filterFields(c.open)].map((field) => `${c.type}.${field}`));
      const page = schema.roots.find((r) => r.field === root.name);
      const { filter } = root.args;
      if (page?.kind !== 'page' || filter?.kind !== 'object') return [];
      return page.filters.filter((f) => filter.fields[f.argument] !== undefined).map((f) => `${page.type}.${f.field}`);
    }),
  );
}
