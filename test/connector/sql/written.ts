import type { Knex } from 'knex';
import type { Bound, Condition } from '../../../src/connector/sql/condition.ts';

/** A statement of the query builder as a database runs it. */
export function written(statement: Knex.QueryBuilder): Condition {
  const { sql, bindings } = statement.toSQL().toNative();
  return { sql, values: bindings as readonly Bound[] };
}
