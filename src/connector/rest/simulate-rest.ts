import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import type { SourceKey, SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { RowTest } from '../simulate/row-store.ts';
import type { MappedEntity, Simulation, Simulator } from '../source.ts';
import type { ListParameter, RestCall, RestEntity } from './declaration.ts';
import type { RestService } from './rest-driver.ts';

type Asked = ReadonlyMap<string, readonly string[]>;

interface Answer {
  readonly json: unknown;
  /** The next page's address, for a header `Link`. */
  readonly next?: string;
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
  if (url.pathname === service.health) return { json: { status: 'ok' } };
  const asked = await parametersOf(request, url);
  for (const entity of simulation.entities) {
    const rest = service.entities[entity.type];
    if (rest === undefined) continue;
    for (const [column, keys] of Object.entries(rest.keys)) {
      if (keys.kind === 'single') {
        const [before = '', after = ''] = keys.path.split('{key}');
        if (!url.pathname.startsWith(before) || !url.pathname.endsWith(after)) continue;
        const key = decodeURIComponent(url.pathname.slice(before.length, url.pathname.length - after.length));
        if (key === '' || key.includes('/')) continue;
        const rows = simulation.rows.select(entity.type, { where: [{ column, op: 'in', values: [key] }] });
        const [row] = rows;
        return row === undefined ? null : { json: nested(keys.rows, shape(row, rest, null)) };
      }
      const call = keys.call ?? rest.list;
      if (matches(request, url, call) && asked.has(keys.parameter.name))
        return listed(call, url, asked, entity, rest, simulation, [testOf(column, keys.parameter, asked)]);
    }
    if (matches(request, url, rest.list)) return listed(rest.list, url, asked, entity, rest, simulation, []);
  }
  return null;
}

function matches(request: IncomingMessage, url: URL, call: RestCall): boolean {
  return request.method === call.method && url.pathname === call.path;
}

async function parametersOf(request: IncomingMessage, url: URL): Promise<Asked> {
  const found = new Map<string, readonly string[]>();
  for (const name of url.searchParams.keys()) found.set(name, url.searchParams.getAll(name));
  if (request.method !== 'POST') return found;
  const body = JSON.parse(await bodyOf(request)) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(body))
    found.set(name, Array.isArray(value) ? value.map(String) : [String(value)]);
  return found;
}

function valuesOf({ name, separator }: ListParameter, asked: Asked): readonly string[] {
  const values = asked.get(name) ?? [];
  return separator === undefined ? values : values.flatMap((v) => v.split(separator));
}

function testOf(column: string, parameter: ListParameter, asked: Asked): RowTest {
  return { column, op: 'in', values: valuesOf(parameter, asked) };
}

function testsOf({ filters = {} }: RestCall, asked: Asked): RowTest[] {
  return Object.entries(filters).flatMap(([column, of]): RowTest[] => {
    const bound = (name: string | undefined, op: '>=' | '<' | '<='): RowTest[] => {
      const value: SourceKey | undefined = name === undefined ? undefined : asked.get(name)?.[0];
      return value === undefined ? [] : [{ column, op, value }];
    };
    const prefixes = of.prefix === undefined ? [] : valuesOf(of.prefix, asked);
    return [
      ...(of.in !== undefined && asked.has(of.in.name) ? [testOf(column, of.in, asked)] : []),
      // One prefix is compared; several are left to who asked.
      ...(prefixes.length === 1 && prefixes[0] !== undefined
        ? [{ column, op: 'prefix' as const, value: prefixes[0] }]
        : []),
      ...bound(of.from, '>='),
      ...bound(of.before, '<'),
      ...bound(of.upTo, '<='),
    ];
  });
}

function listed(
  call: RestCall,
  url: URL,
  asked: Asked,
  entity: MappedEntity,
  rest: RestEntity,
  { rows }: Simulation,
  keys: readonly RowTest[],
): Answer {
  const where = [...keys, ...testsOf(call, asked)];
  const columns = call.columns === undefined ? null : new Set(valuesOf(call.columns, asked));
  const order = orderBy(call, asked, entity);
  const { paging } = call;
  const whole = (name: string, preset: number): number => Number(asked.get(name)?.[0] ?? preset);
  const select = (offset: number, limit: number): unknown[] =>
    rows.select(entity.type, { where, orderBy: order, limit, offset }).map((row) => shape(row, rest, columns));
  const page = (offset: number, size: number): Answer => ({ json: nested(rest.rows, select(offset, size)) });
  switch (paging.kind) {
    case 'none':
      return page(0, 1_000_000);
    case 'page': {
      const size = Math.min(whole(paging.size, paging.most), paging.most);
      return page((whole(paging.page, paging.first) - paging.first) * size, size);
    }
    case 'offset':
      return page(whole(paging.offset, 0), Math.min(whole(paging.limit, paging.most), paging.most));
    case 'cursor':
    case 'link': {
      const size = Math.min(whole(paging.limit, paging.most), paging.most);
      const from = whole(paging.kind === 'cursor' ? paging.cursor : 'from', 0);
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

/** The value below these members. */
function nested(path: readonly string[], value: unknown): unknown {
  return path.toReversed().reduce<unknown>((inner, member) => ({ [member]: inner }), value);
}

function merged(a: unknown, b: unknown): unknown {
  if (!isObject(a) || !isObject(b)) return b;
  const result: Record<string, unknown> = { ...a };
  for (const [name, value] of Object.entries(b)) result[name] = name in a ? merged(a[name], value) : value;
  return result;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
