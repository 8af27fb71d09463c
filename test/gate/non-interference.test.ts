import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { getOperationAST, parse, visit } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conditionReads, type Condition } from '../../src/access/condition.ts';
import { buildPlan } from '../../src/access/plan-builder.ts';
import { decisionConditions } from '../../src/access/plan-reads.ts';
import type { LeafPlan, ObjectPlan } from '../../src/access/plan.ts';
import { showcase } from '../../src/city/showcase.ts';
import { askers, openSource } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { poolRoots, queryFor } from './query-pool.ts';
import { storedTypes, type StoredType } from './stored-fields.ts';

/*
 * Change any stored value that a caller may not see and that its plan is not declared to read: every byte of the answer
 * stays. Callers, queries and values are generated; the sources are real SQLite files, changed under the running hub.
 */

/** The long proof asks for more cases, and for others. */
const cases = Number(process.env['LIANQIAO_PROOF_CASES'] ?? 240);
const seed = Number(process.env['LIANQIAO_PROOF_SEED'] ?? 20_261_105);

let hub: RunningHub;
let sources: ReadonlyMap<string, Database.Database>;
beforeAll(async () => {
  // A match says when it was fetched, so the hub's clock stands still.
  const now = Date.now();
  hub = await startHub({}, () => now);
  sources = new Map([...new Set(storedTypes.map((t) => t.agency))].map((agency) => [agency, openSource(hub, agency)]));
});
afterAll(async () => {
  for (const db of sources.values()) db.close();
  await hub.close();
});

const callers = ['police', 'grid', 'housing', 'audit', 'hotlineOperator', 'formerHolder', 'marketOtherUnit'] as const;

/** One stored field of one record. */
interface Spot {
  readonly of: StoredType;
  readonly key: string;
  readonly field: string;
}

interface GraphObject extends Readonly<Record<string, unknown>> {
  readonly __typename: string;
  readonly access?: readonly { readonly field: string; readonly status: string }[];
}

test('no byte of an answer depends on a stored value that is hidden from its caller', async () => {
  const schema = hub.hub.sources.schema;
  const generated = fc
    .tuple(fc.constantFrom(...callers), fc.constantFrom(...poolRoots))
    .chain(([who, root]) =>
      fc.tuple(fc.constant(who), fc.constant(root), queryFor(schema, root, 3), fc.nat(), fc.nat()),
    );
  const changed = { total: 0, deniedOnRecord: 0, byCaller: {} as Record<string, number> };
  await fc.assert(
    fc.asyncProperty(generated, async ([who, root, query, pick, source]) => {
      const asker: Asker = root.ticket === undefined ? askers[who] : { ...askers[who], ticket: root.ticket };
      const before = await hub.ask(asker, query);
      expect(before.data, before.text).toBeDefined();
      const open = await declaredReads(asker, query);
      const { shown, denied } = fieldsIn(before.data);
      const spots = hiddenSpots(open, shown, denied, pick);
      const spot = spots[pick % spots.length];
      if (spot === undefined) return;
      const restore = change(spot, source);
      if (restore === null) return;
      changed.total += 1;
      changed.byCaller[who] = (changed.byCaller[who] ?? 0) + 1;
      if (denied.has(spotName(spot))) changed.deniedOnRecord += 1;
      try {
        const after = await hub.ask(asker, query);
        expect({ spot: `${spot.of.type}.${spot.field} of ${spot.key}`, text: after.text }).toEqual({
          spot: `${spot.of.type}.${spot.field} of ${spot.key}`,
          text: before.text,
        });
      } finally {
        restore();
      }
    }),
    { numRuns: cases, seed, endOnFailure: true },
  );
  process.stdout.write(
    `non-interference: ${changed.total} of ${cases} cases changed a hidden value (${changed.deniedOnRecord} of them a field denied on a record of the answer) ${JSON.stringify(changed.byCaller)}\n`,
  );
  expect(changed.total).toBeGreaterThanOrEqual(150 * (cases / 240));
  expect(changed.deniedOnRecord).toBeGreaterThan(changed.total / 6);
}, 1_800_000);

