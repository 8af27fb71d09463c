import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SdlModule } from '../../src/connector/sdl-module.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import type { FieldModel, SchemaModel, TypeModel } from './model.ts';
import { scalarOf } from './values.ts';

const shared = ['directives', 'scalars', 'common', 'cases', 'statistics'].map((name): SdlModule => {
  const file = `schema/${name}.graphql`;
  return { agency: 'hub', file, sdl: readFileSync(join(projectRoot, file), 'utf8') };
});

/** The world's contract: the shared SDL of the repository, and a module for each agency of the world. */
export function sdlOf(schema: SchemaModel): SdlModule[] {
  const filters = [
    'input RecordFilter { state: [String!] name: [String!] division: DivisionCode readFrom: DateTime before: DateTime }',
    'enum RecordOrderField { AT }',
    'input RecordOrder { field: RecordOrderField! = AT direction: SortDirection! = DESC }',
  ];
  return [
    ...shared,
    ...schema.agencies.map((agency): SdlModule => {
      const parts = [
        ...(agency === 'hotline' ? filters : []),
        ...schema.types.flatMap((type) => typeText(type, agency)),
        rootsText(schema, agency),
        ...schema.statistics
          .filter((s) => s.owner === agency)
          .map((s) => `enum ${s.by} { ${Object.keys(s.dimensions).join(' ')} }`),
        ...schema.cases.filter((c) => c.owner === agency).map((c) => `union Case = ${c.type}`),
      ];
      return { agency, file: `connectors/${agency}/schema.graphql`, sdl: parts.join('\n') };
    }),
  ];
}

/** What the agency says of the type: the type itself, or the fields that it adds to another's. */
function typeText(type: TypeModel, agency: string): string[] {
  const own = type.fields.filter((f) => f.owner === agency);
  if (own.length === 0) return [];
  const fields = own.map(fieldText);
  if (type.owner !== agency)
    return [
      `type ${type.name} @key(fields: "${type.key}") {\n  ${type.key}: ID! @external\n  ${fields.join('\n  ')}\n}`,
    ];
  if (type.role === 'connection') {
    const record = type.name.slice(0, -'Connection'.length);
    return [
      `type ${type.name} {\n  nodes: [${record}!]!\n  edges: [${record}Edge!]!\n  pageInfo: PageInfo!\n  ${fields.join('\n  ')}\n}`,
      `type ${record}Edge { cursor: String! node: ${record}! }`,
    ];
  }
  const key = type.role === 'record' ? ` @key(fields: "${type.key}")` : '';
  const access = type.role === 'wrapper' ? '' : '\n  access: [FieldAccess!]';
  return [`type ${type.name}${key} {\n  ${fields.join('\n  ')}${access}\n}`];
}

function fieldText(field: FieldModel): string {
  const share =
    field.category === 'NONE'
      ? '@share(category: NONE, law: "internal to its owner")'
      : `@share(category: ${field.category})`;
  const personal =
    field.personal === null ? '' : ` @personal(kind: ${field.personal}${field.official ? ', official: true' : ''})`;
  return `${typed(field)} ${share} @grade(level: 2)${personal}${field.hidden ? ' @inaccessible' : ''}`;
}

function typed(field: FieldModel): string {
  switch (field.holds.kind) {
    case 'value':
      return `${field.name}: ${scalarOf[field.holds.of]}${field.nonNull ? '!' : ''}`;
    case 'relation':
      return field.holds.sdl;
    case 'parts':
      return `${field.name}: [${field.holds.of}!]`;
    case 'count':
      return `${field.name}: Int`;
    case 'matchedBy':
      return `${field.name}: MatchMethod`;
    case 'confidence':
      return `${field.name}: Float`;
  }
}

function rootsText(schema: SchemaModel, agency: string): string {
  const fields = schema.roots
    .filter((r) => r.owner === agency)
    .map((root) => {
      switch (root.kind) {
        case 'lookup':
          return `${root.field}(${root.argument}: ID!): ${root.type}`;
        case 'byKeys':
          return `${root.field}(${root.argument}: [ID!]!): [${root.type}]`;
        case 'page':
          return `${root.field}(filter: RecordFilter, orderBy: RecordOrder, first: Int = 5, after: String): ${root.type}Connection`;
      }
    });
  for (const { owner, field, by } of schema.statistics)
    if (owner === agency) fields.push(`${field}(by: ${by}!, month: Month!): StatisticsTable`);
  return fields.length === 0 ? '' : `type Query {\n  ${fields.join('\n  ')}\n}`;
}
