import { filterAlong, partsOfWay, type Bound, type Way } from '../access/condition.ts';
import type { Filter } from '../connector/filter.ts';

/**
 * The filter at the end of each way, aligned with the ways. Ways of which the rule says the same share one filter, the
 * same object.
 */
export function filtersAlong(rule: Bound, ways: readonly Way[]): readonly Filter[] {
  const parts = partsOfWay(rule);
  const [first] = ways;
  if (parts.length === 0 && first !== undefined) {
    const filter = filterAlong(rule, first);
    return ways.map(() => filter);
  }
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
