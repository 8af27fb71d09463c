import { typeOf, type CallerModel, type QueryModel, type WorldModel } from './model.ts';

/**
 * What the gate reads for a query although `explainAccess` does not print it: the fields of a record that is looked up on
 * account of a ticket, by which the ticket's relations look for it. The proof takes them as read, and says nothing of them;
 * it goes when the plan prints them.
 */
export function unprintedReads(query: QueryModel, caller: CallerModel, world: WorldModel): Set<string> {
  const reads = new Set<string>();
  const tickets = typeOf(world.schema, 'Ticket');
  for (const root of query.roots) {
    const declaration = world.schema.roots.find((r) => r.field === root.name);
    if (declaration?.kind !== 'lookup' || declaration.binding === 'self' || caller.ticket === null) continue;
    for (const { holds } of tickets.fields) {
      if (holds.kind !== 'relation' || holds.declaration.to !== declaration.type) continue;
      for (const { child, window } of holds.declaration.by)
        for (const name of [child, ...(window === undefined ? [] : [window.child])])
          reads.add(`${declaration.type}.${name}`);
    }
  }
  return reads;
}
