import grid from '../connectors/grid/connector.ts';
import hotline from '../connectors/hotline/connector.ts';
import housing from '../connectors/housing/connector.ts';
import market from '../connectors/market/connector.ts';
import police from '../connectors/police/connector.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { droppingLedger } from '../test/kit/dropping-ledger.ts';
import { copyCity } from '../test/kit/city-copy.ts';
import { servers } from '../test/kit/test-database.ts';
import { meteredWays, ownCpu, type Rounds } from './cpu.ts';
import { bar, median, type Bar } from './figures.ts';
import { openHubParts } from './hub-parts.ts';
import { openMysqlRoute } from './mysql-route.ts';
import { operations, requestOf } from './operations.ts';
import { serverCpu } from './server-cpu.ts';
import { variablesOf } from './variables.ts';

/** Per request of the joined page; times are medians over the rounds, ratios medians of the rounds' own ratios. */
export interface JoinedPageFigures {
  readonly requests: number;
  /** Statements of one request, on average. */
  readonly routeStatements: number;
  readonly hubStatements: number;
  /** CPU microseconds of our process and of the database's. */
  readonly route: number;
  readonly hub: number;
  readonly ratio: number;
  /** Of our process alone. */
  readonly routeOwn: number;
  readonly hubOwn: number;
  readonly ratioOwn: number;
  readonly ratioFrom: number;
  readonly ratioTo: number;
  readonly bar: Bar;
}

const connectors = [hotline, police, grid, market, housing];
const agencies = connectors.map((c) => c.agency);

/**
 * The joined page of 20 tickets with all five agencies on MariaDB: the hub, its gate on, against a route that was written
 * by hand for this one question. Throws where their data differ by a byte. Removes the city's files once they are copied.
 */
export async function measureJoinedPage(dataDir: string, rounds: Rounds): Promise<JoinedPageFigures> {
  const [operation] = operations;
  if (operation === undefined) throw new RangeError('no operation');
  const embedded = await openHubParts(dataDir);
  const sets = await variablesOf(operation, embedded);
  const { joinSecret } = embedded;
  await embedded.close();
  const database = await copyCity('mysql', dataDir, agencies);
  // What is read is read from the server, or not at all.
  for (const agency of agencies) rmSync(join(dataDir, `${agency}.db`));
  const { database: name = '' } = database.settings();
  const settings = { kind: 'sql', client: 'mysql', ...servers.mysql, database: name };
  let asked = 0;
  const count = (): void => void (asked += 1);
  const names = connectors.flatMap((c) => c.sources.map((source) => source.name));
  const parts = await openHubParts(dataDir, count, Object.fromEntries(names.map((n) => [n, settings])));
  const route = openMysqlRoute({ ...servers.mysql, database: name, joinSecret, onStatement: count });
  try {
    const engine = parts.engine(droppingLedger);
    const before = sets.map((variables) => String(variables['before']));
    const byHub = async (i: number): Promise<unknown> => {
      const answer = await engine.answer(requestOf(operation.query, { before: before[i % before.length] }));
      return answer.kind === 'result' ? answer.result : answer;
    };
    const byRoute = (i: number): Promise<string> => route.page(before[i % before.length] ?? '');
    const statements = { route: 0, hub: 0 };
    // The catalogue is asked once, before anything is counted.
    await byHub(0);
    for (let i = 0; i < before.length; i++) {
      asked = 0;
      const { data } = (await byHub(i)) as { data?: unknown };
      statements.hub += asked;
      asked = 0;
      if ((await byRoute(i)) !== JSON.stringify({ data })) throw new Error(`the two differ before ${before[i]}`);
      statements.route += asked;
    }
    const ofServer = await serverCpu({ ...servers.mysql, database: name });
    const cpu = await meteredWays(
      [
        { name: 'route', run: byRoute },
        { name: 'hub', run: async (i) => JSON.stringify(await byHub(i)) },
      ],
      rounds,
      [ownCpu, () => ownCpu() + ofServer()],
    );
    const of = (way: string, meter: number): readonly number[] => cpu.get(way)?.[meter] ?? [];
    const ratiosBy = (meter: number): number[] => of('route', meter).map((n, i) => n / (of('hub', meter)[i] ?? NaN));
    const ratios = ratiosBy(1);
    const ratio = median(ratios);
    return {
      requests: before.length,
      routeStatements: statements.route / before.length,
      hubStatements: statements.hub / before.length,
      route: median(of('route', 1)),
      hub: median(of('hub', 1)),
      ratio,
      routeOwn: median(of('route', 0)),
      hubOwn: median(of('hub', 0)),
      ratioOwn: median(ratiosBy(0)),
      ratioFrom: Math.min(...ratios),
      ratioTo: Math.max(...ratios),
      bar: bar('hand-written mysql2 route ÷ hub', ratio, 0.7, 'least'),
    };
  } finally {
    await route.close();
    await parts.close();
    await database.drop();
  }
}
