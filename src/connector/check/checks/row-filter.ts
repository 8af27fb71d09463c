import { isDate, isDateTime } from '../../../codes/date-time.ts';
import { all, any, not, type Filter, type FilterValue } from '../../filter.ts';
import type { BenchEntity } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';
import { readableSamples } from '../sample-rows.ts';

/** A filter that the source says it can run means in it what it means in the gate: nulls, quotes, negations and all. */
export const rowFilter: Check = {
  name: 'row-filter',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let ran = 0;
    for (const of of bench.entities) {
      const { key } = of.entity;
      const source = stand.source(of.type);
      const keys = keysOf(of, key).toSorted();
      for (const { name, rows } of filtersOf(of)) {
        if (!source.canFilter(rows)) continue;
        ran += 1;
        problems.add(...(await keyLoadProblems(stand, of, { key, keys, fields: [key], rows }, `, ${name}`)));
        if (!of.counts) continue;
        const what = `the count of ${of.type}, ${name}`;
        const expected = await stand.reference(of.type).count(rows, AbortSignal.timeout(60_000));
        const counted = await stand.ask(what, (signal) => source.count(rows, signal));
        if (counted !== expected) problems.add(`${what}: ${counted} instead of ${expected}`);
      }
    }
    return problems.finding(`${ran} filters that the source runs`);
  },
};

interface NamedFilter {
  readonly name: string;
  readonly rows: Filter;
}

/** Filters of every kind on every field that has values to filter by. */
function filtersOf({ entity }: BenchEntity): readonly NamedFilter[] {
  const single = Object.entries(entity.mapping).flatMap(([field, mapping]): NamedFilter[] => {
    const samples = readableSamples(mapping);
    const values = samples.map((s) => s.value);
    const plain = values.filter((v): v is FilterValue => ['string', 'number', 'boolean'].includes(typeof v));
    const found: NamedFilter[] = [];
    if (plain.length > 0) {
      const some: Filter = { kind: 'in', field, values: plain.filter((_, i) => i % 3 === 0) };
      found.push({ name: `${field} in`, rows: some }, { name: `${field} not in`, rows: not(some) });
    }
    const texts = samples.flatMap(({ raw, value }) => (typeof value === 'string' && value === raw[0] ? [value] : []));
    const days = plain.filter((v): v is string => typeof v === 'string' && (isDate(v) || isDateTime(v)));
    if (days.length > 0) {
      const [from = '', before = ''] = [days.toSorted()[1], days.toSorted().at(-1)];
      const range: Filter = { kind: 'range', field, from, before };
      found.push({ name: `${field} between`, rows: range }, { name: `${field} not between`, rows: not(range) });
    } else if (texts.length > 0 && mapping.known === undefined) {
      const prefixes = texts.filter((_, i) => i % 4 === 0).map((text) => [...text].slice(0, 2).join(''));
      const begins: Filter = { kind: 'prefix', field, prefixes };
      found.push(
        { name: `${field} begins with`, rows: begins },
        { name: `${field} begins not with`, rows: not(begins) },
      );
    }
    const members = values.flatMap((v): unknown[] => (Array.isArray(v) ? v : []));
    if (members.length > 0) {
      const contains: Filter = { kind: 'contains', field, values: members.map(String).slice(0, 1) };
      found.push({ name: `${field} contains`, rows: contains }, { name: `${field} contains not`, rows: not(contains) });
    }
    return found;
  });
  const pairs = single.flatMap((one, i): NamedFilter[] => {
    const other = single[(i + 3) % single.length];
    if (other === undefined || i % 4 !== 0) return [];
    return [
      { name: `${one.name} and ${other.name}`, rows: all([one.rows, other.rows]) },
      { name: `${one.name} or ${other.name}`, rows: any([one.rows, other.rows]) },
      { name: `neither ${one.name} nor ${other.name}`, rows: not(any([one.rows, other.rows])) },
    ];
  });
  return [...single, ...pairs];
}
