import { filterAlong, type Bound, type Way } from '../access/condition.ts';
import { all, any, type Filter } from '../connector/filter.ts';

/** A parent in a batch: the key that its records are asked for by, null for none, and the way that leads to them. */
export interface BatchParent {
  readonly key: string | null;
  readonly way: Way;
}

/**
 * Asks a source for the records of a batch of parents under a row rule, exactly: parents of one filter together, and all
 * of them in one load where no key stands under two filters. Parents whose way rules every record out are not asked for.
 * Aligned with the parents; `nothing` for one that was not asked for.
 */
export async function loadBatch<T>(
  parents: readonly BatchParent[],
  rule: Bound,
  keyField: string,
  load: (keys: readonly string[], rows: Filter) => Promise<readonly T[]>,
  nothing: T,
): Promise<T[]> {
  const groups = groupsOf(parents, rule);
  const keys = new Set(groups.flatMap((g) => g.keys));
  const inOne = groups.length > 1 && keys.size === groups.reduce((n, g) => n + g.keys.length, 0);
  const loads = inOne
    ? [
        {
          keys: [...keys],
          rows: any(groups.map((g) => all([{ kind: 'in', field: keyField, values: g.keys }, g.rows]))),
          of: groups.flatMap((g) => g.of),
        },
      ]
    : groups;
  const results: T[] = parents.map(() => nothing);
  await Promise.all(
    loads.map(async ({ keys: asked, rows, of }) => {
      const loaded = await load(asked, rows);
      const byKey = new Map(asked.map((key, i) => [key, loaded[i] ?? nothing]));
      for (const i of of) results[i] = byKey.get(parents[i]?.key ?? '') ?? nothing;
    }),
  );
  return results;
}

interface Group {
  readonly rows: Filter;
  readonly keys: readonly string[];
  /** The parents, by their place. */
  readonly of: readonly number[];
}

function groupsOf(parents: readonly BatchParent[], rule: Bound): Group[] {
  const groups = new Map<string, { rows: Filter; keys: Set<string>; of: number[] }>();
  parents.forEach(({ key, way }, i) => {
    if (key === null) return;
    const rows = filterAlong(rule, way);
    if (rows.kind === 'never') return;
    const name = JSON.stringify(rows);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { rows, keys: new Set([key]), of: [i] });
    else {
      group.keys.add(key);
      group.of.push(i);
    }
  });
  return [...groups.values()].map(({ rows, keys, of }) => ({ rows, keys: [...keys], of }));
}
