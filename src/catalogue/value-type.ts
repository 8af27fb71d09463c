import { Kind, print, type TypeNode } from 'graphql';
import { read } from '../access/facts.ts';
import type { SdlModule } from '../connector/sdl-module.ts';
import { chineseName } from './field-words.ts';

/** What a field's values are. */
export interface ValueType {
  /** In GraphQL's notation: `[AgencyCode!]`. */
  readonly notation: string;
  /** In words: `列表, 部门标识`. */
  readonly words: string;
}

const builtIn: Readonly<Record<string, string>> = {
  ID: '标识',
  String: '文本',
  Int: '整数',
  Float: '小数',
  Boolean: '是否',
};

/** The types of all fields, by coordinate. A type is called by the name that its own description begins with. */
export function readValueTypes(modules: readonly SdlModule[]): ReadonlyMap<string, ValueType> {
  const definitions = modules.flatMap((m) => read(m).definitions);
  const names = new Map<string, string>(Object.entries(builtIn));
  for (const one of definitions) {
    if (
      one.kind !== Kind.SCALAR_TYPE_DEFINITION &&
      one.kind !== Kind.ENUM_TYPE_DEFINITION &&
      one.kind !== Kind.OBJECT_TYPE_DEFINITION
    )
      continue;
    const { value } = one.name;
    const name = chineseName(one.description?.value ?? null);
    if (name === null && names.has(value)) continue;
    const prefix =
      one.kind === Kind.ENUM_TYPE_DEFINITION ? '代码: ' : one.kind === Kind.OBJECT_TYPE_DEFINITION ? '记录: ' : '';
    names.set(value, `${prefix}${name ?? value}`);
  }
  const pages = new Map<string, TypeNode>();
  for (const one of definitions) {
    const nodes =
      one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value.endsWith('Connection')
        ? one.fields?.find((f) => f.name.value === 'nodes')
        : undefined;
    if (nodes !== undefined && one.kind === Kind.OBJECT_TYPE_DEFINITION) pages.set(one.name.value, nodes.type);
  }
  for (const [page, of] of pages) names.set(page, `分页${words(of, names)}`);
  const types = new Map<string, ValueType>();
  for (const one of definitions) {
    if (one.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name, type } of one.fields ?? [])
      types.set(`${one.name.value}.${name.value}`, { notation: print(type), words: words(type, names) });
  }
  return types;
}

function words(type: TypeNode, names: ReadonlyMap<string, string>): string {
  switch (type.kind) {
    case Kind.NON_NULL_TYPE:
      return words(type.type, names);
    case Kind.LIST_TYPE:
      return `列表, ${words(type.type, names)}`;
    case Kind.NAMED_TYPE:
      return names.get(type.name.value) ?? type.name.value;
  }
}
