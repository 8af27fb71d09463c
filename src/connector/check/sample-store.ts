import Database from 'better-sqlite3';
import { sqliteRowStore, type RowStore } from '../simulate/row-store.ts';
import type { MappedEntity } from '../source.ts';
import { columnsOf, type SampleRow } from './sample-rows.ts';

export interface SampleStore {
  readonly rows: RowStore;
  close(): void;
}

export interface StoredEntity {
  readonly entity: MappedEntity;
  readonly rows: Iterable<SampleRow>;
  /** Columns that fields are compared by: the store finds rows by them quickly. */
  readonly indexed: readonly string[];
  /** Columns that the source no longer has, although the mapping reads them. */
  readonly gone?: ReadonlySet<string>;
}

/** The kit's rows in a SQLite file, as the simulators serve them. */
export function openSampleStore(file: string, entities: readonly StoredEntity[]): SampleStore {
  const db = new Database(file);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  for (const stored of entities) fill(db, stored);
  const store = sqliteRowStore(db, Object.fromEntries(entities.map(({ entity }) => [entity.type, entity.type])));
  const gone = new Map(entities.map(({ entity, gone: of = new Set<string>() }) => [entity.type, of]));
  return {
    rows: {
      ...store,
      // A service that was asked for a column that it no longer has leaves it out without a word: the worst case.
      select(type, ask) {
        const missing = gone.get(type);
        if (ask.columns === undefined || missing === undefined || missing.size === 0) return store.select(type, ask);
        return store.select(type, { ...ask, columns: ask.columns.filter((c) => !missing.has(c)) });
      },
    },
    close: () => void db.close(),
  };
}

function fill(db: Database.Database, { entity, rows, indexed, gone = new Set() }: StoredEntity): void {
  const columns = columnsOf(entity).filter((c) => !gone.has(c));
  const names = columns.map((c) => `"${c}"`).join(', ');
  db.exec(`CREATE TABLE "${entity.type}" (${names})`);
  const insert = db.prepare(`INSERT INTO "${entity.type}" VALUES (${columns.map(() => '?').join(', ')})`);
  db.transaction(() => {
    for (const { raw } of rows) insert.run(...columns.map((c) => raw[c] ?? null));
  })();
  for (const column of new Set(indexed))
    if (columns.includes(column)) db.exec(`CREATE INDEX "${entity.type} ${column}" ON "${entity.type}" ("${column}")`);
}
