import { setImmediate as breathe } from 'node:timers/promises';
import type { EntitySource, GroupCount, KeyLoad, PageLoad, SortKey, SourceRecord } from '../connector.ts';
import { always, filterFields, type Filter } from '../filter.ts';
import { lookRecords } from '../filter-drift.ts';
import { readRecord, type SourceKey, type SourceValue } from '../mapping.ts';
import { Readings, type Reading, type ReadingOptions } from '../reading.ts';
import type { MappedEntity } from '../source.ts';
import { SourceError } from '../source-error.ts';
import { malformed } from './malformed.ts';
import { metRows } from './met-rows.ts';
import { withAskedKeys } from './padded-keys.ts';
import { inOrderOf, isAfter, only, risesIn } from './row-order.ts';
import type { Row, RowWire } from './row-wire.ts';
import { keyColumnOf, writeKeys, type KeyColumn } from './written-keys.ts';

/** Rows that are read before others have their turn. */
const mostAtOnce = 1_000;

export interface RowSourceOptions extends Pick<ReadingOptions, 'agency' | 'onProblem' | 'onUnreadable'> {
  /** Rows that one load may look through, at most: beyond it the load fails, rather than the hub. */
  readonly mostRows: number;
  /** Further pages that one load may ask for, at most: the first of each batch of keys is none. */
  readonly mostPages: number;
  readonly batchKeys: number;
}

/**
 * Exact loads over a wire that may be anything but: rows are aligned with their keys, filtered, sorted and cut here, by the
 * same filter that the gate judges by. What the wire could not push down costs rows, never a wrong answer.
 */
