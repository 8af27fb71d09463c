import { malformed } from '../rows/malformed.ts';
import type { KeyAsk, Row, RowWire } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';
import type { SoapCall, SoapEntity } from './declaration.ts';
import { nameOf, putAt, type Elements } from './message.ts';
import { pagesOf } from './pages.ts';
import { pushFilters } from './push-filters.ts';
import { rowOf, type Typed } from './read-rows.ts';
import type { SoapClient } from './soap-client.ts';
import { Unread } from './xml-element.ts';
import { isSayable } from './xml-text.ts';

export interface SoapWireOptions {
  readonly agency: string;
  readonly client: SoapClient;
  readonly onStatement: (text: string) => void;
}

interface Asked {
  readonly columns: readonly string[];
  readonly wanted: number;
  readonly signal: AbortSignal;
}

/** Rows of one record type from a SOAP service, asked for as its declaration says. */
export function soapWire(entity: MappedEntity, soap: SoapEntity, options: SoapWireOptions): RowWire {
  const { agency, client, onStatement } = options;

  /** `said` names the elements that the message has so far. */
  const rowsOf = async function* (
    call: SoapCall,
    message: Elements,
    said: readonly string[],
    { columns, wanted, signal }: Asked,
  ): AsyncGenerator<readonly Row[]> {
    if (call.columns !== undefined)
      putAt(
        message,
        call.columns,
        columns.map((c) => nameOf(c, soap)),
      );
    const ask = (asked: Elements): Promise<Typed> => {
      signal.throwIfAborted();
      onStatement(`SOAP ${call.operation}${said.map((s) => ` ${s}=?`).join('')} columns=${columns.join(',')}`);
      return client.call(call.operation, asked, signal);
    };
    try {
      for await (const page of pagesOf({ agency, call, message, wanted, ask }))
        yield page.map((row) => rowOf(row, columns, soap));
    } catch (error) {
      throw error instanceof Unread ? malformed(agency, error.message) : error;
    }
  };

  const byKeys = async function* (ask: KeyAsk): AsyncGenerator<readonly Row[]> {
    const keys = soap.keys[ask.column];
    if (keys === undefined) throw new TypeError(`${entity.type} is not found by ${ask.column} in the ${agency} source`);
    const sayable = ask.keys.filter(isSayable);
    if (sayable.length === 0) return;
    const call = keys.call ?? soap.list;
    const message: Elements = {};
    putAt(message, keys.element, sayable);
    const told = keys.element.join('.');
    const said = [told, ...pushFilters(ask.rows, call, entity.mapping, message, [told])];
    yield* rowsOf(call, message, said, { ...ask, wanted: Number.MAX_SAFE_INTEGER });
  };

  return {
    keysByCall: (column) => soap.keys[column]?.most ?? 0,
    byKeys,
    scan(ask) {
      const message: Elements = {};
      return rowsOf(soap.list, message, pushFilters(ask.rows, soap.list, entity.mapping, message, []), ask);
    },
    // Operations of this kind know no order: what a page needs is sorted where it arrives.
    inOrder: () => false,
  };
}
