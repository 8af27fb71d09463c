import knex from 'knex';
import { existsSync } from 'node:fs';
import {
  SourceError,
  type CaseDeclaration,
  type Connector,
  type EntityDeclaration,
  type EntitySource,
  type RelationDeclaration,
  type RootDeclaration,
  type StatisticsDeclaration,
} from '../connector.ts';
import type { SqlEntity } from './sql-entity.ts';
import { sqlSource } from './sql-source.ts';

const silent = (): void => undefined;

interface SqlConnectorParts {
  readonly agency: string;
  readonly entities: readonly SqlEntity[];
  readonly relations: readonly RelationDeclaration[];
  readonly roots: readonly RootDeclaration[];
  readonly cases: readonly CaseDeclaration[];
  readonly statistics?: readonly StatisticsDeclaration[];
  /** Record types that are computed from those of the tables rather than read. */
  readonly derived?: readonly DerivedEntity[];
}

interface DerivedEntity {
  readonly declaration: EntityDeclaration;
  /** The record type that it is computed from. */
  readonly from: string;
  readonly derive: (from: EntitySource) => EntitySource;
}

/** A connector over one SQLite file, opened read-only. */
export function defineSqlConnector(parts: SqlConnectorParts): Connector {
  const { agency, entities, relations, roots, cases, statistics = [] } = parts;
  return {
    agency,
    entities: [...entities, ...(parts.derived ?? []).map((d) => d.declaration)],
    relations,
    roots,
    cases,
    statistics,
    open(settings) {
      const db = knex({
        client: 'better-sqlite3',
        useNullAsDefault: true,
        connection: { filename: settings.file, options: { readonly: true, fileMustExist: true } } as {
          filename: string;
        },
        // better-sqlite3 is synchronous: a second connection would only wait for the first.
        pool: {
          min: 0,
          max: 1,
          // A busy wait stops the whole process, so a source that somebody holds is given up soon.
          afterCreate: (
            connection: { pragma(text: string): unknown },
            done: (error: null, connection: unknown) => void,
          ) => {
            connection.pragma('busy_timeout = 250');
            done(null, connection);
          },
        },
        acquireConnectionTimeout: 2_000,
        // Knex would print stacks; what failed is in the SourceError that each load rejects with.
        log: { warn: silent, error: silent, deprecate: silent, debug: silent },
      });
      if (settings.onStatement !== undefined) {
        const log = settings.onStatement;
        db.on('query', (query: { sql: string }) => log(agency, query.sql));
      }
      const sources = new Map<string, EntitySource>();
      for (const entity of entities) sources.set(entity.type, sqlSource(db, agency, entity, settings.keyChunk));
      for (const { declaration, from, derive } of parts.derived ?? []) {
        const source = sources.get(from);
        if (source === undefined)
          throw new TypeError(`${declaration.type} is derived from ${from}, which has no table`);
        sources.set(declaration.type, derive(source));
      }
      return {
        sources,
        async ping() {
          if (!existsSync(settings.file)) throw new SourceError(agency, `the ${agency} source has no database file`);
          try {
            await db.raw('select 1');
          } catch (error) {
            throw new SourceError(agency, `the ${agency} source does not answer`, { cause: error });
          }
        },
        close: () => db.destroy(),
      };
    },
  };
}
