import { conjuncts, type Filter } from '../filter.ts';
import type { SourceKey } from '../mapping.ts';
import type { Row, RowWire } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import { SourceError } from '../source-error.ts';
import type { SoapCall, SoapEntity } from './declaration.ts';
import { putAt, rowOf, rowsAt, type Elements } from './elements.ts';
import type { SoapClient } from './soap-client.ts';

export interface SoapWireOptions {
  readonly agency: string;
  readonly client: SoapClient;
  readonly onStatement: (text: string) => void;
}

/** Rows of one record type from a SOAP service, asked for as its declaration says. */
export function soapWire(entity: MappedEntity, soap: SoapEntity, options: SoapWireOptions): RowWire {
  const { agency, client, onStatement } = options;
  const malformed = (what: string): SourceError =>
    new SourceError(agency, `the ${agency} source gave an answer that ${what}`, { fault: 'MALFORMED' });

  const rowsOf = async function* (
    call: SoapCall,
    message: Elements,
    said: string[],
    { columns, wanted, signal }: { columns: readonly string[]; wanted: number; signal: AbortSignal },
  ): AsyncGenerator<readonly Row[]> {
    if (call.columns !== undefined)
      putAt(
        message,
        call.columns,
        columns.map((c) => nameOf(c, soap)),
      );
    const ask = async (): Promise<readonly Elements[]> => {
      signal.throwIfAborted();
      onStatement(`SOAP ${call.operation}${said.map((s) => ` ${s}=?`).join('')} columns=${columns.join(',')}`);
      const rows = rowsAt(await client.call(call.operation, message, signal), call.rows);
      if (rows === null) throw malformed('has something else where rows should be');
      return rows;
    };
    const { paging } = call;
    if (paging.kind === 'none') {
      yield (await ask()).map((row) => rowOf(row, columns, soap));
      return;
    }
    const size = Math.max(1, Math.min(paging.most, wanted));
    putAt(message, paging.size, size);
    const seen = new Set<string>();
    for (let page = paging.first; ; page += 1) {
      putAt(message, paging.page, page);
      const rows = await ask();
      if (rows.length > size) throw malformed('holds more rows than a page may have');
      // A service that ignores the page's number gives the same page for ever.
      const text = JSON.stringify(rows);
      if (rows.length > 0 && seen.has(text)) throw malformed('leads back to a page that was there');
      seen.add(text);
      yield rows.map((row) => rowOf(row, columns, soap));
      if (rows.length < size) return;
    }
  };

  return {
    keysByCall: (column) => soap.keys[column]?.most ?? 0,
    byKeys(ask) {
      const keys = soap.keys[ask.column];
      if (keys === undefined)
        throw new TypeError(`${entity.type} is not found by ${ask.column} in the ${agency} source`);
      const call = keys.call ?? soap.list;
      const message: Elements = {};
      putAt(message, keys.element, [...ask.keys]);
      const said = [keys.element.join('.'), ...pushFilters(ask.rows, call, entity, message, [keys.element.join('.')])];
      return rowsOf(call, message, said, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
    },
    scan(ask) {
      const message: Elements = {};
      return rowsOf(soap.list, message, pushFilters(ask.rows, soap.list, entity, message, []), ask);
    },
    // Operations of this kind know no order: what a page needs is sorted where it arrives.
    inOrder: () => false,
  };
}

/** Tells the service what it can compare of a filter, each element once; names what was told. */
function pushFilters(
  filter: Filter,
  { filters = {} }: SoapCall,
  { mapping }: MappedEntity,
  message: Elements,
  taken: readonly string[],
): string[] {
  const said: string[] = [];
  const put = (path: readonly string[] | undefined, value: unknown): void => {
    if (path === undefined || taken.includes(path.join('.')) || said.includes(path.join('.'))) return;
    putAt(message, path, value);
    said.push(path.join('.'));
  };
  for (const test of conjuncts(filter)) {
    if (test.kind !== 'in' && test.kind !== 'range') continue;
    const found = mapping[test.field];
    const [column = ''] = found?.columns ?? [];
    const write = found?.write;
    const known = filters[column];
    if (known === undefined || write === undefined || found?.columns.length !== 1) continue;
    if (test.kind === 'in') {
      const values = test.values.map((v) => write(v)).filter((v): v is SourceKey => v !== null && v !== '');
      if (values.length > 0) put(known.in, values);
      continue;
    }
    const from = test.from === undefined ? null : write(test.from);
    const before = test.before === undefined ? null : write(test.before);
    if (from !== null) put(known.from, from);
    if (before !== null) put(known.before, before);
  }
  return said;
}

/** What the service calls a column: the elements that lead to it. */
function nameOf(column: string, { at = {} }: SoapEntity): string {
  return at[column]?.join('/') ?? column;
}
