import type { EntitySource, GroupCount, KeyLoad, PageLoad, SourceRecord } from '../connector.ts';
import { filterFields, type Filter } from '../filter.ts';
import { lookRecords } from '../filter-drift.ts';
import type { SourceKey } from '../mapping.ts';
import { Readings, type ReadingOptions } from '../reading.ts';
import { inOrderOf, only } from '../rows/row-order.ts';
import { malformed } from '../rows/malformed.ts';
import { keyColumnOf, writeKeys, type KeyColumn } from '../rows/written-keys.ts';
import type { ColumnTerms, SqlTerms } from './column-terms.ts';
import { every, type Condition } from './condition.ts';
import type { SqlDatabase, SqlRow } from './database.ts';
import { cannotHold } from './column-fit.ts';
import { canPushDown, orderOf, pushAfter, pushDown } from './push-down.ts';
import { recordReader } from './record-reader.ts';
import type { SqlEntity } from './sql-entity.ts';
import { StatementTexts } from './statement-texts.ts';

/** The loads of one table. Only the columns that the asked fields are read from are ever selected. */
export function sqlSource(
  database: SqlDatabase,
  entity: SqlEntity,
  keyChunk: number,
  told: Pick<ReadingOptions, 'agency' | 'onProblem' | 'onUnreadable'>,
): EntitySource {
  const { agency } = told;
  const { db } = database;
  const { table, mapping } = entity;
  const members = Object.values(mapping).flatMap((m) => (m.members === undefined ? [] : [m.members.table]));
  const tables = [...new Set([table, ...members])];
  const texts = new StatementTexts();
  const named = (columns: readonly string[]): string[] => columns.map((c) => `${table}.${c}`);

  const columnsOf = (fields: readonly string[]): string[] => {
    const columns = new Set<string>();
    for (const field of fields) {
      const found = mapping[field];
      if (found === undefined) throw new TypeError(`${entity.type}.${field} is not mapped to the ${agency} source`);
      for (const column of found.columns) columns.add(column);
    }
    return [...columns];
  };

  const keyColumn = (key: string): KeyColumn => {
    const found = keyColumnOf(mapping[key]);
    if (found === undefined) throw new TypeError(`${entity.type}.${key} is no key of its source`);
    return found;
  };

  const readings = new Readings({
    ...told,
    entity,
    async look(field, signal) {
      const columns = columnsOf([field]);
      const statement = texts.statement({
        form: 'look',
        columns,
        where: null,
        end: [lookRecords],
        build: () => db(table).select(named(columns)).limit(1),
      });
      const rows = await database.run(statement, signal);
      return rows.map(recordReader(mapping, [field], columns, () => undefined));
    },
  });

  /** By the terms of one catalogue: fields whose column is of a kind that holds none of their values. */
  const unfit = new WeakMap<SqlTerms, ReadonlySet<string>>();
  const unfitBy = (terms: SqlTerms): ReadonlySet<string> => {
    const before = unfit.get(terms);
    if (before !== undefined) return before;
    const found = new Set(
      Object.keys(mapping).filter((field) => {
        const { columns } = mapping[field]!;
        return columns.length === 1 && cannotHold(terms.kind(table, columns[0]!), mapping[field]!);
      }),
    );
    unfit.set(terms, found);
    return found;
  };

  /** The terms for a load of this filter. Rejects with `REFUSED` where a column has changed so that the filter finds nothing. */
  const termsFor = async (rows: Filter, signal: AbortSignal): Promise<SqlTerms> => {
    const terms = await database.terms(tables, signal);
    const fields = unfitBy(terms);
    if (fields.size > 0)
      for (const field of filterFields(rows))
        if (fields.has(field)) throw readings.drift.refusal(field, 'can hold no value');
    return terms;
  };

  /** Runs `find` for every chunk of keys; a key that the source cannot write has no records. `place`: of the key in a row. */
  const byKeys = async (
    { key, keys, rows, signal }: Pick<KeyLoad, 'key' | 'keys' | 'rows' | 'signal'>,
    place: number,
    find: (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]) => Promise<readonly SqlRow[]>,
    each: (row: SqlRow, positions: readonly number[]) => void,
  ): Promise<void> => {
    const of = keyColumn(key);
    const { column: name } = of;
    const { written, positions } = writeKeys(keys, of);
    if (written.length === 0) return;
    const terms = await termsFor(rows, signal);
    const column = terms.column(table, name, mapping[key]?.span !== undefined);
    const size = Math.max(1, Math.min(keyChunk, database.mostValues - valuesIn(rows)));
    for (let i = 0; i < written.length; i += size) {
      const found = await find(column, terms, written.slice(i, i + size));
      for (const row of found) {
        const at = positions.get(String(row[place]));
        // The database found it by a key that its column does not show: it would be nobody's without a word.
        if (at === undefined)
          throw malformed(
            agency,
            `has a ${entity.type} row whose column ${name} is none of the keys that it was found by`,
          );
        each(row, at);
      }
    }
  };

  const loadByKeys = async (load: KeyLoad): Promise<readonly (readonly SourceRecord[])[]> => {
    const result: SourceRecord[][] = load.keys.map(() => []);
    const { column: name, isSpelt } = keyColumn(load.key);
    // Records of one number come spelling by spelling: they are sorted and cut here.
    const fields = isSpelt ? [...new Set([...load.fields, ...load.order.map((key) => key.field)])] : load.fields;
    const columns = [...new Set([...columnsOf(fields), name])];
    const unique = load.key === entity.key;
    const limit = unique || isSpelt ? Infinity : load.limitPerKey;
    const find = async (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]) => {
      const where = every([
        column.oneOf(chunk),
        pushDown(load.rows, entity, terms),
        load.after === undefined ? null : pushAfter(load.order, load.after, entity, terms),
      ]);
      if (unique) return database.run(recordsWhere(columns, where), load.signal);
      if (load.paged === true) return database.run(rankedOf(load, columns, where, terms, column), load.signal);
      // To rank records costs a server many times what it costs to find them, and most keys have few.
      const few = load.limitPerKey + 10 * chunk.length;
      const found = await database.run(fewOf(load, columns, where, terms, few + 1), load.signal);
      return found.length <= few ? found : database.run(rankedOf(load, columns, where, terms, column), load.signal);
    };
    const reading = readings.begin(load.fields, load.rows);
    const read = recordReader(mapping, fields, columns, reading.onUnreadable);
    await byKeys(load, columns.indexOf(name), find, (row, positions) => {
      const record = read(row);
      for (const i of positions) {
        const records = result[i];
        if (records !== undefined && records.length < limit) records.push(record);
      }
    });
    await reading.end(load.signal, result);
    if (result.every((list) => list.length === 0)) await readings.drift.checkUnmet(load.rows, load.signal);
    if (!isSpelt) return result;
    return result.map((records) =>
      records
        .toSorted(inOrderOf(load.order))
        .slice(0, load.limitPerKey)
        .map((record) => only(record, load.fields)),
    );
  };

  const recordsWhere = (columns: readonly string[], where: Condition | null): Condition =>
    texts.statement({
      form: 'records',
      columns,
      where,
      build: (filtered) => filtered(db(table).select(named(columns))),
    });

  /**
   * So many of the records of all keys together, in their order. They are sorted once they are found: a limit beside an order
   * tempts a server to walk an index of the order through the whole table.
   */
  const fewOf = (
    { order }: KeyLoad,
    columns: readonly string[],
    where: Condition | null,
    terms: SqlTerms,
    most: number,
  ): Condition => {
    const by = orderOf(order, entity, terms);
    return texts.statement({
      form: 'few records',
      columns,
      where,
      by,
      end: [most],
      build: (filtered) => {
        const sorted = [...new Set([...columns, ...columnsOf(order.map((key) => key.field))])];
        const found = filtered(db(table).select(named(sorted))).limit(1);
        const outer = db.from(found.as(table)).select(named(columns));
        return by === '' ? outer : outer.orderByRaw(by);
      },
    });
  };

  /** A limit for each key, in one statement for all of them. */
  const rankedOf = (
    { order, limitPerKey }: KeyLoad,
    columns: readonly string[],
    where: Condition | null,
    terms: SqlTerms,
    { groups }: ColumnTerms,
  ): Condition => {
    const over = `partition by ${groups.join(', ')} order by ${orderOf(order, entity, terms)}`;
    return texts.statement({
      form: 'ranked records',
      columns,
      where,
      by: over,
      end: [limitPerKey],
      build: (filtered) => {
        const ranked = filtered(db(table).select(named(columns))).rowNumber('lq_rank', db.raw(over));
        return db.from(ranked.as('lq')).where('lq_rank', '<=', 1).select(columns).orderBy('lq_rank');
      },
    });
  };

  const loadPage = async (load: PageLoad): Promise<readonly SourceRecord[]> => {
    const terms = await termsFor(load.rows, load.signal);
    const columns = columnsOf(load.fields);
    const order = orderOf(load.order, entity, terms);
    const statement = texts.statement({
      form: 'page',
      columns,
      where: every([
        pushDown(load.rows, entity, terms),
        load.after === undefined ? null : pushAfter(load.order, load.after, entity, terms),
      ]),
      by: order,
      end: [load.limit],
      build: (filtered) => {
        const page = filtered(db(table).select(named(columns))).limit(1);
        return order === '' ? page : page.orderByRaw(order);
      },
    });
    const reading = readings.begin(load.fields, load.rows);
    const rows = await database.run(statement, load.signal);
    const page = rows.map(recordReader(mapping, load.fields, columns, reading.onUnreadable));
    await reading.end(load.signal, [page]);
    if (page.length === 0) await readings.drift.checkUnmet(load.rows, load.signal);
    return page;
  };

  const count = async (rows: Filter, signal: AbortSignal): Promise<number> => {
    const statement = texts.statement({
      form: 'count',
      columns: [],
      where: pushDown(rows, entity, await termsFor(rows, signal)),
      build: (filtered) => filtered(db(table).count({ n: '*' })),
    });
    const found = Number((await database.run(statement, signal))[0]?.[0] ?? 0);
    if (found === 0) await readings.drift.checkUnmet(rows, signal);
    return found;
  };

  const countByKeys = async (
    key: string,
    keys: readonly string[],
    rows: Filter,
    signal: AbortSignal,
  ): Promise<readonly number[]> => {
    const counts = keys.map(() => 0);
    const columns = [keyColumn(key).column];
    const find = (column: ColumnTerms, terms: SqlTerms, chunk: readonly SourceKey[]) => {
      const groups = column.groups.join(', ');
      const statement = texts.statement({
        form: 'counts',
        columns,
        where: every([column.oneOf(chunk), pushDown(rows, entity, terms)]),
        by: groups,
        build: (filtered) => filtered(db(table).select(named(columns)).count({ lq_n: '*' })).groupByRaw(groups),
      });
      return database.run(statement, signal);
    };
    await byKeys({ key, keys, rows, signal }, 0, find, (row, positions) => {
      for (const i of positions) counts[i] = (counts[i] ?? 0) + Number(row[1]);
    });
    if (counts.every((n) => n === 0)) await readings.drift.checkUnmet(rows, signal);
    return counts;
  };

  const canCountBy = (field: string): boolean => {
    const found = mapping[field];
    // A list, or a value that the source spells in several ways, cannot be written back.
    return found?.columns.length === 1 && found.write !== undefined;
  };

  const countBy = async (
    fields: readonly string[],
    rows: Filter,
    signal: AbortSignal,
  ): Promise<readonly GroupCount[]> => {
    const unfit = fields.find((field) => !canCountBy(field));
    if (unfit !== undefined) throw new TypeError(`${entity.type}.${unfit} has no one column to count by`);
    const terms = await termsFor(rows, signal);
    const columns = columnsOf(fields);
    const by = columns.flatMap((c) => terms.column(table, c, false).groups).join(', ');
    const statement = texts.statement({
      form: 'groups',
      columns,
      where: pushDown(rows, entity, terms),
      by,
      build: (filtered) => filtered(db(table).select(named(columns)).count({ lq_n: '*' })).groupByRaw(by),
    });
    const reading = readings.begin(fields, rows);
    const read = recordReader(mapping, fields, columns, reading.onUnreadable);
    const groups = await database.run(statement, signal);
    const counted = groups.map((row) => ({ record: read(row), count: Number(row[columns.length]) }));
    await reading.end(signal, [counted.map(({ record }) => record)]);
    if (counted.length === 0) await readings.drift.checkUnmet(rows, signal);
    return counted.map(({ record, count }) => ({ values: fields.map((field) => record[field]), count }));
  };

  return {
    loadByKeys,
    loadPage,
    count,
    countByKeys,
    countBy,
    canCountBy,
    canFilter: (rows) => canPushDown(rows, entity),
  };
}

/** At most so many values stand in the filter's statement. */
function valuesIn(filter: Filter): number {
  switch (filter.kind) {
    case 'always':
    case 'never':
      return 0;
    case 'all':
    case 'any':
      return filter.of.reduce((sum, f) => sum + valuesIn(f), 0);
    case 'not':
      return valuesIn(filter.of);
    case 'in':
    case 'contains':
      return filter.values.length + 8;
    case 'prefix':
      return filter.prefixes.length * 4;
    case 'range':
      return 8;
  }
}
