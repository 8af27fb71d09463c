import { afterEach, describe, expect, test, vi } from 'vitest';
import housing from '../../connectors/housing/connector.ts';
import market from '../../connectors/market/connector.ts';
import { showcase } from '../../src/city/showcase.ts';
import type { Connector, EntitySource } from '../../src/connector/connector.ts';
import { sqliteFile } from '../../src/connector/sql/sqlite-file.ts';
import { SourceError, type SourceErrorOptions } from '../../src/connector/source-error.ts';
import { formatDateTime } from '../../src/codes/date-time.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines } from './askers.ts';

/* What a caller sees of a source's guard: provenance of each match, stale answers, and when to ask again. */

interface Fault extends SourceErrorOptions {
  readonly message: string;
}

/** Sources that fail as the test says, over the real rows; each stands for a system that is reached over the network. */
class Unreliable {
  fault: Fault | 'hangs' | null = null;
  loads = 0;
  readonly #opening;

  constructor(connector: Connector) {
    const [source] = connector.sources;
    const driver = source?.drivers.find((d) => d.kind === 'sql');
    if (driver === undefined) throw new Error(`${connector.agency} is read by no sql driver`);
    const open = driver.open.bind(driver);
    this.#opening = vi.spyOn(driver, 'open').mockImplementation((opening) => {
      const opened = open({ ...opening, settings: sqliteFile(opening.source) });
      const of = (s: EntitySource): EntitySource => ({
        ...s,
        loadByKeys: async (load) => {
          this.loads += 1;
          await this.#fail(connector.agency);
          return s.loadByKeys(load);
        },
      });
      return { ...opened, sources: new Map([...opened.sources].map(([type, s]) => [type, of(s)])) };
    });
  }

  async #fail(agency: string): Promise<void> {
    // It does not even heed its signal.
    if (this.fault === 'hangs') await new Promise(() => undefined);
    else if (this.fault !== null) throw new SourceError(agency, this.fault.message, this.fault);
  }

  restore(): void {
    this.#opening.mockRestore();
  }
}

let own: OwnRoot;
let hub: RunningHub;
let houses: Unreliable;
let entities: Unreliable;
const now = Date.parse('2026-11-23T09:30:00+08:00');

/** Housing and market are reached through a guard; housing's owner lets the last good answer stand in. */
async function start(more: object = {}, env: Readonly<Record<string, string>> = {}): Promise<void> {
  own = ownRoot();
  own.edit('connectors/housing/sharing.yaml', '\nconsumers:\n', '\nlastKnownGood: { maxSeconds: 600 }\nconsumers:\n');
  [houses, entities] = [new Unreliable(housing), new Unreliable(market)];
  const settings = {
    kind: 'sql',
    client: 'mysql',
    host: '127.0.0.1',
    database: 'd',
    user: 'u',
    retries: 0,
    breakerFailures: 3,
    breakerMilliseconds: 60_000,
    lastKnownGoodSeconds: 3_600,
    ...more,
  };
  hub = await startHub(
    { ...env, LIANQIAO_SOURCES: JSON.stringify({ housing: settings, market: settings }) },
    () => now,
    own.root,
  );
}
afterEach(async () => {
  await hub.close();
  houses.restore();
  entities.restore();
  own.remove();
});