test('the check itself is awake: a value that shows does change the answer', async () => {
  const ticket = storedTypes.find((t) => t.type === 'Ticket');
  if (ticket === undefined) throw new TypeError('tickets are not stored');
  const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo title } }`;
  const before = await hub.ask(askers.police, query);
  const restore = change({ of: ticket, key: showcase.ticketNo, field: 'title' }, 1);
  const after = await hub.ask(askers.police, query);
  restore?.();
  expect(after.text).not.toBe(before.text);
  expect((await hub.ask(askers.police, query)).text).toBe(before.text);
});

/**
 * What the plan says that it reads behind the gate, and what it joins by in the records that are joined: the other half
 * of each join, which the owners approve under `joins`.
 */
async function declaredReads(asker: Asker, query: string): Promise<Set<string>> {
  const explain = 'query($query: String!) { explainAccess(query: $query) { behind { coordinate } } }';
  const answer = await hub.ask(asker, explain, { query });
  const { behind } = (answer.data as { explainAccess: { behind: { coordinate: string }[] } }).explainAccess;
  const open = new Set([...behind.map((b) => b.coordinate), ...weighed(asker, query)]);
  const { registry } = hub.hub.sources;
  const named = new Set<string>();
  visit(parse(query), { Field: (node) => void named.add(node.name.value) });
  const relations = registry.connectors.flatMap((c) => c.relations);
  for (const r of relations.filter(
    (r) => named.has(r.field) || [...named].some((n) => registry.root(n)?.type === r.to),
  )) {
    for (const match of r.by) {
      open.add(`${r.to}.${match.child}`);
      open.add(`${r.on}.${match.parent}`);
      if (match.window !== undefined) {
        open.add(`${r.on}.${match.window.parent}`);
        open.add(`${r.to}.${match.window.child}`);
      }
      if (match.as === 'phoneDigest')
        for (const f of ['confidential', 'leadAgency', 'leadUnit']) open.add(`${r.on}.${f}`);
    }
  }
  // A trace is computed from the steps; a list of cases is merged by the time of change.
  if (named.has('trace')) for (const f of ['kind', 'from', 'to', 'at', 'runId', 'ticketNo']) open.add(`Handoff.${f}`);
  if (named.has('myCases')) {
    for (const one of registry.cases) {
      for (const f of [one.changedAt, one.grid, 'status', ...one.agencies.map((a) => a.field)])
        open.add(`${one.type}.${f}`);
    }
  }
  // A filter is judged on the record with the conditions of the field that it names.
  if (query.includes('filter:'))
    for (const f of ['type', 'gridCode', 'leadAgency', 'leadUnit']) open.add(`Ticket.${f}`);
  // Between a header's ticket and the record stand the ticket's own conditions.
  if (asker.ticket !== undefined) {
    for (const f of [
      'type',
      'confidential',
      'leadAgency',
      'leadUnit',
      'coAgencies',
      'confirmedCoAgencies',
      'formerAgencies',
      'divisionCode',
      'gridCode',
    ])
      open.add(`Ticket.${f}`);
  }
  return open;
}

/** What row rules and conditions weigh and what redaction takes out: a field can be asked for and be read so too. */
function weighed(asker: Asker, query: string): string[] {
  const { agency, role } = asker.claims;
  const document = parse(query);
  const operation = getOperationAST(document);
  if (operation === null || operation === undefined) throw new TypeError('the query has no operation');
  const plan = buildPlan(document, operation, { agency, role, purpose: asker.purpose ?? null }, hub.hub.sources);
  const reads: string[] = [];
  const add = (type: string, condition: Condition): void => {
    const { record, ticket } = conditionReads(condition, type);
    for (const field of record) reads.push(`${type}.${field}`);
    for (const field of ticket) reads.push(`Ticket.${field}`);
  };
  const walk = (part: unknown): void => {
    if (part instanceof Map) part.forEach(walk);
    else if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === 'object' && part !== null) {
      const node = part as Partial<LeafPlan & ObjectPlan>;
      if (node.type !== undefined && typeof node.rows === 'object' && node.rows !== null) add(node.type, node.rows);
      if (node.decision !== undefined && node.coordinate !== undefined) {
        const type = node.coordinate.slice(0, node.coordinate.indexOf('.'));
        for (const condition of decisionConditions(node.decision)) add(type, condition);
        // The names and addresses that the record knows are taken out of its text.
        const { names = [], addresses = [] } = node.redacts ?? {};
        for (const known of [...names, ...addresses]) reads.push(`${type}.${known}`);
      }
      for (const [name, below] of Object.entries(part)) if (name !== 'call' && name !== 'declaration') walk(below);
    }
  };
  walk(plan.roots);
  return reads;
}

/** The fields of the answer's records by their verdicts, as `Type key field`. */
function fieldsIn(data: unknown): { shown: Set<string>; denied: Set<string> } {
  const shown = new Set<string>();
  const denied = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const object = value as GraphObject;
    const of = storedTypes.find((t) => t.type === object.__typename);
    const key = of === undefined ? undefined : object[of.key];
    if (of !== undefined && typeof key === 'string') {
      for (const { field, status } of object.access ?? [])
        (status === 'DENIED' ? denied : shown).add(`${of.type} ${key} ${field}`);
    }
    for (const [field, below] of Object.entries(object)) if (field !== 'access') walk(below);
  };
  walk(data);
  // A record that two ways lead to may show more on one of them.
  return { shown, denied: new Set([...denied].filter((d) => !shown.has(d))) };
}

/** Spots that must not matter: fields denied on the answer's records first, then others of them, then any record's. */
function hiddenSpots(
  open: ReadonlySet<string>,
  shown: ReadonlySet<string>,
  denied: ReadonlySet<string>,
  pick: number,
): Spot[] {
  const hidden = (spot: Spot): boolean =>
    !open.has(`${spot.of.type}.${spot.field}`) && !shown.has(spotName(spot)) && spot.field !== spot.of.key;
  const parsed = [...denied].flatMap((name): Spot[] => {
    const [type, key, field] = split(name);
    const of = storedTypes.find((t) => t.type === type);
    return of === undefined || !of.fields.has(field) ? [] : [{ of, key, field }];
  });
  const onAnswer = parsed.filter(hidden);
  if (onAnswer.length > 0 && pick % 2 === 0) return onAnswer;
  const nearby = new Map(
    [...shown, ...denied].map((name) => split(name)).map(([type, key]) => [`${type} ${key}`, { type, key }]),
  );
  const others = [...nearby.values(), ...anyRecords(pick)].flatMap(({ type, key }): Spot[] => {
    const of = storedTypes.find((t) => t.type === type);
    return of === undefined ? [] : [...of.fields.keys()].map((field) => ({ of, key, field }));
  });
  return others.filter(hidden);
}

/** Records beside the answer: the showcase's near misses, and one of each type by chance. */
function anyRecords(pick: number): { type: string; key: string }[] {
  const { nearMisses, incidents } = showcase;
  const near = [
    ...[showcase.reportTicketNo, showcase.confidentialTicketNo, showcase.ticketNo].map((key) => ({
      type: 'Ticket',
      key,
    })),
    ...[...Object.values(incidents), nearMisses.confidential, nearMisses.nextDoor].map((key) => ({
      type: 'PoliceIncident',
      key,
    })),
    ...[showcase.uscc, showcase.reportedUscc, nearMisses.swappedUscc].map((key) => ({ type: 'MarketEntity', key })),
    ...[showcase.houseCode, nearMisses.neighbourHouse].map((key) => ({ type: 'House', key })),
  ];
  const byChance = storedTypes.flatMap(({ type, agency, table, keyColumn }) => {
    const row = sources
      .get(agency)
      ?.prepare(`SELECT ${keyColumn} AS key FROM ${table} LIMIT 1 OFFSET ? % (SELECT count(*) FROM ${table})`)
      .get(pick % 100_000) as { key: string } | undefined;
    return row === undefined ? [] : [{ type, key: row.key }];
  });
  return [...near, ...byChance];
}

/** Writes another record's value of the same column; null where there is no other. Returns the way back. */
function change({ of, key, field }: Spot, source: number): (() => void) | null {
  const db = sources.get(of.agency);
  const columns = of.fields.get(field);
  const column = columns?.[source % columns.length];
  if (db === undefined || column === undefined) return null;
  const where = `WHERE ${of.keyColumn} = ?`;
  const now = db.prepare(`SELECT "${column}" AS v FROM ${of.table} ${where}`).get(key) as
    { v: string | number | null } | undefined;
  if (now === undefined) return null;
  const others = db
    .prepare(`SELECT DISTINCT "${column}" AS v FROM ${of.table} WHERE "${column}" IS NOT ? LIMIT 50`)
    .all(now.v) as { v: string | number | null }[];
  const other = others[source % Math.max(others.length, 1)];
  if (other === undefined) return null;
  const update = db.prepare(`UPDATE ${of.table} SET "${column}" = ? ${where}`);
  try {
    update.run(other.v, key);
  } catch (error) {
    // A column that takes no null, or no second record of a number.
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) return null;
    throw error;
  }
  return () => void update.run(now.v, key);
}

function spotName(spot: Spot): string {
  return `${spot.of.type} ${spot.key} ${spot.field}`;
}

/** Type, key and field; a key may hold spaces. */
function split(name: string): [type: string, key: string, field: string] {
  const first = name.indexOf(' ');
  const last = name.lastIndexOf(' ');
  return [name.slice(0, first), name.slice(first + 1, last), name.slice(last + 1)];
}
