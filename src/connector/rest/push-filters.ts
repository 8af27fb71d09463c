import { conjuncts, type Filter } from '../filter.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { Parameters } from './parameters.ts';
import type { RestCall } from './declaration.ts';

/**
 * Tells the service what it can compare of a filter; the rest is compared where its rows arrive. Only tests that all rows
 * must satisfy are told, and each parameter at most once, so that the service gives no row too few.
 */
export function pushFilters(
  filter: Filter,
  { filters = {} }: RestCall,
  mapping: Readonly<Record<string, FieldMapping>>,
  to: Parameters,
): void {
  for (const test of conjuncts(filter)) {
    if (test.kind !== 'in' && test.kind !== 'prefix' && test.kind !== 'range') continue;
    const found = mapping[test.field];
    const [column] = found?.columns ?? [];
    if (found?.write === undefined || column === undefined || found.columns.length !== 1) continue;
    const known = filters[column];
    if (known === undefined) continue;
    const { write } = found;
    switch (test.kind) {
      case 'in': {
        const values = test.values.map((v) => write(v)).filter((v): v is SourceKey => v !== null && v !== '');
        // What cannot be written is no row's value; with nothing left the filter is decided here.
        if (known.in !== undefined && values.length > 0 && !to.has(known.in.name)) to.setList(known.in, values);
        break;
      }
      case 'prefix': {
        const values = test.prefixes.map((p) => write(p)).filter((v): v is SourceKey => v !== null && v !== '');
        if (known.prefix !== undefined && values.length > 0 && !to.has(known.prefix.name))
          to.setList(known.prefix, values);
        break;
      }
      case 'range': {
        setBound(known.from, test.from, write, to);
        setBound(known.before, test.before, write, to);
        break;
      }
    }
  }
}

function setBound(
  name: string | undefined,
  bound: string | undefined,
  write: NonNullable<FieldMapping['write']>,
  to: Parameters,
): void {
  if (name === undefined || bound === undefined || to.has(name)) return;
  const value = write(bound);
  if (value !== null) to.set(name, value);
}
