import { all, any, not, type Filter } from '../filter.ts';
import type { SortKey } from '../connector.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { ColumnTerms, SqlTerms } from './column-terms.ts';
import { every, holdsNever, negated, some, type Condition } from './condition.ts';
import type { SqlEntity } from './sql-entity.ts';

/** A record type as one database compares it. */
interface Compared extends SqlEntity {
  readonly terms: SqlTerms;
}

/** The one column that a field is compared by, with its writer; undefined where the source cannot compare it. */
function comparable(
  mapping: FieldMapping | undefined,
): { column: string; write: NonNullable<FieldMapping['write']> } | undefined {
  const column = mapping?.columns[0];
  if (mapping?.write === undefined || column === undefined || mapping.columns.length !== 1) return undefined;
  return { column, write: mapping.write };
}

/** Whether the whole filter can run in SQL, with the meaning that `matches` gives it. */
export function canPushDown(filter: Filter, entity: SqlEntity): boolean {
  switch (filter.kind) {
    case 'always':
    case 'never':
      return true;
    case 'all':
    case 'any':
      return filter.of.every((f) => canPushDown(f, entity));
    case 'not':
      return canPushDown(filter.of, entity);
    case 'in':
    case 'prefix':
    case 'range':
      return comparable(entity.mapping[filter.field]) !== undefined;
    case 'contains':
      return entity.mapping[filter.field]?.members !== undefined;
  }
}

function required(
  entity: Compared,
  field: string,
): { column: ColumnTerms; write: NonNullable<FieldMapping['write']>; name: string } {
  const mapping = entity.mapping[field];
  const found = comparable(mapping);
  if (found === undefined) throw new TypeError(`${entity.type}.${field} cannot be compared in its source`);
  const column = entity.terms.column(entity.table, found.column, mapping?.span !== undefined);
  return { column, write: found.write, name: found.column };
}

function written(
  values: readonly (string | number | boolean)[],
  write: NonNullable<FieldMapping['write']>,
): SourceKey[] {
  // Empty text is read as null, which matches nothing.
  return values.map(write).filter((v): v is SourceKey => v !== null && v !== '');
}

/** The filter as a test in SQL; null where it always holds. */
export function pushDown(filter: Filter, entity: SqlEntity, terms: SqlTerms): Condition | null {
  return push(fold(filter), { ...entity, terms });
}

/** The same filter with its constants worked out: `always` and `never` are left at the top alone, if at all. */
function fold(filter: Filter): Filter {
  switch (filter.kind) {
    case 'all':
      return all(filter.of.map(fold));
    case 'any':
      return any(filter.of.map(fold));
    case 'not':
      return not(fold(filter.of));
    default:
      return filter;
  }
}

function push(filter: Filter, entity: Compared): Condition | null {
  switch (filter.kind) {
    case 'always':
      return null;
    case 'never':
      return holdsNever;
    case 'all':
      return every(filter.of.map((f) => push(f, entity)));
    case 'any':
      return some(filter.of.map((f) => push(f, entity)));
    case 'not':
      return pushNot(filter.of, entity);
    case 'in': {
      const { column, write } = required(entity, filter.field);
      return column.oneOf(written(filter.values, write));
    }
    case 'prefix': {
      const { column, write } = required(entity, filter.field);
      const prefixes = filter.prefixes.map(write).filter((v) => v !== null);
      return some(prefixes.map((prefix) => column.startsWith(String(prefix))));
    }
    case 'contains': {
      const members = entity.mapping[filter.field]?.members;
      if (members === undefined) throw new TypeError(`${entity.type}.${filter.field} cannot be searched in its source`);
      const { terms, table } = entity;
      const side = (column: string, values: readonly SourceKey[]): Condition =>
        terms.column(members.table, column, false).oneOf(values);
      const found = every([
        terms.equal([members.table, members.key], [table, required(entity, entity.key).name]),
        side(members.member, filter.values),
        ...Object.entries(members.where ?? {}).map(([column, value]) => side(column, [value])),
      ]);
      return found === null
        ? null
        : { ...found, sql: `exists (select 1 from ${terms.quoted(members.table)} where ${found.sql})` };
    }
    case 'range': {
      const { column, write } = required(entity, filter.field);
      return every([
        filter.from === undefined ? null : column.compare('>=', bound(write(filter.from))),
        filter.before === undefined ? null : column.compare('<', bound(write(filter.before))),
        // Null and empty text lie in no range.
        { sql: `${column.quoted} is not null`, values: [] },
        column.notEmpty,
        pushSpan(filter.field, entity),
      ]);
    }
  }
}