const wrapper = 'matchedBy agency source fetchedAt staleSince';
const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo
  policeIncidents { ${wrapper} } houses { ${wrapper} house { houseCode } } marketEntities { ${wrapper} entity { uscc } } } }`;
const ask = (): Promise<Answer> => hub.ask(askers.housing, query);

interface Wrapper {
  readonly agency: string;
  readonly source: string;
  readonly fetchedAt: string;
  readonly staleSince: string | null;
}
type Found = Readonly<Record<'policeIncidents' | 'houses' | 'marketEntities', readonly Wrapper[] | null>>;
const found = (answer: Answer): Found => (answer.data as { ticket: Found }).ticket;

/** The answer's errors on unavailable sources, without what is the same for all. */
const hints = (answer: Answer): unknown[] =>
  answer.errors
    .filter((e) => e.extensions['code'] === 'SOURCE_UNAVAILABLE')
    .map(({ extensions: { agency, retryAfterSeconds } }) => [agency, retryAfterSeconds ?? null]);

test('each match says whose it is, from which source, and when it was fetched', async () => {
  await start();
  const before = formatDateTime(Date.now());
  const answer = await ask();
  expect(errorLines(answer)).toEqual([]);
  const { policeIncidents, houses: of, marketEntities } = found(answer);
  for (const [agency, matches] of [
    ['housing', of],
    ['market', marketEntities],
  ] as const) {
    expect(matches?.length).toBeGreaterThan(0);
    for (const match of matches ?? []) {
      expect(match).toMatchObject({ agency, source: agency, staleSince: null });
      expect(match.fetchedAt >= before && match.fetchedAt <= formatDateTime(Date.now())).toBe(true);
    }
  }
  // A file is read within the request.
  expect(policeIncidents?.length).toBeGreaterThan(0);
  for (const match of policeIncidents ?? [])
    expect(match).toMatchObject({
      agency: 'police',
      source: 'police',
      fetchedAt: formatDateTime(now),
      staleSince: null,
    });
});

describe('a source that is down', () => {
  test('costs its own fields; its last good answer stands in where its owner lets it, marked as stale', async () => {
    await start();
    const fresh = found(await ask());
    houses.fault = entities.fault = { message: 'down' };
    const before = formatDateTime(Date.now());
    const answer = await ask();
    expect(errorLines(answer)).toEqual(['SOURCE_UNAVAILABLE Ticket.marketEntities ticket.marketEntities']);
    const stale = found(answer);
    expect(stale.marketEntities).toBeNull();
    expect(stale.policeIncidents).toEqual(fresh.policeIncidents);
    expect(stale.houses).toEqual(fresh.houses?.map((h) => ({ ...h, staleSince: expect.any(String) })));
    for (const { staleSince } of stale.houses ?? []) expect((staleSince ?? '') >= before).toBe(true);
    // The sources are well again: so is the answer, without a restart.
    houses.fault = entities.fault = null;
    const well = await ask();
    expect(errorLines(well)).toEqual([]);
    expect(found(well).houses?.map((h) => h.staleSince)).toEqual(fresh.houses?.map(() => null));
  });

  test('whose answers are a gateway’s page counts as down', async () => {
    await start();
    const fresh = found(await ask());
    houses.fault = { message: 'gave an answer that is no JSON', fault: 'MALFORMED' };
    const answer = await ask();
    expect(errorLines(answer)).toEqual([]);
    expect(found(answer).houses).toEqual(fresh.houses?.map((h) => ({ ...h, staleSince: expect.any(String) })));
  });

  test('is told of by record type, whatever shape its records come in', async () => {
    await start();
    const lookup = (): Promise<Answer> =>
      hub.ask(
        { ...askers.housing, ticket: showcase.ticketNo },
        `{ house(houseCode: "${showcase.houseCode}") { houseCode } }`,
      );
    const fresh = await lookup();
    expect(fresh.data).toEqual({ house: { houseCode: showcase.houseCode } });
    expect(fresh.extensions['access']).not.toHaveProperty('stale');
    houses.fault = { message: 'down' };
    const answer = await lookup();
    expect([answer.data, answer.errors]).toEqual([fresh.data, []]);
    expect(answer.extensions['access']).toMatchObject({
      stale: [{ type: 'House', agency: 'housing', source: 'housing', staleSince: expect.stringMatching(/\+08:00$/) }],
    });
  });

  test('and hangs is given up while there is time to answer for the others', async () => {
    await start({}, { LIANQIAO_LIMITS_MILLISECONDS: '3000' });
    entities.fault = 'hangs';
    const answer = await ask();
    expect(errorLines(answer)).toEqual(['SOURCE_UNAVAILABLE Ticket.marketEntities ticket.marketEntities']);
    expect(found(answer).houses?.length).toBeGreaterThan(0);
  });

  test('stands in no more once its owner takes the line back', async () => {
    await start();
    await ask();
    own.edit('connectors/housing/sharing.yaml', 'lastKnownGood: { maxSeconds: 600 }\n', '');
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    houses.fault = { message: 'down' };
    expect(errorLines(await ask())).toEqual(['SOURCE_UNAVAILABLE Ticket.houses ticket.houses']);
  });

  test('nor for what was kept under another version of the policies', async () => {
    await start();
    await ask();
    own.edit('connectors/grid/sharing.yaml', '\nconsumers:\n', '\n# another version\nconsumers:\n');
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    houses.fault = { message: 'down' };
    expect(errorLines(await ask())).toEqual(['SOURCE_UNAVAILABLE Ticket.houses ticket.houses']);
  });
});

describe('when to ask again', () => {
  test('is told where the source says so, in whole seconds', async () => {
    await start();
    entities.fault = { message: 'busy', fault: 'OVERLOADED', retryAfter: 1_200 };
    const answer = await ask();
    expect(answer.errors).toEqual([
      {
        message: 'Ticket.marketEntities: the market source is not available; try again later',
        path: ['ticket', 'marketEntities'],
        extensions: {
          code: 'SOURCE_UNAVAILABLE',
          coordinate: 'Ticket.marketEntities',
          pathPattern: 'ticket.marketEntities',
          agency: 'market',
          policyVersion: hub.hub.sources.policy.version,
          retryAfterSeconds: 2,
        },
      },
    ]);
  });

  test('is told of a source that is let alone, which is not asked meanwhile', async () => {
    await start({ breakerFailures: 1 });
    entities.fault = { message: 'down' };
    const first = await ask();
    expect(hints(first).length).toBe(1);
    const asked = entities.loads;
    const [[agency, seconds]] = hints(await ask()) as [[string, number]];
    expect(agency).toBe('market');
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(entities.loads).toBe(asked);
  });

  test.each(['UNREACHABLE', 'TIMEOUT', 'OVERLOADED', 'FAILED', 'MALFORMED'] as const)(
    'is told of every fault that may pass, from the first load on: %s',
    async (fault) => {
      await start({ breakerMilliseconds: 45_000 });
      entities.fault = { message: 'down', fault };
      expect(hints(await ask())).toEqual([['market', 45]]);
    },
  );

  test('is not told where waiting does not help: the source refuses the hub', async () => {
    await start();
    entities.fault = { message: 'the market source answered 403', fault: 'REFUSED', code: '403' };
    expect(hints(await ask())).toEqual([['market', null]]);
  });

  test('is told of a root field too', async () => {
    await start();
    entities.fault = { message: 'busy', fault: 'OVERLOADED', retryAfter: 30_000 };
    const answer = await hub.ask(
      { ...askers.marketSystem, ticket: showcase.ticketNo },
      `{ marketEntity(uscc: "${showcase.uscc}") { uscc } }`,
    );
    expect(answer.data).toEqual({ marketEntity: null });
    expect(hints(answer)).toEqual([['market', 30]]);
  });
});

test('/metrics counts loads, stale answers and breakers by source, and holds no value', async () => {
  await start({ breakerFailures: 2 });
  await ask();
  houses.fault = { message: 'down' };
  for (let i = 0; i < 3; i++) await ask();
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const of = (name: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`lianqiao_source_${name}{`))
      .map((line) => line.replace(/ \d+$/, ''));
  expect(of('loads_total')).toEqual(
    expect.arrayContaining(
      ['housing,OK', 'housing,FAILED', 'housing,RESTING', 'market,OK'].map((pair) => {
        const [source, outcome] = pair.split(',');
        return `lianqiao_source_loads_total{source="${source}",outcome="${outcome}"}`;
      }),
    ),
  );
  expect(text).toContain('lianqiao_source_breaker_state{source="housing"} 2');
  expect(of('stale_answers_total')).toEqual(['lianqiao_source_stale_answers_total{source="housing"}']);
  // A file has no guard.
  expect(text).not.toContain('source="police"');
  for (const value of [showcase.ticketNo, showcase.houseCode, showcase.uscc]) expect(text).not.toContain(value);
});
