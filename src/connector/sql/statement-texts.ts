import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import type { Condition } from './condition.ts';

/** Texts of one table that are kept, at most. */
const mostTexts = 200;
/** Characters of them and their shapes together, at most. */
const mostCharacters = 2_097_152;

/** A statement's parts, whose SQL tells its shape. Values stand in the order of the parts, then those at its end. */
export interface StatementParts {
  /** What the statement is for: two of one form and equal parts have one text. */
  readonly form: string;
  readonly columns: readonly string[];
  readonly where: Condition | null;
  /** What it is sorted, ranked or grouped by. */
  readonly by?: string;
  /** Values behind those of `where`: a limit. */
  readonly end?: readonly number[];
  /** Writes the statement. Reads of the parts what tells the shape, and no value. */
  readonly build: (where: (statement: Knex.QueryBuilder) => Knex.QueryBuilder) => Knex.QueryBuilder;
}

/** Statements of one table, the text of each shape built once and kept. */
export class StatementTexts {
  readonly #texts = new LRUCache<string, string>({
    max: mostTexts,
    maxSize: mostCharacters,
    sizeCalculation: (text, shape) => text.length + shape.length,
  });

  statement({ form, columns, where, by = '', end = [], build }: StatementParts): Condition {
    const shape = [form, columns.join('\0'), where?.sql ?? '', by].join('\n');
    let sql = this.#texts.get(shape);
    if (sql === undefined) {
      const built = build((statement) => (where === null ? statement : statement.whereRaw(where.sql)));
      sql = built.toSQL().toNative().sql;
      this.#texts.set(shape, sql);
    }
    if (where === null) return { sql, values: end };
    return { sql, values: end.length === 0 ? where.values : [...where.values, ...end] };
  }
}
