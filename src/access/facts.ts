import {
  GraphQLError,
  Kind,
  parse,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { SdlModule } from '../connector/sdl-module.ts';
import { ConfigurationError, type Problem } from './problem.ts';

export type ShareCategory = 'UNCONDITIONAL' | 'CONDITIONAL' | 'NONE';
export type PersonalKind = 'PHONE' | 'NAME' | 'ID_NUMBER' | 'ADDRESS' | 'FREE_TEXT' | 'OTHER';

/** What the SDL says of one field of a shared type. */
export interface FieldFacts {
  readonly type: string;
  readonly field: string;
  /** `Type.field` */
  readonly coordinate: string;
  /** The agency that declares the field, and alone may grant it. */
  readonly owner: string;
  readonly description: string | null;
  readonly category: ShareCategory;
  readonly law: string | null;
  readonly grade: number;
  readonly personal: PersonalKind | null;
  readonly sensitive: boolean;
  /** Personal, but of somebody in office or business. */
  readonly official: boolean;
  /** Kept from the API: read by conditions and joins only. */
  readonly hidden: boolean;
  readonly nonNull: boolean;
  readonly list: boolean;
  /** Named type of the field. */
  readonly of: string;
}

/** Every field of every shared type, by coordinate. */
export interface SchemaFacts {
  readonly fields: ReadonlyMap<string, FieldFacts>;
  readonly types: ReadonlySet<string>;
  /** The values of each enum. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  fieldsOf(type: string): readonly FieldFacts[];
  /** The agency whose records these are: the one that declares what names them (the field that is never null). */
  ownerOf(type: string): string | undefined;
  /** Root fields that the hub answers itself, of queries and mutations. */
  readonly ownRoots: ReadonlySet<string>;
}

/** The owner of what the hub says itself: paging, catalogue, policy. None of it is an agency's data. */
export const hubItself = 'hub';
const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);
/** A root of the hub's that lists agencies' records, through the gate like the connectors' own. */
const gatedRoots = new Set(['myCases']);
/** Fields of connections and edges that only hold the records; `totalCount` is data and needs its category. */
const structural = new Set(['nodes', 'edges', 'pageInfo', 'cursor', 'node']);

