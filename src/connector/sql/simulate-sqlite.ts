import Database from 'better-sqlite3';
import { join } from 'node:path';
import { sourceSettings } from '../settings/source-settings.ts';
import type { Simulation, Simulator } from '../source.ts';

/** The rows in a SQLite file of tables as the connector reads them. */
export async function simulateSqlite(
  { source, entities, rows, folder }: Simulation,
  tables: Readonly<Record<string, string>>,
): Promise<Simulator> {
  const file = join(folder, `${source}.db`);
  const db = new Database(file);
  try {
    for (const { type, mapping } of entities) {
      const table = tables[type];
      if (table === undefined) throw new TypeError(`${type} has no table`);
      const columns = rows.columns(type);
      const names = columns.map((c) => `"${c}"`).join(', ');
      db.exec(`CREATE TABLE "${table}" (${names})`);
      const insert = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
      const members = Object.values(mapping).flatMap((m) => (m.members === undefined ? [] : [m.members]));
      for (const m of members) {
        const fixed = Object.keys(m.where ?? {});
        const list = [m.key, m.member, ...fixed].map((c) => `"${c}"`).join(', ');
        db.exec(`CREATE TABLE IF NOT EXISTS "${m.table}" (${list})`);
      }
      db.transaction(() => {
        for (const row of rows.select(type, {})) insert.run(...columns.map((c) => row[c]));
      })();
    }
  } finally {
    db.close();
  }
  return { settings: sourceSettings.parse({ kind: 'sql', client: 'sqlite', file }), close: async () => undefined };
}
