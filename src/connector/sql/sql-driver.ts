import { resolve } from 'node:path';
import type { EntitySource } from '../connector.ts';
import type { OpenSource, SourceDriver, SourceOpening } from '../source.ts';
import { openDatabase } from './database.ts';
import { simulateSqlite } from './simulate-sqlite.ts';
import { sqlSource } from './sql-source.ts';

/** Reads record types from tables or views of one database: MySQL, MariaDB, PostgreSQL or SQLite. `tables` by type. */
export function sqlDriver(tables: Readonly<Record<string, string>>): SourceDriver {
  return {
    kind: 'sql',
    tables,
    open(opening: SourceOpening): OpenSource {
      const { agency, settings, entities, batchKeys, onProblem, onUnreadable } = opening;
      if (settings.kind !== 'sql') throw new TypeError(`the sql driver cannot read a source of kind ${settings.kind}`);
      const database = openDatabase({
        agency,
        settings,
        fileAt: (file) => resolve(opening.dataDir, file),
        onStatement: opening.onStatement,
      });
      const sources = new Map<string, EntitySource>();
      for (const entity of entities) {
        const table = tables[entity.type];
        if (table === undefined) throw new TypeError(`${entity.type} has no table in the ${agency} source`);
        sources.set(
          entity.type,
          sqlSource(database, { ...entity, table }, batchKeys, { agency, onProblem, onUnreadable }),
        );
      }
      return { sources, ping: (signal) => database.ping(signal), close: () => database.close() };
    },
    simulate: (simulation) => simulateSqlite(simulation, tables),
  };
}
