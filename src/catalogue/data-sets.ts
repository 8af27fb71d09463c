import { Kind, type ConstDirectiveNode, type ObjectTypeDefinitionNode, type TypeNode } from 'graphql';
import { hubItself, read, type FieldFacts, type SchemaFacts } from '../access/facts.ts';
import { byPlace, ConfigurationError, type Problem } from '../access/problem.ts';
import { suggestion } from '../access/suggestion.ts';
import type { Registry } from '../connector/registry.ts';
import type { SdlModule } from '../connector/sdl-module.ts';
import { isSourceFormat, sourceFormats, type SourceFormat } from './source-format.ts';
import { isUpdateFrequency, updateFrequencies, type UpdateFrequency } from './update-frequency.ts';

/** 数据集 — the records of one type that one agency provides: what `@dataset` says in the SDL. */
export interface DataSet {
  /** `agency/Type` */
  readonly id: string;
  readonly agency: string;
  readonly type: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly updateFrequency: UpdateFrequency;
  readonly format: SourceFormat;
}

/** What of a hub's contract the catalogue is made from. */
export interface CatalogueContract {
  readonly sdl: readonly SdlModule[];
  readonly facts: SchemaFacts;
  readonly registry: Pick<Registry, 'connectors' | 'relation'>;
}

/** The data set of every field that is no secret of the gate, by coordinate. */
export type DataSets = ReadonlyMap<string, DataSet>;

/**
 * Finds the data set of each field: that of its type; for a part, a match or a page, that of the records which it belongs
 * to; for a relation that an agency adds to another's type, that of the records which it leads to.
 *
 * Throws `ConfigurationError` for an `@dataset` that is not right and for each type whose fields are in none, with file
 * and line.
 */
export function readDataSets({ sdl, facts, registry }: CatalogueContract): DataSets {
  const declared = new Map<string, DataSet>();
  const places = new Map<string, { readonly module: SdlModule; readonly definition: ObjectTypeDefinitionNode }>();
  const pageOf = new Map<string, string>();
  const problems: Problem[] = [];
  for (const module of sdl) {
    for (const definition of read(module).definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || module.agency === hubItself) continue;
      const id = `${module.agency}/${definition.name.value}`;
      if (!places.has(id)) places.set(id, { module, definition });
      const nodes = definition.fields?.find((f) => f.name.value === 'nodes');
      if (nodes !== undefined && definition.name.value.endsWith('Connection'))
        pageOf.set(definition.name.value, namedType(nodes.type));
      const directive = definition.directives?.find((d) => d.name.value === 'dataset');
      if (directive === undefined) continue;
      if (declared.has(id)) problems.push(problemAt(module, definition, `${id} is described twice; keep one @dataset`));
      const dataSet = readOne(module, definition, directive, problems);
      if (dataSet !== undefined) declared.set(id, dataSet);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems.toSorted(byPlace));

  const owners = ownerTypes(facts, registry);
  const found = new Map<string, DataSet>();
  const missing = new Set<string>();
  for (const field of facts.fields.values()) {
    if (field.hidden) continue;
    const records = recordsOf(field, declared, pageOf, owners, registry);
    const id = `${field.owner}/${records}`;
    const dataSet = declared.get(id);
    if (dataSet !== undefined) found.set(field.coordinate, dataSet);
    else if (!missing.has(id)) {
      missing.add(id);
      const message = `${records} is no data set (${field.coordinate} stands in none); add @dataset(title: "…", updateFrequency: …, format: …) to the type`;
      const place = places.get(id);
      problems.push(
        place === undefined ? { file: field.owner, message } : problemAt(place.module, place.definition, message),
      );
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems.toSorted(byPlace));
  return found;
}

function readOne(
  module: SdlModule,
  definition: ObjectTypeDefinitionNode,
  directive: ConstDirectiveNode,
  problems: Problem[],
): DataSet | undefined {
  const type = definition.name.value;
  const fail = (message: string): undefined => void problems.push(problemAt(module, definition, message));
  const title = argument(directive, 'title')?.trim() ?? '';
  const frequency = argument(directive, 'updateFrequency') ?? '';
  const format = argument(directive, 'format') ?? '';
  if (title === '') fail(`the data set ${type} has no title; add title: "…"`);
  if (!isUpdateFrequency(frequency))
    return fail(
      `the data set ${type} has no known update frequency; use ${list(updateFrequencies)}.${suggestion(frequency, Object.keys(updateFrequencies))}`,
    );
  if (!isSourceFormat(format))
    return fail(
      `the data set ${type} has no known format; use ${list(sourceFormats)}.${suggestion(format, Object.keys(sourceFormats))}`,
    );
  return {
    id: `${module.agency}/${type}`,
    agency: module.agency,
    type,
    title,
    titleEn: argument(directive, 'titleEn') ?? null,
    updateFrequency: frequency,
    format,
  };
}

/**
 * Types that are no records of their own, by `agency/Type`, and the type that they belong to: of a match the records which
 * were found, of a part the record which holds it.
 */
function ownerTypes(facts: SchemaFacts, { connectors }: Pick<Registry, 'connectors'>): ReadonlyMap<string, string> {
  const records = new Set(connectors.flatMap((c) => c.entities.map((e) => e.type)));
  const owners = new Map<string, string>();
  for (const field of facts.fields.values())
    if (facts.types.has(field.of) && !records.has(field.of)) owners.set(`${field.owner}/${field.of}`, field.type);
  for (const { agency, relations } of connectors)
    for (const { to, shape } of relations)
      if (shape.kind === 'match' || shape.kind === 'matches') owners.set(`${agency}/${shape.wrapper}`, to);
  return owners;
}

/** The type whose data set the field belongs to: its owner has described it, or ought to. */
function recordsOf(
  field: FieldFacts,
  declared: ReadonlyMap<string, DataSet>,
  pageOf: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
  registry: Pick<Registry, 'relation'>,
): string {
  const isDeclared = (type: string): boolean => declared.has(`${field.owner}/${type}`);
  const seen = new Set<string>();
  let { type } = field;
  while (!isDeclared(type) && !seen.has(type)) {
    seen.add(type);
    type = pageOf.get(type) ?? owners.get(`${field.owner}/${type}`) ?? type;
  }
  const target = registry.relation(field.type, field.field)?.to;
  return !isDeclared(type) && target !== undefined ? target : type;
}

function problemAt(module: SdlModule, definition: ObjectTypeDefinitionNode, message: string): Problem {
  const line = definition.name.loc?.startToken.line;
  return line === undefined ? { file: module.file, message } : { file: module.file, line, message };
}

function argument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((a) => a.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function list(values: Readonly<Record<string, unknown>>): string {
  return Object.keys(values).join(', ');
}
