import { holds } from '../access/condition.ts';
import { included } from '../access/include.ts';
import type { ObjectPlan, RelationPlan } from '../access/plan.ts';
import { SourceError, type SourceRecord } from '../connector/connector.ts';
import { always } from '../connector/filter.ts';
import { connectionObjects } from './connection.ts';
import { child, findMatches } from './find.ts';
import { regroup, slot, type GateObject } from './gate-object.ts';
import { projectLeaf, type FieldAccess, type FieldStatus } from './leaf.ts';
import { relationPages } from './pages.ts';
import type { GateRun, Item } from './run.ts';
import { sealReport } from './seal-report.ts';

/**
 * Lets a batch of records of one object selection through the gate, and all that is asked below them: one batch a
 * relation and level. Aligned with `items`; null for a record that the caller may not know of.
 */
export async function project(plan: ObjectPlan, items: readonly Item[], run: GateRun): Promise<(GateObject | null)[]> {
  const known = items.map((item) => isKnown(plan, item, run));
  const wantsAccess = plan.access.some((a) => included(a.include, run.variables));
  const access: FieldAccess[][] = items.map(() => []);
  const objects: (GateObject | null)[] = items.map((_, i) => (known[i] === true ? { __typename: plan.type } : null));

  for (const leaf of plan.leaves) {
    if (!included(leaf.include, run.variables)) continue;
    projectLeaf(plan, leaf, items, objects, access, run);
  }
  items.forEach((item, i) => {
    const id = plan.key === null || objects[i] === null ? undefined : item.record[plan.key];
    if (typeof id !== 'string') return;
    run.report.record(plan.type, plan.owner, id);
    if (plan.type === 'Ticket') sealReport(id, item.record, run);
  });

  const relations = plan.relations.filter((r) => included(r.include, run.variables));
  const results = await Promise.all(relations.map((relation) => projectRelation(plan, relation, items, objects, run)));
  relations.forEach((relation, r) => {
    results[r]?.forEach((result, i) => {
      const object = objects[i];
      if (object === null || object === undefined || result === null) return;
      object[slot(relation.responseKey)] = result.value;
      access[i]?.push({ field: relation.field, status: result.status, rule: result.rule, disputed: false });
    });
  });

  if (wantsAccess) {
    const keys = plan.access.filter((a) => included(a.include, run.variables)).map((a) => slot(a.responseKey));
    const flagged = withDisputes(plan, items, objects, access, run);
    objects.forEach((object, i) => {
      if (object !== null) for (const key of keys) object[key] = flagged[i];
    });
  }
  return objects;
}

/** Flags the given fields that somebody reported as wrong: one question for the whole batch. */
function withDisputes(
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

/** Row rules, judged again here although the source was asked to apply them. */
function isKnown(plan: ObjectPlan, item: Item, run: GateRun): boolean {
  if (plan.rows === true) return true;
  return plan.rows !== null && holds(run.bound(plan.rows, plan.type), item);
}

type RelationResult = { readonly value: unknown; readonly status: FieldStatus; readonly rule: string | null } | null;

async function projectRelation(
  plan: ObjectPlan,
  relation: RelationPlan,
  items: readonly Item[],
  objects: readonly (GateObject | null)[],
  run: GateRun,
): Promise<RelationResult[]> {
  const judge = run.judge(relation.decision, plan.type);
  const verdicts = items.map((item, i) => (objects[i] === null ? null : judge(item)));
  const { coordinate, pathPattern } = relation;
  const about = { coordinate, pathPattern, agency: relation.owner };
  const open: number[] = [];
  verdicts.forEach((v, i) => {
    if (v?.status === 'ALLOWED') open.push(i);
    else if (v !== null) run.report.note({ status: 'DENIED', ...about });
  });
  const parents = open.flatMap((i) => items[i] ?? []);
  const loaded =
    parents.length === 0 ? { status: 'OK' as const, values: [] } : await loadRelation(plan, relation, parents, run);
  const results: RelationResult[] = verdicts.map((v) =>
    v === null ? null : { value: null, status: 'DENIED', rule: null },
  );
  if (loaded.status !== 'OK' && parents.length > 0) run.report.note({ status: loaded.status, ...about });
  open.forEach((i, position) => {
    const verdict = verdicts[i];
    if (verdict?.status !== 'ALLOWED') return;
    if (loaded.status !== 'OK') results[i] = { value: null, status: loaded.status, rule: null };
    else {
      const value = loaded.values[position] ?? null;
      const empty = value === null || (Array.isArray(value) && value.length === 0);
      run.report.disclose(coordinate, verdict);
      results[i] = { value, status: empty ? 'EMPTY' : 'ALLOWED', rule: verdict.rule };
    }
  });
  return results;
}

/** The relation's values aligned with the parents, or why there are none. */
type RelationLoad =
  { readonly status: 'OK'; readonly values: readonly unknown[] } | { readonly status: 'DENIED' | 'UNAVAILABLE' };

/** Loads one relation for a batch of parents that may have it, and projects what was found. */
async function loadRelation(
  parent: ObjectPlan,
  relation: RelationPlan,
  parents: readonly Item[],
  run: GateRun,
): Promise<RelationLoad> {
  const { shape } = relation.declaration;
  const { target } = relation;
  try {
    switch (target.kind) {
      case 'connection': {
        const pages = await relationPages(
          relation,
          parents.map((p) => child(parent.type, p)),
          run,
        );
        return pages === null
          ? { status: 'DENIED' }
          : { status: 'OK', values: await connectionObjects(target.connection, pages, run, project) };
      }
      case 'object':
        return await loadObjects(parent, relation, target.plan, parents, run);
      case 'wrapper': {
        const [base] = target.nodes;
        if (base === undefined || base.rows === null) return { status: 'DENIED' };
        const limit = shape.kind === 'matches' ? shape.max : 1;
        const found = await findMatches(parent.type, relation, target.nodes, parents, run, always, limit);
        const wrappers = found.map((of) =>
          of.map(({ item, match }): Item => ({
            ...item,
            type: target.wrapper.type,
            record: { matchedBy: match.matchedBy, confidence: match.confidence, [target.node]: item.record },
          })),
        );
        const objects = await project(target.wrapper, wrappers.flat(), run);
        return { status: 'OK', values: regroup(wrappers, objects, shape.kind === 'matches') };
      }
    }
  } catch (error) {
    if (error instanceof SourceError) return { status: 'UNAVAILABLE' };
    throw error;
  }
}

async function loadObjects(
  parent: ObjectPlan,
  relation: RelationPlan,
  plan: ObjectPlan,
  parents: readonly Item[],
  run: GateRun,
): Promise<RelationLoad> {
  const { shape, field } = relation.declaration;
  if (shape.kind === 'embedded') {
    const held = parents.map((p): Item[] => {
      const value = p.record[field];
      const records = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
      return records.map((record: SourceRecord) => ({ ...child(parent.type, p), type: plan.type, record }));
    });
    return { status: 'OK', values: regroup(held, await project(plan, held.flat(), run), shape.list) };
  }
  if (plan.rows === null) return { status: 'DENIED' };
  const limit = shape.kind === 'list' ? shape.max : 1;
  const found = (await findMatches(parent.type, relation, [plan], parents, run, always, limit)).map((of) =>
    of.map((m) => m.item),
  );
  return { status: 'OK', values: regroup(found, await project(plan, found.flat(), run), shape.kind === 'list') };
}
