import { conjuncts, type Filter } from '../filter.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { ListParameter, RestCall } from './declaration.ts';
import { fitsList, type Parameters } from './parameters.ts';

/**
 * Tells the service what it can compare of a filter; the rest is compared where its rows arrive. Only tests that all rows
 * must satisfy are told, and each parameter at most once, so that the service gives no row too few. Whether the whole
 * filter was told.
 */
export function pushFilters(
  filter: Filter,
  call: RestCall,
  mapping: Readonly<Record<string, FieldMapping>>,
  to: Parameters,
): boolean {
  // Each is tried, also behind one that the service does not know.
  return conjuncts(filter)
    .map((test) => pushed(test, call, mapping, to))
    .every(Boolean);
}

function pushed(
  test: Filter,
  call: RestCall,
  mapping: Readonly<Record<string, FieldMapping>>,
  to: Parameters,
): boolean {
  if (test.kind === 'always') return true;
  if (test.kind !== 'in' && test.kind !== 'prefix' && test.kind !== 'range') return false;
  const found = mapping[test.field];
  const [column] = found?.columns ?? [];
  if (found?.write === undefined || column === undefined || found.columns.length !== 1) return false;
  const known = call.filters?.[column];
  if (known === undefined) return false;
  const { write } = found;
  switch (test.kind) {
    case 'in':
      return setValues(known.in, test.values.map(write), call, to);
    case 'prefix':
      return setValues(known.prefix, test.prefixes.map(write), call, to);
    case 'range': {
      const from = setBound(known.from, test.from, write, to);
      return setBound(known.before, test.before, write, to) && from;
    }
  }
}

function setValues(
  parameter: ListParameter | undefined,
  written: readonly (SourceKey | null)[],
  call: RestCall,
  to: Parameters,
): boolean {
  // What cannot be written is no row's value; with nothing left the filter is decided here.
  const values = written.filter((v): v is SourceKey => v !== null && v !== '');
  if (parameter === undefined || values.length === 0 || to.has(parameter.name)) return false;
  if (!values.every((value) => fitsList(call, parameter, value))) return false;
  to.setList(parameter, values);
  return true;
}

function setBound(
  name: string | undefined,
  bound: string | undefined,
  write: NonNullable<FieldMapping['write']>,
  to: Parameters,
): boolean {
  if (bound === undefined) return true;
  if (name === undefined || to.has(name)) return false;
  const value = write(bound);
  if (value === null) return false;
  to.set(name, value);
  return true;
}
