import { included } from '../access/include.ts';
import type { ConnectionPlan, ObjectPlan, RelationPlan } from '../access/plan.ts';
import { retryHint, SourceError } from '../connector/source-error.ts';
import { always } from '../connector/filter.ts';
import { computed } from './computed.ts';
import { connectionObjects } from './connection.ts';
import { withDisputes } from './disputed.ts';
import { child, findMatches } from './find.ts';
import { heldRecords, type HeldRecords, type HeldShape } from './held-records.ts';
import { regroup, slot, type GateObject } from './gate-object.ts';
import { projectLeaf, type FieldAccess, type FieldStatus } from './leaf.ts';
import { settle, type Load } from './load.ts';
import { matchRecords } from './match-record.ts';
import type { LeafGate, RelationGate } from './object-gate.ts';
import type { Outcome } from './outcome.ts';
import { passPlainLeaves } from './plain-leaves.ts';
import { relationPages, type RecordPage } from './pages.ts';
import { RecordBatch } from './record-batch.ts';
import type { Told } from './report.ts';
import type { GateRun, Item } from './run.ts';
import { tellGiven } from './tell-given.ts';
import { verdictAt, type GivenVerdict, type Verdict } from './verdict.ts';

/**
 * Lets a batch of records of one object selection through the gate, and all that is asked below them: one batch a
 * relation and level. Aligned with `items`; null for a record that the caller may not know of.
 */
export async function project(plan: ObjectPlan, items: readonly Item[], run: GateRun): Promise<(GateObject | null)[]> {
  const loads: Load[] = [];
  const objects = pass(plan, items, run, loads);
  await settle(loads);
  await run.texts.finish();
  return objects;
}

/** The same for a page of records. */
export async function projectPage(
  connection: ConnectionPlan,
  page: RecordPage,
  run: GateRun,
): Promise<GateObject | null> {
  const loads: Load[] = [];
  const [object] = connectionObjects(connection, [page], run, loads, pass);
  await settle(loads);
  await run.texts.finish();
  return object ?? null;
}

/** What the records themselves hold passes at once; what has to be loaded for them is added to `loads`, not yet begun. */
function pass(plan: ObjectPlan, items: readonly Item[], run: GateRun, loads: Load[]): (GateObject | null)[] {
  const batch = new RecordBatch(plan, items, run);
  const { leaves, keys, plain, judged, relations } = batch.gate;
  const { variables } = run;
  const asked = plan.access.filter((a) => included(a.include, variables));
  const access: FieldAccess[][] | null = asked.length === 0 ? null : items.map(() => []);
  const objects = batch.blanks();

  const outcomes: Outcome[] = leaves.map(() => null);
  const isAsked = (one: LeafGate): boolean => included(one.leaf.include, variables);
  const passLeaves = (of: readonly LeafGate[]): void => {
    for (const one of of) if (isAsked(one)) outcomes[one.place] = projectLeaf(one, batch, objects, access, run);
  };
  if (access === null) {
    passLeaves(keys);
    passPlainLeaves(plain.every(isAsked) ? plain : plain.filter(isAsked), batch, objects, run, outcomes);
    passLeaves(judged);
  } else passLeaves(leaves);
  tellGiven(batch, objects, outcomes, run);

  const own: Load[] = access === null ? loads : [];
  const passed = relations
    .filter((r) => included(r.relation.include, variables))
    .map((one) => passRelation(plan, one, batch, objects, run, own));
  if (access === null) return objects;
  loads.push(async () => {
    await settle(own);
    for (const relation of passed) addAccess(relation, batch, objects, access);
    const flagged = withDisputes(plan, items, objects, access, run);
    objects.forEach((object, i) => {
      if (object !== null) for (const { responseKey } of asked) object[slot(responseKey)] = flagged[i];
    });
  });
  return objects;
}

/** What became of one relation of a batch. */
interface PassedRelation {
  readonly gate: RelationGate;
  readonly verdicts: Verdict | readonly Verdict[];
  status: RelationLoad['status'];
}

function passRelation(
  plan: ObjectPlan,
  gate: RelationGate,
  batch: RecordBatch,
  objects: readonly (GateObject | null)[],
  run: GateRun,
  loads: Load[],
): PassedRelation {
  const { relation, about } = gate;
  const verdicts = batch.verdicts(gate.judge);
  const passed: PassedRelation = { gate, verdicts, status: 'OK' };
  const parents: Item[] = [];
  const open: GateObject[] = [];
  const given = new Map<GivenVerdict, Given>();
  const refused: Told = { open: false, under: false };
  batch.items.forEach((item, i) => {
    const object = objects[i];
    if (object === null || object === undefined) return;
    const verdict = verdictAt(verdicts, i);
    if (verdict.status === 'ALLOWED') {
      parents.push(item);
      open.push(object);
    }
    const below = batch.under?.[i] === true;
    const of = verdict.status === 'ALLOWED' ? givenBy(given, verdict) : null;
    const told = of?.told ?? refused;
    told.open ||= !below;
    told.under ||= below;
    const id = plan.key === null ? undefined : item.record[plan.key];
    if (typeof id === 'string') of?.ids.push(id);
  });
  if (refused.open) run.report.note({ status: 'DENIED', ...about });
  if (refused.under) run.report.note({ status: 'DENIED', ...about }, true);
  if (parents.length === 0) return passed;
  const put = (values: readonly unknown[]): void => {
    open.forEach((object, i) => (object[gate.slot] = values[i] ?? null));
    for (const [verdict, { told, ids }] of given) {
      const lines = gate.book.lines([verdict]);
      run.report.give(lines, told);
      run.report.record(plan.type, plan.owner, ids, lines);
    }
  };
  const { target } = relation;
  const { shape } = relation.declaration;
  if (target.kind === 'object' && (shape.kind === 'embedded' || shape.kind === 'instant')) {
    put(held(plan, heldRecords(relation, shape, run), target.plan, parents, shape, run, loads));
    return passed;
  }
  loads.push(async () => {
    const loaded = await loadRelation(plan, relation, parents, run);
    passed.status = loaded.status;
    if (loaded.status === 'OK') put(loaded.values);
    else {
      for (const { told } of given.values()) {
        if (told.open) run.report.note({ ...about, ...loaded });
        if (told.under) run.report.note({ ...about, ...loaded }, true);
      }
    }
  });
  return passed;
}

