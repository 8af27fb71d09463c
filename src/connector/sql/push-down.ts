import type { Knex } from 'knex';
import { all, any, not, type Filter } from '../filter.ts';
import type { SortKey } from '../connector.ts';
import type { FieldMapping, SourceKey } from '../mapping.ts';
import type { SqlEntity } from './sql-entity.ts';

type Where = Knex.QueryBuilder;

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

function required(entity: SqlEntity, field: string): { column: string; write: NonNullable<FieldMapping['write']> } {
  const found = comparable(entity.mapping[field]);
  if (found === undefined) throw new TypeError(`${entity.type}.${field} cannot be compared in its source`);
  return { column: `${entity.table}.${found.column}`, write: found.write };
}

function written(
  values: readonly (string | number | boolean)[],
  write: NonNullable<FieldMapping['write']>,
): SourceKey[] {
  // Empty text is read as null, which matches nothing.
  return values.map(write).filter((v): v is SourceKey => v !== null && v !== '');
}

/** Adds the filter to the statement's WHERE. Values travel as bindings only. */
export function pushDown(where: Where, filter: Filter, entity: SqlEntity): void {
  // Folded first: a constant inside an OR would be an empty group, which the query builder drops.
  push(where, fold(filter), entity);
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

function push(where: Where, filter: Filter, entity: SqlEntity): void {
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
      void where.whereIn(column, written(filter.values, write));
      return;
    }
    case 'prefix': {
      const { column, write } = required(entity, filter.field);
      void where.where((w) => {
        if (filter.prefixes.length === 0) void w.whereRaw('1 = 0');
        for (const prefix of filter.prefixes
          .map(write)
          .filter((v) => v !== null)
          .map(String)) {
          // A range rather than LIKE: it uses the index and has no wildcards to escape.
          const end = prefixEnd(prefix);
          void w.orWhere((o) => void o.where(column, '>=', prefix).where(column, '<', end).where(column, '<>', ''));
        }
      });
      return;
    }
    case 'contains': {
      const members = entity.mapping[filter.field]?.members;
      if (members === undefined) throw new TypeError(`${entity.type}.${filter.field} cannot be searched in its source`);
      const key = required(entity, entity.key).column;
      void where.whereExists((exists) => {
        void exists.select(exists.client.raw('1')).from(members.table);
        void exists.whereRaw('?? = ??', [`${members.table}.${members.key}`, key]);
        void exists.whereIn(`${members.table}.${members.member}`, [...filter.values]);
        for (const [column, value] of Object.entries(members.where ?? {}))
          void exists.where(`${members.table}.${column}`, value);
      });
      return;
    }
    case 'range': {
      const { column, write } = required(entity, filter.field);
      if (filter.from !== undefined) void where.where(column, '>=', bound(write(filter.from)));
      if (filter.before !== undefined) void where.where(column, '<', bound(write(filter.before)));
      // Null and empty text lie in no range.
      void where.whereNotNull(column).where(column, '<>', '');
      pushSpan(where, filter.field, entity);
      return;
    }
  }
}

/** A negation pushed to the leaves, where null must count as "does not match" before it is negated. */
function pushNot(where: Where, filter: Filter, entity: SqlEntity): void {
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
        void where.where((w) => void w.whereNull(column).orWhere(column, '').orWhereIn(column, others));
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
  entity: SqlEntity,
): void {
  const { column } = required(entity, filter.field);
  void where.where((w) => {
    void w.whereNull(column).orWhere(column, '');
    void w.orWhere((o) => {
      void o.whereNot((n) => push(n, filter, entity));
      pushSpan(o, filter.field, entity);
    });
  });
}

/** Leaves out values that cannot be read, as far as their order tells. */
function pushSpan(where: Where, field: string, entity: SqlEntity): void {
  const span = entity.mapping[field]?.span;
  if (span !== undefined) void where.whereBetween(required(entity, field).column, [span[0], span[1]]);
}

/** The records that come after these values of the order: keyset paging. */
export function pushAfter(where: Where, order: readonly SortKey[], after: readonly string[], entity: SqlEntity): void {
  void where.where((w) => {
    order.forEach((key, i) => {
      void w.orWhere((o) => {
        for (let j = 0; j < i; j++) {
          const equal = required(entity, order[j]!.field);
          void o.where(equal.column, bound(equal.write(after[j]!)));
        }
        const { column, write } = required(entity, key.field);
        void o.where(column, key.direction === 'ASC' ? '>' : '<', bound(write(after[i]!)));
      });
    });
  });
}

/** The source's columns and directions of an order. */
export function orderColumns(
  order: readonly SortKey[],
  entity: SqlEntity,
): { column: string; order: 'asc' | 'desc' }[] {
  return order.map((key) => ({
    column: required(entity, key.field).column,
    order: key.direction === 'ASC' ? 'asc' : 'desc',
  }));
}

function bound(value: SourceKey | null): SourceKey {
  if (value === null) throw new RangeError('the value cannot be written in the source');
  return value;
}

/** The first text after all those that begin with the prefix, in code point order. */
function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
