import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import type { SourceKey, SourceValue } from '../mapping.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { RowTest } from '../simulate/row-store.ts';
import type { MappedEntity, Simulation, Simulator } from '../source.ts';
import type { GraphqlArgument, GraphqlEntity, GraphqlList } from './declaration.ts';
import type { GraphqlService } from './graphql-driver.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Resolver = (given: Arguments) => unknown;

/** A GraphQL service with the fields that the declaration asks for, over rows of ours. */
export async function simulateGraphql(simulation: Simulation, service: GraphqlService): Promise<Simulator> {
  const { schema, root } = remoteSchema(simulation, service);
  const server = createServer((request, response) => {
    const respond = (status: number, json: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(json));
    };
    bodyOf(request)
      .then(async (body) => {
        const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
        const result = await graphql({ schema, source: query, rootValue: root, variableValues: variables ?? {} });
        respond(result.data === undefined ? 400 : 200, result);
      })
      .catch(() => respond(500, { errors: [{ message: 'the service failed' }] }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    settings: sourceSettings.parse({ kind: 'graphql', url: `http://127.0.0.1:${port}/graphql` }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function remoteSchema(
  simulation: Simulation,
  service: GraphqlService,
): { readonly schema: GraphQLSchema; readonly root: Readonly<Record<string, Resolver>> } {
  const types: string[] = ['scalar Any', 'type PageInfo { hasNextPage: Boolean! endCursor: String }'];
  const fields = new Map<string, { arguments: Map<string, string>; type: string }>();
  const root: Record<string, Resolver> = {};
  for (const entity of simulation.entities) {
    const remote = service[entity.type];
    if (remote === undefined) continue;
    types.push(...rowTypes(entity.type, simulation.rows.columns(entity.type), remote));
    const lists = new Map<string, { list: GraphqlList; keys: [column: string, argument: GraphqlArgument][] }>();
    lists.set(remote.list.field, { list: remote.list, keys: [] });
    for (const [column, keys] of Object.entries(remote.keys)) {
      if (keys.kind === 'single') {
        fields.set(keys.field, {
          arguments: new Map([[keys.argument.name, keys.argument.type]]),
          type: `Row_${entity.type}`,
        });
        root[keys.field] = (given) => {
          const values = [given[keys.argument.name] as SourceKey];
          const [row] = simulation.rows.select(entity.type, { where: [{ column, op: 'in', values }], limit: 1 });
          return row === undefined ? null : shaped(row, remote);
        };
        continue;
      }
      const list = keys.through ?? remote.list;
      const known = lists.get(list.field) ?? { list, keys: [] };
      known.keys.push([column, keys.argument]);
      lists.set(list.field, known);
    }
    for (const { list, keys } of lists.values()) {
      fields.set(list.field, { arguments: argumentsOf(list, keys), type: listType(entity.type, list, types) });
      root[list.field] = (given) => listed(simulation, entity, remote, list, keys, given);
    }
  }
  const query = [...fields].map(([name, { arguments: of, type }]) => {
    const list = [...of].map(([argument, t]) => `${argument}: ${t.replace(/!$/, '')}`).join(', ');
    return `${name}${list === '' ? '' : `(${list})`}: ${type}`;
  });
  return { schema: buildSchema([...types, `type Query { ${query.join(' ')} }`].join('\n')), root };
}

/** The types of a row: columns at their places, objects on the way. */
function rowTypes(type: string, columns: readonly string[], { at = {} }: GraphqlEntity): string[] {
  const made = new Map<string, Map<string, string>>();
  for (const column of columns) {
    const path = at[column] ?? [column];
    let of = `Row_${type}`;
    path.forEach((field, i) => {
      const fields = made.get(of) ?? new Map<string, string>();
      made.set(of, fields);
      const next = `${of}_${field}`;
      fields.set(field, i === path.length - 1 ? 'Any' : next);
      of = next;
    });
  }
  return [...made].map(
    ([name, fields]) => `type ${name} { ${[...fields].map(([field, of]) => `${field}: ${of}`).join(' ')} }`,
  );
}

function listType(type: string, list: GraphqlList, types: string[]): string {
  const { paging } = list;
  const total = paging.kind === 'offset' && paging.total !== undefined ? ` ${paging.total}: Int!` : '';
  const info = paging.kind === 'relay' ? ' pageInfo: PageInfo!' : total;
  return list.rows.toReversed().reduce((inner, field, i) => {
    const name = `${list.field}_${type}_${field}`;
    types.push(`type ${name} { ${field}: ${inner}${i === list.rows.length - 1 ? info : ''} }`);
    return name;
  }, `[Row_${type}!]`);
}

function argumentsOf(
  { filters = {}, paging, order }: GraphqlList,
  keys: readonly (readonly [string, GraphqlArgument])[],
): Map<string, string> {
  const all: (GraphqlArgument | undefined)[] = [
    ...keys.map(([, argument]) => argument),
    ...Object.values(filters).flatMap((f) => [f.in, f.prefix, f.from, f.before, f.upTo]),
    order?.argument,
    ...(paging.kind === 'offset' ? [paging.offset, paging.limit] : []),
    ...(paging.kind === 'relay'
      ? [
          { name: 'first', type: 'Int' },
          { name: 'after', type: 'String' },
        ]
      : []),
  ];
  return new Map(all.filter((a) => a !== undefined).map((a) => [a.name, a.type]));
}

function listed(
  { rows }: Simulation,
  entity: MappedEntity,
  remote: GraphqlEntity,
  { filters = {}, paging, order, rows: path }: GraphqlList,
  keys: readonly (readonly [string, GraphqlArgument])[],
  given: Arguments,
): unknown {
  const where: RowTest[] = keys.flatMap(([column, { name }]): RowTest[] =>
    given[name] === undefined ? [] : [{ column, op: 'in', values: given[name] as SourceKey[] }],
  );
  for (const [column, of] of Object.entries(filters)) {
    const value = (argument: GraphqlArgument | undefined): unknown =>
      argument === undefined ? undefined : given[argument.name];
    if (value(of.in) !== undefined) where.push({ column, op: 'in', values: value(of.in) as SourceKey[] });
    const prefixes = (value(of.prefix) ?? []) as SourceKey[];
    if (prefixes.length === 1 && prefixes[0] !== undefined) where.push({ column, op: 'prefix', value: prefixes[0] });
    if (value(of.from) !== undefined) where.push({ column, op: '>=', value: value(of.from) as SourceKey });
    if (value(of.before) !== undefined) where.push({ column, op: '<', value: value(of.before) as SourceKey });
    if (value(of.upTo) !== undefined) where.push({ column, op: '<=', value: value(of.upTo) as SourceKey });
  }
  const size = paging.kind === 'none' ? 1_000_000 : Math.min(paging.most, sizeOf(paging, given));
  const offset =
    paging.kind === 'offset'
      ? Number(given[paging.offset.name] ?? 0)
      : paging.kind === 'relay'
        ? Number(given['after'] ?? 0)
        : 0;
  const found = rows.select(entity.type, { where, orderBy: orderBy(order, given, entity), limit: size + 1, offset });
  const list = found.slice(0, size).map((row) => shaped(row, remote));
  const whole = path.toReversed().reduce<unknown>((inner, field) => ({ [field]: inner }), list);
  if (paging.kind === 'offset' && paging.total !== undefined)
    return { ...(whole as object), [paging.total]: rows.count(entity.type, where) };
  if (paging.kind !== 'relay') return whole;
  const pageInfo = { hasNextPage: found.length > size, endCursor: String(offset + list.length) };
  return { ...(whole as object), pageInfo };
}

function sizeOf(paging: Exclude<GraphqlList['paging'], { kind: 'none' }>, given: Arguments): number {
  return Number(given[paging.kind === 'offset' ? paging.limit.name : 'first'] ?? paging.most);
}

function orderBy(
  order: GraphqlList['order'],
  given: Arguments,
  { mapping, key }: MappedEntity,
): { column: string; direction: 'ASC' | 'DESC' }[] {
  const value = order === undefined ? undefined : given[order.argument.name];
  const name = Object.entries(order?.values ?? {}).find(([, v]) => v === value)?.[0] ?? `${key} ASC`;
  return name.split(', ').flatMap((part) => {
    const [field = '', direction] = part.split(' ');
    const [column] = mapping[field]?.columns ?? [];
    return column === undefined ? [] : [{ column, direction: direction === 'DESC' ? 'DESC' : 'ASC' }];
  });
}

/** The row with its columns at their places. */
function shaped(row: Readonly<Record<string, SourceValue>>, { at = {} }: GraphqlEntity): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const path = at[column] ?? [column];
    let to = result;
    for (const field of path.slice(0, -1)) to = (to[field] ??= {}) as Record<string, unknown>;
    to[path.at(-1) ?? column] = value;
  }
  return result;
}