export function rowSource(entity: MappedEntity, wire: RowWire, options: RowSourceOptions): EntitySource {
  const { agency, mostRows, mostPages } = options;

  const columnsOf = (fields: Iterable<string>): string[] => {
    const columns = new Set<string>();
    for (const field of fields) {
      const found = entity.mapping[field];
      if (found === undefined) throw new TypeError(`${entity.type}.${field} is not mapped to the ${agency} source`);
      for (const column of found.columns) columns.add(column);
    }
    return [...columns];
  };

  /**
   * Reads the pages of one ask, each row as a record of these fields, until `keep` says that it is enough. Resolves with
   * the pages that are left to the load.
   */
  const collect = async (
    pages: AsyncIterable<readonly Row[]>,
    fields: readonly string[],
    reading: Reading | null,
    keep: (record: SourceRecord, row: Row) => boolean,
    left = mostPages,
  ): Promise<number> => {
    let seen = 0;
    // The first page is none of those that a service can make many of.
    let further = left + 1;
    for await (const page of pages) {
      if (further === 0)
        throw new SourceError(agency, `the ${agency} source gave more than ${mostPages} further pages for one load`, {
          fault: 'REFUSED',
        });
      further -= 1;
      for (const row of page) {
        seen += 1;
        if (seen % mostAtOnce === 0) await breathe();
        if (seen > mostRows)
          throw new SourceError(agency, `the ${agency} source gave more than ${mostRows} rows for one load`, {
            fault: 'REFUSED',
          });
        const record = readRecord(entity.mapping, fields, row, reading?.onUnreadable);
        if (!keep(record, row)) return further;
      }
    }
    return Math.min(further, left);
  };

  const readings = new Readings({
    ...options,
    entity,
    async look(field, signal) {
      const found: SourceRecord[] = [];
      const columns = columnsOf([entity.key, field]);
      const pages = wire.scan({ columns, rows: always, order: [], wanted: lookRecords, signal });
      await collect(pages, [field], null, (record) => found.push(record) < lookRecords);
      return found;
    },
  });

  const keyColumn = (key: string): KeyColumn => {
    const found = keyColumnOf(entity.mapping[key]);
    if (found === undefined) throw new TypeError(`${entity.type}.${key} is no key of its source`);
    return found;
  };

  /** The rows of the keys as records, each told with the positions of its keys. */
  const byKeys = async (
    load: { key: string; keys: readonly string[]; rows: Filter; signal: AbortSignal },
    fields: readonly string[],
    each: (record: SourceRecord, positions: readonly number[]) => void,
  ): Promise<void> => {
    const of = keyColumn(load.key);
    const { column } = of;
    const { written, positions } = writeKeys(load.keys, of);
    if (written.length === 0) return;
    const columns = columnsOf([load.key, ...fields]);
    const reading = readings.begin(fields, load.rows);
    const met = metRows(agency, entity, load.rows);
    const take = (record: SourceRecord, row: Row): boolean => {
      const value = row[column];
      // A row without the value is nobody's, whatever text a key may be.
      const at = isKey(value) ? positions.get(String(value)) : undefined;
      reading.row(record);
      if (at !== undefined && met(record, row) === 'shown') each(record, at);
      return true;
    };
    const takeFound = (record: SourceRecord, row: Row): boolean => {
      // Otherwise it could not be told to belong to a key, and all keys would seem to have no record.
      const value = row[column];
      if (!isKey(value) || value === '')
        throw malformed(
          agency,
          `has a ${entity.type} row without a value in the column ${column}, by which it was found`,
        );
      return take(record, row);
    };
    const asked = withAskedKeys(column, written);
    const most = Math.min(wire.keysByCall(column), options.batchKeys);
    if (most === 0) {
      const { rows, signal } = load;
      const pages = wire.scan({ columns, rows, order: [], wanted: mostRows, signal });
      await collect(eachRow(pages, asked), fields, reading, take);
      return reading.end(signal);
    }
    let left = mostPages;
    for (let i = 0; i < written.length; i += most) {
      const keys = written.slice(i, i + most);
      const pages = wire.byKeys({ column, keys, columns, rows: load.rows, signal: load.signal });
      left = await collect(eachRow(pages, asked), fields, reading, takeFound, left);
    }
    await reading.end(load.signal);
  };

  const loadByKeys = async (load: KeyLoad): Promise<readonly (readonly SourceRecord[])[]> => {
    const result: SourceRecord[][] = load.keys.map(() => []);
    const fields = withFields(load.fields, [entity.key, ...orderFields(load.order), ...filterFields(load.rows)]);
    await byKeys(load, fields, (record, positions) => {
      if (load.after !== undefined && !isAfter(record, load.order, load.after)) return;
      for (const i of positions) result[i]?.push(record);
    });
    return result.map((records) =>
      records
        .toSorted(inOrderOf(load.order))
        .slice(0, load.limitPerKey)
        .map((record) => only(record, load.fields)),
    );
  };

  const loadPage = async (load: PageLoad): Promise<readonly SourceRecord[]> => {
    const ordered = wire.inOrder(load.order);
    const fields = withFields(load.fields, [entity.key, ...orderFields(load.order), ...filterFields(load.rows)]);
    const found: SourceRecord[] = [];
    const reading = readings.begin(fields, load.rows);
    const met = metRows(agency, entity, load.rows);
    const keepsOrder = risesIn(load.order);
    const pages = wire.scan({
      columns: columnsOf(fields),
      rows: load.rows,
      order: load.order,
      // Without that order all rows are looked through, and small pages would only be more of them.
      wanted: ordered ? load.limit : mostRows,
      signal: load.signal,
      ...(ordered && load.after !== undefined ? { after: load.after } : {}),
    });
    await collect(pages, fields, reading, (record, row) => {
      reading.row(record);
      const as = met(record, row);
      if (as === 'repeated') return true;
      if (ordered && !keepsOrder(record))
        throw new SourceError(agency, `the ${agency} source gave rows in another order than was asked for`, {
          fault: 'MALFORMED',
        });
      if (as === 'hidden') return true;
      if (load.after !== undefined && !isAfter(record, load.order, load.after)) return true;
      found.push(record);
      return !ordered || found.length < load.limit;
    });
    await reading.end(load.signal);
    return found
      .toSorted(inOrderOf(load.order))
      .slice(0, load.limit)
      .map((record) => only(record, load.fields));
  };

  const scanAll = async (
    rows: Filter,
    fields: readonly string[],
    signal: AbortSignal,
    each: (record: SourceRecord) => void,
  ): Promise<void> => {
    const read = withFields(fields, [entity.key, ...filterFields(rows)]);
    const reading = readings.begin(read, rows);
    const met = metRows(agency, entity, rows);
    const pages = wire.scan({ columns: columnsOf(read), rows, order: [], wanted: mostRows, signal });
    await collect(pages, read, reading, (record, row) => {
      reading.row(record);
      if (met(record, row) === 'shown') each(record);
      return true;
    });
    await reading.end(signal);
  };

  const canCountBy = (field: string): boolean => {
    const found = entity.mapping[field];
    return found?.columns.length === 1 && found.write !== undefined;
  };

  return {
    loadByKeys,
    loadPage,
    async count(rows, signal) {
      let n = 0;
      await scanAll(rows, [], signal, () => (n += 1));
      return n;
    },
    async countByKeys(key, keys, rows, signal) {
      const counts = keys.map(() => 0);
      await byKeys({ key, keys, rows, signal }, withFields([entity.key], filterFields(rows)), (_record, positions) => {
        for (const i of positions) counts[i] = (counts[i] ?? 0) + 1;
      });
      return counts;
    },
    async countBy(fields, rows, signal) {
      const unfit = fields.find((field) => !canCountBy(field));
      if (unfit !== undefined) throw new TypeError(`${entity.type}.${unfit} has no one column to count by`);
      const groups = new Map<string, { values: readonly unknown[]; count: number }>();
      await scanAll(rows, fields, signal, (record) => {
        const values = fields.map((field) => record[field]);
        const name = JSON.stringify(values.map((v) => (typeof v === 'symbol' ? [0] : v)));
        const group = groups.get(name);
        if (group === undefined) groups.set(name, { values, count: 1 });
        else group.count += 1;
      });
      return [...groups.values()] satisfies GroupCount[];
    },
    canCountBy,
    canFilter: () => true,
  };
}

function isKey(value: SourceValue): value is SourceKey {
  return typeof value === 'string' || typeof value === 'number';
}

function withFields(fields: readonly string[], more: Iterable<string>): string[] {
  return [...new Set([...fields, ...more])];
}

function orderFields(order: readonly SortKey[]): string[] {
  return order.map((key) => key.field);
}

async function* eachRow(
  pages: AsyncIterable<readonly Row[]>,
  change: (row: Row) => Row,
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) yield page.map(change);
}
