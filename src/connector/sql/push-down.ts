import { all, any, not, type Filter } from '../filter.ts';
import type { SortKey } from '../connector.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { ColumnTerms, Sorted, SqlTerms, Where } from './column-terms.ts';
import type { SqlEntity } from './sql-entity.ts';
import { sqliteTerms } from './sqlite/terms.ts';

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

/** Adds the filter to the statement's WHERE. Values travel as bindings only. */
export function pushDown(where: Where, filter: Filter, entity: SqlEntity, terms: SqlTerms = sqliteTerms()): void {
  // Folded first: a constant inside an OR would be an empty group, which the query builder drops.
  push(where, fold(filter), { ...entity, terms });
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

function push(where: Where, filter: Filter, entity: Compared): void {
  switch (filter.kind) {
    case 'always':
      return;
    case 'never':
      void where.whereRaw('1 = 0');
      return;
    case 'all':
      for (const f of filter.of) void where.where((w) => push(w, f, entity));
      return;
    case 'any':
      void where.where((w) => {
        for (const f of filter.of) void w.orWhere((o) => push(o, f, entity));
      });
      return;
    case 'not':
      pushNot(where, filter.of, entity);
      return;
    case 'in': {
      const { column, write } = required(entity, filter.field);
      column.oneOf(where, written(filter.values, write));
      return;
    }
    case 'prefix': {
      const { column, write } = required(entity, filter.field);
      void where.where((w) => {
        if (filter.prefixes.length === 0) void w.whereRaw('1 = 0');
        for (const prefix of filter.prefixes.map(write).filter((v) => v !== null))
          void w.orWhere((o) => column.startsWith(o, String(prefix)));
      });
      return;
    }
    case 'contains': {
      const members = entity.mapping[filter.field]?.members;
      if (members === undefined) throw new TypeError(`${entity.type}.${filter.field} cannot be searched in its source`);
      const { terms, table } = entity;
      const key = required(entity, entity.key).name;
      void where.whereExists((exists) => {
        void exists.select(exists.client.raw('1')).from(members.table);
        terms.equal(exists, [members.table, members.key], [table, key]);
        terms.column(members.table, members.member, false).oneOf(exists, [...filter.values]);
        for (const [column, value] of Object.entries(members.where ?? {}))
          terms.column(members.table, column, false).oneOf(exists, [value]);
      });
      return;
    }
    case 'range': {
      const { column, write } = required(entity, filter.field);
      if (filter.from !== undefined) column.compare(where, '>=', bound(write(filter.from)));
      if (filter.before !== undefined) column.compare(where, '<', bound(write(filter.before)));
      // Null and empty text lie in no range.
      void where.whereNotNull(column.name);
      column.notEmpty(where);
      pushSpan(where, filter.field, entity);
      return;
    }
  }
}

/** A negation pushed to the leaves, where null must count as "does not match" before it is negated. */
function pushNot(where: Where, filter: Filter, entity: Compared): void {
  switch (filter.kind) {
    case 'always':
      void where.whereRaw('1 = 0');
      return;
    case 'never':
      return;
    case 'not':
      push(where, filter.of, entity);
      return;
    case 'all':
      void where.where((w) => {
        for (const f of filter.of) void w.orWhere((o) => pushNot(o, f, entity));
      });
      return;
    case 'any':
      for (const f of filter.of) void where.where((w) => pushNot(w, f, entity));
      return;
    case 'in': {
      const known = entity.mapping[filter.field]?.known;
      const { column, write } = required(entity, filter.field);
      if (known === undefined) pushNotOrNull(where, filter, entity);
      else {
        // A value that cannot be read satisfies neither the test nor its negation, as in the gate.
        const given = new Set(written(filter.values, write));
        const others = known.filter((k) => !given.has(k));
        void where.where((w) => {
          void w.whereNull(column.name);
          column.orEmpty(w);
          void w.orWhere((o) => column.oneOf(o, others));
        });
      }
      return;
    }
    case 'prefix':
    case 'range':
      pushNotOrNull(where, filter, entity);
      return;
    case 'contains':
      void where.whereNot((w) => push(w, filter, entity));
      return;
  }
}

function pushNotOrNull(
  where: Where,
  filter: Extract<Filter, { kind: 'in' | 'prefix' | 'range' }>,
  entity: Compared,
): void {
  const { column } = required(entity, filter.field);
  void where.where((w) => {
    void w.whereNull(column.name);
    column.orEmpty(w);
    void w.orWhere((o) => {
      void o.whereNot((n) => push(n, filter, entity));
      pushSpan(o, filter.field, entity);
    });
  });
}

/** Leaves out values that cannot be read, as far as their order tells. */
function pushSpan(where: Where, field: string, entity: Compared): void {
  const span = entity.mapping[field]?.span;
  if (span !== undefined) required(entity, field).column.within(where, span);
}

/** The records that come after these values of the order: keyset paging. */
export function pushAfter(
  where: Where,
  order: readonly SortKey[],
  after: readonly string[],
  entity: SqlEntity,
  terms: SqlTerms = sqliteTerms(),
): void {
  const keys = order.map(({ field, direction }, i) => {
    const { column, write } = required({ ...entity, terms }, field);
    return {
      column,
      value: bound(write(after[i] ?? '')),
      beyond: direction === 'ASC' ? ('>' as const) : ('<' as const),
    };
  });
  const [first] = keys;
  if (terms.boundFirst && first !== undefined && keys.length > 1)
    first.column.position(where, `${first.beyond}=`, first.value);
  void where.where((w) => {
    keys.forEach(({ column, value, beyond }, i) => {
      void w.orWhere((o) => {
        for (const before of keys.slice(0, i)) before.column.position(o, '=', before.value);
        column.position(o, beyond, value);
      });
    });
  });
}

/** The source's columns and directions of an order. */
export function orderColumns(
  order: readonly SortKey[],
  entity: SqlEntity,
  terms: SqlTerms,
): { column: Sorted; order: 'asc' | 'desc' }[] {
  return order.flatMap((key) =>
    required({ ...entity, terms }, key.field).column.order.map((column) => ({
      column,
      order: key.direction === 'ASC' ? ('asc' as const) : ('desc' as const),
    })),
  );
}

function bound(value: SourceKey | null): SourceKey {
  if (value === null) throw new RangeError('the value cannot be written in the source');
  return value;
}
