import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { MemberTable } from '../mapping.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { MappedEntity, Simulation, Simulator } from '../source.ts';

/** The rows in a SQLite file of tables as the connector reads them, lists in their side tables too. */
export async function simulateSqlite(
  { source, entities, rows, folder }: Simulation,
  tables: Readonly<Record<string, string>>,
): Promise<Simulator> {
  const file = join(folder, `${source}.db`);
  const db = new Database(file);
  try {
    for (const entity of entities) {
      const table = tables[entity.type];
      if (table === undefined) throw new TypeError(`${entity.type} has no table`);
      const columns = rows.columns(entity.type);
      const names = columns.map((c) => `"${c}"`).join(', ');
      db.exec(`CREATE TABLE "${table}" (${names})`);
      const insert = db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`);
      const members = memberWriters(db, entity);
      db.transaction(() => {
        for (const row of rows.select(entity.type, {})) {
          insert.run(...columns.map((c) => row[c]));
          for (const write of members) write(row);
        }
      })();
    }
  } finally {
    db.close();
  }
  return { settings: sourceSettings.parse({ kind: 'sql', client: 'sqlite', file }), close: async () => undefined };
}

type Row = ReturnType<Simulation['rows']['select']>[number];

/** For each list field that is searched in a side table: what writes a row's members there. */
function memberWriters(db: Database.Database, { key, mapping }: MappedEntity): ((row: Row) => void)[] {
  const [keyColumn = ''] = mapping[key]?.columns ?? [];
  return Object.values(mapping).flatMap(({ members, columns, read }) => {
    if (members === undefined) return [];
    const insert = memberStatement(db, members);
    return [
      (row: Row): void => {
        let list: unknown;
        try {
          list = read(...columns.map((c) => row[c]));
        } catch {
          // A list that cannot be read has no members that could be found.
          return;
        }
        if (Array.isArray(list))
          for (const member of new Set<unknown>(list))
            insert.run(row[keyColumn], member, ...Object.values(members.where ?? {}));
      },
    ];
  });
}

function memberStatement(db: Database.Database, { table, key, member, where = {} }: MemberTable): Database.Statement {
  const columns = [key, member, ...Object.keys(where)];
  const names = columns.map((c) => `"${c}"`).join(', ');
  db.exec(`CREATE TABLE IF NOT EXISTS "${table}" (${names})`);
  return db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
}
