import { UNREADABLE } from './mapping.ts';

/** A value that a filter compares with: what the schema shows, before a source's own coding. */
export type FilterValue = string | number | boolean;

/**
 * A condition on one record, in the schema's terms. It says the same in a source (pushed down) and in the gate
 * (checked again), and null never matches: `in`, `prefix`, `contains` and `range` are false on a null field.
 */
export type Filter =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly FilterValue[] }
  | { readonly kind: 'prefix'; readonly field: string; readonly prefixes: readonly string[] }
  | { readonly kind: 'contains'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'range'; readonly field: string; readonly from?: string; readonly before?: string };

export const always: Filter = { kind: 'always' };
export const never: Filter = { kind: 'never' };

/** All of the filters hold. Constants are folded, so that `always` and `never` stay recognisable. */
export function all(of: readonly Filter[]): Filter {
  const rest = of.filter((f) => f.kind !== 'always');
  if (rest.some((f) => f.kind === 'never')) return never;
  if (rest.length === 0) return always;
  return rest.length === 1 ? rest[0]! : { kind: 'all', of: rest };
}

/** At least one of the filters holds. */
export function any(of: readonly Filter[]): Filter {
  const rest = of.filter((f) => f.kind !== 'never');
  if (rest.some((f) => f.kind === 'always')) return always;
  if (rest.length === 0) return never;
  return rest.length === 1 ? rest[0]! : { kind: 'any', of: rest };
}

export function not(of: Filter): Filter {
  if (of.kind === 'always') return never;
  if (of.kind === 'never') return always;
  return { kind: 'not', of };
}

/** The tests that must all hold, as far as they stand under `all` alone: what a source can be told of, one by one. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'all' ? filter.of.flatMap(conjuncts) : [filter];
}

/** The fields that the filter reads. */
export function filterFields(filter: Filter): ReadonlySet<string> {
  const fields = new Set<string>();
  const visit = (f: Filter): void => {
    switch (f.kind) {
      case 'always':
      case 'never':
        return;
      case 'all':
      case 'any':
        f.of.forEach(visit);
        return;
      case 'not':
        visit(f.of);
        return;
      case 'in':
      case 'prefix':
      case 'contains':
      case 'range':
        fields.add(f.field);
        return;
    }
  };
  visit(filter);
  return fields;
}

/**
 * Whether the record satisfies the filter. A field that is absent counts as null; one that cannot be read satisfies neither
 * a test nor its negation.
 */
export function matches(filter: Filter, record: Readonly<Record<string, unknown>>): boolean {
  return truth(filter, record) === true;
}

/** The same, three-valued (Kleene): undefined where it hangs on a value that cannot be read. */
export function truth(filter: Filter, record: Readonly<Record<string, unknown>>): boolean | undefined {
  switch (filter.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'all':
    case 'any': {
      const decisive = filter.kind === 'any';
      let so: boolean | undefined = !decisive;
      for (const part of filter.of) {
        const of = truth(part, record);
        if (of === decisive) return decisive;
        if (of === undefined) so = undefined;
      }
      return so;
    }
    case 'not': {
      const of = truth(filter.of, record);
      return of === undefined ? undefined : !of;
    }
    case 'in':
    case 'prefix':
    case 'contains':
    case 'range': {
      const value = record[filter.field];
      return value === UNREADABLE ? undefined : test(filter, value);
    }
  }
}

function test(filter: Extract<Filter, { readonly field: string }>, value: unknown): boolean {
  switch (filter.kind) {
    case 'in':
      return (filter.values as readonly unknown[]).includes(value);
    case 'prefix':
      return typeof value === 'string' && filter.prefixes.some((p) => value.startsWith(p));
    case 'contains':
      return Array.isArray(value) && filter.values.some((v) => value.includes(v));
    case 'range': {
      if (typeof value !== 'string') return false;
      // A date is compared by the day of the bound.
      const bound = (text: string): string => (value.length === 10 ? text.slice(0, 10) : text);
      const { from, before } = filter;
      return (from === undefined || value >= bound(from)) && (before === undefined || value < bound(before));
    }
  }
}
