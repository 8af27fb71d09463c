import type { StoreClient } from './column-types.ts';

/** Triggers that let rows of these tables be added alone. Each table comes with what makes an own row `NEW` the same. */
export function onlyAddedTo(client: StoreClient, tables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tables).flatMap(([table, same]) => {
    const refuse = (says: string): string =>
      client === 'sqlite'
        ? `BEGIN SELECT RAISE(ABORT, '${says}'); END`
        : `FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${says}'`;
    const kept = [
      `CREATE TRIGGER IF NOT EXISTS ${table}_kept BEFORE UPDATE ON ${table} ${refuse('what was handed on is never changed')}`,
      `CREATE TRIGGER IF NOT EXISTS ${table}_stays BEFORE DELETE ON ${table} ${refuse('what was handed on is never taken out')}`,
    ];
    if (client === 'mysql') return kept;
    // SQLite's REPLACE would take a row out without the trigger above.
    const once = `CREATE TRIGGER IF NOT EXISTS ${table}_once BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${same})
${refuse('what was handed on is never replaced')}`;
    return [...kept, once];
  });
}
