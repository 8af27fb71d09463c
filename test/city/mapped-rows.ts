import { expect } from 'vitest';
import { readRecord, UNREADABLE, type FieldMapping } from '../../src/connector/mapping.ts';
import type { Agency, SeededCity } from './seeded-city.ts';

type Mapped = Readonly<Record<string, FieldMapping>>;

/** The record of the only row that the condition finds, with every field of the mapping. */
export function recordWhere(
  city: SeededCity,
  agency: Agency,
  table: string,
  mapping: Mapped,
  where: string,
  ...values: string[]
): unknown {
  return readRecord(
    mapping,
    Object.keys(mapping),
    city.row(agency, `SELECT * FROM ${table} WHERE ${where}`, ...values),
  );
}

/**
 * Reads every row of the table: no value is unreadable, every field has a value somewhere, and what can be written
 * back is written as it stood.
 */
export function expectAllReadable(city: SeededCity, agency: Agency, table: string, mapping: Mapped): void {
  const fields = Object.keys(mapping);
  const filled = new Set<string>();
  const unreadable = new Set<string>();
  const changed = new Set<string>();
  for (const row of city.rows(agency, `SELECT * FROM ${table}`)) {
    const record = readRecord(mapping, fields, row);
    for (const [field, { columns, write }] of Object.entries(mapping)) {
      const value = record[field];
      if (value === UNREADABLE) unreadable.add(field);
      if (value === null || value === UNREADABLE || (Array.isArray(value) && value.length === 0)) continue;
      filled.add(field);
      if (write !== undefined && write(value as string) !== row[columns[0] ?? '']) changed.add(field);
    }
  }
  expect({
    table,
    unreadable: [...unreadable],
    changed: [...changed],
    empty: fields.filter((field) => !filled.has(field)),
  }).toEqual({
    table,
    unreadable: [],
    changed: [],
    empty: [],
  });
}

/** The field cannot be read from these column values, and says so rather than guess. */
export function expectUnreadable(mapping: Mapped, field: string, ...values: (string | number)[]): void {
  expect(() => mapping[field]?.read(...values), `${field} of ${values.join()}`).toThrow();
}
