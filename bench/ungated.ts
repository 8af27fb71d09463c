import { bind, toFilter } from '../src/access/condition.ts';
import type { AccessPlan, ObjectPlan, RelationPlan, RootPlan } from '../src/access/plan.ts';
import { formatDateTime, parseDateTime } from '../src/codes/date-time.ts';
import type { EntitySource, MatchKind, PageLoad, KeyLoad, SortKey, SourceRecord } from '../src/connector/connector.ts';
import { all, type Filter } from '../src/connector/filter.ts';
import { phoneDigest } from '../src/connector/join-key.ts';
import type { Principal } from '../src/identity/principal.ts';
import type { HubParts } from './hub-parts.ts';

/** The load of the operation's root, as the gate asked for it. */
export type RootLoad =
  { readonly kind: 'page'; readonly load: PageLoad } | { readonly kind: 'keys'; readonly load: KeyLoad };

/** Loads and joins what one operation asks, and hands the executor the sources' own records. */
export type Ungated = (root: RootLoad) => Promise<Readonly<Record<string, unknown>>>;

/** One relation, everything about it worked out beforehand. */
interface Step {
  readonly slot: string;
  readonly source: EntitySource;
  readonly key: string;
  readonly order: readonly SortKey[];
  readonly rows: Filter;
  readonly kinds: readonly { readonly match: MatchKind; readonly fields: readonly string[]; readonly limit: number }[];
  readonly limit: number;
  readonly list: boolean;
  /** Where a match wrapper holds the record; null for a relation without wrappers. */
  readonly node: string | null;
  readonly below: readonly Step[];
}

const day = 86_400_000;
const { signal } = new AbortController();

/**
 * What a competent engineer writes with the same sources for callers who may see everything: one batch a relation, match
 * kind and level, with the columns and row filters of the plan, since those are the statements to compare; no verdict,
 * mask, report, limit or clock, and no copy of a record.
 */
export function ungated(plan: AccessPlan, principal: Principal, parts: HubParts): Ungated {
  const [root] = plan.roots;
  if (root === undefined || plan.roots.length !== 1) throw new TypeError('one root field is compared');
  const { slot, object, page } = targetOf(root);
  const steps = stepsOf(object, principal, parts);
  const source = parts.source(object.type);
  return async (of) => {
    const records =
      of.kind === 'page'
        ? (await source.loadPage(of.load)).slice(0, of.load.limit - 1)
        : (await source.loadByKeys(of.load)).flat();
    await attach(steps, records, parts.joinSecret);
    return { [slot]: page === null ? (records[0] ?? null) : { [page]: records } };
  };
}

function targetOf(root: RootPlan): { slot: string; object: ObjectPlan; page: string | null } {
  if (root.kind !== 'records') throw new TypeError(`${root.field} is not compared`);
  const slot = `@${root.responseKey}`;
  if (root.target.kind === 'object') return { slot, object: root.target.plan, page: null };
  if (root.target.kind === 'wrapper' || root.target.kind === 'computed')
    throw new TypeError(`${root.field} is no root of records`);
  const [nodes] = root.target.connection.nodes;
  const [object] = nodes?.plans.values() ?? [];
  if (nodes === undefined || object === undefined) throw new TypeError(`${root.field} is asked without nodes`);
  return { slot, object, page: `@${nodes.responseKey}` };
}

function stepsOf(plan: ObjectPlan, principal: Principal, parts: HubParts): Step[] {
  return plan.relations.map((relation) => stepOf(relation, principal, parts));
}

function stepOf(relation: RelationPlan, principal: Principal, parts: HubParts): Step {
  const { declaration, target, responseKey } = relation;
  const { shape } = declaration;
  const { plans, node } = recordsOf(relation);
  const shown = plans.at(-1);
  if (shown === undefined || shown.rows === null || shown.rows === true || shown.key === null)
    throw new TypeError(`${relation.coordinate} shows no record`);
  const limit = shape.kind === 'matches' || shape.kind === 'list' ? shape.max : 1;
  return {
    slot: `@${responseKey}`,
    source: parts.source(declaration.to),
    key: shown.key,
    order: shown.order,
    rows: toFilter(bind(shown.rows, declaration.to, principal, Date.now())),
    kinds: declaration.by.map((match) => {
      const fields = new Set(plans.flatMap((p) => (match.fuzzy ? p.fuzzyReads : p.reads)));
      if (match.window !== undefined) fields.add(match.window.child);
      return { match, fields: [...fields], limit: match.window === undefined ? limit : limit * 4 };
    }),
    limit,
    list: shape.kind === 'matches' || shape.kind === 'list',
    node: target.kind === 'wrapper' ? node : null,
    below: stepsOf(shown, principal, parts),
  };
}

