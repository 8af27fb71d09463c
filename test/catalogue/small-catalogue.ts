import { schemaFacts } from '../../src/access/facts.ts';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { compilePolicy } from '../../src/access/policy.ts';
import type { CataloguePolicies } from '../../src/catalogue/catalogue.ts';
import type { CatalogueContract } from '../../src/catalogue/data-sets.ts';
import type { Connector } from '../../src/connector/connector.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import type { SdlModule } from '../../src/connector/sdl-module.ts';

/* The waterworks have accounts, each with its readings inside; the fire brigade adds the inspections of their addresses. */

export const waterSdl = `"用水户 — who pays for water."
type Account @dataset(title: "用水户", titleEn: "Water accounts", updateFrequency: DAILY, format: DATABASE) {
  "户号, as on the bill"
  no: ID! @share(category: UNCONDITIONAL) @grade(level: 1)
  "户名 (payer)"
  name: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: NAME)
  "银行账号"
  bank: String @share(category: NONE, law: "个人信息保护法") @grade(level: 4) @personal(kind: OTHER, sensitive: true)
  "密钥摘要"
  digest: String @share(category: NONE, law: "internal") @grade(level: 3) @inaccessible
  "状态"
  state: State @share(category: UNCONDITIONAL) @grade(level: 1)
  "抄表记录"
  readings: [Reading!] @share(category: UNCONDITIONAL) @grade(level: 1)
}
"用水状态"
enum State { OPEN CLOSED }
"读数"
type Reading {
  "读数, in cubic metres"
  value: Int @share(category: UNCONDITIONAL) @grade(level: 1)
}
type AccountConnection {
  nodes: [Account!]!
  totalCount: Int @share(category: CONDITIONAL) @grade(level: 1)
}
`;
export const fireSdl = `type Account {
  no: ID! @external
  "消防检查"
  inspections: [InspectionMatch!] @share(category: CONDITIONAL) @grade(level: 1)
}
type InspectionMatch {
  "置信度"
  confidence: Float @share(category: CONDITIONAL) @grade(level: 1)
}
type Inspection @dataset(title: "消防检查", updateFrequency: IRREGULAR, format: SPREADSHEET) {
  "检查编号"
  inspectionNo: ID! @share(category: CONDITIONAL) @grade(level: 1)
}
`;

const waterPolicy = `policy: 1
agency: water
consumers:
  own: [{ agency: water, roles: [HANDLER] }]
  handlers: [own, { agency: "*", roles: [HANDLER, GRID_WORKER] }]
rows:
  - { id: all, of: [Account], to: [own] }
  - { id: open, of: [Account], to: [handlers], purposes: [HANDLING], when: [{ recordIs: { field: state, is: [OPEN] } }] }
grants:
  - { id: own, to: [own], purposes: [HANDLING, AUDIT], law: 供水条例, plain: [Account: [no, name, state, readings], Reading: [value], AccountConnection: [totalCount]] }
  - { id: not-closed, to: [{ agency: fire, roles: [HANDLER] }], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [CLOSED] } }], deny: [Account.name, Account.readings] }
  - { id: names, to: [handlers], purposes: [HANDLING], law: 个人信息保护法, from: 2026-01-01, until: 2026-12-31, when: [exactMatch], mask: { name: [Account.name] } }
  - { id: readings, to: [{ agency: audit, roles: [AUDITOR] }], purposes: [AUDIT], law: 审计法, plain: [Account.readings] }
  - { id: numbers, to: [{ agency: audit, roles: [AUDITOR] }], purposes: [STATISTICS], law: 统计法, count: [Account.state] }
  - { id: nobody-else, to: [{ agency: "*", roles: [HANDLER, AUDITOR] }], purposes: [HANDLING, AUDIT], law: 供水条例, deny: ["Account.*", "Reading.*"] }
`;
const firePolicy = `policy: 1
agency: fire
grants:
  - { id: inspections, to: [{ agency: "*", roles: [HANDLER] }], purposes: [HANDLING], law: 消防法, plain: [Account.inspections, Inspection.inspectionNo, InspectionMatch.confidence] }
`;

const nothing = { relations: [], roots: [], cases: [] };
const connectors: readonly Connector[] = [
  { agency: 'water', ...nothing, entities: [{ type: 'Account', key: 'no', order: [] }], sources: [] },
  {
    agency: 'fire',
    ...nothing,
    entities: [{ type: 'Inspection', key: 'inspectionNo', order: [] }],
    relations: [
      {
        on: 'Account',
        field: 'inspections',
        to: 'Inspection',
        shape: { kind: 'matches', wrapper: 'InspectionMatch', node: 'inspection', max: 10 },
        by: [],
      },
    ],
    sources: [],
  },
];

export function contract(water = waterSdl, fire = fireSdl): CatalogueContract {
  const sdl: SdlModule[] = [
    { agency: 'water', file: 'water.graphql', sdl: water },
    { agency: 'fire', file: 'fire.graphql', sdl: fire },
  ];
  return { sdl, facts: schemaFacts(sdl), registry: createRegistry(connectors) };
}

export function policies({ facts, sdl }: CatalogueContract): CataloguePolicies {
  const parsed = [parsePolicy(waterPolicy, 'water.yaml'), parsePolicy(firePolicy, 'fire.yaml')];
  return {
    parsed,
    policy: compilePolicy(
      parsed,
      facts,
      sdl.map((m) => m.sdl),
    ),
  };
}
