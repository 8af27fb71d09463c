import { bind, filterAlong, toFilter, type Bound, type Condition } from '../src/access/condition.ts';
import type { AccessPlan, ObjectPlan, RootPlan } from '../src/access/plan.ts';
import { simplify } from '../src/access/simplify-bound.ts';
import { canonicalTicketNo } from '../src/codes/ticket-no.ts';
import { all, any, type Filter } from '../src/connector/filter.ts';
import { equality, plainWhere, testOf } from '../src/gate/page-arguments.ts';
import { fromRoot, recordPlans } from '../src/gate/pages.ts';
import type { Principal } from '../src/identity/principal.ts';
import type { RootLoad } from './ungated.ts';

type Args = Readonly<Record<string, unknown>>;
type RecordsRoot = Extract<RootPlan, { kind: 'records' }>;

/**
 * What the root loads for its arguments, as a hub without a gate works it out for each request. What of it the policy says
 * is worked out beforehand, once, so that both ways send the same statement.
 */
export function ungatedRoot(plan: AccessPlan, principal: Principal): (args: Args, signal: AbortSignal) => RootLoad {
  const [root] = plan.roots;
  if (root?.kind !== 'records') throw new TypeError('one root of records is compared');
  const bound = (condition: Condition, type: string): Bound => simplify(bind(condition, type, principal, Date.now()));
  return root.declaration.kind === 'page' ? pageOf(root, bound) : keyOf(root, bound);
}

function keyOf({ declaration, target }: RecordsRoot, bound: (condition: Condition, type: string) => Bound) {
  if (declaration.kind !== 'lookup' || target.kind !== 'object') throw new TypeError('this root is not compared');
  const { plan } = target;
  const key = keyed(plan);
  const rows = toFilter(bound(plan.rows as Condition, plan.type));
  return (args: Args, signal: AbortSignal): RootLoad => ({
    kind: 'keys',
    load: {
      key,
      keys: [canonicalTicketNo(String(args[declaration.argument]))],
      fields: plan.reads,
      rows,
      order: plan.order,
      limitPerKey: 1,
      signal,
    },
  });
}

function pageOf(root: RecordsRoot, bound: (condition: Condition, type: string) => Bound) {
  const { declaration, target } = root;
  if (declaration.kind !== 'page' || target.kind !== 'connection') throw new TypeError('this root is not compared');
  const plans = recordPlans(target.connection, declaration.type);
  const [plan] = plans;
  if (plan === undefined) throw new TypeError('the page shows no record');
  const { order } = declaration;
  const shown = filterAlong(bound(plan.rows as Condition, plan.type), fromRoot);
  const fields = [...new Set([...plans.flatMap((p) => p.reads), ...order.map((k) => k.field)])];
  const filters = declaration.filters.map((one) => {
    const decisions = [root.usable.get(one.field), equality(one) ? root.comparable.get(one.field) : undefined];
    const where = decisions.flatMap((d) => (d === undefined ? [] : (plainWhere(d, declaration.type, { bound }) ?? [])));
    return { one, where: any(where) };
  });
  return (args: Args, signal: AbortSignal): RootLoad => {
    const first = typeof args['first'] === 'number' ? args['first'] : 20;
    if (first < 0 || first > declaration.max) throw new RangeError('first');
    if (args['after'] !== undefined || args['orderBy'] !== undefined) throw new TypeError('this page is not compared');
    const asked = (args['filter'] ?? {}) as Args;
    const tests = filters.flatMap(({ one, where }): Filter[] => {
      const value = asked[one.argument];
      return value === undefined || value === null ? [] : [all([testOf(one, value), where])];
    });
    const rows = all([shown, all(tests), { kind: 'always' }]);
    return { kind: 'page', load: { fields, rows, order, limit: first + 1, signal } };
  };
}

function keyed({ key, rows }: ObjectPlan): string {
  if (key === null || rows === null || rows === true) throw new TypeError('the root shows no record');
  return key;
}
