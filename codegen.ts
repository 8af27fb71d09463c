import type { CodegenConfig } from '@graphql-codegen/cli';
import { readdirSync } from 'node:fs';
import { federationDirectives } from './src/schema/federation-directives.ts';

const shared = [
  'schema/directives.graphql',
  'schema/scalars.graphql',
  'schema/common.graphql',
  'schema/statistics.graphql',
];
/** The SDL beside its own that a connector's types stand in. */
const besides: Readonly<Record<string, readonly string[]>> = {
  hotline: ['schema/ticket.graphql', 'schema/handoff.graphql'],
};

const config = {
  plugins: ['typescript'],
  config: {
    enumType: 'string-literal',
    enumsAsTypes: true,
    skipTypename: true,
    useTypeImports: true,
    immutableTypes: true,
    onlyOperationTypes: false,
    scalars: {
      DateTime: 'string',
      Date: 'string',
      Month: 'string',
      USCC: 'string',
      ResidentId: 'string',
      DivisionCode: 'string',
      GridCode: 'string',
      GridCellCode: 'string',
      ComponentCode: 'string',
      Phone: 'string',
      Money: 'string',
      AgencyCode: 'string',
    },
  },
};

const connectors = readdirSync('connectors', { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name);

const generates: CodegenConfig['generates'] = Object.fromEntries([
  ...connectors.map((name) => [
    `connectors/${name}/records.ts`,
    {
      schema: [federationDirectives, ...shared, ...(besides[name] ?? []), `connectors/${name}/schema.graphql`],
      ...config,
    },
  ]),
  ['src/generated/audit-records.ts', { schema: [federationDirectives, ...shared, 'schema/audit.graphql'], ...config }],
]) as CodegenConfig['generates'];

export default { overwrite: true, generates } satisfies CodegenConfig;
