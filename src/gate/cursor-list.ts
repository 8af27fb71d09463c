import type { SortKey } from '../connector/connector.ts';
import type { Principal, Purpose } from '../identity/principal.ts';

/** Who asks for a list, and for what. */
export interface ListCaller {
  readonly principal: Pick<Principal, 'issuer' | 'subject' | 'agency' | 'role' | 'unit' | 'operator'>;
  readonly purpose: Purpose | null;
}

/** Where the page begins and how long it is: what differs from one page of a list to the next. */
const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'after']);

/**
 * What a cursor is bound to: the list's field, its order, who asked for it, for which purpose and with which arguments. The
 * caller's areas and grids and the policy are left out: they may change while somebody pages, and every page is judged by
 * those of its own request.
 */
export function cursorList(
  field: string,
  order: readonly SortKey[],
  args: Readonly<Record<string, unknown>>,
  { principal, purpose }: ListCaller,
): string {
  const { issuer, subject, agency, role, unit, operator } = principal;
  const keys = order.map((k) => `${k.field} ${k.direction}`);
  const asked = Object.entries(args).filter(([name]) => !PAGE_ARGUMENTS.has(name));
  return JSON.stringify([
    field,
    keys,
    [issuer, subject, agency, role, unit, operator],
    purpose,
    withoutNulls(Object.fromEntries(asked)),
  ]);
}

/** An argument that is null asks for nothing, like one that is left out; the order in which they stand means nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([name, one]) => [name, withoutNulls(one)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** The answer to a cursor that does not open, with the way out. */
export const otherList =
  'after is no cursor of this list as you ask for it now: a cursor serves the same caller, purpose, filter and order only; take endCursor from the page before, or leave after out to begin again';