/** Collects the facts. Throws `ConfigurationError` naming each field without a category or grade, with file and line. */
export function schemaFacts(modules: readonly SdlModule[]): SchemaFacts {
  const fields = new Map<string, FieldFacts>();
  const byType = new Map<string, FieldFacts[]>();
  const enums = new Map<string, readonly string[]>();
  const ownRoots = new Set<string>();
  const problems: Problem[] = [];
  for (const module of modules) {
    for (const definition of read(module).definitions) {
      if (definition.kind === Kind.ENUM_TYPE_DEFINITION)
        enums.set(definition.name.value, definition.values?.map((value) => value.name.value) ?? []);
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      const type = definition.name.value;
      // A subscription's answers are those of a query: it has no root of its own.
      if (module.agency === hubItself && rootTypes.has(type) && type !== 'Subscription')
        for (const { name } of definition.fields ?? []) if (!gatedRoots.has(name.value)) ownRoots.add(name.value);
      if (module.agency === hubItself || rootTypes.has(type)) continue;
      const paging = /(Connection|Edge)$/.test(type);
      for (const field of definition.fields ?? []) {
        if (
          field.name.value === 'access' ||
          directive(field, 'external') ||
          (paging && structural.has(field.name.value))
        )
          continue;
        const facts = fieldFacts(module, type, field, problems);
        if (facts === undefined) continue;
        const before = fields.get(facts.coordinate);
        if (before !== undefined && before.owner !== facts.owner) {
          problems.push(
            at(
              module,
              field,
              `${facts.coordinate} is also declared by ${before.owner}: one agency owns a field, mark the other @external`,
            ),
          );
          continue;
        }
        fields.set(facts.coordinate, facts);
        const of = byType.get(type);
        if (of === undefined) byType.set(type, [facts]);
        else of.push(facts);
      }
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    fields,
    types: new Set(byType.keys()),
    enums,
    fieldsOf: (type) => byType.get(type) ?? [],
    ownerOf: (type) => (byType.get(type)?.find((f) => f.nonNull) ?? byType.get(type)?.[0])?.owner,
    ownRoots,
  };
}

/** The module's SDL as a document. Throws `ConfigurationError` with the line of a syntax error. */
export function read(module: SdlModule): DocumentNode {
  try {
    return parse(module.sdl);
  } catch (error) {
    const line = error instanceof GraphQLError ? error.locations?.[0]?.line : undefined;
    const message = `not valid SDL: ${error instanceof Error ? error.message : 'unreadable'}`;
    throw new ConfigurationError([
      line === undefined ? { file: module.file, message } : { file: module.file, line, message },
    ]);
  }
}

function fieldFacts(
  module: SdlModule,
  type: string,
  field: FieldDefinitionNode,
  problems: Problem[],
): FieldFacts | undefined {
  const coordinate = `${type}.${field.name.value}`;
  const share = directive(field, 'share');
  const grade = directive(field, 'grade');
  const personal = directive(field, 'personal');
  const named = namedType(field.type);
  if (share === undefined)
    problems.push(
      at(
        module,
        field,
        `${coordinate} has no sharing category; add @share(category: UNCONDITIONAL | CONDITIONAL | NONE)`,
      ),
    );
  if (grade === undefined) problems.push(at(module, field, `${coordinate} has no grade; add @grade(level: 1…4)`));
  if (personal === undefined && (named === 'Phone' || named === 'ResidentId')) {
    problems.push(at(module, field, `${coordinate} is of type ${named}, so it is personal; add @personal(kind: …)`));
  }
  if (share === undefined || grade === undefined) return undefined;
  const category = argument(share, 'category');
  const level = Number(argument(grade, 'level'));
  const law = argument(share, 'law');
  if (category !== 'UNCONDITIONAL' && category !== 'CONDITIONAL' && category !== 'NONE') {
    problems.push(
      at(module, field, `${coordinate} has an unknown sharing category; use UNCONDITIONAL, CONDITIONAL or NONE`),
    );
    return undefined;
  }
  if (category === 'NONE' && law === undefined)
    problems.push(at(module, field, `${coordinate} is not shared, which needs its legal ground; add law: "…"`));
  if (!Number.isInteger(level) || level < 1 || level > 4)
    problems.push(at(module, field, `${coordinate} has a grade outside 1 to 4`));
  return {
    type,
    field: field.name.value,
    coordinate,
    owner: module.agency,
    description: field.description?.value ?? null,
    category,
    law: law ?? null,
    grade: level,
    personal: personal === undefined ? null : (argument(personal, 'kind') as PersonalKind),
    sensitive: personal !== undefined && argument(personal, 'sensitive') === 'true',
    official: personal !== undefined && argument(personal, 'official') === 'true',
    hidden: directive(field, 'inaccessible') !== undefined,
    nonNull: field.type.kind === Kind.NON_NULL_TYPE,
    list: isList(field.type),
    of: named,
  };
}

function at(module: SdlModule, node: DefinitionNode | FieldDefinitionNode, message: string): Problem {
  const line = node.loc?.startToken.line;
  return line === undefined ? { file: module.file, message } : { file: module.file, line, message };
}

function directive(field: FieldDefinitionNode, name: string): ConstDirectiveNode | undefined {
  return field.directives?.find((d) => d.name.value === name);
}

function argument(node: ConstDirectiveNode, name: string): string | undefined {
  const value = node.arguments?.find((a) => a.name.value === name)?.value;
  if (value === undefined) return undefined;
  return value.kind === Kind.BOOLEAN ? String(value.value) : 'value' in value ? value.value : undefined;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}