/** A negation pushed to the leaves, where null must count as "does not match" before it is negated. */
function pushNot(filter: Filter, entity: Compared): Condition | null {
  switch (filter.kind) {
    case 'always':
      return holdsNever;
    case 'never':
      return null;
    case 'not':
      return push(filter.of, entity);
    case 'all':
      return some(filter.of.map((f) => pushNot(f, entity)));
    case 'any':
      return every(filter.of.map((f) => pushNot(f, entity)));
    case 'in': {
      const known = entity.mapping[filter.field]?.known;
      if (known === undefined) return pushNotOrNull(filter, entity);
      const { column, write } = required(entity, filter.field);
      // A value that cannot be read satisfies neither the test nor its negation, as in the gate.
      const given = new Set(written(filter.values, write));
      return orNull(column, column.oneOf(known.filter((k) => !given.has(k))));
    }
    case 'prefix':
    case 'range':
      return pushNotOrNull(filter, entity);
    case 'contains':
      return negated(push(filter, entity));
  }
}

function pushNotOrNull(filter: Extract<Filter, { kind: 'in' | 'prefix' | 'range' }>, entity: Compared): Condition {
  const others = every([negated(push(filter, entity)), pushSpan(filter.field, entity)]);
  return orNull(required(entity, filter.field).column, others ?? holdsNever);
}

/** It is null or empty, or this holds. */
function orNull({ quoted, empty }: ColumnTerms, or: Condition): Condition {
  const isNull: Condition = { sql: `${quoted} is null`, values: [] };
  return some([isNull, ...(empty === null ? [] : [empty]), or]) ?? holdsNever;
}

/** Leaves out values that cannot be read, as far as their order tells. */
function pushSpan(field: string, entity: Compared): Condition | null {
  const span = entity.mapping[field]?.span;
  return span === undefined ? null : required(entity, field).column.within(span);
}

/** The records that come after these values of the order: keyset paging. */
export function pushAfter(
  order: readonly SortKey[],
  after: readonly string[],
  entity: SqlEntity,
  terms: SqlTerms,
): Condition | null {
  const keys = order.map(({ field, direction }, i) => {
    const { column, write } = required({ ...entity, terms }, field);
    return {
      column,
      value: bound(write(after[i] ?? '')),
      beyond: direction === 'ASC' ? ('>' as const) : ('<' as const),
    };
  });
  const [first] = keys;
  return every([
    terms.boundFirst && first !== undefined && keys.length > 1
      ? first.column.position(`${first.beyond}=`, first.value)
      : null,
    some(
      keys.map(({ column, value, beyond }, i) =>
        every([
          ...keys.slice(0, i).map((before) => before.column.position('=', before.value)),
          column.position(beyond, value),
        ]),
      ),
    ),
  ]);
}

/** An order as SQL. */
export function orderOf(order: readonly SortKey[], entity: SqlEntity, terms: SqlTerms): string {
  return order
    .flatMap((key) =>
      required({ ...entity, terms }, key.field).column.order.map(
        (column) => `${column} ${key.direction === 'ASC' ? 'asc' : 'desc'}`,
      ),
    )
    .join(', ');
}

function bound(value: SourceKey | null): SourceKey {
  if (value === null) throw new RangeError('the value cannot be written in the source');
  return value;
}
