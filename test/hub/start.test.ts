import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { schemaFacts } from '../../src/access/facts.ts';
import { compilePolicy } from '../../src/access/policy.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import { joinProblems, joinReadsAcross } from '../../src/hub/check-joins.ts';
import { createHub } from '../../src/hub/hub.ts';
import { loadModules, loadPolicies } from '../../src/hub/modules.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { ownRoot } from '../kit/own-root.ts';

/* The hub does not start on a schema, policy or join that is not right: it says where, and opens no source. */

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folder = (name: string): string => {
  const made = mkdtempSync(join(tmpdir(), `lianqiao-${name}-`));
  folders.push(made);
  return made;
};

/** Starts a hub on a copy of the declarations with one text replaced; the problems that stop it. */
async function problemsAfter(file: string, from: string, to: string): Promise<string[]> {
  const { root, edit } = ownRoot();
  folders.push(root);
  edit(file, from, to);
  return problemsOf(root);
}

async function problemsOf(root: string, env: Record<string, string> = {}): Promise<string[]> {
  const opened: string[] = [];
  try {
    const hub = await createHub({
      config: loadConfig({ LIANQIAO_DATA_DIR: folder('data'), ...env }),
      root,
      logger: pino({ level: 'silent' }),
      onStatement: (agency) => void opened.push(agency),
    });
    await hub.close();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(opened).toEqual([]);
    return error.problems.map(printProblem);
  }
}

const lineOf = (file: string, text: string): number =>
  readFileSync(join(projectRoot, file), 'utf8').split(text)[0]!.split('\n').length;

describe('the start is refused', () => {
  test('for a field without a category', async () => {
    const file = 'connectors/police/schema.graphql';
    const field = '  callTime: DateTime @share(category: CONDITIONAL) @grade(level: 1)';
    expect(await problemsAfter(file, field, '  callTime: DateTime @grade(level: 1)')).toEqual([
      `${file}:${lineOf(file, '"报警时间"')}: PoliceIncident.callTime has no sharing category; add @share(category: UNCONDITIONAL | CONDITIONAL | NONE)`,
    ]);
  });

  test('for an unknown field in a policy', async () => {
    const file = 'connectors/housing/sharing.yaml';
    const problems = await problemsAfter(file, 'fields:\n', 'fields:\n  typo: [House.ownrName]\n');
    expect(problems).toEqual([
      `${file}:${lineOf(file, 'fields:\n') + 1}: there is no field House.ownrName. Did you mean House.ownerName?`,
    ]);
    const used = await problemsAfter(file, '- House.maintenanceFund', '- House.maintenanceFnd');
    expect(used[0]).toBe(
      `${file}:${lineOf(file, '- House.maintenanceFund')}: there is no field House.maintenanceFnd. Did you mean House.maintenanceFund?`,
    );
  });

  test('for a join that the owner has not approved', async () => {
    const approval = '  - { reads: Ticket.gridCode, for: Ticket.grid, law: 国办函〔2025〕66号 }\n';
    expect(await problemsAfter('connectors/hotline/sharing.yaml', approval, '')).toEqual([
      'connectors/hotline/sharing.yaml: Ticket.grid joins by Ticket.gridCode, which its owner has not approved; add to joins: { reads: Ticket.gridCode, for: Ticket.grid, law: … } or drop the relation',
    ]);
  });

  test('for the policy of another agency', async () => {
    const [problem] = await problemsAfter('connectors/grid/sharing.yaml', 'agency: grid', 'agency: market');
    expect(problem).toBe(
      `connectors/grid/sharing.yaml:${lineOf('connectors/grid/sharing.yaml', 'agency: grid')}: this is the policy of grid, but it names market`,
    );
  });

  test('for a connector that is not there, or has no name of one', async () => {
    expect(await problemsOf(projectRoot, { LIANQIAO_CONNECTORS: '[hotline, fire]' })).toEqual([
      'connectors/fire/schema.graphql: cannot be read; a connector is a folder with schema.graphql, sharing.yaml, connector.ts and mapping.ts',
    ]);
    expect((await problemsOf(projectRoot, { LIANQIAO_CONNECTORS: '["../src"]' }))[0]).toMatch(
      /connectors\/\.\.\/src|no agency's name/,
    );
  });
});

test('a hub of fewer agencies starts and answers without the others', async () => {
  const hub = await createHub({
    config: loadConfig({
      LIANQIAO_DATA_DIR: folder('data'),
      LIANQIAO_CONNECTORS: '[hotline, police, grid, market, housing]',
    }),
    root: projectRoot,
    logger: pino({ level: 'silent' }),
  });
  expect((await hub.health()).map((h) => h.source)).toEqual([
    'hotline',
    'police',
    'grid',
    'market',
    'housing',
    'housing-fund',
    'housing-receipts',
    'audit',
  ]);
  await hub.close();
});

test('what the relations of one agency read of another’s is a list that the owners approve', async () => {
  const agencies = ['hotline', 'police', 'grid', 'market', 'housing'];
  const { connectors, sdl } = await loadModules(projectRoot, agencies);
  const facts = schemaFacts(sdl);
  const registry = createRegistry(connectors);
  const policy = compilePolicy(
    loadPolicies(projectRoot, agencies),
    facts,
    sdl.map((m) => m.sdl),
  );
  expect(joinProblems(registry, facts, policy)).toEqual([]);
  // A new line here is a new reading of somebody's field: its owner must have agreed.
  expect(joinReadsAcross(registry, facts).map((j) => `${j.relation} reads ${j.reads} of ${j.owner}`)).toEqual([
    'Ticket.grid reads Ticket.gridCode of hotline',
    'Ticket.houses reads Ticket.houseCode of hotline',
    'Ticket.houses reads Ticket.standardAddress of hotline',
    'Ticket.marketEntities reads Ticket.standardAddress of hotline',
    'Ticket.marketEntities reads Ticket.uscc of hotline',
    'Ticket.policeIncidents reads Ticket.policeIncidentNo of hotline',
    'Ticket.policeIncidents reads Ticket.receivedAt of hotline',
    'Ticket.policeIncidents reads Ticket.reporterPhone of hotline',
    'Ticket.policeIncidents reads Ticket.standardAddress of hotline',
  ]);
});
