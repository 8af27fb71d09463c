import type { IncomingMessage } from 'node:http';
import { text as bodyOf } from 'node:stream/consumers';
import { spellings, type RowTest } from '../simulate/row-store.ts';
import type { ListParameter, RestCall } from './declaration.ts';
import { isObject } from './members.ts';

/** What a simulated service was asked for: its parameters, from the query or the body. */
export type Asked = ReadonlyMap<string, readonly string[]>;

export async function askedOf(request: IncomingMessage, url: URL): Promise<Asked> {
  const found = new Map<string, readonly string[]>();
  for (const name of url.searchParams.keys()) found.set(name, url.searchParams.getAll(name));
  if (request.method === 'POST') flatten(JSON.parse(await bodyOf(request)), [], found);
  return found;
}

/** Members of objects in objects under their names with dots between, as a declaration names them. */
function flatten(value: unknown, path: readonly string[], into: Map<string, readonly string[]>): void {
  if (isObject(value)) for (const [name, member] of Object.entries(value)) flatten(member, [...path, name], into);
  else into.set(path.join('.'), Array.isArray(value) ? value.map(String) : [String(value)]);
}

export function valuesOf(
  { name, separator }: ListParameter,
  { method }: Pick<RestCall, 'method'>,
  asked: Asked,
): readonly string[] {
  const values = asked.get(name) ?? [];
  return separator === undefined || method === 'POST' ? values : values.flatMap((v) => v.split(separator));
}

/** The whole number under this name; `preset` where it was not asked for. */
export function wholeOf(name: string, asked: Asked, preset: number): number {
  return Number(asked.get(name)?.[0] ?? preset);
}

export function keyTest(column: string, parameter: ListParameter, call: RestCall, asked: Asked): RowTest {
  return { column, op: 'in', values: valuesOf(parameter, call, asked).flatMap(spellings) };
}

/** The call's filters that were asked for. */
export function filterTests(call: RestCall, asked: Asked): RowTest[] {
  return Object.entries(call.filters ?? {}).flatMap(([column, of]): RowTest[] => {
    const bound = (name: string | undefined, op: '>=' | '<' | '<='): RowTest[] => {
      const value = name === undefined ? undefined : asked.get(name)?.[0];
      return value === undefined ? [] : [{ column, op, value }];
    };
    const prefixes = of.prefix === undefined ? [] : valuesOf(of.prefix, call, asked);
    return [
      ...(of.in !== undefined && asked.has(of.in.name) ? [keyTest(column, of.in, call, asked)] : []),
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
