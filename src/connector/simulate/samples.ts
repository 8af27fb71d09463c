import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import type { MappedEntity } from '../source.ts';
import { sqliteRowStore, type RowStore } from './row-store.ts';

export interface SampleRows {
  readonly rows: RowStore;
  close(): void;
}

/** The rows of a connector's `samples.json`: record type to rows, each column to its value. Throws `RangeError` where it cannot be. */
export function openSamples(file: string, entities: readonly MappedEntity[]): SampleRows {
  const samples = read(file);
  const db = new Database(':memory:');
  for (const { type, mapping } of entities) {
    const rows = samples[type] ?? [];
    const columns = new Set(Object.values(mapping).flatMap((m) => m.columns));
    for (const row of rows)
      for (const column of Object.keys(row))
        if (!columns.has(column)) throw new RangeError(`${file}: ${type} has no column ${column}`);
    const names = [...columns];
    db.exec(`CREATE TABLE "${type}" (${names.map((c) => `"${c}"`).join(', ')})`);
    const insert = db.prepare(`INSERT INTO "${type}" VALUES (${names.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...names.map((c) => row[c] ?? null));
  }
  const tables = Object.fromEntries(entities.map((e) => [e.type, e.type]));
  return { rows: sqliteRowStore(db, tables), close: () => db.close() };
}

function read(file: string): Readonly<Record<string, readonly Readonly<Record<string, string | number | null>>[]>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RangeError(`${file} cannot be read as JSON`, { cause: error });
  }
  if (!isMap(value)) throw new RangeError(`${file} must map record types to rows`);
  for (const [type, rows] of Object.entries(value)) {
    const fits =
      Array.isArray(rows) &&
      rows.every(
        (row) =>
          isMap(row) && Object.values(row).every((v) => v === null || typeof v === 'string' || typeof v === 'number'),
      );
    if (!fits) throw new RangeError(`${file}: ${type} must be a list of rows, each with texts, numbers and nulls`);
  }
  return value as ReturnType<typeof read>;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
