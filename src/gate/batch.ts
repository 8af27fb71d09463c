import { all, any, type Filter } from '../connector/filter.ts';

/** A parent in a batch: the key that its records are asked for by, null for none, and the row rule as it stands for it. */
export interface BatchParent {
  readonly key: string | null;
  /** Parents of the same filter share one object: see way-filters.ts. */
  readonly rows: Filter;
}

/**
 * Asks a source for the records of a batch of parents under their row rules, exactly: parents of one filter together, and
 * all of them in one load where no key stands under two filters and `keyField` can be filtered by (null: it cannot). Parents whose filter rules every record out are not asked
 * for. Aligned with the parents; `nothing` for one that was not asked for.
 */
export async function loadBatch<T>(
  parents: readonly BatchParent[],
  keyField: string | null,
  load: (keys: readonly string[], rows: Filter) => Promise<readonly T[]>,
  nothing: T,
): Promise<T[]> {
  const groups = groupsOf(parents);
  const loads = (keyField === null ? null : inOne(groups, keyField)) ?? groups;
  const results: T[] = parents.map(() => nothing);
  const put = async ({ rows, keys, of }: Group): Promise<void> => {
    const loaded = await load([...keys.keys()], rows);
    for (const i of of) {
      const position = keys.get(parents[i]?.key ?? '');
      if (position !== undefined) results[i] = loaded[position] ?? nothing;
    }
  };
  const [only] = loads;
  if (loads.length === 1 && only !== undefined) await put(only);
  else await Promise.all(loads.map(put));
  return results;
}

interface Group {
  readonly rows: Filter;
  /** Distinct keys, and their place among the keys of the load. */
  readonly keys: Map<string, number>;
  /** The parents, by their place. */
  readonly of: number[];
}

function groupsOf(parents: readonly BatchParent[]): Group[] {
  const groups = new Map<Filter, Group>();
  parents.forEach(({ key, rows }, i) => {
    if (key === null || rows.kind === 'never') return;
    let group = groups.get(rows);
    if (group === undefined) groups.set(rows, (group = { rows, keys: new Map(), of: [] }));
    if (!group.keys.has(key)) group.keys.set(key, group.keys.size);
    group.of.push(i);
  });
  return [...groups.values()];
}

/** The groups as one load, null where there is one already or a key stands under two filters. */
function inOne(groups: readonly Group[], keyField: string): readonly [Group] | null {
  if (groups.length < 2) return null;
  const keys = new Map<string, number>();
  for (const group of groups) {
    for (const key of group.keys.keys()) {
      if (keys.has(key)) return null;
      keys.set(key, keys.size);
    }
  }
  const parts = groups.map((g) => all([{ kind: 'in', field: keyField, values: [...g.keys.keys()] }, g.rows]));
  return [{ rows: any(parts), keys, of: groups.flatMap((g) => g.of) }];
}
