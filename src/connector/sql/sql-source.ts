import type { EntitySource, GroupCount, KeyLoad, PageLoad, SourceRecord } from '../connector.ts';
import type { Filter } from '../filter.ts';
import { readRecord, type SourceKey, type SourceValue } from '../mapping.ts';
import { malformed } from '../rows/malformed.ts';
import type { ColumnTerms, SqlTerms, Where } from './column-terms.ts';
import type { SqlDatabase } from './database.ts';
import { canPushDown, orderColumns, pushAfter, pushDown } from './push-down.ts';
import type { SqlEntity } from './sql-entity.ts';

type Row = Record<string, SourceValue>;
/** What knex takes, expressions as well, which its types leave out. */
type Order = { column: string; order: 'asc' | 'desc' }[];

/** The loads of one table. Only the columns that the asked fields are read from are ever selected. */
export function sqlSource(database: SqlDatabase, agency: string, entity: SqlEntity, keyChunk: number): EntitySource {
  const { db } = database;
  const { table, mapping } = entity;
  const members = Object.values(mapping).flatMap((m) => (m.members === undefined ? [] : [m.members.table]));
  const tables = [...new Set([table, ...members])];

  const columnsOf = (fields: readonly string[]): string[] => {
    const columns = new Set<string>();
    for (const field of fields) {
      const found = mapping[field];
      if (found === undefined) throw new TypeError(`${entity.type}.${field} is not mapped to the ${agency} source`);
      for (const column of found.columns) columns.add(column);
    }
    return [...columns];
  };

  const keyColumn = (key: string): { name: string; write: (key: string) => SourceKey | null } => {
    const found = mapping[key];
    const name = found?.columns[0];
    if (found?.write === undefined || name === undefined)
      throw new TypeError(`${entity.type}.${key} is no key of its source`);
    return { name, write: found.write };
  };

  /** Runs `statement` for every chunk of keys; a key that the source cannot write has no records. */
  const byKeys = async (
    { key, keys, rows, signal }: Pick<KeyLoad, 'key' | 'keys' | 'rows' | 'signal'>,
    statement: (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]) => Where,
    each: (row: Row, positions: readonly number[]) => void,
  ): Promise<void> => {
    const { name, write } = keyColumn(key);
    const positions = new Map<string, number[]>();
    const written: SourceKey[] = [];
    keys.forEach((k, i) => {
      const value = write(k);
      // Empty text is read as null, which is nobody's key.
      if (value === null || value === '') return;
      const at = positions.get(String(value));
      if (at === undefined) {
        positions.set(String(value), [i]);
        written.push(value);
      } else at.push(i);
    });
    if (written.length === 0) return;
    const terms = await database.terms(tables, signal);
    const column = terms.column(table, name, mapping[key]?.span !== undefined);
    const size = Math.max(1, Math.min(keyChunk, database.mostValues - valuesIn(rows)));
    for (let i = 0; i < written.length; i += size) {
      const found = await database.run<Row>(statement(column, terms, written.slice(i, i + size)), signal);
      for (const row of found) {
        const at = positions.get(String(row[name]));
        // The database found it by a key that its column does not show: it would be nobody's without a word.
        if (at === undefined)
          throw malformed(
            agency,
            `has a ${entity.type} row whose column ${name} is none of the keys that it was found by`,
          );
        each(row, at);
      }
    }
  };

  const loadByKeys = async (load: KeyLoad): Promise<readonly (readonly SourceRecord[])[]> => {
    const result: SourceRecord[][] = load.keys.map(() => []);
    const columns = columnsOf(load.fields);
    const unique = load.key === entity.key;
    const statement = (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]): Where => {
      const { name } = keyColumn(load.key);
      const asked = [...new Set([...columns, name])];
      const inner = db(table).select(asked.map((c) => `${table}.${c}`));
      column.oneOf(inner, chunk);
      pushDown(inner, load.rows, entity, terms);
      if (load.after !== undefined) pushAfter(inner, load.order, load.after, entity, terms);
      if (unique) return inner;
      // A limit for each key, in one statement for all of them.
      const order = orderColumns(load.order, entity, terms) as Order;
      const partition = column.groups.map((c) => ({ column: c })) as Order;
      void inner.rowNumber('lq_rank', (over) => void over.partitionBy(partition).orderBy(order));
      const outer = db.from(inner.as('lq')).where('lq_rank', '<=', load.limitPerKey).select(asked);
      return outer.orderBy('lq_rank');
    };
    await byKeys(load, statement, (row, positions) => {
      const record = readRecord(mapping, load.fields, row);
      for (const i of positions) result[i]?.push(record);
    });
    return result;
  };

  const loadPage = async (load: PageLoad): Promise<readonly SourceRecord[]> => {
    const terms = await database.terms(tables, load.signal);
    const statement = db(table).select(columnsOf(load.fields).map((c) => `${table}.${c}`));
    pushDown(statement, load.rows, entity, terms);
    if (load.after !== undefined) pushAfter(statement, load.order, load.after, entity, terms);
    void statement.orderBy(orderColumns(load.order, entity, terms) as Order).limit(load.limit);
    return (await database.run<Row>(statement, load.signal)).map((row) => readRecord(mapping, load.fields, row));
  };

  const count = async (rows: Filter, signal: AbortSignal): Promise<number> => {
    const terms = await database.terms(tables, signal);
    const statement = db(table).count({ n: '*' });
    pushDown(statement, rows, entity, terms);
    return Number((await database.run<{ n: number | string }>(statement, signal))[0]?.n ?? 0);
  };

  const countByKeys = async (
    key: string,
    keys: readonly string[],
    rows: Filter,
    signal: AbortSignal,
  ): Promise<readonly number[]> => {
    const counts = keys.map(() => 0);
    const statement = (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]): Where => {
      const counted = db(table).select(column.name).count({ lq_n: '*' });
      column.oneOf(counted, chunk);
      pushDown(counted, rows, entity, terms);
      return counted.groupBy([...column.groups] as string[]);
    };
    await byKeys({ key, keys, rows, signal }, statement, (row, positions) => {
      for (const i of positions) counts[i] = Number(row['lq_n']);
    });
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
    const terms = await database.terms(tables, signal);
    const columns = columnsOf(fields).map((c) => terms.column(table, c, false));
    const statement = db(table)
      .select(columns.map((c) => c.name))
      .count({ lq_n: '*' });
    pushDown(statement, rows, entity, terms);
    void statement.groupBy(columns.flatMap((c) => c.groups) as string[]);
    return (await database.run<Row>(statement, signal)).map((row) => {
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

/** At most so many values stand in the filter's statement. */
function valuesIn(filter: Filter): number {
  switch (filter.kind) {
    case 'always':
    case 'never':
      return 0;
    case 'all':
    case 'any':
      return filter.of.reduce((sum, f) => sum + valuesIn(f), 0);
    case 'not':
      return valuesIn(filter.of);
    case 'in':
    case 'contains':
      return filter.values.length + 8;
    case 'prefix':
      return filter.prefixes.length * 4;
    case 'range':
      return 8;
  }
}
