import { codedError } from '../errors/coded-error.ts';
import { otherList } from '../gate/cursor-list.ts';
import type { CursorSeal } from '../gate/cursor.ts';

const MOST = 100;

export interface RequestPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** `first` and `after` of a list of requests. Throws `LIMIT_EXCEEDED` and `BAD_USER_INPUT`. */
export function pageStart(
  list: string,
  args: Readonly<Record<string, unknown>>,
  seal: CursorSeal,
): { readonly first: number; readonly before: number | null } {
  const first = typeof args['first'] === 'number' ? args['first'] : 20;
  if (first < 0) throw codedError('BAD_USER_INPUT', 'first must be 0 or more');
  if (first > MOST)
    throw codedError('LIMIT_EXCEEDED', `first may be ${MOST} at most here; page with after`, {
      extensions: { limit: 'first', max: MOST },
    });
  const { after } = args;
  if (typeof after !== 'string') return { first, before: null };
  const [seq] = seal.open(list, after) ?? [];
  if (seq === undefined) throw codedError('BAD_USER_INPUT', otherList, { extensions: { argument: 'after' } });
  return { first, before: Number(seq) };
}

/** The first of the requests that `shown` lets through, and whether there are more. */
export function pageOf<T extends { readonly seq: number }>(
  list: string,
  { first, before }: ReturnType<typeof pageStart>,
  requests: Iterable<T>,
  shown: (request: T) => boolean,
  seal: CursorSeal,
): RequestPage<T> {
  const nodes: T[] = [];
  let hasNextPage = false;
  for (const request of requests) {
    if (!shown(request)) continue;
    hasNextPage = nodes.length === first;
    if (hasNextPage) break;
    nodes.push(request);
  }
  const cursor = (request: T | undefined): string | null =>
    request === undefined ? null : seal.seal(list, [String(request.seq)]);
  return {
    nodes,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: before !== null,
      startCursor: cursor(nodes[0]),
      endCursor: cursor(nodes.at(-1)),
    },
  };
}
