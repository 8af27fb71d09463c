import type { SortKey } from '../connector.ts';
import { conjuncts, type Filter, type FilterValue } from '../filter.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { GraphqlArgument, GraphqlList } from './declaration.ts';
import type { PartArgument } from './part.ts';

type Mapping = Readonly<Record<string, FieldMapping>>;

/** Arguments of one list, each given once. */
export class Arguments {
  readonly #given = new Map<string, PartArgument>();

  /** Whether the argument holds the value now: not where it holds another one, or the service has none. */
  give(argument: GraphqlArgument | undefined, value: unknown): boolean {
    if (argument === undefined || this.#given.has(argument.name)) return false;
    this.#given.set(argument.name, { ...argument, value });
    return true;
  }

  all(): PartArgument[] {
    return [...this.#given.values()];
  }
}

/**
 * Tells the service what it can compare of a filter; the rest is compared where its rows arrive. Only tests that all rows
 * must satisfy are told, so that the service gives no row too few. Whether the whole filter was told.
 */
export function pushFilters(filter: Filter, list: GraphqlList, mapping: Mapping, to: Arguments): boolean {
  // Each is tried, also behind one that the service does not know.
  return conjuncts(filter)
    .map((test) => pushed(test, list, mapping, to))
    .every(Boolean);
}

/** A page that goes on is asked for from its first sort key's value on. False where the service does not compare it. */
export function startBehind(
  [first]: readonly SortKey[],
  [value]: readonly string[],
  { filters = {} }: GraphqlList,
  mapping: Mapping,
  to: Arguments,
): boolean {
  const found = first === undefined ? undefined : mapping[first.field];
  const known = filters[found?.columns[0] ?? ''];
  const written = value === undefined || found?.columns.length !== 1 ? null : (found.write?.(value) ?? null);
  return written !== null && to.give(first?.direction === 'ASC' ? known?.from : known?.upTo, written);
}

function pushed(test: Filter, { filters = {} }: GraphqlList, mapping: Mapping, to: Arguments): boolean {
  if (test.kind === 'always') return true;
  if (test.kind !== 'in' && test.kind !== 'prefix' && test.kind !== 'range') return false;
  const found = mapping[test.field];
  const [column] = found?.columns ?? [];
  if (found?.write === undefined || column === undefined || found.columns.length !== 1) return false;
  const known = filters[column];
  const { write } = found;
  switch (test.kind) {
    case 'in':
      return giveValues(known?.in, test.values.map(write), to);
    case 'prefix':
      return giveValues(known?.prefix, test.prefixes.map(write), to);
    case 'range': {
      const from = giveBound(known?.from, test.from, write, to);
      return giveBound(known?.before, test.before, write, to) && from;
    }
  }
}

function giveValues(
  argument: GraphqlArgument | undefined,
  written: readonly (SourceKey | null)[],
  to: Arguments,
): boolean {
  // What cannot be written is no row's value; with nothing left the filter is decided here.
  const values = written.filter((v): v is SourceKey => v !== null && v !== '');
  return values.length > 0 && to.give(argument, values);
}

function giveBound(
  argument: GraphqlArgument | undefined,
  bound: FilterValue | undefined,
  write: NonNullable<FieldMapping['write']>,
  to: Arguments,
): boolean {
  if (bound === undefined) return true;
  const value = write(bound);
  return value !== null && to.give(argument, value);
}
