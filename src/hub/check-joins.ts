import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import type { Problem } from '../access/problem.ts';
import { clearNumber } from '../connector/join-key.ts';
import type { Registry } from '../connector/registry.ts';
import { policyFileOf } from './modules.ts';

/** One field that a relation of another agency reads behind the gate. */
export interface JoinRead {
  readonly reads: string;
  readonly relation: string;
  readonly owner: string;
  /** The number itself goes to the relation's source. */
  readonly inClear: boolean;
}

/** Every field that a relation joins by, that is not open to all, and that another agency owns than the one that declares the relation. */
export function joinReadsAcross(registry: Registry, facts: SchemaFacts): JoinRead[] {
  const found = registry.connectors.flatMap((connector) =>
    connector.relations.flatMap((relation) => {
      const coordinate = `${relation.on}.${relation.field}`;
      const reads = relation.by.flatMap((m) => [
        `${relation.on}.${m.parent}`,
        `${relation.to}.${m.child}`,
        ...(m.window === undefined ? [] : [`${relation.on}.${m.window.parent}`, `${relation.to}.${m.window.child}`]),
      ]);
      const inClear = new Set(
        relation.by.flatMap((m) => (clearNumber(m.as) === null ? [] : [`${relation.on}.${m.parent}`])),
      );
      return [...new Set(reads)].flatMap((read): JoinRead[] => {
        const field = facts.fields.get(read);
        // What its owner shares without condition needs no further word, such as a ticket's number.
        if (field === undefined || (field.category === 'UNCONDITIONAL' && field.personal === null)) return [];
        return field.owner === connector.agency
          ? []
          : [{ reads: read, relation: coordinate, owner: field.owner, inClear: inClear.has(read) }];
      });
    }),
  );
  return found.toSorted((a, b) => (`${a.relation} ${a.reads}` < `${b.relation} ${b.reads}` ? -1 : 1));
}

/** What the owners have not approved. */
export function joinProblems(registry: Registry, facts: SchemaFacts, policy: Policy): Problem[] {
  return joinReadsAcross(registry, facts)
    .filter((j) => !policy.mayJoin(j.reads, j.relation, j.inClear))
    .map((j) => ({
      file: policyFileOf(j.owner),
      message: `${j.relation} joins by ${j.reads}, ${j.inClear ? 'in clear, ' : ''}which its owner has not approved; add to joins: { reads: ${j.reads}, for: ${j.relation}, law: …${j.inClear ? ', inClear: true' : ''} } or drop the relation`,
    }));
}
