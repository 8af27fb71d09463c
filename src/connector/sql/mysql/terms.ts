import type { Knex } from 'knex';
import { termsOf, type ColumnForm, type ColumnKind, type SqlSpelling } from '../column-form.ts';
import type { SqlTerms } from '../column-terms.ts';
import type { MysqlColumn } from './catalogue.ts';

/**
 * Collations of MySQL take `a` for `A` and `a` for `a `. So text is compared by its UTF-8 bytes, whose order is code point
 * order; beside each such test stands a wider one under the column's own collation, which an index serves.
 */
export function mysqlTerms(db: Knex, find: (table: string, column: string) => MysqlColumn | undefined): SqlTerms {
  return {
    column(table, column, spanned) {
      const found = find(table, column);
      return termsOf(db, spellingOf(found), formOf(`${table}.${column}`, found), spanned);
    },
    equal(where, [sideTable, side], [mainTable, main]) {
      const [a, b] = [find(sideTable, side), find(mainTable, main)];
      const names = [`${sideTable}.${side}`, `${mainTable}.${main}`];
      const own = a?.collation === b?.collation && a?.collation !== null ? '?' : ownCharset(a);
      if (own !== null) void where.whereRaw(`?? = ${own.replace('?', '??')}`, names);
      void where.whereRaw(`${exactText(a)} = ${exactText(b)}`, names);
    },
    boundFirst: true,
  };
}

function spellingOf(column: MysqlColumn | undefined): SqlSpelling {
  const own = column?.charset === 'utf8mb4' ? '?' : ownCharset(column);
  return {
    list(expression, kind, values) {
      const padded = paddedList(values);
      return [`${expression} in (${padded.map((v) => placeholder(kind, v)).join(', ')})`, padded];
    },
    value: (kind) => (kind === 'decimal' ? 'cast(? as decimal(65, 30))' : '?'),
    hintList(_form, values) {
      if (own === null) return null;
      const padded = paddedList(values);
      return [`?? in (${padded.map(() => own).join(', ')})`, padded];
    },
    hintPrefix: (_form, prefix) =>
      own === null ? null : [`?? like ${own} escape '!'`, [`${prefix.replaceAll(/[!%_]/g, '!$&')}%`]],
  };
}

/** Its last value repeated up to a power of two: so that the server prepares few statements, not one for each length. */
function paddedList<T>(values: readonly T[]): readonly T[] {
  const last = values.at(-1);
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
  return last === undefined ? values : [...values, ...Array<T>(length - values.length).fill(last)];
}

/** Its characters as UTF-8 bytes, whatever the column's character set. */
function exactText(column: MysqlColumn | undefined): string {
  return column?.charset === 'utf8mb4' ? 'cast(?? as binary)' : 'cast(convert(?? using utf8mb4) as binary)';
}

/** A bound value in the character set and collation of the column, so that its index serves; what it lacks becomes `?`. */
function ownCharset(column: MysqlColumn | undefined): string | null {
  if (column === undefined || column.collation === null || column.charset === null) return null;
  return `convert(? using ${column.charset}) collate ${column.collation}`;
}

function placeholder(kind: ColumnKind | 'exact', value: unknown): string {
  // Digits beyond a double would be compared as one.
  return kind === 'integer' && typeof value === 'string' ? 'cast(? as decimal(65, 0))' : '?';
}

function formOf(name: string, column: MysqlColumn | undefined): ColumnForm {
  const kind = column === undefined ? 'other' : column.kind;
  const collation = column?.collation ?? '';
  // The only collations of text in which no two differing texts are equal (and `utf8mb4` alone orders by code point).
  const byCodePoint = kind === 'text' && /^utf8mb4_(nopad_bin|0900_bin)$/.test(collation);
  const byCharacter = kind === 'text' && /^utf8mb4_bin$/.test(collation);
  return {
    name,
    kind,
    exact: exactText(column),
    exactEquality: byCodePoint,
    exactOrder: byCodePoint,
    // `utf8mb4_bin` does not see trailing blanks: no matter where a unique index of the column did not either.
    plainSort: byCodePoint || (byCharacter && column?.unique === true),
    sortNulls: false,
    bareTimes: column?.fraction !== true,
  };
}
