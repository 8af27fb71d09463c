import { schemaFacts } from '../../src/access/facts.ts';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { compilePolicy, type AccessClass } from '../../src/access/policy.ts';
import type { CheckedPolicy } from '../../src/policy/check.ts';

/** Two agencies: the waterworks own accounts, the fire brigade adds its inspections to them. */
const modules = [
  {
    agency: 'water',
    file: 'water.graphql',
    sdl: `
      type Account {
        no: ID! @share(category: CONDITIONAL) @grade(level: 1)
        state: String @share(category: CONDITIONAL) @grade(level: 1)
        name: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: NAME)
        bank: String @share(category: NONE, law: "个人信息保护法") @grade(level: 4) @personal(kind: OTHER)
        since: Date @share(category: NONE, law: "供水条例") @grade(level: 1)
        divisionCode: DivisionCode @share(category: NONE, law: "供水条例") @grade(level: 1)
        gridCode: GridCode @share(category: NONE, law: "供水条例") @grade(level: 1)
        meter: Meter @share(category: UNCONDITIONAL) @grade(level: 1)
      }
      type Meter {
        reading: Int @share(category: CONDITIONAL) @grade(level: 1)
      }
    `,
  },
  {
    agency: 'fire',
    file: 'fire.graphql',
    sdl: `
      type Account {
        inspectedOn: Date @share(category: CONDITIONAL) @grade(level: 1)
      }
    `,
  },
];
const facts = schemaFacts(modules);

export const water: AccessClass = { agency: 'water', role: 'HANDLER', purpose: 'HANDLING' };
export const fire: AccessClass = { agency: 'fire', role: 'HANDLER', purpose: 'HANDLING' };

/** `water.yaml`: one rule a line, so that the first row rule stands on line 8 and, of one, the first grant on line 10. */
export function waterPolicy(
  grants: readonly string[],
  rows = ['id: accounts, of: [Account], to: [own, others]'],
): string {
  const items = (list: readonly string[]): string => list.map((one) => `  - { ${one} }`).join('\n');
  return `policy: 1
agency: water
consumers:
  own: [{ agency: water, roles: [HANDLER] }]
  others: [{ agency: fire, roles: [HANDLER] }]
fields: ${grants.some((g) => g.includes('everything')) ? '{ everything: [{ Account: [no, state, name, meter], Meter: [reading] }] }' : '{}'}
rows:
${items(rows)}
grants:
${items(grants)}
`;
}

/** The fire brigade's policy of its one field; its first grant stands on line 4. */
export function firePolicy(grants: readonly string[]): string {
  return `policy: 1\nagency: fire\ngrants:\n${grants.map((one) => `  - { ${one} }\n`).join('')}`;
}

/** Everybody gets the fire brigade's field. */
export const openFire = firePolicy([
  'id: inspections, to: [{ agency: "*", roles: [HANDLER] }], purposes: [HANDLING], law: 消防法, plain: [Account.inspectedOn]',
]);

/** The two policies, compiled. */
export function small(ofWater: string, ofFire = openFire): CheckedPolicy {
  const parsed = [parsePolicy(ofWater, 'water.yaml'), parsePolicy(ofFire, 'fire.yaml')];
  const policy = compilePolicy(
    parsed,
    facts,
    modules.map((m) => m.sdl),
  );
  return { policy, facts, parsed, entities: new Set(['Account']), paged: new Set(), joinReads: [] };
}
