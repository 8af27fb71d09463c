import { afterEach, expect, test, vi } from 'vitest';
import housing from '../../connectors/housing/connector.ts';
import { showcase } from '../../src/city/showcase.ts';
import type { EntitySource, SourceRecord } from '../../src/connector/connector.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines } from './askers.ts';

/* What a driver mixed up reaches nobody: neither as another ticket's record nor as an empty list. */

let hub: RunningHub | undefined;
let opening: { mockRestore(): void } | undefined;
afterEach(async () => {
  opening?.mockRestore();
  await hub?.close();
  [opening, hub] = [undefined, undefined];
});

type Lists = readonly (readonly SourceRecord[])[];

/** A hub whose houses come over the real rows, but as `change` makes them. */
async function start(change: (lists: Lists) => Lists): Promise<RunningHub> {
  const driver = housing.sources[0]?.drivers.find((d) => d.kind === 'sql');
  if (driver === undefined) throw new Error('housing is read by no sql driver');
  const open = driver.open.bind(driver);
  opening = vi.spyOn(driver, 'open').mockImplementation((of) => {
    const opened = open(of);
    const mixing = (s: EntitySource): EntitySource => ({
      ...s,
      loadByKeys: async (load) => change(await s.loadByKeys(load)),
    });
    return { ...opened, sources: new Map([...opened.sources].map(([type, s]) => [type, mixing(s)])) };
  });
  hub = await startHub();
  return hub;
}

const query = `{ tickets(first: 20) { nodes { ticketNo houses { matchedBy house { houseCode } } } } }`;
const joined = `{ ticket(ticketNo: "${showcase.ticketNo}") { houses { matchedBy house { houseCode } } } }`;
const lost = 'SOURCE_UNAVAILABLE Ticket.houses';

test('the lists of two loads, mixed up', async () => {
  const running = await start((lists) => lists.toReversed());
  const { data, errors } = await running.ask(askers.housing, query);
  const { nodes } = (data as { tickets: { nodes: { houses: unknown }[] } }).tickets;
  expect(nodes.length).toBeGreaterThan(1);
  for (const node of nodes) expect(node.houses).toBeNull();
  expect(errors.map((e) => `${String(e.extensions['code'])} ${String(e.extensions['coordinate'])}`)).toEqual([lost]);
  // Once for each way by which houses are found, whatever the number of tickets.
  const said = running
    .logged()
    .split('\n')
    .filter((line) => line.includes('House records to a key that they do not hold'));
  const fields = said.map((line) => /in (House\.\w+) /.exec(line)?.[1]);
  expect(fields).toContain('House.houseCode');
  expect(new Set(fields).size).toBe(said.length);
  for (const line of said) expect(JSON.parse(line)).toMatchObject({ source: 'housing' });
});

test.each([
  ['a house twice', (list: readonly SourceRecord[]) => [...list, ...list], 'that repeat a value of House.houseCode'],
  [
    'a house without its code',
    (list: readonly SourceRecord[]) => list.map((one) => ({ ...one, houseCode: null })),
    'to a key that they do not hold in House.houseCode',
  ],
] as const)('%s', async (_, change, why) => {
  const running = await start((lists) => lists.map(change));
  const answer = await running.ask(askers.housing, joined);
  expect(answer.data).toEqual({ ticket: { houses: null } });
  expect(errorLines(answer)).toEqual([`${lost} ticket.houses`]);
  expect(running.logged()).toContain(why);
  expect(running.logged()).not.toContain(showcase.houseCode);
});
