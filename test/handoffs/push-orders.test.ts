import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { dispatcher, value } from './handoff-kit.ts';
import { handoff, newKey, pusher, rows, sendHandoffs, sendTickets, ticket } from './push-kit.ts';

/*
 * In whatever order versions and handoffs arrive, whoever pushes them, and however they are cut into batches, the store ends
 * the same.
 */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
});
afterAll(() => hub.close());

/** Who pushes: systems of an area, of both areas, and of the province. */
const pushers = { a: ['350102'], b: ['350203'], both: ['350102', '350203'], all: ['350000'] };
type By = keyof typeof pushers;
/** Where the tickets lie, by their number. */
const divisions = ['350102001003', '350203001001', null];

type Item =
  | {
      readonly is: 'ticket';
      readonly by: By;
      readonly no: number;
      readonly second: number;
      readonly version: number;
      readonly says: object;
    }
  | {
      readonly is: 'handoff';
      readonly by: By;
      readonly no: number;
      readonly run: number;
      readonly second: number;
      readonly says: object;
    };

const numbers = fc.integer({ min: 0, max: 2 });
const by = fc.constantFrom<By[]>('a', 'b', 'both', 'all');
const second = fc.integer({ min: 0, max: 3 });
const agency = fc.constantFrom('housing', 'market', 'police');
const maybe = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> => fc.option(arb, { nil: undefined });
const versions: fc.Arbitrary<Item[]> = fc.uniqueArray(
  fc.record({
    is: fc.constant('ticket' as const),
    by,
    no: numbers,
    second,
    version: fc.integer({ min: 0, max: 3 }),
    says: fc.record({
      title: maybe(fc.constantFrom('漏水', '噪音', '')),
      status: maybe(fc.constantFrom('ACCEPTED', 'DISPATCHED', 'CLOSED')),
      leadAgency: maybe(agency),
      coAgencies: maybe(fc.uniqueArray(agency, { maxLength: 2 })),
      urgeCount: maybe(fc.nat(3)),
      returned: maybe(fc.boolean()),
    }),
  }),
  { minLength: 1, maxLength: 8, selector: ({ no, second: at, version }) => `${no} ${at} ${version}` },
);
const steps: fc.Arbitrary<Item[]> = fc.uniqueArray(
  fc.record({
    is: fc.constant('handoff' as const),
    by,
    no: numbers,
    run: fc.nat(50),
    second,
    says: fc.record({ to: agency, kind: fc.constantFrom('DISPATCH', 'RETURN', 'REASSIGN'), sourceVersion: fc.nat(3) }),
  }),
  { maxLength: 8, selector: ({ run }) => run },
);
/** The items as their source would sort them, and as they arrive: batches end where `cuts` says so. */
const arrivals = fc
  .tuple(versions, steps)
  .map(([some, others]) => [...some, ...others])
  .chain((items) =>
    fc.record({
      items: fc.constant(items),
      arriving: fc.shuffledSubarray(items, { minLength: items.length }),
      cuts: fc.array(fc.boolean(), { minLength: items.length, maxLength: items.length }),
    }),
  );

const reader: Asker = { ...dispatcher, claims: { ...dispatcher.claims, areas: pushers.all } };

let run = 0;

/** What the store holds after these arrivals, under numbers of their own. */
async function storeAfter(items: readonly Item[], cuts: readonly boolean[]): Promise<unknown> {
  run += 1;
  const own = `o${run}x`;
  const time = (at: number): string => `08:40:0${at}`;
  const batches: { readonly is: Item['is']; readonly by: By; readonly items: object[] }[] = [];
  for (const [i, item] of items.entries()) {
    const no = `${own}${item.no}`;
    const sent =
      item.is === 'ticket'
        ? ticket(no, item.version, {
            ...item.says,
            divisionCode: divisions[item.no],
            sourceAt: `2026-11-16T${time(item.second)}+08:00`,
          })
        : handoff(no, `${own}${item.run}`, time(item.second), item.says);
    const last = batches.at(-1);
    if (last === undefined || last.is !== item.is || last.by !== item.by || cuts[i] === true)
      batches.push({ is: item.is, by: item.by, items: [sent] });
    else last.items.push(sent);
  }
  for (const batch of batches) {
    const as: Asker = { ...pusher, claims: { ...pusher.claims, areas: pushers[batch.by], subject: batch.by } };
    value(await (batch.is === 'ticket' ? sendTickets : sendHandoffs)(hub, batch.items, newKey(), as));
  }
  const like = `12345:${own}%`;
  const tickets = rows(hub.dataDir, 'SELECT * FROM ticket WHERE ticket_no LIKE ? ORDER BY ticket_no', like) as Record<
    string,
    unknown
  >[];
  const parties = rows(hub.dataDir, 'SELECT * FROM ticket_party WHERE ticket_no LIKE ? ORDER BY 1, 2, 3', like);
  const handoffs = rows(hub.dataDir, 'SELECT * FROM handoff WHERE ticket_no LIKE ? ORDER BY at, run_id', like);
  const seqs = (handoffs as { ticket_no: string; seq: number }[]).map((h) => `${h.ticket_no} ${h.seq}`);
  expect(new Set(seqs).size).toBe(seqs.length);
  // One that has no place is in nobody's area: it is read in the store alone.
  const placed = tickets.filter((t) => t['division_code'] !== null);
  const read = await Promise.all(
    placed.map(async (t) =>
      value(
        await hub.ask(
          reader,
          'query ($no: ID!) { ticket(ticketNo: $no) { status title leadAgency coAgencies handoffs { runId kind to at } trace { heldBy returnCount hops { agency since } } } }',
          { no: t['ticket_no'] },
        ),
      ),
    ),
  );
  // How often it changed and when, and the order of arrival, are the way there.
  const without = (row: object, ...names: string[]): object =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  const store = {
    tickets: tickets.map((t) => without(t, 'version', 'updated_at')),
    parties,
    handoffs: handoffs.map((h) => without(h as object, 'seq')),
    read,
  };
  return JSON.parse(JSON.stringify(store).replaceAll(own, 'own')) as unknown;
}

test('every order of arrival ends in the same store as the sorted one', { timeout: 120_000 }, async () => {
  const place = (i: Item): string =>
    `${i.is === 'ticket' ? 0 : 1} ${i.second} ${i.is === 'ticket' ? i.version : i.run}`;
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ items, arriving, cuts }) => {
      const sorted = items.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
      expect(await storeAfter(arriving, cuts)).toEqual(await storeAfter(sorted, []));
    }),
    { numRuns: 40 },
  );
});
