import { holds, toFilter, type Way } from '../access/condition.ts';
import { reporterSecrecy } from '../access/decide.ts';
import { isPersonal } from '../access/plan-reads.ts';
import type { RecordPlan, RelationPlan } from '../access/plan.ts';
import type { Comparison, EntitySource, MatchKind, SourceRecord } from '../connector/connector.ts';
import { all, never, type Filter } from '../connector/filter.ts';
import { clearNumber, personalKey } from '../connector/join-key.ts';
import { provenanceOf, type Provenance } from '../connector/provenance.ts';
import { formatDateTime, parseDateTime } from '../codes/date-time.ts';
import { loadBatch } from './batch.ts';
import type { GateRun, Item } from './run.ts';
import { filtersAlong } from './way-filters.ts';

const day = 86_400_000;

export interface Match {
  readonly item: Item;
  readonly match: MatchKind;
  /** What the comparison of the two records told. */
  readonly told: Readonly<Record<string, unknown>>;
  /** Of the list that the record came in; null where it was read just now. */
  readonly provenance: Provenance | null;
}

/** What one match kind found, aligned with the parents. */
interface Found {
  readonly match: MatchKind;
  /** The row rule as it stands for each parent. */
  readonly rows: readonly Filter[];
  readonly records: readonly (readonly SourceRecord[])[];
}

/**
 * The records that a relation finds for each parent, the surest match first: one batch a match kind. Only records that
 * the row rules show come back. `only` narrows the search (a direct lookup).
 */
export async function findMatches(
  parentType: string,
  { declaration }: Pick<RelationPlan, 'declaration'>,
  plan: RecordPlan,
  parents: readonly Item[],
  run: GateRun,
  only: Filter,
  limit: number,
): Promise<Match[][]> {
  const source = run.source(declaration.to);
  if (source === undefined || plan.key === null || plan.rows === null || plan.rows === true)
    return parents.map(() => []);
  const { key } = plan;
  const rule = run.bound(plan.rows, plan.type);
  const ways = parents.map((p) => child(parentType, p));
  const secrecy = run.bound(reporterSecrecy, 'Ticket');
  const search = async (match: MatchKind): Promise<Found> => {
    const open = filtersAlong(rule, match.fuzzy ? ways.map(fuzzy) : ways);
    // Whoever asked for secrecy is not found by her number either.
    const rows = isPersonal(match) && declaration.to === 'Ticket' ? narrowed(open, toFilter(secrecy)) : open;
    const keys = joinValues(parentType, match, parents, run);
    const batch = parents.map((_, i) => ({ key: keys[i] ?? null, rows: rows[i] ?? never }));
    const { window } = match;
    const within = window === undefined ? only : all([only, windowFilter(window, parents)]);
    const load = loadOf(source, plan, match, within, limit, run);
    return { match, rows, records: await loadBatch(batch, keyFieldOf(match), load, []) };
  };
  const byKind = await Promise.all(declaration.by.map(search));
  return parents.map((parent, i): Match[] => {
    const found: Match[] = [];
    const way = ways[i];
    if (way === undefined) return found;
    const seen = new Set<unknown>();
    for (const { match, rows, records } of byKind) {
      const exact = way.exact && !match.fuzzy;
      const sealed = isPersonal(match) && declaration.to === 'Ticket';
      const list = records[i] ?? [];
      const provenance = provenanceOf(list);
      for (const record of list) {
        if (found.length >= limit) return found;
        if (match.window !== undefined && !inWindow(match.window, parent.record, record)) continue;
        const item: Item = { type: declaration.to, record, ticket: way.ticket, exact, judged: rule };
        // The source was asked to apply the rule; it is judged again, except where the way alone has decided it.
        if (seen.has(record[key]) || (rows[i]?.kind !== 'always' && !holds(rule, item))) continue;
        if (sealed && !holds(secrecy, item)) continue;
        const told = declaration.comparison === undefined ? {} : compared(declaration.comparison, parent, item, run);
        if (told === null) continue;
        seen.add(record[key]);
        found.push({ item, match, told, provenance });
      }
    }
    return found;
  });
}

