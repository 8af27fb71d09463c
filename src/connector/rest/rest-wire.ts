import { bulkhead } from 'cockatiel';
import type { SortKey } from '../connector.ts';
import { accepted, type HttpClient } from '../http/http-client.ts';
import type { KeyAsk, Row, RowWire, ScanAsk } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import type { RestCall, RestEntity, RestKeys } from './declaration.ts';
import { pagesOf } from './pages.ts';
import { Parameters } from './parameters.ts';
import { pushFilters } from './push-filters.ts';
import { malformed, memberAt, readJson, readRow, readRows } from './read-answer.ts';

export interface RestWireOptions {
  readonly agency: string;
  readonly url: string;
  readonly http: HttpClient;
  readonly onStatement: (text: string) => void;
}

/** Rows of one record type from an HTTP service, asked for as its declaration says. */
export function restWire(entity: MappedEntity, rest: RestEntity, options: RestWireOptions): RowWire {
  const { agency, url, http, onStatement } = options;

  const rowsOf = async function* (
    call: RestCall,
    parameters: Parameters,
    { columns, wanted, signal }: { columns: readonly string[]; wanted: number; signal: AbortSignal },
  ): AsyncGenerator<readonly Row[]> {
    if (call.columns !== undefined)
      parameters.setList(
        call.columns,
        columns.map((c) => memberName(c, rest)),
      );
    const rowsIn = (answer: unknown): number => {
      const list = memberAt(answer, rest.rows);
      return Array.isArray(list) ? list.length : 0;
    };
    const onCall = (): void => onStatement(parameters.describe(call));
    for await (const answer of pagesOf({ agency, http, call, parameters, wanted, signal, onCall, rowsIn, url }))
      yield readRows(agency, answer, rest.rows, columns, rest);
  };

  const singles = async function* (
    keys: Extract<RestKeys, { kind: 'single' }>,
    ask: KeyAsk,
  ): AsyncGenerator<readonly Row[]> {
    const sideBySide = bulkhead(keys.sideBySide, Number.MAX_SAFE_INTEGER);
    const found = await Promise.all(
      ask.keys.map((key) =>
        sideBySide.execute(async (): Promise<readonly Row[]> => {
          ask.signal.throwIfAborted();
          // Dots alone would lead to another path of the service, however they are encoded.
          if (key === '.' || key === '..') return [];
          onStatement(`GET ${keys.path.replace('{key}', '?')}`);
          const path = keys.path.replace('{key}', () => encodeURIComponent(key));
          const answer = await http.exchange({ method: 'GET', path, signal: ask.signal });
          if (answer.status === 404) return [];
          const json = readJson(agency, accepted(agency, answer).text);
          const at = memberAt(json, keys.rows);
          if (Array.isArray(at)) return at.map((one: unknown) => readRow(agency, one, ask.columns, rest));
          if (at === undefined) throw malformed(agency, 'has no row where one should be');
          return at === null ? [] : [readRow(agency, at, ask.columns, rest)];
        }),
      ),
    );
    yield found.flat();
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
      if (keys.kind === 'single') return singles(keys, ask);
      const call = keys.call ?? rest.list;
      const parameters = new Parameters();
      parameters.setList(keys.parameter, ask.keys);
      pushFilters(ask.rows, call, entity.mapping, parameters);
      return rowsOf(call, parameters, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
    },
    scan(ask) {
      const parameters = new Parameters();
      pushFilters(ask.rows, rest.list, entity.mapping, parameters);
      const order = rest.list.order?.values[orderName(ask.order)];
      if (rest.list.order !== undefined && order !== undefined && ask.order.length > 0) {
        parameters.set(rest.list.order.name, order);
        startBehind(ask, rest, entity, parameters);
      }
      return rowsOf(rest.list, parameters, ask);
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

/** What the service calls a column: the member that leads to it. */
function memberName(column: string, { at = {} }: RestEntity): string {
  return at[column]?.join('.') ?? column;
}
