import type { ColumnKind } from '../column-form.ts';
import type { SqlRow } from '../database.ts';

/** A column as `information_schema` tells of it. */
export interface MysqlColumn {
  readonly kind: ColumnKind;
  /** Null: it holds no text. */
  readonly charset: string | null;
  readonly collation: string | null;
  /** Whether a unique index has this one column. */
  readonly unique: boolean;
  /** Whether its times show fractions of a second. */
  readonly fraction: boolean;
}

export const catalogueQuery = `
  select c.COLUMN_NAME as name, c.DATA_TYPE as type, c.CHARACTER_SET_NAME as charset, c.COLLATION_NAME as collation,
         c.DATETIME_PRECISION as fraction,
         exists (select 1 from information_schema.STATISTICS u
                  where u.TABLE_SCHEMA = c.TABLE_SCHEMA and u.TABLE_NAME = c.TABLE_NAME and u.COLUMN_NAME = c.COLUMN_NAME
                    and u.NON_UNIQUE = 0
                    and not exists (select 1 from information_schema.STATISTICS o
                                     where o.TABLE_SCHEMA = u.TABLE_SCHEMA and o.TABLE_NAME = u.TABLE_NAME
                                       and o.INDEX_NAME = u.INDEX_NAME and o.SEQ_IN_INDEX > 1)) as one
    from information_schema.COLUMNS c where c.TABLE_SCHEMA = database() and c.TABLE_NAME = ?`;

/** One row of `catalogueQuery`. */
export function readColumn(row: SqlRow): readonly [name: string, column: MysqlColumn] {
  const [name, type, charset, collation, fraction, unique] = row;
  const kind = kindOf(String(type).toLowerCase());
  const isText = kind === 'text';
  return [
    String(name).toLowerCase(),
    {
      kind,
      charset: isText ? identifier(charset) : null,
      collation: isText ? identifier(collation) : null,
      unique: Number(unique) === 1,
      fraction: Number(fraction ?? 0) > 0,
    },
  ];
}

/** It is written into statements, where no binding can stand. */
function identifier(value: unknown): string | null {
  return typeof value === 'string' && /^[a-z0-9_]+$/i.test(value) ? value : null;
}

function kindOf(type: string): ColumnKind {
  switch (type) {
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return 'text';
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
      return 'integer';
    case 'decimal':
    case 'float':
    case 'double':
      return 'decimal';
    case 'date':
      return 'date';
    case 'datetime':
    case 'timestamp':
      return 'timestamp';
    default:
      // Among them ENUM and SET, whose plain order is that of their declaration.
      return 'other';
  }
}
