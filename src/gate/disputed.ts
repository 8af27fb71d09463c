import type { ObjectPlan } from '../access/plan.ts';
import type { GateObject } from './gate-object.ts';
import type { FieldAccess } from './leaf.ts';
import type { GateRun, Item } from './run.ts';

/** Flags the given fields that somebody reported as wrong: one question for the whole batch. */
export function withDisputes(
  plan: ObjectPlan,
  items: readonly Item[],
  objects: readonly (GateObject | null)[],
  access: readonly (readonly FieldAccess[])[],
  run: GateRun,
): readonly (readonly FieldAccess[])[] {
  const { key } = plan;
  if (key === null) return access;
  const ids = items.map((item, i) => (objects[i] === null ? null : item.record[key]));
  const disputes = run.services.disputes.openDisputes(plan.type, [
    ...new Set(ids.filter((id) => typeof id === 'string')),
  ]);
  if (disputes.size === 0) return access;
  return access.map((of, i) => {
    const id = ids[i];
    const disputed = typeof id === 'string' ? disputes.get(id) : undefined;
    if (disputed === undefined) return of;
    return of.map((one) => {
      const shown = one.status === 'ALLOWED' || one.status === 'MASKED' || one.status === 'EMPTY';
      return shown && disputed.has(one.field) ? { ...one, disputed: true } : one;
    });
  });
}
