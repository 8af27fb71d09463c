import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import { spellings, type RowTest } from '../simulate/row-store.ts';
import type { MappedEntity, Simulation, Simulator } from '../source.ts';
import { askedOf, filterTests, keyTest, valuesOf, wholeOf, type Asked } from './asked.ts';
import type { RestCall, RestEntity, RestService, RestSingleKey } from './declaration.ts';
import { merged, nested } from './members.ts';

interface Answer {
  readonly json: unknown;
  /** The next page's address, for a header `Link`. */
  readonly next?: string;
}

interface Place {
  readonly entity: MappedEntity;
  readonly rest: RestEntity;
  readonly rows: Simulation['rows'];
}

/** A service that answers as the declaration says, over rows of ours. */
export async function simulateRest(simulation: Simulation, service: RestService): Promise<Simulator> {
  const server = createServer((request, response) => {
    answer(request, simulation, service).then(
      (found) => send(response, found === null ? 404 : 200, found ?? { json: null }),
      () => send(response, 500, { json: { error: 'the service failed' } }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    settings: sourceSettings.parse({ kind: 'rest', url: `http://127.0.0.1:${port}` }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, { json, next }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }),
  });
  response.end(JSON.stringify(json));
}

/** Null for 404. */
async function answer(request: IncomingMessage, simulation: Simulation, service: RestService): Promise<Answer | null> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const asked = await askedOf(request, url);
  const { success } = service;
  const found =
    url.pathname === service.health ? { json: {} } : rowsFor(request.method, url, asked, simulation, service);
  if (found === null || success === undefined) return found;
  return { ...found, json: merged(found.json, nested(success.at, success.is[0])) };
}

function rowsFor(
  method: string | undefined,
  url: URL,
  asked: Asked,
  { entities, rows }: Simulation,
  service: RestService,
): Answer | null {
  const isCall = (call: RestCall): boolean =>
    method === call.method &&
    url.pathname === call.path &&
    Object.entries(call.fixed ?? {}).every(([name, value]) => asked.get(name)?.[0] === String(value));
  for (const entity of entities) {
    const rest = service.entities[entity.type];
    if (rest === undefined) continue;
    const place = { entity, rest, rows };
    for (const [column, keys] of Object.entries(rest.keys)) {
      if (keys.kind === 'single') {
        const key = method === 'GET' ? keyIn(url.pathname, keys.path) : null;
        if (key !== null) return single(column, key, keys, asked, place);
        continue;
      }
      const call = keys.call ?? rest.list;
      if (isCall(call) && asked.has(keys.parameter.name))
        return listed(call, url, asked, place, [keyTest(column, keys.parameter, call, asked)]);
    }
    if (isCall(rest.list)) return listed(rest.list, url, asked, place, []);
  }
  return null;
}

function keyIn(path: string, template: string): string | null {
  const [before = '', after = ''] = template.split('{key}');
  if (!path.startsWith(before) || !path.endsWith(after)) return null;
  const key = path.slice(before.length, path.length - after.length);
  return key === '' || key.includes('/') ? null : decodeURIComponent(key);
}

/** The record of its own key, or the list of those of another one's. */
function single(
  column: string,
  key: string,
  keys: RestSingleKey,
  asked: Asked,
  { entity, rest, rows }: Place,
): Answer | null {
  const columns = keys.columns === undefined ? null : new Set(valuesOf(keys.columns, { method: 'GET' }, asked));
  const found = rows.select(entity.type, { where: [{ column, op: 'in', values: spellings(key) }] });
  const shaped = found.map((row) => shape(row, rest, columns));
  if (!entity.mapping[entity.key]?.columns.includes(column)) return { json: nested(keys.rows, shaped) };
  return shaped.length === 0 ? null : { json: nested(keys.rows, shaped[0]) };
}

function listed(
  call: RestCall,
  url: URL,
  asked: Asked,
  { entity, rest, rows }: Place,
  keys: readonly RowTest[],
): Answer {
  const where = [...keys, ...filterTests(call, asked)];
  const columns = call.columns === undefined ? null : new Set(valuesOf(call.columns, call, asked));
  const order = orderBy(call, asked, entity);
  const { paging } = call;
  const select = (offset: number, limit: number): unknown[] =>
    rows.select(entity.type, { where, orderBy: order, limit, offset }).map((row) => shape(row, rest, columns));
  if (paging.kind === 'none') return { json: nested(rest.rows, select(0, 1_000_000)) };
  const size = Math.min(wholeOf(paging.kind === 'page' ? paging.size : paging.limit, asked, paging.most), paging.most);
  switch (paging.kind) {
    case 'page':
    case 'offset': {
      const offset =
        paging.kind === 'page'
          ? (wholeOf(paging.page, asked, paging.first) - paging.first) * size
          : wholeOf(paging.offset, asked, 0);
      const json = nested(rest.rows, select(offset, size));
      if (paging.total === undefined) return { json };
      return { json: merged(json, nested(paging.total, rows.count(entity.type, where))) };
    }
    case 'cursor':
    case 'link': {
      const from = wholeOf(paging.kind === 'cursor' ? paging.cursor : 'from', asked, 0);
      const found = select(from, size + 1);
      const json = nested(rest.rows, found.slice(0, size));
      if (found.length <= size) return { json };
      if (paging.kind === 'cursor') return { json: merged(json, nested(paging.next, String(from + size))) };
      const next = new URL(url);
      next.searchParams.set('from', String(from + size));
      return { json, next: `${next.pathname}${next.search}` };
    }
  }
}

function orderBy(
  { order }: RestCall,
  asked: Asked,
  { mapping, key }: MappedEntity,
): { column: string; direction: 'ASC' | 'DESC' }[] {
  const value = order === undefined ? undefined : asked.get(order.name)?.[0];
  const name = Object.entries(order?.values ?? {}).find(([, v]) => v === value)?.[0] ?? `${key} ASC`;
  return name.split(', ').flatMap((part) => {
    const [field = '', direction] = part.split(' ');
    const [column] = mapping[field]?.columns ?? [];
    return column === undefined ? [] : [{ column, direction: direction === 'DESC' ? 'DESC' : 'ASC' }];
  });
}

/** The row as the service writes it: columns at their places, those that were not asked for left out. */
function shape(row: Row, { at = {}, omitsNulls = false }: RestEntity, columns: ReadonlySet<string> | null): unknown {
  let shaped: unknown = {};
  for (const [column, value] of Object.entries<SourceValue>(row)) {
    const path = at[column] ?? [column];
    if (columns !== null && !columns.has(path.join('.'))) continue;
    if (value === null && omitsNulls) continue;
    shaped = merged(shaped, nested(path, value ?? null));
  }
  return shaped;
}
