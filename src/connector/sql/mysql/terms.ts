import { termsOf, type ColumnForm, type ColumnKind, type SqlSpelling } from '../column-form.ts';
import type { SqlTerms } from '../column-terms.ts';
import { every, paddedList, type Condition } from '../condition.ts';
import type { Quote } from '../quote.ts';
import type { MysqlColumn } from './catalogue.ts';

/**
 * Collations of MySQL take `a` for `A` and `a` for `a `. So text is compared by its UTF-8 bytes, whose order is code point
 * order; beside each such test stands a wider one under the column's own collation, which an index serves.
 */
export function mysqlTerms(quote: Quote, find: (table: string, column: string) => MysqlColumn | undefined): SqlTerms {
  return {
    quoted: quote,
    kind: (table, column) => find(table, column)?.kind ?? null,
    column(table, column, spanned) {
      const found = find(table, column);
      return termsOf(spellingOf(found), formOf(quote(`${table}.${column}`), found), spanned);
    },
    equal([sideTable, sideColumn], [mainTable, mainColumn]) {
      const [a, b] = [find(sideTable, sideColumn), find(mainTable, mainColumn)];
      const [side, main] = [quote(`${sideTable}.${sideColumn}`), quote(`${mainTable}.${mainColumn}`)];
      const own = a?.collation === b?.collation && a?.collation !== null ? main : ownCharset(a, main);
      const exact: Condition = { sql: `${exactText(a, side)} = ${exactText(b, main)}`, values: [] };
      return every([own === null ? null : { sql: `${side} = ${own}`, values: [] }, exact]) ?? exact;
    },
    boundFirst: true,
  };
}

function spellingOf(column: MysqlColumn | undefined): SqlSpelling {
  const own = column?.charset === 'utf8mb4' ? '?' : ownCharset(column, '?');
  return {
    list(expression, kind, values) {
      const padded = paddedList(values);
      return { sql: `${expression} in (${padded.map((v) => placeholder(kind, v)).join(', ')})`, values: padded };
    },
    value: (kind) => (kind === 'decimal' ? 'cast(? as decimal(65, 30))' : '?'),
    hintList({ quoted }, values) {
      if (own === null) return null;
      const padded = paddedList(values);
      return { sql: `${quoted} in (${padded.map(() => own).join(', ')})`, values: padded };
    },
    hintPrefix: ({ quoted }, prefix) =>
      own === null
        ? null
        : { sql: `${quoted} like ${own} escape '!'`, values: [`${prefix.replaceAll(/[!%_]/g, '!$&')}%`] },
  };
}

/** Its characters as UTF-8 bytes, whatever the column's character set. */
function exactText(column: MysqlColumn | undefined, quoted: string): string {
  return column?.charset === 'utf8mb4'
    ? `cast(${quoted} as binary)`
    : `cast(convert(${quoted} using utf8mb4) as binary)`;
}

/** A value in the character set and collation of the column, so that its index serves; what it lacks becomes `?`. */
function ownCharset(column: MysqlColumn | undefined, value: string): string | null {
  if (column === undefined || column.collation === null || column.charset === null) return null;
  return `convert(${value} using ${column.charset}) collate ${column.collation}`;
}

function placeholder(kind: ColumnKind | 'exact', value: unknown): string {
  // Digits beyond a double would be compared as one.
  return kind === 'integer' && typeof value === 'string' ? 'cast(? as decimal(65, 0))' : '?';
}

function formOf(quoted: string, column: MysqlColumn | undefined): ColumnForm {
  const kind = column === undefined ? 'other' : column.kind;
  const collation = column?.collation ?? '';
  // The only collations of text in which no two differing texts are equal (and `utf8mb4` alone orders by code point).
  const byCodePoint = kind === 'text' && /^utf8mb4_(nopad_bin|0900_bin)$/.test(collation);
  const byCharacter = kind === 'text' && /^utf8mb4_bin$/.test(collation);
  return {
    quoted,
    kind,
    exact: exactText(column, quoted),
    exactEquality: byCodePoint,
    exactOrder: byCodePoint,
    // `utf8mb4_bin` does not see trailing blanks: no matter where a unique index of the column did not either.
    plainSort: byCodePoint || (byCharacter && column?.unique === true),
    sortNulls: false,
    bareTimes: column?.fraction !== true,
  };
}
