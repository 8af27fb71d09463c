import { getArgumentValues } from 'graphql';
import { holds, type Way } from '../access/condition.ts';
import type { FieldCall, ObjectPlan, RelationPlan } from '../access/plan.ts';
import type { MatchKind, SourceRecord } from '../connector/connector.ts';
import { all, never, type Filter } from '../connector/filter.ts';
import { phoneDigest } from '../connector/join-key.ts';
import { formatDateTime, parseDateTime } from '../codes/date-time.ts';
import { loadBatch } from './batch.ts';
import type { GateRun, Item } from './run.ts';

const day = 86_400_000;

export interface Match {
  readonly item: Item;
  readonly match: MatchKind;
}

/**
 * The records that a relation finds for each parent, the surest match first: one batch a match kind. Only records that
 * the row rules show come back. `only` narrows the search (a direct lookup).
 */
export async function findMatches(
  parentType: string,
  relation: Pick<RelationPlan, 'declaration' | 'coordinate'>,
  plans: readonly ObjectPlan[],
  parents: readonly Item[],
  run: GateRun,
  only: Filter,
  limit: number,
): Promise<Match[][]> {
  const { declaration } = relation;
  const [plan] = plans;
  const source = run.source(declaration.to);
  if (plan === undefined || source === undefined || plan.key === null || plan.rows === null || plan.rows === true)
    return parents.map(() => []);
  const { key, rows } = plan;
  const rowRule = run.bound(rows, plan.type);
  const found: Match[][] = parents.map(() => []);
  const seen = parents.map(() => new Set<unknown>());

  const byKind = await Promise.all(
    declaration.by.map(async (match): Promise<(readonly SourceRecord[])[]> => {
      const batch = parents.map((p) => ({
        key: joinValue(parentType, p, match, run),
        way: wayBelow(parentType, p, match),
      }));
      const { window } = match;
      const fields = new Set(plans.flatMap((p) => (match.fuzzy ? p.fuzzyReads : p.reads)));
      if (window !== undefined) fields.add(window.child);
      const within = window === undefined ? only : all([only, windowFilter(window, parents)]);
      const load = (keys: readonly string[], exact: Filter): Promise<readonly (readonly SourceRecord[])[]> =>
        source.loadByKeys({
          key: match.child,
          keys,
          fields: [...fields],
          rows: all([exact, within]),
          order: plan.order,
          // A window is judged for each parent below, so that more than the limit may have to be looked at.
          limitPerKey: window === undefined ? limit : limit * 4,
          signal: run.signal,
        });
      return loadBatch(batch, rowRule, match.child, load, []);
    }),
  );
  declaration.by.forEach((match, k) => {
    parents.forEach((p, i) => {
      for (const record of byKind[k]?.[i] ?? []) {
        if (match.window !== undefined && !inWindow(match.window, p.record, record)) continue;
        const item: Item = { type: declaration.to, record, ...wayBelow(parentType, p, match) };
        if (seen[i]?.has(record[key]) === true || !holds(rowRule, item)) continue;
        seen[i]?.add(record[key]);
        if ((found[i]?.length ?? limit) < limit) found[i]?.push({ item, match });
      }
    });
  });
  return found;
}

/** The way to the records that the parent finds so. */
function wayBelow(parentType: string, parent: Item, match: MatchKind): Way {
  const { ticket, exact } = child(parentType, parent);
  return { ticket, exact: exact && !match.fuzzy };
}

/** What a parent's children know of their way: below a ticket, "the ticket" is that one. */
export function child(parentType: string, item: Item): Item {
  return parentType === 'Ticket' ? { ...item, ticket: item.record } : item;
}

function joinValue(parentType: string, item: Item, match: MatchKind, run: GateRun): string | null {
  const value = item.record[match.parent];
  if (typeof value !== 'string' || value === '') return null;
  switch (match.as) {
    case 'plain':
      return value;
    case 'phoneDigest': {
      // Who asked for secrecy is not looked up by the number outside the handling unit.
      const secret = run.bound({ kind: 'predicate', name: 'reporterNotSecret', args: undefined }, parentType);
      return holds(secret, item) ? phoneDigest(run.services.joinSecret, value) : null;
    }
  }
}

function windowFilter(window: NonNullable<MatchKind['window']>, parents: readonly Item[]): Filter {
  const times = parents.flatMap((p) => {
    const time = p.record[window.parent];
    return typeof time === 'string' ? [parseDateTime(time)] : [];
  });
  if (times.length === 0) return never;
  const margin = window.days * day;
  return {
    kind: 'range',
    field: window.child,
    from: formatDateTime(Math.min(...times) - margin),
    before: formatDateTime(Math.max(...times) + margin + 1_000),
  };
}

function inWindow(window: NonNullable<MatchKind['window']>, parent: SourceRecord, record: SourceRecord): boolean {
  const a = parent[window.parent];
  const b = record[window.child];
  return (
    typeof a === 'string' && typeof b === 'string' && Math.abs(parseDateTime(a) - parseDateTime(b)) <= window.days * day
  );
}

/** The field's arguments for these variables. */
export function argumentsOf(call: FieldCall, run: GateRun): Readonly<Record<string, unknown>> {
  return getArgumentValues(call.definition, call.node, run.variables);
}
