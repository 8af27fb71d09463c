import { termsOf, type ColumnForm, type ColumnKind, type SqlSpelling } from '../column-form.ts';
import type { SqlTerms } from '../column-terms.ts';
import type { Quote } from '../quote.ts';
import type { PostgresColumn } from './catalogue.ts';

/**
 * PostgreSQL tells texts apart as they are, but sorts them by the database's language, unless the column is in `C`. Lists
 * travel as one array, so that neither their length nor the number of statement texts is bounded.
 */
export function postgresTerms(
  quote: Quote,
  find: (table: string, column: string) => PostgresColumn | undefined,
): SqlTerms {
  return {
    quoted: quote,
    kind: (table, column) => find(table, column)?.kind ?? null,
    column(table, column, spanned) {
      const found = find(table, column);
      return termsOf(spelling(found?.type), formOf(quote(`${table}.${column}`), found), spanned);
    },
    equal([sideTable, sideColumn], [mainTable, mainColumn]) {
      const [a, b] = [find(sideTable, sideColumn), find(mainTable, mainColumn)];
      const [side, main] = [quote(`${sideTable}.${sideColumn}`), quote(`${mainTable}.${mainColumn}`)];
      const alike = a?.kind === 'text' && b?.kind === 'text' && a.type === b.type && a.collation === b.collation;
      const plain = alike && a.deterministic && a.type !== 'bpchar';
      return { sql: plain ? `${side} = ${main}` : `${exactText(side)} = ${exactText(main)}`, values: [] };
    },
    boundFirst: true,
  };
}

const exactText = (quoted: string): string => `(${quoted})::text collate "C"`;

const spelling = (type: string | undefined): SqlSpelling => ({
  list: (expression, kind, values) => ({
    sql: `${expression} = any(?::${typeOf(kind)}[])`,
    values: [values.map(String)],
  }),
  // The server refuses a statement with such a text.
  canHold: (text) => !text.includes('\0'),
  value: (kind) => `?::${typeOf(kind)}`,
  hintList: ({ kind, quoted }, values) =>
    kind === 'text'
      ? { sql: `${quoted} = any(?::${type === 'bpchar' ? 'bpchar' : 'text'}[])`, values: [values.map(String)] }
      : null,
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

function formOf(quoted: string, column: PostgresColumn | undefined): ColumnForm {
  const kind = column?.kind ?? 'other';
  // A CHAR is read without its padding, and `::text` takes it off as well.
  const plain = kind === 'text' && column?.type !== 'bpchar';
  const byCodePoint = plain && column?.codePointOrder === true;
  return {
    quoted,
    kind,
    exact: exactOf(kind, column?.type, quoted),
    exactEquality: plain && column?.deterministic === true,
    exactOrder: byCodePoint,
    plainSort: byCodePoint,
    sortNulls: column?.nullable !== false,
    bareTimes: true,
  };
}

/** The column's text as values.ts gives it. */
function exactOf(kind: ColumnKind, type: string | undefined, quoted: string): string {
  if (kind === 'boolean') return `(${quoted})::integer::text collate "C"`;
  if (type === 'timestamptz') return `(${quoted})::timestamp::text collate "C"`;
  return exactText(quoted);
}
