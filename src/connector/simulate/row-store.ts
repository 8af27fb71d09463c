import type Database from 'better-sqlite3';
import type { SourceKey, SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';

/** A test on one column, as a simulated service understands it. */
export type RowTest =
  | { readonly column: string; readonly op: 'in'; readonly values: readonly SourceKey[] }
  | { readonly column: string; readonly op: 'prefix' | '>=' | '<' | '>' | '<='; readonly value: SourceKey };

export interface RowAsk {
  /** Left out: all. */
  readonly columns?: readonly string[];
  readonly where?: readonly RowTest[];
  readonly orderBy?: readonly { readonly column: string; readonly direction: 'ASC' | 'DESC' }[];
  readonly limit?: number;
  readonly offset?: number;
}

/** The rows that a simulated system serves, by record type; columns under the names that the mapping reads. */
export interface RowStore {
  columns(type: string): readonly string[];
  select(type: string, ask: RowAsk): Row[];
  count(type: string, where: readonly RowTest[]): number;
}

/** Rows of a SQLite database that somebody else filled. `tables` by record type. Throws `RangeError` for a type or column that it does not have. */
export function sqliteRowStore(db: Database.Database, tables: Readonly<Record<string, string>>): RowStore {
  const tableOf = (type: string): string => {
    const table = tables[type];
    if (table === undefined) throw new RangeError(`the store has no rows of ${type}`);
    return table;
  };
  const columns = (type: string): string[] =>
    (db.pragma(`table_info(${quoted(tableOf(type))})`) as { name: string }[]).map((c) => c.name);
  const checked = (type: string, column: string, known: readonly string[]): string => {
    if (!known.includes(column)) throw new RangeError(`${type} has no column ${column}`);
    return quoted(column);
  };
  const whereOf = (type: string, where: readonly RowTest[], known: readonly string[]): [string, SourceKey[]] => {
    const values: SourceKey[] = [];
    const parts = where.map((test) => {
      const column = checked(type, test.column, known);
      if (test.op === 'in') {
        values.push(...test.values);
        return `${column} IN (${test.values.map(() => '?').join(', ')})`;
      }
      if (test.op === 'prefix') {
        values.push(String(test.value), `${test.value}\u{10FFFF}`);
        return `(${column} >= ? AND ${column} < ?)`;
      }
      values.push(test.value);
      return `${column} ${test.op} ?`;
    });
    return [parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values];
  };
  return {
    columns,
    select(type, { columns: asked, where = [], orderBy = [], limit, offset = 0 }) {
      const known = columns(type);
      const list = (asked ?? known).map((c) => checked(type, c, known)).join(', ');
      const [filter, values] = whereOf(type, where, known);
      const order = orderBy.map(({ column, direction }) => `${checked(type, column, known)} ${direction}`).join(', ');
      const sql = `SELECT ${list === '' ? '1' : list} FROM ${quoted(tableOf(type))}${filter}${order === '' ? '' : ` ORDER BY ${order}`} LIMIT ? OFFSET ?`;
      return db.prepare<unknown[], Record<string, SourceValue>>(sql).all(...values, limit ?? -1, offset);
    },
    count(type, where) {
      const [filter, values] = whereOf(type, where, columns(type));
      const sql = `SELECT count(*) AS n FROM ${quoted(tableOf(type))}${filter}`;
      return db.prepare<unknown[], { n: number }>(sql).get(...values)?.n ?? 0;
    },
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The value as it came, and as the number that it may be in a column of numbers: a message knows texts only. */
export function spellings(value: string): SourceKey[] {
  const number = Number(value);
  return String(number) === value ? [value, number] : [value];
}
