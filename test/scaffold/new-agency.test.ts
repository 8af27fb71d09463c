import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { showcase } from '../../src/city/showcase.ts';
import type { Connector } from '../../src/connector/connector.ts';
import { sourceSettings } from '../../src/connector/settings/source-settings.ts';
import { scaffoldKinds, type ScaffoldKind } from '../../src/scaffold/names.ts';
import { scaffold } from '../../src/scaffold/scaffold.ts';
import { block, page, table } from '../docs/markdown.ts';
import { makeCopy, type Copy } from '../kit/copy.ts';
import type { Asker } from '../kit/running-hub.ts';

/*
 * A new agency is a folder and a line of configuration: each is made by the scaffold in a copy of the house, started on
 * its own simulator and asked over HTTP, and nothing else has changed.
 */

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
  const files = scaffold({ agency, source: kind, type, title }, showcase.ticketNo);
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

test.each([
  [{ agency: 'Fire' }, '"Fire" is no agency\'s name'],
  [{ agency: 'fire', type: 'fire' }, '"fire" is no type\'s name'],
  [{ agency: '../fire' }, "is no agency's name"],
])('%j is refused', (options, message) => {
  expect(() => scaffold({ source: 'rest', ...options }, showcase.ticketNo)).toThrow(message);
});

test('the guide tells of the files that are made, and configures a source that can be', () => {
  const made = scaffold({ source: 'soap', agency: 'fire' }, showcase.ticketNo);
  for (const language of ['', '.zh-CN']) {
    const doc = page(`connectors${language}`);
    expect(table(doc, 'scaffold').map(([name = '']) => name.replaceAll('`', '').trim())).toEqual(
      [...made.keys()].filter((name) => /^(?:samples|fire)/.test(name)),
    );
    const { sources } = parse(block(doc, 'in service')) as { sources: { fire: unknown } };
    expect(sourceSettings.parse(sources.fire)).toMatchObject({ kind: 'rest', retries: 2 });
  }
});
