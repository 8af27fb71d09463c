import type { Names, ScaffoldKind } from './names.ts';

/** `connector.ts`: what can be loaded, by which keys, and how the system is asked. */
export function connectorFile(names: Names, kind: ScaffoldKind): string {
  const { agency, type, one, many, node, key, match } = names;
  const { imports, driver } = driverOf(names, kind);
  return `import { defineConnector } from '../../src/connector/define-connector.ts';
${imports}import { ${one} } from './mapping.ts';

${driver}
export default defineConnector({
  agency: '${agency}',
  sources: [
    {
      name: '${agency}',
      entities: [
        {
          type: '${type}',
          key: '${key}',
          order: [
            { field: 'happenedAt', direction: 'DESC' },
            { field: '${key}', direction: 'DESC' },
          ],
          mapping: ${one},
        },
      ],
      drivers: [${kind === 'sql' ? 'database' : 'service'}],
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: '${many}',
      to: '${type}',
      shape: { kind: 'matches', wrapper: '${match}', node: '${node}', max: 50 },
      by: [
        {
          matchedBy: 'TICKET_NUMBER',
          confidence: 1,
          fuzzy: false,
          parent: 'ticketNo',
          child: 'ticketNo',
          as: 'plain',
        },
      ],
    },
  ],
  roots: [{ kind: 'lookup', field: '${one}', type: '${type}', argument: '${key}', binding: 'ticket' }],
  cases: [],
});
`;
}

function driverOf(
  { agency, type, many }: Names,
  kind: ScaffoldKind,
): { readonly imports: string; readonly driver: string } {
  switch (kind) {
    case 'rest':
      return {
        imports: "import { restDriver } from '../../src/connector/rest/rest-driver.ts';\n",
        driver: `const service = restDriver({
  health: '/api/health',
  entities: {
    ${type}: {
      list: {
        method: 'POST',
        path: '/api/${many}/search',
        columns: { name: 'fields' },
        filters: {
          XZQHDM: { prefix: { name: 'districts' } },
          FSSJ: { from: 'from', before: 'before' },
        },
        paging: { kind: 'cursor', cursor: 'cursor', limit: 'limit', next: ['next'], most: 500 },
      },
      keys: {
        BH: { kind: 'batch', parameter: { name: 'numbers' }, most: 500 },
        GDBH: { kind: 'batch', parameter: { name: 'tickets' }, most: 500 },
      },
      rows: ['items'],
    },
  },
});
`,
      };
    case 'graphql':
      return {
        imports: "import { graphqlDriver } from '../../src/connector/graphql/graphql-driver.ts';\n",
        driver: `const service = graphqlDriver({
  ${type}: {
    list: {
      field: '${many}',
      rows: ['nodes'],
      filters: {
        XZQHDM: { prefix: { name: 'districts', type: '[String!]' } },
        FSSJ: { from: { name: 'from', type: 'String' }, before: { name: 'before', type: 'String' } },
      },
      paging: { kind: 'relay', most: 500 },
    },
    keys: {
      BH: { kind: 'list', argument: { name: 'numbers', type: '[String!]' }, most: 500 },
      GDBH: { kind: 'list', argument: { name: 'tickets', type: '[String!]' }, most: 500 },
    },
  },
});
`,
      };
    case 'soap':
      return {
        imports: "import { soapDriver } from '../../src/connector/soap/soap-driver.ts';\n",
        driver: `const service = soapDriver({
  wsdl: 'connectors/${agency}/${agency}.wsdl',
  entities: {
    ${type}: {
      list: {
        operation: 'Query${type}',
        rows: ['items', 'item'],
        columns: ['columns', 'column'],
        filters: { FSSJ: { from: ['from'], before: ['before'] } },
        paging: { kind: 'page', page: ['page'], size: ['size'], first: 1, most: 500 },
      },
      keys: {
        BH: { element: ['numbers', 'number'], most: 500 },
        GDBH: { element: ['tickets', 'ticket'], most: 500 },
      },
    },
  },
});
`,
      };
    case 'file':
      return {
        imports: "import { fileDriver } from '../../src/connector/file/file-driver.ts';\n",
        driver: `const service = fileDriver({
  ${type}: {
    name: '${agency.toUpperCase()}_*.csv',
    format: { kind: 'csv', encoding: 'gb18030' },
    columns: {
      BH: '编号',
      GDBH: '工单编号',
      XZQHDM: '行政区划',
      FSSJ: '发生时间',
      ZT: '状态',
      NR: '内容',
      LXR: '联系人',
      LXDH: '联系电话',
    },
    joins: ['GDBH'],
    checksum: 'sideFile',
  },
});
`,
      };
    case 'sql':
      return {
        imports: "import { sqlDriver } from '../../src/connector/sql/sql-driver.ts';\n",
        driver: `const database = sqlDriver({ ${type}: '${type.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '_$&').toUpperCase()}' });
`,
      };
  }
}
