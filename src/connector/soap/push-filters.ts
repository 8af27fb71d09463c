import { conjuncts, type Filter } from '../filter.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { SoapCall } from './declaration.ts';
import { putAt, type Elements } from './message.ts';
import { isSayable } from './xml-text.ts';

/**
 * Tells the service what it can compare of a filter, each element once; names what was told. What XML cannot say is
 * compared where the rows arrive.
 */
export function pushFilters(
  filter: Filter,
  { filters = {} }: SoapCall,
  mapping: Readonly<Record<string, FieldMapping>>,
  message: Elements,
  taken: readonly string[],
): string[] {
  const said: string[] = [];
  const put = (path: readonly string[] | undefined, value: SourceKey | readonly SourceKey[]): void => {
    if (path === undefined || taken.includes(path.join('.')) || said.includes(path.join('.'))) return;
    putAt(message, path, value);
    said.push(path.join('.'));
  };
  for (const test of conjuncts(filter)) {
    if (test.kind !== 'in' && test.kind !== 'range') continue;
    const found = mapping[test.field];
    const [column = ''] = found?.columns ?? [];
    const write = found?.write;
    const known = Object.hasOwn(filters, column) ? filters[column] : undefined;
    if (known === undefined || write === undefined || found?.columns.length !== 1) continue;
    if (test.kind === 'in') {
      // What cannot be written or said is no row's value; with nothing left the filter is decided here.
      const values = test.values.map(write).filter((v): v is SourceKey => v !== null && v !== '' && isSayable(v));
      if (values.length > 0) put(known.in, values);
      continue;
    }
    const from = test.from === undefined ? null : write(test.from);
    const before = test.before === undefined ? null : write(test.before);
    if (from !== null && isSayable(from)) put(known.from, from);
    if (before !== null && isSayable(before)) put(known.before, before);
  }
  return said;
}
