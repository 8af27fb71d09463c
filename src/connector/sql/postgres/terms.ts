import type { Knex } from 'knex';
import { termsOf, type ColumnForm, type ColumnKind, type SqlSpelling } from '../column-form.ts';
import type { SqlTerms } from '../column-terms.ts';
import type { PostgresColumn } from './catalogue.ts';

/**
 * PostgreSQL tells texts apart as they are, but sorts them by the database's language, unless the column is in `C`. Lists
 * travel as one array, so that neither their length nor the number of statement texts is bounded.
 */
export function postgresTerms(db: Knex, find: (table: string, column: string) => PostgresColumn | undefined): SqlTerms {
  return {
    column: (table, column, spanned) =>
      termsOf(db, spelling(find(table, column)?.type), formOf(`${table}.${column}`, find(table, column)), spanned),
    equal(where, [sideTable, side], [mainTable, main]) {
      const [a, b] = [find(sideTable, side), find(mainTable, main)];
      const names = [`${sideTable}.${side}`, `${mainTable}.${main}`];
      const alike = a?.kind === 'text' && b?.kind === 'text' && a.type === b.type && a.collation === b.collation;
      const plain = alike && a.deterministic && a.type !== 'bpchar';
      void where.whereRaw(plain ? '?? = ??' : `${exactText} = ${exactText}`, names);
    },
    boundFirst: true,
  };
}

const exactText = '(??)::text collate "C"';

const spelling = (type: string | undefined): SqlSpelling => ({
  list: (expression, kind, values) => [`${expression} = any(?::${typeOf(kind)}[])`, [values.map(String)]],
  // The server refuses a statement with such a text.
  canHold: (text) => !text.includes('\0'),
  value: (kind) => `?::${typeOf(kind)}`,
  hintList: ({ kind }, values) =>
    kind === 'text' ? [`?? = any(?::${type === 'bpchar' ? 'bpchar' : 'text'}[])`, [values.map(String)]] : null,
  hintPrefix: () => null,
});

function typeOf(kind: ColumnKind | 'exact'): string {
  switch (kind) {
    case 'text':
    case 'other':
    case 'exact':
      return 'text';
    case 'integer':
      return 'bigint';
    case 'decimal':
      return 'numeric';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamp';
  }
}

function formOf(name: string, column: PostgresColumn | undefined): ColumnForm {
  const kind = column?.kind ?? 'other';
  // A CHAR is read without its padding, and `::text` takes it off as well.
  const plain = kind === 'text' && column?.type !== 'bpchar';
  const byCodePoint = plain && column?.codePointOrder === true;
  return {
    name,
    kind,
    exact: exactOf(kind, column?.type),
    exactEquality: plain && column?.deterministic === true,
    exactOrder: byCodePoint,
    plainSort: byCodePoint,
    sortNulls: column?.nullable !== false,
    bareTimes: true,
  };
}

/** The column's text as values.ts gives it. */
function exactOf(kind: ColumnKind, type: string | undefined): string {
  if (kind === 'boolean') return '(??)::integer::text collate "C"';
  if (type === 'timestamptz') return '(??)::timestamp::text collate "C"';
  return exactText;
}
