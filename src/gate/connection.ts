import { included } from '../access/include.ts';
import type { ConnectionPlan, ConnectionSlot, ObjectPlan } from '../access/plan.ts';
import { slot, type GateObject } from './gate-object.ts';
import type { Load } from './load.ts';
import type { RecordPage } from './pages.ts';
import type { GateRun, Item } from './run.ts';

/** Lets records through the gate: `pass`, handed in because it calls this in turn. */
type Pass = (plan: ObjectPlan, items: readonly Item[], run: GateRun, loads: Load[]) => (GateObject | null)[];

/** Projects a batch of pages: each selection of `nodes` and `edges.node` once for all parents. */
export function connectionObjects(
  connection: ConnectionPlan,
  pages: readonly RecordPage[],
  run: GateRun,
  loads: Load[],
  pass: Pass,
): GateObject[] {
  const { variables } = run;
  const objects = pages.map((page): GateObject => ({ __typename: connection.type, totalCount: page.totalCount }));
  const put = (responseKey: string, values: readonly unknown[]): void => {
    const key = slot(responseKey);
    objects.forEach((object, i) => (object[key] = values[i]));
  };
  for (const one of connection.nodes) {
    if (!included(one.include, variables)) continue;
    const lists = passSlot(one, pages, run, loads, pass);
    put(
      one.responseKey,
      lists.map((list) => list.filter((o) => o !== null)),
    );
  }
  for (const edge of connection.edges) {
    if (!included(edge.include, variables)) continue;
    const nodes = edge.nodes
      .filter((n) => included(n.include, variables))
      .map((n) => ({ key: slot(n.responseKey), lists: passSlot(n, pages, run, loads, pass) }));
    const edges = pages.map((page, i) =>
      page.items.flatMap((item, j): GateObject[] => {
        const own = nodes.map((n) => [n.key, n.lists[i]?.[j] ?? null] as const);
        if (own.some(([, node]) => node === null)) return [];
        return [{ cursor: page.cursorOf(item), ...Object.fromEntries(own) }];
      }),
    );
    put(edge.responseKey, edges);
  }
  for (const info of connection.pageInfo) {
    if (!included(info.include, variables)) continue;
    const infos = pages.map((page) => {
      const [start, end] = [page.items[0], page.items.at(-1)];
      return {
        hasNextPage: page.hasNext,
        hasPreviousPage: page.hasPrevious,
        startCursor: start === undefined ? null : page.cursorOf(start),
        endCursor: end === undefined ? null : page.cursorOf(end),
      };
    });
    put(info.responseKey, infos);
  }
  return objects;
}

/** The pages' items through one selection, aligned with them; under a union each type by its own plan. */
function passSlot(
  one: ConnectionSlot,
  pages: readonly RecordPage[],
  run: GateRun,
  loads: Load[],
  pass: Pass,
): (GateObject | null)[][] {
  const items = pages.flatMap((p) => p.items);
  const [only] = one.plans.values();
  const passed =
    one.plans.size === 1 && only !== undefined && items.every((item) => item.type === only.type)
      ? pass(only, items, run, loads)
      : passByType(one, items, run, loads, pass);
  let at = 0;
  return pages.map((page) => passed.slice(at, (at += page.items.length)));
}

function passByType(
  one: ConnectionSlot,
  items: readonly Item[],
  run: GateRun,
  loads: Load[],
  pass: Pass,
): (GateObject | null)[] {
  const objects: (GateObject | null)[] = items.map(() => null);
  for (const [type, plan] of one.plans) {
    const own: Item[] = [];
    const positions: number[] = [];
    items.forEach((item, i) => {
      if (item.type !== type) return;
      own.push(item);
      positions.push(i);
    });
    if (own.length === 0) continue;
    const passed = pass(plan, own, run, loads);
    positions.forEach((i, position) => (objects[i] = passed[position] ?? null));
  }
  return objects;
}