/** What the two records say of each other; null where they do not belong together. */
function compared(
  { compare }: Comparison,
  parent: Item,
  found: Item,
  run: GateRun,
): Readonly<Record<string, unknown>> | null {
  const open = run.bound(reporterSecrecy, 'Ticket');
  return compare(parent.record, found.record, holds(open, parent) && holds(open, found), run.services.times);
}

/** Each filter with another one; filters that were one object stay one. */
function narrowed(filters: readonly Filter[], by: Filter): readonly Filter[] {
  const made = new Map<Filter, Filter>();
  return filters.map((filter) => {
    const one = made.get(filter) ?? all([filter, by]);
    made.set(filter, one);
    return one;
  });
}

function loadOf(
  source: EntitySource,
  plan: RecordPlan,
  { child, window, fuzzy }: MatchKind,
  within: Filter,
  limit: number,
  run: GateRun,
): (keys: readonly string[], rows: Filter) => Promise<readonly (readonly SourceRecord[])[]> {
  const reads = fuzzy ? plan.fuzzyReads : plan.reads;
  const fields = window === undefined || reads.includes(window.child) ? reads : [...reads, window.child];
  // A window is judged for each parent afterwards, so that more than the limit may have to be looked at.
  const limitPerKey = window === undefined ? limit : limit * 4;
  return (keys, rows) =>
    source.loadByKeys({
      key: child,
      keys,
      fields,
      rows: all([rows, within]),
      order: plan.order,
      limitPerKey,
      signal: run.signal,
    });
}

/** What a parent's children know of their way: below a ticket, "the ticket" is that one. */
export function child(parentType: string, { record, ticket, exact }: Item): Way {
  return { ticket: parentType === 'Ticket' ? record : ticket, exact };
}

function fuzzy({ ticket }: Way): Way {
  return { ticket, exact: false };
}

/** The field that a filter may name keys by; null where the source holds them in several spellings. */
export function keyFieldOf({ as, child }: MatchKind): string | null {
  return clearNumber(as) === null ? child : null;
}

/** The parents' values as the source is asked for them; null where there is none, or none may be used. */
export function joinValues(
  parentType: string,
  match: MatchKind,
  parents: readonly Item[],
  run: GateRun,
): readonly (string | null)[] {
  const { as } = match;
  // Who asked for secrecy is not looked up by a number outside the handling unit.
  const open = isPersonal(match) ? run.bound(reporterSecrecy, parentType) : null;
  return parents.map((parent) => {
    const value = parent.record[match.parent];
    if (typeof value !== 'string' || value === '') return null;
    if (open === null) return value;
    if (!holds(open, parent)) return null;
    return as === 'plain' ? value : personalKey(as, run.services.joinSecret, value);
  });
}

function windowFilter(window: NonNullable<MatchKind['window']>, parents: readonly Item[]): Filter {
  let first: string | undefined;
  let last: string | undefined;
  // The text order of times is time order.
  for (const { record } of parents) {
    const time = record[window.parent];
    if (typeof time !== 'string') continue;
    if (first === undefined || time < first) first = time;
    if (last === undefined || time > last) last = time;
  }
  if (first === undefined || last === undefined) return never;
  const margin = window.days * day;
  return {
    kind: 'range',
    field: window.child,
    from: formatDateTime(parseDateTime(first) - margin),
    before: formatDateTime(parseDateTime(last) + margin + 1_000),
  };
}

function inWindow(window: NonNullable<MatchKind['window']>, parent: SourceRecord, record: SourceRecord): boolean {
  const a = parent[window.parent];
  const b = record[window.child];
  return (
    typeof a === 'string' && typeof b === 'string' && Math.abs(parseDateTime(a) - parseDateTime(b)) <= window.days * day
  );
}
