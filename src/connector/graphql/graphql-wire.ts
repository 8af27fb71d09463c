import type { SortKey } from '../connector.ts';
import type { KeyAsk, Row, RowWire, ScanAsk } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import type { Batcher } from './batcher.ts';
import type { GraphqlEntity, GraphqlKeys, GraphqlList } from './declaration.ts';
import { pagesOf } from './pages.ts';
import { selectionOf } from './part.ts';
import { Arguments, pushFilters, startBehind } from './push-filters.ts';
import { pathOf, readRow, type RowForm } from './read-row.ts';

/** Rows of one record type from a GraphQL service, asked for as its declaration says. */
export function graphqlWire(entity: MappedEntity, remote: GraphqlEntity, agency: string, batcher: Batcher): RowWire {
  const form: RowForm = { ...remote, agency, key: entity.mapping[entity.key]?.columns[0] ?? '' };

  const listRows = async function* (
    list: GraphqlList,
    given: Arguments,
    { columns, wanted, signal }: Pick<ScanAsk, 'columns' | 'wanted' | 'signal'>,
  ): AsyncGenerator<readonly Row[]> {
    const paths = columns.map((c) => pathOf(remote, c));
    const ask = batcher.ask.bind(batcher);
    const pages = pagesOf({ agency, list, given: given.all(), paths, wanted, ask: (part) => ask(part, signal) });
    for await (const page of pages) yield page.map((one) => readRow(form, one, columns));
  };

  const listed = async function* (
    keys: Extract<GraphqlKeys, { kind: 'list' }>,
    ask: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    const list = keys.through ?? remote.list;
    const given = new Arguments();
    given.give(keys.argument, ask.keys);
    pushFilters(ask.rows, list, entity.mapping, given);
    sortSomehow(list, given);
    yield* listRows(list, given, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
  };

  /** One alias a key; the batcher puts them into one document. */
  const singles = async function* (
    { field, argument, most }: Extract<GraphqlKeys, { kind: 'single' }>,
    ask: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    const selection = selectionOf(ask.columns.map((c) => pathOf(remote, c)));
    const found = await Promise.all(
      ask.keys.map((value) => batcher.ask({ field, arguments: [{ ...argument, value }], selection, most }, ask.signal)),
    );
    yield found.filter((value) => value !== null).map((value) => readRow(form, value, ask.columns));
  };

  return {
    keysByCall: (column) => remote.keys[column]?.most ?? 0,
    byKeys(ask) {
      const keys = remote.keys[ask.column];
      if (keys === undefined)
        throw new TypeError(`${entity.type} is not found by ${ask.column} in the ${agency} source`);
      return keys.kind === 'single' ? singles(keys, ask) : listed(keys, ask);
    },
    scan(ask) {
      const { list } = remote;
      const given = new Arguments();
      const told = pushFilters(ask.rows, list, entity.mapping, given);
      const order = list.order?.values[orderName(ask.order)];
      if (order === undefined) {
        sortSomehow(list, given);
        return listRows(list, given, ask);
      }
      given.give(list.order?.argument, order);
      const begun = ask.after === undefined || startBehind(ask.order, ask.after, list, entity.mapping, given);
      // Rows that are dropped here make room for others: then pages as large as they come cost fewer calls.
      return listRows(list, given, told && begun ? ask : { ...ask, wanted: Number.MAX_SAFE_INTEGER });
    },
    inOrder: (order) => remote.list.order?.values[orderName(order)] !== undefined,
  };
}

/** Offsets into rows without an order of their own could leave rows out between two pages: any order will do. */
function sortSomehow({ order, paging }: GraphqlList, given: Arguments): void {
  const [any] = Object.values(order?.values ?? {});
  if (paging.kind === 'offset' && any !== undefined) given.give(order?.argument, any);
}

/** An order as a declaration names it: `callTime DESC, incidentNo DESC`. */
function orderName(order: readonly SortKey[]): string {
  return order.map((key) => `${key.field} ${key.direction}`).join(', ');
}
