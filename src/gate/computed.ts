import type { ObjectPlan, TargetPlan } from '../access/plan.ts';
import type { ComputedShape, GivenRecord } from '../connector/connector.ts';
import { child, type Match } from './find.ts';
import { regroup, slot, type GateObject } from './gate-object.ts';
import { settle, type Load } from './load.ts';
import type { GateRun, Item } from './run.ts';

type Pass = (plan: ObjectPlan, items: readonly Item[], run: GateRun, loads: Load[]) => (GateObject | null)[];

/**
 * Parts that are computed from records: these pass the gate first, with all that hangs on them, and what comes of it
 * passes as any part of a record does. Aligned with `found`; null where no record was found or may be known of.
 */
export async function computed(
  shape: ComputedShape,
  { source, result }: Extract<TargetPlan, { kind: 'computed' }>,
  found: readonly (readonly Match[])[],
  run: GateRun,
  pass: Pass,
): Promise<readonly unknown[]> {
  const sources: Load[] = [];
  const items = found.map((of) => of.map((m) => m.item));
  const given = regroup(items, pass(source, items.flat(), run, sources), true);
  await settle(sources);
  const { registry, circumstances } = run.services;
  const about = {
    receipts: registry.receipts,
    stale: new Set(run.report.staleTypes.map(([type]) => type)),
    circumstances,
    now: run.now,
  };
  const parts = items.map((of, i): Item[] => {
    const objects = given[i];
    const [object] = Array.isArray(objects) ? objects : [];
    const [item] = of;
    if (object === undefined || item === undefined) return [];
    const { ticket, exact } = child(source.type, item);
    return [{ type: result.type, record: shape.compute(plain(object), about), ticket, exact, judged: null }];
  });
  const results: Load[] = [];
  const values = regroup(parts, pass(result, parts.flat(), run, results), false);
  await settle(results);
  return values;
}

/** The object without the gate's own names: what lies under a slot lies under its response key. */
function plain(object: GateObject): GivenRecord {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.startsWith(mark) ? name.slice(mark.length) : name,
      inside(value),
    ]),
  );
}

const mark = slot('');

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return typeof value === 'object' && value !== null ? plain(value as GateObject) : value;
}
