import Database from 'better-sqlite3';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from './test-database.ts';

/** Columns longer than this are no keys; three of this length fit into one index. */
const keyLength = 191;

interface Column {
  readonly name: string;
  readonly kind: 'text' | 'long' | 'integer' | 'real';
  readonly required: boolean;
  readonly key: boolean;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns of each index. */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The city's agencies in one database of this kind: tables with the same names, columns, indexes and rows; views as tables. */
export async function copyCity(
  client: 'mysql' | 'postgres',
  city: string,
  agencies: readonly string[],
): Promise<TestDatabase> {
  const database = await testDatabase(client);
  const quoted = (name: string): string => (client === 'mysql' ? `\`${name}\`` : `"${name}"`);
  for (const table of agencies.flatMap((agency) => tablesOf(join(city, `${agency}.db`)))) {
    const { name, columns, indexes, rows } = table;
    const keys = columns.filter((c) => c.key).map((c) => quoted(c.name));
    const lines = columns.map((c) => `${quoted(c.name)} ${typeOf(c, client)}${c.required ? ' not null' : ''}`);
    if (keys.length > 0) lines.push(`primary key (${keys.join(', ')})`);
    await database.exec(`create table ${quoted(name)} (${lines.join(', ')})`);
    const tuple = `(${columns.map(() => '?').join(', ')})`;
    for (let i = 0; i < rows.length; i += 500) {
      const part = rows.slice(i, i + 500);
      await database.exec(`insert into ${quoted(name)} values ${part.map(() => tuple).join(', ')}`, part.flat());
    }
    for (const index of indexes)
      await database.exec(
        `create index ${quoted(index.name)} on ${quoted(name)} (${index.columns.map(quoted).join(', ')})`,
      );
    await database.exec(`analyze ${client === 'mysql' ? 'table ' : ''}${quoted(name)}`);
  }
  return database;
}

function typeOf({ kind }: Column, client: 'mysql' | 'postgres'): string {
  switch (kind) {
    case 'text':
      return client === 'mysql' ? `varchar(${keyLength}) character set utf8mb4 collate utf8mb4_bin` : 'text';
    case 'long':
      return client === 'mysql' ? 'mediumtext character set utf8mb4 collate utf8mb4_bin' : 'text';
    case 'integer':
      return 'integer';
    case 'real':
      return client === 'mysql' ? 'double' : 'double precision';
  }
}

function tablesOf(file: string): Table[] {
  const db = new Database(file, { readonly: true });
  try {
    const names = db
      .prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all() as string[];
    return names.map((name) => tableOf(db, name));
  } finally {
    db.close();
  }
}

function tableOf(db: Database.Database, name: string): Table {
  const rows = db.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][];
  const described = db.pragma(`table_info("${name}")`) as { name: string; type: string; notnull: number; pk: number }[];
  const columns = described.map((c, i): Column => {
    const values = rows.map((r) => r[i]);
    const longest = Math.max(0, ...values.map((v) => (typeof v === 'string' ? v.length : 0)));
    const isText = c.type === 'TEXT' || values.some((v) => typeof v === 'string');
    const kind = isText ? (longest > keyLength ? 'long' : 'text') : c.type === 'REAL' ? 'real' : 'integer';
    return { name: c.name, kind, required: c.notnull === 1, key: c.pk > 0 };
  });
  const list = db.pragma(`index_list("${name}")`) as {
    name: string;
    origin: string;
    partial: 0 | 1;
  }[];
  // A partial index serves the view that it was made for alone, and the copy holds that as a table; made whole, it would
  // stand in for others.
  const indexes = list
    .filter((i) => i.origin === 'c' && i.partial === 0)
    .map((i) => ({
      name: i.name,
      columns: (db.pragma(`index_info("${i.name}")`) as { name: string }[]).map((c) => c.name),
    }));
  return { name, columns, indexes, rows };
}
