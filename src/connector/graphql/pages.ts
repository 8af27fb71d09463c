import { isLastPage } from '../rows/last-page.ts';
import { malformed } from '../rows/malformed.ts';
import { Progress } from '../rows/progress.ts';
import type { GraphqlList } from './declaration.ts';
import { fieldAt } from './members.ts';
import { selectionOf, type Part, type PartArgument } from './part.ts';

interface Paged {
  readonly agency: string;
  readonly list: GraphqlList;
  readonly given: readonly PartArgument[];
  /** The fields that lead to each column, from the row. */
  readonly paths: readonly (readonly string[])[];
  /** Rows that are wanted, where that is known. */
  readonly wanted: number;
  readonly ask: (part: Part) => Promise<unknown>;
}

interface Page {
  readonly rows: readonly unknown[];
  /** All that the list's field holds. */
  readonly value: unknown;
}

/** The rows of one page after the other, until the service says that there is no more. Pages that come round again are refused. */
export async function* pagesOf(of: Paged): AsyncGenerator<readonly unknown[]> {
  const { agency, list } = of;
  const { paging } = list;
  const columns = of.paths.map((path) => [...list.rows, ...path]);
  const progress = new Progress(agency);
  const ask = async (place: readonly PartArgument[], beside: readonly (readonly string[])[]): Promise<Page> => {
    const value = await of.ask({
      field: list.field,
      arguments: [...of.given, ...place],
      selection: selectionOf([...columns, ...beside]),
    });
    const rows = fieldAt(value, list.rows);
    if (!Array.isArray(rows)) throw malformed(agency, 'has no list of rows where one should be');
    progress.page(rows);
    return { rows, value };
  };
  if (paging.kind === 'none') {
    yield (await ask([], [])).rows;
    return;
  }
  const size = Math.max(1, Math.min(paging.most, of.wanted));
  switch (paging.kind) {
    case 'offset': {
      const { limit, offset, total } = paging;
      for (let read = 0; ;) {
        const place = [
          { ...limit, value: size },
          { ...offset, value: read },
        ];
        const { rows, value } = await ask(place, total === undefined ? [] : [[total]]);
        if (rows.length > size) throw malformed(agency, 'holds more rows than a page may have');
        yield rows;
        read += rows.length;
        const counted = total === undefined ? {} : { total: { said: fieldAt(value, [total]) } };
        if (isLastPage(agency, { rows: rows.length, size, read, ...counted })) return;
      }
    }
    case 'relay': {
      const first = { name: 'first', type: 'Int', value: size };
      for (let after: PartArgument[] = []; ;) {
        const { rows, value } = await ask(
          [first, ...after],
          [
            ['pageInfo', 'hasNextPage'],
            ['pageInfo', 'endCursor'],
          ],
        );
        const next = nextCursor(agency, value);
        yield rows;
        if (next === null) return;
        progress.place(next);
        after = [{ name: 'after', type: 'String', value: next }];
      }
    }
  }
}

/** Where the next page begins; null at the end. Not to say whether there is one is not to say that there is none. */
function nextCursor(agency: string, value: unknown): string | null {
  const hasNext = fieldAt(value, ['pageInfo', 'hasNextPage']);
  if (typeof hasNext !== 'boolean') throw malformed(agency, 'does not say whether there is a next page');
  if (!hasNext) return null;
  const next = fieldAt(value, ['pageInfo', 'endCursor']);
  if (typeof next !== 'string' || next === '') throw malformed(agency, 'names no next page');
  return next;
}
