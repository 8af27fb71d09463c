import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { showcase } from '../../src/city/showcase.ts';
import type { Connector } from '../../src/connector/connector.ts';
import { sourceSettings } from '../../src/connector/settings/source-settings.ts';
import { scaffoldKinds, type ScaffoldKind, type ScaffoldOptions } from '../../src/scaffold/names.ts';
import { scaffold } from '../../src/scaffold/scaffold.ts';
import { takenNames } from '../../src/scaffold/taken.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { block, page, table } from '../docs/markdown.ts';
import { makeCopy, type Copy } from '../kit/copy.ts';
import type { Asker } from '../kit/running-hub.ts';

/*
 * A new agency is a folder and a line of configuration: each is made by the scaffold in a copy of the house, started on
 * its own simulator and asked over HTTP, and nothing else has changed.
 */

const taken = takenNames(projectRoot);
const copies: Copy[] = [];
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const copy of copies) await copy.remove();
  for (const close of closing) await close();
});

const agencies = {
  rest: { agency: 'fire', type: 'FireEmergency', title: '消防救援' },
  graphql: { agency: 'transport', type: 'RoadRepair', title: '交通运输' },
  soap: { agency: 'utilities', type: 'RepairOrder', title: '公用事业' },
  sql: { agency: 'labour', type: 'WageDispute', title: '人社' },
  file: { agency: 'medical', type: 'AmbulanceCall', title: '医疗急救' },
} as const satisfies Readonly<Record<ScaffoldKind, object>>;

const handler: Asker = {
  claims: { agency: 'housing', role: 'HANDLER', unit: showcase.leadUnit, purposes: ['HANDLING'] },
  purpose: 'HANDLING',
};
const gridWorker: Asker = {
  claims: { agency: 'grid', role: 'GRID_WORKER', grids: [showcase.gridCode], purposes: ['HANDLING'] },
  purpose: 'HANDLING',
};

describe.each(scaffoldKinds)('an agency over %s', (kind) => {
  const { agency, type, title } = agencies[kind];
  const one = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const many = one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`;
  const node = (/[A-Z][a-z]*$/.exec(type)?.[0] ?? '').toLowerCase();
  const files = scaffold({ agency, source: kind, type, title }, showcase.ticketNo, taken);
  const copy = makeCopy();
  copies.push(copy);
  for (const [name, text] of files) copy.write(`connectors/${agency}/${name}`, text);
  copy.generate();

  test('is its folder: no other file changes', () => {
    const names = [...files.keys(), 'records.ts'].map((name) => `connectors/${agency}/${name}`);
    expect(copy.changed()).toEqual({ changed: names.toSorted(), gone: [] });
  });

  test('compiles', () => {
    expect(copy.typeErrors(`connectors/${agency}`)).toEqual([]);
  });

  test('passes the conformance kit', async () => {
    const at = (file: string): string => pathToFileURL(join(copy.root, file)).href;
    const { checkConnector } = (await import(
      at('src/connector/check/check-connector.ts')
    )) as typeof import('../../src/connector/check/check-connector.ts');
    const { default: connector } = (await import(at(`connectors/${agency}/connector.ts`))) as { default: Connector };
    const results = await checkConnector(connector, { quick: true });
    const failed = results.filter((r) => r.result === 'failed');
    expect(failed.map((r) => `${r.check}: ${r.problems.join('; ')}`)).toEqual([]);
    expect(results.filter((r) => r.result === 'passed').length).toBeGreaterThan(20);
  }, 180_000);

  test('starts on its simulator and shows a ticket’s records, each caller its own', async () => {
    const sources = await serve(copy, agency);
    const hub = await copy.start({
      LIANQIAO_CONNECTORS: `[hotline, police, grid, market, housing, ${agency}]`,
      LIANQIAO_SOURCES: JSON.stringify(sources),
    });
    const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { ${many} {
      matchedBy confidence agency source staleSince
      ${node} { ${node}No happenedAt state summary contactName contactPhone }
    } } }`;
    const answer = await hub.ask(handler, query);
    expect(answer.errors).toEqual([]);
    expect(answer.data).toEqual({
      ticket: {
        [many]: [
          {
            matchedBy: 'TICKET_NUMBER',
            confidence: 1,
            agency,
            source: agency,
            staleSince: null,
            [node]: {
              [`${node}No`]: 'A-2026-0001',
              happenedAt: '2026-11-05T10:12:30+08:00',
              state: 'OPEN',
              summary: '现场联系人[姓名], 电话 [电话]',
              contactName: '陈**',
              contactPhone: '138****0119',
            },
          },
        ],
      },
    });
    if (kind === 'rest') {
      const doc = page('connectors');
      const documented = await hub.ask(handler, block(doc, 'ask the scaffold'));
      expect(documented.data).toEqual(JSON.parse(block(doc, 'answer of the scaffold')));
    }
    const refused = await hub.ask(gridWorker, query);
    expect(refused.data).toEqual({ ticket: { [many]: null } });
    expect(refused.errors.map((e) => [e.extensions['code'], e.extensions['coordinate']])).toEqual([
      ['FIELD_DENIED', `Ticket.${many}`],
    ]);
    const lookup = `{ ${one}(${node}No: "A-2026-0001") { state } other: ${one}(${node}No: "A-2026-0002") { state } }`;
    const direct = await hub.ask({ ...handler, ticket: showcase.ticketNo }, lookup);
    expect(direct.data).toEqual({ [one]: { state: 'OPEN' }, other: null });
  });
});