/** The records on which a relation is given by one verdict. */
interface Given {
  readonly told: Told;
  readonly ids: string[];
}

function givenBy(given: Map<GivenVerdict, Given>, verdict: GivenVerdict): Given {
  let of = given.get(verdict);
  if (of === undefined) given.set(verdict, (of = { told: { open: false, under: false }, ids: [] }));
  return of;
}

/** Says under `access` what became of the relation. */
function addAccess(
  { gate, verdicts, status }: PassedRelation,
  { items }: RecordBatch,
  objects: readonly (GateObject | null)[],
  access: readonly FieldAccess[][],
): void {
  const { field } = gate.relation;
  items.forEach((_, i) => {
    const object = objects[i];
    if (object === null || object === undefined) return;
    const verdict = verdictAt(verdicts, i);
    const value = object[gate.slot];
    const empty = value === null || (Array.isArray(value) && value.length === 0);
    const became: FieldStatus =
      verdict.status !== 'ALLOWED' ? 'DENIED' : status !== 'OK' ? status : empty ? 'EMPTY' : 'ALLOWED';
    const rule = verdict.status === 'ALLOWED' && status === 'OK' ? verdict.rule : null;
    access[i]?.push({ field, status: became, rule, disputed: false });
  });
}

/** The parents' own records of a relation whose records they hold. */
function held(
  parent: ObjectPlan,
  recordsOf: HeldRecords,
  plan: ObjectPlan,
  parents: readonly Item[],
  shape: HeldShape,
  run: GateRun,
  loads: Load[],
): readonly unknown[] {
  const groups = parents.map((p): Item[] => {
    const { ticket, exact } = child(parent.type, p);
    // A match wrapper has no rows of its own: what was judged is the record that it holds.
    const judged = parent.rows === true ? p.judged : null;
    return recordsOf(p.record).map((record) => ({ type: plan.type, record, ticket, exact, judged }));
  });
  return regroup(groups, pass(plan, groups.flat(), run, loads), shape.kind === 'embedded' && shape.list);
}

/** The relation's values aligned with the parents, or why there are none. */
type RelationLoad =
  | { readonly status: 'OK'; readonly values: readonly unknown[] }
  | { readonly status: 'DENIED' }
  | { readonly status: 'UNAVAILABLE'; readonly retryAfterSeconds?: number };

/** Loads one relation for a batch of parents that may have it, and projects what was found. */
async function loadRelation(
  parent: ObjectPlan,
  relation: RelationPlan,
  parents: readonly Item[],
  run: GateRun,
): Promise<RelationLoad> {
  const { shape } = relation.declaration;
  const { target } = relation;
  const loads: Load[] = [];
  try {
    switch (target.kind) {
      case 'connection': {
        const pages = await relationPages(parent.type, relation, parents, run);
        if (pages === null) return { status: 'DENIED' };
        const values = connectionObjects(target.connection, pages, run, loads, pass);
        await settle(loads);
        return { status: 'OK', values };
      }
      case 'object': {
        const { plan } = target;
        if (plan.rows === null) return { status: 'DENIED' };
        const limit = shape.kind === 'list' ? shape.max : 1;
        const found = await findMatches(parent.type, relation, plan, parents, run, always, limit);
        const items = found.flatMap((of) => of.map((m) => m.item));
        const values = regroup(found, pass(plan, items, run, loads), shape.kind === 'list');
        await settle(loads);
        return { status: 'OK', values };
      }
      case 'computed': {
        if (target.source.rows === null || shape.kind !== 'computed') return { status: 'DENIED' };
        const found = await findMatches(parent.type, relation, target.source, parents, run, always, 1);
        const values = await computed(shape, target, found, run, pass);
        return { status: 'OK', values };
      }
      case 'wrapper': {
        const { wrapper, record: plan, node } = target;
        if (plan.rows === null) return { status: 'DENIED' };
        const limit = shape.kind === 'matches' ? shape.max : 1;
        const found = await findMatches(parent.type, relation, plan, parents, run, always, limit);
        const held = matchRecords(wrapper, plan.type, node, run);
        const items = found.flatMap((of) =>
          of.map((match): Item => {
            const { ticket, exact, judged } = match.item;
            return { type: wrapper.type, record: held(match), ticket, exact, judged };
          }),
        );
        const values = regroup(found, pass(wrapper, items, run, loads), shape.kind === 'matches');
        await settle(loads);
        return { status: 'OK', values };
      }
    }
  } catch (error) {
    if (error instanceof SourceError) return { status: 'UNAVAILABLE', ...retryHint(error) };
    throw error;
  }
}
