import { included } from '../access/include.ts';
import type { ConnectionPlan, ConnectionSlot, ObjectPlan } from '../access/plan.ts';
import { slot, type GateObject } from './gate-object.ts';
import type { RecordPage } from './pages.ts';
import type { GateRun, Item } from './run.ts';

/** Lets records through the gate: `project`, handed in because it calls this in turn. */
type Project = (plan: ObjectPlan, items: readonly Item[], run: GateRun) => Promise<(GateObject | null)[]>;

/** Projects a batch of pages: each selection of `nodes` and `edges.node` once for all parents. */
export async function connectionObjects(
  connection: ConnectionPlan,
  pages: readonly RecordPage[],
  run: GateRun,
  project: Project,
): Promise<GateObject[]> {
  const { variables } = run;
  const objects = pages.map((page): GateObject => ({ __typename: connection.type, totalCount: page.totalCount }));
  for (const one of connection.nodes) {
    if (!included(one.include, variables)) continue;
    const lists = await projectSlot(one, pages, run, project);
    lists.forEach((list, i) =>
      Object.assign(objects[i] ?? {}, { [slot(one.responseKey)]: list.filter((o) => o !== null) }),
    );
  }
  for (const edge of connection.edges) {
    if (!included(edge.include, variables)) continue;
    const nodes = await Promise.all(
      edge.nodes
        .filter((n) => included(n.include, variables))
        .map(async (n) => ({ key: slot(n.responseKey), lists: await projectSlot(n, pages, run, project) })),
    );
    pages.forEach((page, i) => {
      const edges = page.items.flatMap((item, j): GateObject[] => {
        const own = nodes.map((n) => [n.key, n.lists[i]?.[j] ?? null] as const);
        if (own.some(([, node]) => node === null)) return [];
        return [{ cursor: page.cursorOf(item), ...Object.fromEntries(own) }];
      });
      Object.assign(objects[i] ?? {}, { [slot(edge.responseKey)]: edges });
    });
  }
  for (const info of connection.pageInfo) {
    if (!included(info.include, variables)) continue;
    pages.forEach((page, i) => {
      const [start, end] = [page.items[0], page.items.at(-1)];
      const pageInfo = {
        hasNextPage: page.hasNext,
        hasPreviousPage: page.hasPrevious,
        startCursor: start === undefined ? null : page.cursorOf(start),
        endCursor: end === undefined ? null : page.cursorOf(end),
      };
      Object.assign(objects[i] ?? {}, { [slot(info.responseKey)]: pageInfo });
    });
  }
  return objects;
}

/** The pages' items through one selection, aligned with them; under a union each type by its own plan. */
async function projectSlot(
  one: ConnectionSlot,
  pages: readonly RecordPage[],
  run: GateRun,
  project: Project,
): Promise<(GateObject | null)[][]> {
  const items = pages.flatMap((p) => p.items);
  const objects: (GateObject | null)[] = items.map(() => null);
  await Promise.all(
    [...one.plans].map(async ([type, plan]) => {
      const own = items.flatMap((item, i) => (item.type === type ? [i] : []));
      const projected =
        own.length === 0
          ? []
          : await project(
              plan,
              own.flatMap((i) => items[i] ?? []),
              run,
            );
      own.forEach((i, position) => (objects[i] = projected[position] ?? null));
    }),
  );
  let at = 0;
  return pages.map((page) => objects.slice(at, (at += page.items.length)));
}