/** The agency's system over the folder's samples, as the copy's own code serves it. */
async function serve(copy: Copy, agency: string): Promise<object> {
  const at = (file: string): string => pathToFileURL(join(copy.root, file)).href;
  const { serveSystems } = (await import(
    at('src/city/serve-systems.ts')
  )) as typeof import('../../src/city/serve-systems.ts');
  const { default: connector } = (await import(at(`connectors/${agency}/connector.ts`))) as { default: Connector };
  const systems = await serveSystems(join(copy.root, 'served'), [connector], copy.root);
  closing.push(() => systems.close());
  return systems.sources;
}

const refusals: readonly (readonly [Omit<ScaffoldOptions, 'source'>, string | RegExp])[] = [
  [{ agency: 'Fire' }, '"Fire" is no agency\'s name'],
  [{ agency: 'fire', type: 'fire' }, '"fire" is no type\'s name'],
  [{ agency: '../fire' }, "is no agency's name"],
  [{ agency: '__proto__' }, "is no agency's name"],
  ...['constructor', 'toString', 'valueOf', 'default', 'new', 'audit', 'hub'].map(
    (agency) => [{ agency }, `"${agency}" already means something to the hub or to JavaScript; name`] as const,
  ),
  ...['消防"救援', '消防\n救援', '消防\\', '`x`', "it's", '', ' 消防', '${x}', '*消防*', '消'.repeat(41)].map(
    (title) => [{ agency: 'fire', title }, 'no quotes and no line ends; write it as'] as const,
  ),
  ...['Ticket', 'String', 'Query', 'House', 'Mutation', 'DateTime', 'PageInfo', 'Case'].map(
    (type) => [{ agency: 'fire', type }, `the schema has a type ${type} already; name the record type`] as const,
  ),
  [{ agency: 'fire', type: 'House' }, 'with --type, such as FireEmergency'],
  ...['Date', 'Record', 'Map', 'Promise', 'Text', 'Column', 'Class', 'Default', 'Exact'].map(
    (type) => [{ agency: 'fire', type }, /already means something in the code|has a type Date already/] as const,
  ),
  ...['FireSource', 'FireTicket', 'FireAccess', 'FireAgency'].map(
    (type) => [{ agency: 'fire', type }, `"${type}" ends in a word that`] as const,
  ),
];

test.each(refusals)('%j is refused', (options, message) => {
  expect(() => scaffold({ source: 'rest', ...options }, showcase.ticketNo, taken)).toThrow(message);
});

test('what the command writes passes the formatter and the linter as it is, however long its names', async () => {
  const copy = makeCopy();
  copies.push(copy);
  for (const file of ['.prettierrc.json', '.prettierignore', '.oxlintrc.json'])
    copy.write(file, readFileSync(join(projectRoot, file), 'utf8'));
  const { connectorNewCommand } = (await import(
    pathToFileURL(join(copy.root, 'src/cli/connector-new.ts')).href
  )) as typeof import('../../src/cli/connector-new.ts');
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const folders: string[] = [];
  for (const source of scaffoldKinds) {
    const agency = `${source}ProvidentFundAdministration`.slice(0, 32);
    const type = `${source.charAt(0).toUpperCase()}${source.slice(1)}ContributionDisputeMediationCaseFile`;
    const args = [agency, '--source', source, '--type', type, '--title', '住房公积金管理中心（含分中心、管理部）'];
    await connectorNewCommand().parseAsync(args, { from: 'user' });
    folders.push(`connectors/${agency}`);
  }
  expect(String(said.mock.calls.at(-1)?.[0])).toMatch(/npm run format\n.*npm run codegen.*\n.*npm run build/);
  said.mockRestore();
  const bin = (name: string, ...args: string[]): string =>
    execFileSync(join(projectRoot, 'node_modules/.bin', name), args, { cwd: copy.root, encoding: 'utf8' });
  expect(bin('prettier', '--check', ...folders)).toContain('All matched files use Prettier code style');
  copy.generate();
  expect(bin('oxlint', '--type-aware', ...folders)).toContain('Found 0 warnings and 0 errors');
}, 120_000);

test('the guide tells of the files that are made, and configures a source that can be', () => {
  const made = scaffold({ source: 'soap', agency: 'fire' }, showcase.ticketNo, taken);
  for (const language of ['', '.zh-CN']) {
    const doc = page(`connectors${language}`);
    expect(table(doc, 'scaffold').map(([name = '']) => name.replaceAll('`', '').trim())).toEqual(
      [...made.keys()].filter((name) => /^(?:samples|fire)/.test(name)),
    );
    const { sources } = parse(block(doc, 'in service')) as { sources: { fire: unknown } };
    expect(sourceSettings.parse(sources.fire)).toMatchObject({ kind: 'rest', retries: 2 });
  }
});
