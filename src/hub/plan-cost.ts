import { included, type Variables } from '../access/include.ts';
import type { AccessPlan, ConnectionPlan, FieldCall, ObjectPlan, TargetPlan } from '../access/plan.ts';
import type { RelationShape } from '../connector/connector.ts';

/** Records that a bounded list is taken to hold: its bound is far above what it usually has. */
const usualList = 5;

/** What the sizes depend on: the gate's run of the request. */
export interface CostRequest {
  readonly variables: Variables;
  argumentsOf(call: FieldCall): Readonly<Record<string, unknown>>;
}

/** How many records the operation can ask the sources for, by the sizes of its pages and the usual sizes of its lists. */
export function planCost(plan: AccessPlan, request: CostRequest): number {
  let cost = 0;
  for (const root of plan.roots) {
    if (!included(root.include, request.variables)) continue;
    // Counts are one statement, and no record.
    if (root.kind === 'open' || root.kind === 'statistics') {
      cost += 1;
      continue;
    }
    const args = request.argumentsOf(root.call);
    const [keys] = Object.values(args).filter((a) => Array.isArray(a));
    cost += targetCost(root.target, args, keys === undefined ? 1 : keys.length, request);
  }
  return cost;
}

function targetCost(
  target: TargetPlan,
  args: Readonly<Record<string, unknown>>,
  times: number,
  request: CostRequest,
): number {
  switch (target.kind) {
    case 'object':
      return objectCost(target.plan, times, request);
    case 'wrapper':
      return objectCost(target.wrapper, times, request);
    case 'computed':
      return objectCost(target.source, times, request) + objectCost(target.result, times, request);
    case 'connection':
      return connectionCost(
        target.connection,
        times * (typeof args['first'] === 'number' ? Math.max(args['first'], 1) : 20),
        request,
      );
  }
}

function connectionCost(connection: ConnectionPlan, records: number, request: CostRequest): number {
  const slots = [
    ...connection.nodes,
    ...connection.edges.filter((e) => included(e.include, request.variables)).flatMap((e) => e.nodes),
  ];
  const below = slots
    .filter((s) => included(s.include, request.variables))
    .flatMap((s) => [...s.plans.values()])
    .reduce((sum, plan) => sum + objectCost(plan, records, request), 0);
  return Math.max(below, records);
}

function objectCost(plan: ObjectPlan, times: number, request: CostRequest): number {
  let cost = times;
  for (const relation of plan.relations) {
    if (!included(relation.include, request.variables)) continue;
    const { shape } = relation.declaration;
    cost += targetCost(relation.target, request.argumentsOf(relation.call), times * size(shape), request);
  }
  return cost;
}

function size(shape: RelationShape): number {
  switch (shape.kind) {
    case 'matches':
    case 'list':
      return usualList;
    case 'embedded':
      return shape.list ? usualList : 1;
    case 'match':
    case 'one':
    case 'instant':
    case 'computed':
    case 'connection':
      return 1;
  }
}
