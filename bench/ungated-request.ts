import { getArgumentValues, getVariableValues } from 'graphql';
import type { AccessPlan } from '../src/access/plan.ts';
import { Deadline } from '../src/gate/deadline.ts';
import type { Executor } from '../src/hub/engine.ts';
import type { Prepared } from '../src/hub/documents.ts';
import type { HubRequest } from '../src/hub/hub-request.ts';
import { planCost } from '../src/hub/plan-cost.ts';
import type { Principal } from '../src/identity/principal.ts';
import type { HubParts } from './hub-parts.ts';
import { ungatedRoot } from './ungated-root.ts';
import type { RootLoad, Ungated } from './ungated.ts';

/** A request, and the load of its root as the gate asked for it. */
export interface Compared {
  readonly request: HubRequest;
  readonly root: RootLoad;
}

/** The joins and the executor, everything else prepared: the strictest measure. */
export function bareRequest(load: Ungated, prepared: Prepared, parts: HubParts) {
  return async ({ request, root }: Compared): Promise<{ readonly data?: unknown }> =>
    parts.mercurius(prepared, { gate: await load(root) }, request.variables, request.variables);
}

/**
 * What every request goes through in a hub without a gate: the document from its cache, variables, cost, deadline, what
 * its arguments ask for, joins, `execute`, JSON.
 */
export function ungatedRequest(
  load: Ungated,
  plan: AccessPlan,
  principal: Principal,
  parts: HubParts,
  execute: Executor,
) {
  const { documents, schema, config } = parts;
  const rootOf = ungatedRoot(plan, principal);
  const [root] = plan.roots;
  if (root === undefined) throw new TypeError('one root is compared');
  return async ({ request }: Pick<Compared, 'request'>): Promise<string> => {
    const prepared = documents.prepare(request.query, request.operationName, false);
    const definitions = prepared.operation.variableDefinitions ?? [];
    const { coerced, errors } = getVariableValues(schema, definitions, request.variables, { maxErrors: 5 });
    if (coerced === undefined) throw new TypeError(errors[0]?.message);
    const argumentsOf: Parameters<typeof planCost>[1]['argumentsOf'] = ({ definition, node }) =>
      getArgumentValues(definition, node, coerced);
    if (planCost(plan, { variables: coerced, argumentsOf }) > config.limits.cost) throw new RangeError('too dear');
    const deadline = new Deadline(config.limits.milliseconds);
    const loaded = rootOf(getArgumentValues(root.call.definition, root.call.node, coerced), deadline.signal);
    const walk = async (): Promise<{ readonly data?: unknown }> =>
      execute(prepared, { gate: await load(loaded) }, request.variables, coerced);
    return JSON.stringify({ data: (await deadline.race(walk())).data });
  };
}
