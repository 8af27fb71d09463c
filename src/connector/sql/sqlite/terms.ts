import type { SourceKey } from '../../mapping.ts';
import { prefixEnd } from '../column-form.ts';
import type { ColumnTerms, SqlTerms } from '../column-terms.ts';
import { holdsNever, paddedList } from '../condition.ts';
import type { Quote } from '../quote.ts';

/** A column's type affinity (https://www.sqlite.org/datatype3.html, 3.1); `none` compares values as they are. */
export type Affinity = 'text' | 'number' | 'none';

/** SQLite compares text by code point, so its terms are the plain ones. `affinity` left out: of every column unknown. */
export function sqliteTerms(
  quote: Quote,
  affinity: (table: string, column: string) => Affinity = () => 'none',
): SqlTerms {
  return {
    quoted: quote,
    kind(table, column) {
      switch (affinity(table, column)) {
        case 'text':
          return 'text';
        case 'number':
          return 'affine';
        case 'none':
          return null;
      }
    },
    column: (table, column) => columnTerms(quote(`${table}.${column}`), affinity(table, column)),
    equal: (side, main) => ({ sql: `${quote(side.join('.'))} = ${quote(main.join('.'))}`, values: [] }),
    boundFirst: false,
  };
}

function columnTerms(quoted: string, affinity: Affinity): ColumnTerms {
  // The digits of a number, since the column would take a prefix for a number.
  const text = affinity === 'number' ? `cast(${quoted} as text)` : quoted;
  return {
    quoted,
    oneOf(asked) {
      const values = paddedList(comparable(asked, affinity));
      if (values.length === 0) return holdsNever;
      return { sql: `${quoted} in (${values.map(() => '?').join(', ')})`, values };
    },
    // A range rather than LIKE: it uses the index and has no wildcards to escape.
    startsWith: (prefix) => ({
      sql: `${text} >= ? and ${text} < ? and ${text} <> ?`,
      values: [prefix, prefixEnd(prefix), ''],
    }),
    compare: (operator, value) => ({ sql: `${quoted} ${operator} ?`, values: [value] }),
    within: (span) => ({ sql: `${quoted} between ? and ?`, values: span }),
    empty: { sql: `${quoted} = ?`, values: [''] },
    notEmpty: { sql: `${quoted} <> ?`, values: [''] },
    order: [quoted],
    position: (operator, value) => ({ sql: `${quoted} ${operator} ?`, values: [value] }),
    groups: [quoted],
  };
}

/** A column turns what it is compared with into its own type: `012` would find 12, and a bound 12 is `12.0` to text. */
function comparable(values: readonly SourceKey[], affinity: Affinity): SourceKey[] {
  switch (affinity) {
    case 'text':
      return values.map(String);
    case 'number':
      return values.filter((v) => typeof v === 'number' || String(Number(v)) === v);
    case 'none':
      return [...values];
  }
}
