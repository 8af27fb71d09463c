import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { listen, WSDL } from 'soap';
import { projectRoot } from '../../schema/project-root.ts';
import type { SourceKey } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { RowTest } from '../simulate/row-store.ts';
import type { MappedEntity, Simulation, Simulator } from '../source.ts';
import type { SoapCall, SoapEntity, SoapService } from './declaration.ts';
import { attributesKey, elementAt, isElements, putAt, valueKey, type Elements } from './elements.ts';

/** A service of the same WSDL over rows of ours. */
export async function simulateSoap(simulation: Simulation, service: SoapService): Promise<Simulator> {
  const path = resolve(projectRoot, service.wsdl);
  const xml = readFileSync(path, 'utf8');
  const server = createServer((_request, response) => {
    response.writeHead(404);
    response.end();
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', done);
  });
  const services = await servicesOf(xml, path, (operation, message) => answer(operation, message, simulation, service));
  listen(server, {
    path: '/',
    xml,
    uri: path,
    services,
    suppressStack: true,
    attributesKey,
    valueKey,
    forceSoap12Headers: service.soap12 === true,
  });
  const { port } = server.address() as AddressInfo;
  return {
    settings: sourceSettings.parse({ kind: 'soap', url: `http://127.0.0.1:${port}/` }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

type Handler = (message: unknown) => unknown;
type Services = Record<string, Record<string, Record<string, Handler>>>;

/** One handler for every operation of the WSDL. */
async function servicesOf(
  xml: string,
  path: string,
  handle: (operation: string, message: unknown) => unknown,
): Promise<Services> {
  const wsdl = new WSDL(xml, path, {});
  await new Promise<void>((done, failed) => wsdl.onReady((error: Error | null) => (error ? failed(error) : done())));
  const services: Services = {};
  for (const [service, ports] of Object.entries(wsdl.describeServices())) {
    services[service] = {};
    for (const [port, operations] of Object.entries(ports as Elements)) {
      const handlers: Record<string, Handler> = {};
      for (const operation of Object.keys(operations as Elements))
        handlers[operation] = (message) => handle(operation, message);
      services[service][port] = handlers;
    }
  }
  return services;
}

function answer(operation: string, message: unknown, { entities, rows }: Simulation, service: SoapService): Elements {
  for (const entity of entities) {
    const soap = service.entities[entity.type];
    if (soap === undefined) continue;
    const keys = Object.entries(soap.keys).filter(([, k]) => (k.call ?? soap.list).operation === operation);
    const call = keys[0]?.[1].call ?? soap.list;
    if (call.operation !== operation) continue;
    const where = keys.flatMap(([column, { element }]): RowTest[] => inTest(column, elementAt(message, element)));
    const found = select(message, [...where, ...testsOf(call, message)], call, entity, rows);
    const asked = call.columns === undefined ? null : new Set(listOf(elementAt(message, call.columns)).map(String));
    const response: Elements = {};
    putAt(
      response,
      call.rows,
      found.map((row) => written(row, soap, asked)),
    );
    return response;
  }
  throw new TypeError(`nothing answers ${operation}`);
}

function select(
  message: unknown,
  where: readonly RowTest[],
  { paging }: SoapCall,
  { type, key, mapping }: MappedEntity,
  rows: Simulation['rows'],
): Row[] {
  const [column] = mapping[key]?.columns ?? [];
  const orderBy = column === undefined ? [] : [{ column, direction: 'ASC' as const }];
  if (paging.kind === 'none') return rows.select(type, { where, orderBy });
  const size = Math.min(Number(textAt(message, paging.size) ?? paging.most), paging.most);
  const page = Number(textAt(message, paging.page) ?? paging.first) - paging.first;
  return rows.select(type, { where, orderBy, limit: size, offset: page * size });
}

function testsOf({ filters = {} }: SoapCall, message: unknown): RowTest[] {
  return Object.entries(filters).flatMap(([column, of]): RowTest[] => {
    const from = of.from === undefined ? null : textAt(message, of.from);
    const before = of.before === undefined ? null : textAt(message, of.before);
    return [
      ...(of.in === undefined ? [] : inTest(column, elementAt(message, of.in))),
      ...(from === null ? [] : [{ column, op: '>=' as const, value: from }]),
      ...(before === null ? [] : [{ column, op: '<' as const, value: before }]),
    ];
  });
}

function inTest(column: string, value: unknown): RowTest[] {
  const values = listOf(value);
  return values.length === 0 ? [] : [{ column, op: 'in', values }];
}

function listOf(value: unknown): SourceKey[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((v) => (typeof v === 'number' ? v : String(v)));
}

function textAt(message: unknown, path: readonly string[]): string | null {
  const found = elementAt(message, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}

/** The row as the service writes it: what is null is nil, or left out where the service does so. */
function written(row: Row, { at = {}, omitsNulls = false }: SoapEntity, asked: ReadonlySet<string> | null): Elements {
  const element: Elements = {};
  for (const [column, value] of Object.entries(row)) {
    const path = at[column] ?? [column];
    if (asked !== null && !asked.has(path.join('/'))) continue;
    const nil = { [attributesKey]: { 'xsi:nil': 'true' } };
    if (value === null && omitsNulls) continue;
    putColumn(element, path, value === null ? nil : value);
  }
  return element;
}

function putColumn(element: Elements, path: readonly string[], value: unknown): void {
  const last = path.at(-1) ?? '';
  if (!last.startsWith('@')) return putAt(element, path, value);
  const owner = elementAt(element, path.slice(0, -1));
  const attributes = isElements(owner) && isElements(owner[attributesKey]) ? owner[attributesKey] : {};
  putAt(element, [...path.slice(0, -1), attributesKey], { ...attributes, [last.slice(1)]: value });
}
