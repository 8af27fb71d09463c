import type { SortKey } from '../connector.ts';
import { conjuncts, type Filter } from '../filter.ts';
import type { SourceKey, SourceValue } from '../mapping.ts';
import type { KeyAsk, Row, RowWire } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import { SourceError } from '../source-error.ts';
import type { Batcher } from './batcher.ts';
import type { GraphqlArgument, GraphqlEntity, GraphqlKeys, GraphqlList } from './declaration.ts';
import { selectionOf, type Part, type PartArgument } from './part.ts';

interface Ask {
  readonly columns: readonly string[];
  readonly wanted: number;
  readonly signal: AbortSignal;
}

/** Rows of one record type from a GraphQL service, asked for as its declaration says. */
export function graphqlWire(entity: MappedEntity, remote: GraphqlEntity, agency: string, batcher: Batcher): RowWire {
  const malformed = (what: string): SourceError =>
    new SourceError(agency, `the ${agency} source gave an answer that ${what}`, { fault: 'MALFORMED' });
  const pathOf = (column: string): readonly string[] => remote.at?.[column] ?? [column];
  const rowOf = (value: unknown, columns: readonly string[]): Row => {
    if (!isObject(value)) throw malformed('has a row that is no object');
    return Object.fromEntries(columns.map((c) => [c, columnOf(value, pathOf(c))]));
  };

  const listRows = async function* (
    list: GraphqlList,
    given: readonly PartArgument[],
    { columns, wanted, signal }: Ask,
  ): AsyncGenerator<readonly Row[]> {
    const paths = columns.map((c) => [...list.rows, ...pathOf(c)]);
    const { paging } = list;
    const seen = new Set<string>();
    let after: string | null = null;
    for (let offset = 0; ;) {
      const size = paging.kind === 'none' ? 0 : Math.max(1, Math.min(paging.most, wanted));
      const part: Part = {
        field: list.field,
        arguments: [...given, ...pageArguments(list, size, offset, after)],
        selection: selectionOf(
          paging.kind === 'relay' ? [...paths, ['pageInfo', 'hasNextPage'], ['pageInfo', 'endCursor']] : paths,
        ),
      };
      const value = await batcher.ask(part, signal);
      const rows = fieldAt(value, list.rows);
      if (!Array.isArray(rows)) throw malformed('has no list of rows where one should be');
      yield rows.map((row: unknown) => rowOf(row, columns));
      if (paging.kind === 'none') return;
      if (paging.kind === 'offset') {
        if (rows.length > size) throw malformed('holds more rows than a page may have');
        if (rows.length < size) return;
        // A service that ignores the offset gives the same page for ever.
        const page = JSON.stringify(rows);
        if (seen.has(page)) throw malformed('leads back to a page that was there');
        seen.add(page);
        offset += size;
        continue;
      }
      if (fieldAt(value, ['pageInfo', 'hasNextPage']) !== true) return;
      const next = fieldAt(value, ['pageInfo', 'endCursor']);
      if (typeof next !== 'string' || next === '') throw malformed('names no next page');
      if (seen.has(next)) throw malformed('leads back to a page that was there');
      seen.add(next);
      after = next;
    }
  };

  /** One alias a key; the batcher puts them into one document. */
  const singles = async function* (
    keys: Extract<GraphqlKeys, { kind: 'single' }>,
    ask: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    const selection = selectionOf(ask.columns.map(pathOf));
    const found = await Promise.all(
      ask.keys.map((value) =>
        batcher.ask({ field: keys.field, arguments: [{ ...keys.argument, value }], selection }, ask.signal),
      ),
    );
    yield found.filter((value) => value !== null).map((value) => rowOf(value, ask.columns));
  };

  return {
    keysByCall: (column) => remote.keys[column]?.most ?? 0,
    byKeys(ask) {
      const keys = remote.keys[ask.column];
      if (keys === undefined)
        throw new TypeError(`${entity.type} is not found by ${ask.column} in the ${agency} source`);
      if (keys.kind === 'single') return singles(keys, ask);
      const list = keys.through ?? remote.list;
      const given = [{ ...keys.argument, value: ask.keys }, ...pushed(ask.rows, list, entity, [keys.argument.name])];
      return listRows(list, given, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
    },
    scan(ask) {
      const { list } = remote;
      const value = list.order?.values[orderName(ask.order)];
      const order =
        list.order === undefined || value === undefined || ask.order.length === 0
          ? []
          : [{ ...list.order.argument, value }];
      return listRows(list, [...pushed(ask.rows, list, entity, []), ...order], ask);
    },
    inOrder: (order) => remote.list.order?.values[orderName(order)] !== undefined,
  };
}

function pageArguments({ paging }: GraphqlList, size: number, offset: number, after: string | null): PartArgument[] {
  switch (paging.kind) {
    case 'none':
      return [];
    case 'offset':
      return [
        { ...paging.limit, value: size },
        { ...paging.offset, value: offset },
      ];
    case 'relay':
      return [
        { name: 'first', type: 'Int', value: size },
        ...(after === null ? [] : [{ name: 'after', type: 'String', value: after }]),
      ];
  }
}

/** What the service can compare of a filter: only tests that every row must satisfy, each argument at most once. */
function pushed(
  filter: Filter,
  { filters = {} }: GraphqlList,
  { mapping }: MappedEntity,
  taken: readonly string[],
): PartArgument[] {
  const given = new Map<string, PartArgument>();
  const give = (argument: GraphqlArgument | undefined, value: unknown): void => {
    if (argument === undefined || taken.includes(argument.name) || given.has(argument.name)) return;
    given.set(argument.name, { ...argument, value });
  };
  for (const test of conjuncts(filter)) {
    if (test.kind !== 'in' && test.kind !== 'prefix' && test.kind !== 'range') continue;
    const found = mapping[test.field];
    const [column = ''] = found?.columns ?? [];
    const known = filters[column];
    const write = found?.write;
    if (known === undefined || write === undefined || found?.columns.length !== 1) continue;
    const written = (values: readonly (string | number | boolean)[]): SourceKey[] =>
      values.map((v) => write(v)).filter((v): v is SourceKey => v !== null && v !== '');
    switch (test.kind) {
      case 'in':
        if (written(test.values).length > 0) give(known.in, written(test.values));
        break;
      case 'prefix':
        if (written(test.prefixes).length > 0) give(known.prefix, written(test.prefixes));
        break;
      case 'range': {
        const [from = null] = test.from === undefined ? [] : [write(test.from)];
        const [before = null] = test.before === undefined ? [] : [write(test.before)];
        if (from !== null) give(known.from, from);
        if (before !== null) give(known.before, before);
        break;
      }
    }
  }
  return [...given.values()];
}

/** An order as a declaration names it: `callTime DESC, incidentNo DESC`. */
function orderName(order: readonly SortKey[]): string {
  return order.map((key) => `${key.field} ${key.direction}`).join(', ');
}

function fieldAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const field of path) {
    if (!isObject(at)) return undefined;
    at = at[field];
  }
  return at;
}

/** A field below one that is null is null; one that the answer lacks is unknown. */
function columnOf(row: Readonly<Record<string, unknown>>, path: readonly string[]): SourceValue {
  let at: unknown = row;
  for (const field of path) {
    if (at === null) return null;
    if (!isObject(at) || !Object.hasOwn(at, field)) return undefined;
    at = at[field];
  }
  if (at === null || typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') return at;
  return Array.isArray(at) ? JSON.stringify(at) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
