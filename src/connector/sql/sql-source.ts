import type { Knex } from 'knex';
import type { EntitySource, GroupCount, KeyLoad, PageLoad, SourceRecord } from '../connector.ts';
import type { Filter } from '../filter.ts';
import { readRecord, type SourceKey, type SourceValue } from '../mapping.ts';
import { SourceError } from '../source-error.ts';
import type { SqlDatabase } from './database.ts';
import { canPushDown, orderColumns, pushAfter, pushDown } from './push-down.ts';
import type { SqlEntity } from './sql-entity.ts';

type Row = Record<string, SourceValue>;

/** The loads of one table. Only the columns that the asked fields are read from are ever selected. */
export function sqlSource({ db }: SqlDatabase, agency: string, entity: SqlEntity, keyChunk: number): EntitySource {
  const { table, mapping } = entity;

  const columnsOf = (fields: readonly string[]): string[] => {
    const columns = new Set<string>();
    for (const field of fields) {
      const found = mapping[field];
      if (found === undefined) throw new TypeError(`${entity.type}.${field} is not mapped to the ${agency} source`);
      for (const column of found.columns) columns.add(column);
    }
    return [...columns];
  };

  const run = async <T>(statement: Knex.QueryBuilder, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    try {
      return (await statement) as T;
    } catch (error) {
      // The driver's message can quote values: only its code goes on.
      const code = (error as { code?: unknown }).code;
      throw new SourceError(agency, `the ${agency} source failed (${typeof code === 'string' ? code : 'no code'})`, {
        cause: error,
      });
    }
  };

  const keyColumn = (key: string): { name: string; write: (key: string) => SourceKey | null } => {
    const found = mapping[key];
    const name = found?.columns[0];
    if (found?.write === undefined || name === undefined)
      throw new TypeError(`${entity.type}.${key} is no key of its source`);
    return { name, write: found.write };
  };

  /** Runs `each` for every chunk of keys; a key that the source cannot write has no records. */
  const inChunks = async (
    key: string,
    keys: readonly string[],
    each: (chunk: SourceKey[], name: string) => Promise<void>,
  ): Promise<Map<string, number[]>> => {
    const { name, write } = keyColumn(key);
    const positions = new Map<string, number[]>();
    const written: SourceKey[] = [];
    keys.forEach((k, i) => {
      const value = write(k);
      if (value === null) return;
      const at = positions.get(String(value));
      if (at === undefined) {
        positions.set(String(value), [i]);
        written.push(value);
      } else at.push(i);
    });
    for (let i = 0; i < written.length; i += keyChunk) await each(written.slice(i, i + keyChunk), name);
    return positions;
  };

  const loadByKeys = async (load: KeyLoad): Promise<readonly (readonly SourceRecord[])[]> => {
    const result: SourceRecord[][] = load.keys.map(() => []);
    const rows: { key: string; record: SourceRecord }[] = [];
    const columns = columnsOf(load.fields);
    const positions = await inChunks(load.key, load.keys, async (chunk, name) => {
      const inner = db(table).select([...new Set([...columns, name])].map((c) => `${table}.${c}`));
      void inner.whereIn(`${table}.${name}`, chunk);
      pushDown(inner, load.rows, entity);
      if (load.after !== undefined) pushAfter(inner, load.order, load.after, entity);
      const unique = load.key === entity.key;
      if (unique) {
        for (const row of await run<Row[]>(inner, load.signal))
          rows.push({ key: String(row[name]), record: readRecord(mapping, load.fields, row) });
        return;
      }
      // A limit for each key, in one statement for all of them.
      void inner.rowNumber(
        'lq_rank',
        (over) => void over.partitionBy(`${table}.${name}`).orderBy(orderColumns(load.order, entity)),
      );
      const outer = db
        .from(inner.as('lq'))
        .where('lq_rank', '<=', load.limitPerKey)
        .select([...new Set([...columns, name])]);
      void outer.orderBy('lq_rank');
      for (const row of await run<Row[]>(outer, load.signal))
        rows.push({ key: String(row[name]), record: readRecord(mapping, load.fields, row) });
    });
    for (const { key, record } of rows) for (const i of positions.get(key) ?? []) result[i]!.push(record);
    return result;
  };

  const loadPage = async (load: PageLoad): Promise<readonly SourceRecord[]> => {
    const statement = db(table).select(columnsOf(load.fields).map((c) => `${table}.${c}`));
    pushDown(statement, load.rows, entity);
    if (load.after !== undefined) pushAfter(statement, load.order, load.after, entity);
    void statement.orderBy(orderColumns(load.order, entity)).limit(load.limit);
    return (await run<Row[]>(statement, load.signal)).map((row) => readRecord(mapping, load.fields, row));
  };

  const count = async (rows: Filter, signal: AbortSignal): Promise<number> => {
    const statement = db(table).count({ n: '*' });
    pushDown(statement, rows, entity);
    return Number((await run<{ n: number | string }[]>(statement, signal))[0]?.n ?? 0);
  };

  const countByKeys = async (
    key: string,
    keys: readonly string[],
    rows: Filter,
    signal: AbortSignal,
  ): Promise<readonly number[]> => {
    const counts = keys.map(() => 0);
    const found: { key: string; n: number }[] = [];
    const positions = await inChunks(key, keys, async (chunk, name) => {
      const statement = db(table)
        .select({ k: `${table}.${name}` })
        .count({ n: '*' })
        .whereIn(`${table}.${name}`, chunk);
      pushDown(statement, rows, entity);
      void statement.groupBy(`${table}.${name}`);
      for (const row of await run<{ k: SourceKey; n: number | string }[]>(statement, signal))
        found.push({ key: String(row.k), n: Number(row.n) });
    });
    for (const { key: k, n } of found) for (const i of positions.get(k) ?? []) counts[i] = n;
    return counts;
  };

  const canCountBy = (field: string): boolean => {
    const found = mapping[field];
    // A list, or a value that the source spells in several ways, cannot be written back.
    return found?.columns.length === 1 && found.write !== undefined;
  };

  const countBy = async (
    fields: readonly string[],
    rows: Filter,
    signal: AbortSignal,
  ): Promise<readonly GroupCount[]> => {
    const unfit = fields.find((field) => !canCountBy(field));
    if (unfit !== undefined) throw new TypeError(`${entity.type}.${unfit} has no one column to count by`);
    const columns = columnsOf(fields);
    const names = columns.map((c) => `${table}.${c}`);
    const statement = db(table).select(names).count({ lq_n: '*' });
    pushDown(statement, rows, entity);
    void statement.groupBy(names);
    return (await run<Row[]>(statement, signal)).map((row) => {
      const record = readRecord(mapping, fields, row);
      return { values: fields.map((field) => record[field]), count: Number(row['lq_n']) };
    });
  };

  return {
    loadByKeys,
    loadPage,
    count,
    countByKeys,
    countBy,
    canCountBy,
    canFilter: (rows) => canPushDown(rows, entity),
  };
}
