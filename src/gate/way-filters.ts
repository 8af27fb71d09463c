import { filterAlong, partsOfWay, type Bound, type Way } from '../access/condition.ts';
import type { Filter } from '../connector/filter.ts';

/** The filters of rules of which every way says the same: bound rules are immutable, and last as long as their caller's token. */
const wayless = new WeakMap<Bound, Filter | null>();

/** The rule's filter where it asks nothing of the way; null where it does. */
function filterOfAll(rule: Bound, first: Way): Filter | null {
  let filter = wayless.get(rule);
  if (filter === undefined) {
    filter = partsOfWay(rule).length === 0 ? filterAlong(rule, first) : null;
    wayless.set(rule, filter);
  }
  return filter;
}

/**
 * The filter at the end of each way, aligned with the ways. Ways of which the rule says the same share one filter, the
 * same object.
 */
export function filtersAlong(rule: Bound, ways: readonly Way[]): readonly Filter[] {
  const [first] = ways;
  if (first === undefined) return [];
  const all = filterOfAll(rule, first);
  if (all !== null) return ways.map(() => all);
  const parts = partsOfWay(rule);
  const filters = new Map<string, Filter>();
  return ways.map((way) => {
    let name = '';
    for (const part of parts) name += part(way);
    const known = filters.get(name);
    if (known !== undefined) return known;
    const filter = filterAlong(rule, way);
    filters.set(name, filter);
    return filter;
  });
}
