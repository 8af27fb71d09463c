import Database from 'better-sqlite3';
import { setImmediate as breathe } from 'node:timers/promises';
import { isDamaged } from '../../csv/encoding.ts';
import type { DropPlan, PlannedColumn } from './drop-plan.ts';
import { unreadable, type Cell, type RawRow, type RawRows } from './raw-row.ts';
import { Refusal } from './refusal.ts';
import type { Reject, Rejects } from './rejects.ts';
import { storedValue } from './stored-value.ts';

type Values = (string | number | null)[];
type Reading = { readonly values: Values } | Pick<Reject, 'code' | 'column' | 'reason'>;

export interface TableCounts {
  /** In the table. */
  readonly rows: number;
  readonly rejected: number;
}

/** Milliseconds of work after which whoever else waits for this thread has its turn. */
const SLICE = 8;

/**
 * Fills a table in an empty SQLite file with the good rows. The indexes are there from the beginning: to make one over a
 * million rows at the end would hold the thread. Throws `Refusal`.
 */
export async function buildTable(
  path: string,
  { rows, isRagged, from1904, openEnded, mergedIn = () => 0 }: RawRows,
  plan: DropPlan,
  rejects: Rejects,
  signal: AbortSignal,
): Promise<TableCounts> {
  const db = new Database(path);
  try {
    // Nobody reads the file before it is whole, and a half-made one is thrown away.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;');
    db.exec(tableOf(plan));
    const names = plan.columns.map((c) => quoted(c.column)).join(', ');
    const marks = plan.columns.map(() => '?').join(', ');
    const insert = db.prepare(`INSERT OR IGNORE INTO ${quoted(plan.table)} (${names}) VALUES (${marks})`);
    let read: ((row: RawRow) => Reading) | undefined;
    let header: readonly string[] = [];
    let headerLine = 0;
    let row = 0;
    let lastIsBroken = false;
    let slice = performance.now();
    db.exec('BEGIN');
    const { format } = plan;
    if (format.kind === 'csv' && format.headless !== undefined)
      read = rowReader(
        plan,
        format.headless.map((c) => c.trim()),
        isRagged,
        from1904,
      );
    for await (const raw of rows) {
      if (read === undefined) {
        header = headerOf(raw);
        headerLine = raw.line;
        read = rowReader(plan, header, isRagged, from1904);
        continue;
      }
      row += 1;
      const reading = read(raw);
      let reject = 'code' in reading ? reading : undefined;
      lastIsBroken = reject?.code === 'RAGGED_ROW' || reject?.code === 'BAD_ENCODING';
      if ('values' in reading && insert.run(...reading.values).changes === 0)
        reject = { code: 'DUPLICATE_KEY', column: keyOf(plan).name, reason: 'a row above has the same key' };
      if (reject !== undefined) rejects.add({ row, line: raw.line, ...reject });
      if (performance.now() - slice > SLICE) {
        signal.throwIfAborted();
        await breathe();
        slice = performance.now();
      }
    }
    if (read === undefined) throw new Refusal('NO_HEADER', 'it has no header');
    if (openEnded && lastIsBroken) throw new Refusal('CUT_OFF', 'it ends within a row');
    const merged = plan.columns.filter(({ name }) => mergedIn(header.indexOf(name)) > headerLine);
    if (merged.length > 0) {
      const names = merged.map((c) => c.name).join(', ');
      throw new Refusal('MERGED_CELLS', `cells of these columns are merged over several rows: ${names}`);
    }
    db.exec('COMMIT');
    return { rows: row - rejects.count, rejected: rejects.count };
  } finally {
    db.close();
  }
}

function tableOf({ table, columns, key, joins }: DropPlan): string {
  // A number column takes texts that are none as they are: they are read as unavailable, and the row's others are not lost.
  const list = columns.map(({ column, stored }) => `${quoted(column)} ${stored === 'text' ? 'TEXT' : 'NUMERIC'}`);
  const indexes = joins.map(
    (column, i) => `CREATE INDEX ${quoted(`by_${i}`)} ON ${quoted(table)} (${quoted(column)}, ${quoted(key)});`,
  );
  return `CREATE TABLE ${quoted(table)} (${list.join(', ')});
    CREATE UNIQUE INDEX by_key ON ${quoted(table)} (${quoted(key)}); ${indexes.join(' ')}`;
}

function keyOf({ columns, key }: DropPlan): PlannedColumn {
  return columns.find((c) => c.column === key)!;
}

function headerOf({ cells }: RawRow): string[] {
  return cells.map((cell) => (typeof cell === 'string' ? cell.trim() : ''));
}

/** Reads rows under a header. Throws `Refusal` where a declared column is not in it exactly once. */
function rowReader(
  plan: DropPlan,
  header: readonly string[],
  isRagged: RawRows['isRagged'],
  from1904: () => boolean,
): (row: RawRow) => Reading {
  const wrong = plan.columns.filter(({ name }) => header.filter((h) => h === name).length !== 1);
  if (wrong.length > 0) {
    const names = wrong.map((c) => c.name).join(', ');
    throw new Refusal('COLUMNS', `its header does not have these columns exactly once: ${names}`);
  }
  const places = plan.columns.map((column) => ({ column, at: header.indexOf(column.name) }));
  const key = plan.columns.indexOf(keyOf(plan));
  return ({ cells }) => {
    const damaged = cells.findIndex((cell) => typeof cell === 'string' && (isDamaged(cell) || cell.includes('\0')));
    if (damaged !== -1) {
      const reason = 'bytes that the encoding of the file does not have';
      return { code: 'BAD_ENCODING', column: header[damaged] ?? '', reason };
    }
    if (isRagged(cells.length, header.length)) {
      const reason = `${cells.length} cells under a header of ${header.length}`;
      return { code: 'RAGGED_ROW', column: '', reason };
    }
    const values: Values = [];
    for (const { column, at } of places) {
      const cell: Cell = cells[at] ?? null;
      if (cell === unreadable)
        return {
          code: 'BAD_CELL',
          column: column.name,
          reason: 'an error, a formula that was saved without a value, or a number of more than fifteen digits',
        };
      values.push(storedValue(cell, column, from1904()));
    }
    const named = values[key];
    if (named === null || named === undefined) return missing(plan, 'the key is empty');
    if (typeof named === 'string' && /\p{Cc}/u.test(named)) return missing(plan, 'the key holds control characters');
    return { values };
  };
}

function missing(plan: DropPlan, reason: string): Reading {
  return { code: 'MISSING_KEY', column: keyOf(plan).name, reason };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
