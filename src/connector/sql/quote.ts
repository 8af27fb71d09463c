import type { Knex } from 'knex';

/** A name, or `table.column`, as the database writes it. */
export type Quote = (name: string) => string;

export function quoteOf(db: Knex): Quote {
  return (name) => db.raw('??', [name]).toSQL().sql;
}
