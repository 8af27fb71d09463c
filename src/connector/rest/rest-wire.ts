import type { SortKey } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { KeyAsk, Row, RowWire, ScanAsk } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import type { RestCall, RestEntity, RestService } from './declaration.ts';
import { pagesOf } from './pages.ts';
import { fitsList, Parameters } from './parameters.ts';
import { pushFilters } from './push-filters.ts';
import { readJson, readRow } from './read-answer.ts';
import { singleKeys } from './single-keys.ts';

export interface RestWireOptions {
  readonly agency: string;
  readonly url: string;
  readonly success: RestService['success'];
  readonly http: HttpClient;
  readonly onStatement: (text: string) => void;
}

interface Asked {
  readonly columns: readonly string[];
  readonly wanted: number;
  readonly signal: AbortSignal;
}

/** Rows of one record type from an HTTP service, asked for as its declaration says. */
export function restWire(entity: MappedEntity, rest: RestEntity, options: RestWireOptions): RowWire {
  const { agency, http, success, onStatement } = options;

  const rowsOf = async function* (
    call: RestCall,
    parameters: Parameters,
    { columns, ...asked }: Asked,
  ): AsyncGenerator<readonly Row[]> {
    if (call.columns !== undefined) parameters.setList(call.columns, namesOf(columns, rest));
    const onCall = (): void => onStatement(parameters.describe(call));
    for await (const page of pagesOf({ ...options, ...asked, call, parameters, rows: rest.rows, onCall }))
      yield page.map((one) => readRow(agency, one, columns, rest));
  };

  const batch = async function* (
    keys: Extract<RestEntity['keys'][string], { kind: 'batch' }>,
    ask: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    const call = keys.call ?? rest.list;
    const fitting = ask.keys.filter((key) => fitsList(call, keys.parameter, key));
    if (fitting.length === 0) return;
    const parameters = new Parameters(call.fixed);
    parameters.setList(keys.parameter, fitting);
    pushFilters(ask.rows, call, entity.mapping, parameters);
    yield* rowsOf(call, parameters, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
  };

  const single = async function* (
    keys: Extract<RestEntity['keys'][string], { kind: 'single' }>,
    { column, columns, keys: list, signal }: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    yield await singleKeys({
      agency,
      http,
      single: keys,
      column,
      keys: list,
      names: namesOf(columns, rest),
      signal,
      onStatement,
      readJson: (text) => readJson(agency, text, success),
      readRow: (one) => readRow(agency, one, columns, rest),
    });
  };

  return {
    keysByCall(column) {
      const keys = rest.keys[column];
      return keys === undefined ? 0 : keys.kind === 'batch' ? keys.most : Number.MAX_SAFE_INTEGER;
    },
    byKeys(ask) {
      const keys = rest.keys[ask.column];
      if (keys === undefined)
        throw new TypeError(`${entity.type} is not found by ${ask.column} in the ${agency} source`);
      return keys.kind === 'single' ? single(keys, ask) : batch(keys, ask);
    },
    scan(ask) {
      const { list } = rest;
      const parameters = new Parameters(list.fixed);
      const told = pushFilters(ask.rows, list, entity.mapping, parameters);
      const order = list.order?.values[orderName(ask.order)];
      if (list.order === undefined || order === undefined) return rowsOf(list, parameters, ask);
      parameters.set(list.order.name, order);
      startBehind(ask, rest, entity, parameters);
      // Rows that are dropped here make room for others: then pages as large as they come cost fewer calls.
      return rowsOf(list, parameters, { ...ask, wanted: told ? ask.wanted : Number.MAX_SAFE_INTEGER });
    },
    inOrder: (order) => rest.list.order?.values[orderName(order)] !== undefined,
  };
}

/** An order as a declaration names it: `callTime DESC, incidentNo DESC`. */
function orderName(order: readonly SortKey[]): string {
  return order.map((key) => `${key.field} ${key.direction}`).join(', ');
}

/** A page that goes on is asked for from its first sort key's value on, where the service compares it. */
function startBehind(ask: ScanAsk, rest: RestEntity, { mapping }: MappedEntity, to: Parameters): void {
  const [first] = ask.order;
  const [value] = ask.after ?? [];
  const found = first === undefined ? undefined : mapping[first.field];
  const [column = ''] = found?.columns ?? [];
  const known = rest.list.filters?.[column];
  const name = first?.direction === 'ASC' ? known?.from : known?.upTo;
  const written = value === undefined ? null : (found?.write?.(value) ?? null);
  if (name !== undefined && written !== null && !to.has(name)) to.set(name, written);
}

/** What the service calls columns: the members that lead to them. */
function namesOf(columns: readonly string[], { at = {} }: RestEntity): string[] {
  return columns.map((column) => at[column]?.join('.') ?? column);
}