/** The plans of the relation's records, as asked the last; and under what a wrapper holds them. */
function recordsOf({ target, coordinate }: RelationPlan): { plans: readonly ObjectPlan[]; node: string } {
  switch (target.kind) {
    case 'object':
      return { plans: [target.plan], node: '' };
    case 'wrapper': {
      const [inner] = target.wrapper.relations;
      if (inner === undefined || target.nodes.length !== 2)
        throw new TypeError(`${coordinate} is asked once for nodes`);
      return { plans: target.nodes, node: `@${inner.responseKey}` };
    }
    case 'computed':
    case 'connection':
      throw new TypeError(`${coordinate} is a ${target.kind} relation, which is not compared`);
  }
}

/** Loads all relations of a batch side by side and puts what they found on the parents. */
async function attach(steps: readonly Step[], parents: readonly SourceRecord[], joinSecret: Buffer): Promise<void> {
  if (parents.length === 0) return;
  await Promise.all(steps.map((step) => attachOne(step, parents, joinSecret)));
}

async function attachOne(step: Step, parents: readonly SourceRecord[], joinSecret: Buffer): Promise<void> {
  const byKind = await Promise.all(step.kinds.map((kind) => load(step, kind, parents, joinSecret)));
  const below: SourceRecord[] = [];
  parents.forEach((parent, i) => {
    const seen = new Set<unknown>();
    const values: unknown[] = [];
    step.kinds.forEach(({ match }, k) => {
      for (const record of byKind[k]?.[i] ?? []) {
        const id = record[step.key];
        if (values.length >= step.limit || seen.has(id) || !inWindow(match, parent, record)) continue;
        seen.add(id);
        below.push(record);
        const { matchedBy, confidence } = match;
        values.push(step.node === null ? record : { matchedBy, confidence, [step.node]: record });
      }
    });
    Object.assign(parent, { [step.slot]: step.list ? values : (values[0] ?? null) });
  });
  await attach(step.below, below, joinSecret);
}

async function load(
  { source, order, rows }: Step,
  { match, fields, limit }: Step['kinds'][number],
  parents: readonly SourceRecord[],
  joinSecret: Buffer,
): Promise<readonly (readonly SourceRecord[])[]> {
  const values = parents.map((p) => joinValue(p[match.parent], match, joinSecret));
  const keys = [...new Set(values.filter((v) => v !== null))];
  if (keys.length === 0) return [];
  const filter = match.window === undefined ? rows : all([rows, windowOf(match.window, parents)]);
  const found = await source.loadByKeys({
    key: match.child,
    keys,
    fields,
    rows: filter,
    order,
    limitPerKey: limit,
    signal,
  });
  const byKey = new Map(keys.map((k, i) => [k, found[i] ?? []]));
  return values.map((v) => (v === null ? [] : (byKey.get(v) ?? [])));
}

function joinValue(value: unknown, match: MatchKind, joinSecret: Buffer): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return match.as === 'plain' ? value : phoneDigest(joinSecret, value);
}

function windowOf(window: NonNullable<MatchKind['window']>, parents: readonly SourceRecord[]): Filter {
  // The text order of times is time order.
  const times = parents
    .map((p) => p[window.parent])
    .filter((t) => typeof t === 'string')
    .toSorted();
  return {
    kind: 'range',
    field: window.child,
    from: formatDateTime(parseDateTime(times[0] ?? '') - window.days * day),
    before: formatDateTime(parseDateTime(times.at(-1) ?? '') + window.days * day + 1_000),
  };
}

function inWindow({ window }: MatchKind, parent: SourceRecord, record: SourceRecord): boolean {
  if (window === undefined) return true;
  const [a, b] = [parent[window.parent], record[window.child]];
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return Math.abs(parseDateTime(a) - parseDateTime(b)) <= window.days * day;
}
