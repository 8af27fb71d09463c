import type { SourceKey } from '../../mapping.ts';
import { prefixEnd } from '../column-form.ts';
import type { ColumnTerms, SqlTerms } from '../column-terms.ts';

/** A column's type affinity (https://www.sqlite.org/datatype3.html, 3.1); `none` compares values as they are. */
export type Affinity = 'text' | 'number' | 'none';

/** SQLite compares text by code point, so its terms are the plain ones. `affinity` left out: of every column unknown. */
export function sqliteTerms(affinity: (table: string, column: string) => Affinity = () => 'none'): SqlTerms {
  return {
    column: (table, column) => columnTerms(`${table}.${column}`, affinity(table, column)),
    equal(where, [sideTable, side], [mainTable, main]) {
      void where.whereRaw('?? = ??', [`${sideTable}.${side}`, `${mainTable}.${main}`]);
    },
    boundFirst: false,
  };
}

function columnTerms(name: string, affinity: Affinity): ColumnTerms {
  return {
    name,
    oneOf: (where, values) => void where.whereIn(name, comparable(values, affinity)),
    startsWith(where, prefix) {
      if (affinity === 'number') {
        // Its digits, since the column would take the prefix for a number.
        void where.whereRaw('cast(?? as text) >= ? and cast(?? as text) < ?', [name, prefix, name, prefixEnd(prefix)]);
        return;
      }
      // A range rather than LIKE: it uses the index and has no wildcards to escape.
      void where.where(name, '>=', prefix).where(name, '<', prefixEnd(prefix)).where(name, '<>', '');
    },
    compare: (where, operator, value) => void where.where(name, operator, value),
    within: (where, [first, last]) => void where.whereBetween(name, [first, last]),
    notEmpty: (where) => void where.where(name, '<>', ''),
    orEmpty: (where) => void where.orWhere(name, ''),
    order: [name],
    position: (where, operator, value) => void where.where(name, operator, value),
    groups: [name],
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
