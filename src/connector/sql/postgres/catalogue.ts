import type { ColumnKind } from '../column-form.ts';
import type { SqlRow } from '../database.ts';

/** A column as the system catalogue tells of it. */
export interface PostgresColumn {
  readonly kind: ColumnKind;
  readonly type: string;
  /** The collation's number; 0 where it holds no text. */
  readonly collation: string;
  /** Whether `=` tells each two texts apart. */
  readonly deterministic: boolean;
  /** Whether its collation sorts by code point. */
  readonly codePointOrder: boolean;
  readonly nullable: boolean;
}

/** `to_jsonb` reads what older versions of the catalogue lack as null. */
export const catalogueQuery = `
  select a.attname as name, coalesce(b.typname, t.typname) as type, a.attcollation as collation, a.attnotnull as required,
         coalesce(to_jsonb(c) ->> 'collisdeterministic', 'true') as deterministic,
         case when c.collname = 'default' then to_jsonb(d) ->> 'datlocprovider' else c.collprovider::text end as provider,
         case when c.collname = 'default' then d.datcollate else to_jsonb(c) ->> 'collcollate' end as locale
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_type b on b.oid = t.typbasetype
    left join pg_collation c on c.oid = a.attcollation
    join pg_database d on d.datname = current_database()
   where a.attrelid = to_regclass(quote_ident($1)) and a.attnum > 0 and not a.attisdropped`;

/** One row of `catalogueQuery`. */
export function readColumn(row: SqlRow): readonly [name: string, column: PostgresColumn] {
  const [name, type, collation, required, deterministic, provider, locale] = row;
  return [
    String(name),
    {
      kind: kindOf(String(type)),
      type: String(type),
      collation: String(collation),
      deterministic: deterministic === 'true',
      // ICU ("i") sorts in no language's absence by its own root order, which is not that of code points.
      codePointOrder: provider !== 'i' && /^(C|POSIX|C\.UTF-?8)$/i.test(String(locale)),
      nullable: required !== true,
    },
  ];
}

function kindOf(type: string): ColumnKind {
  switch (type) {
    case 'text':
    case 'varchar':
    case 'bpchar':
      return 'text';
    case 'int2':
    case 'int4':
    case 'int8':
      return 'integer';
    case 'numeric':
    case 'float4':
    case 'float8':
      return 'decimal';
    case 'bool':
      return 'boolean';
    case 'date':
      return 'date';
    case 'timestamp':
    case 'timestamptz':
      return 'timestamp';
    default:
      return 'other';
  }
}
