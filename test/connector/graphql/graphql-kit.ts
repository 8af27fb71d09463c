import { afterEach } from 'vitest';
import type { EntitySource } from '../../../src/connector/connector.ts';
import type { GraphqlEntity } from '../../../src/connector/graphql/declaration.ts';
import { graphqlDriver } from '../../../src/connector/graphql/graphql-driver.ts';
import { sourceSettings } from '../../../src/connector/settings/source-settings.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { json, oddServer, type OddAnswer, type OddServer } from '../../kit/odd-server.ts';
import { call } from '../rest/rest-kit.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

export const strings = { type: '[String!]' };
/** Calls as one list without pages, found by two columns. */
export const plain: GraphqlEntity = {
  list: { field: 'calls', rows: [], paging: { kind: 'none' } },
  keys: {
    NO: { kind: 'list', argument: { name: 'nos', ...strings }, most: 50 },
    PLACE: { kind: 'list', argument: { name: 'places', ...strings }, most: 50 },
  },
};

export interface Service {
  readonly calls: EntitySource;
  readonly server: OddServer;
  readonly statements: string[];
  readonly ping: (signal: AbortSignal) => Promise<void>;
}

/** The driver on a service that answers so; both are closed after the test. */
export async function service(answer: OddAnswer, entity = plain, settings: object = {}): Promise<Service> {
  const server = await oddServer(answer);
  const statements: string[] = [];
  const source = graphqlDriver({ Call: entity }).open({
    agency: 'fire',
    source: 'fire',
    entities: [call],
    settings: sourceSettings.parse({
      kind: 'graphql',
      url: `${server.url}/graphql`,
      answerMilliseconds: 10_000,
      ...settings,
    }),
    dataDir: '.',
    batchKeys: 500,
    onStatement: (text) => void statements.push(text),
  });
  opened.push(server, source);
  const calls = source.sources.get('Call');
  if (calls === undefined) throw new Error('no calls');
  return { calls, server, statements, ping: (signal) => source.ping(signal) };
}

export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
export const askedOf = (body: string): Asked => JSON.parse(body) as Asked;
export const aliasesOf = (query: string): string[] => [...query.matchAll(/\b(p\d+): /g)].map(([, alias = '']) => alias);

/** Answers every alias with what `value` gives for it. */
export const each =
  (value: (alias: string, asked: Asked) => unknown): OddAnswer =>
  ({ body }, response) => {
    const asked = askedOf(body);
    json(response, { data: Object.fromEntries(aliasesOf(asked.query).map((a) => [a, value(a, asked)])) });
  };

export async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error.fault;
    throw error;
  }
  return 'answered';
}
