import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import type { Explanation } from '../../src/hub/explain.ts';
import type { DemoClaims } from '../../src/identity/demo-issuer.ts';
import type { Purpose } from '../../src/identity/principal.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { policy } from './policy-command.ts';

/* `policy explain` says what the running hub says and does: it makes the same plan from the same files. */

let hub: RunningHub;
let folder: string;
beforeAll(async () => {
  hub = await startHub();
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-explain-'));
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

/** `lianqiao policy explain --json` */
async function offline(query: string, { agency, role }: DemoClaims, purpose: Purpose): Promise<Explanation> {
  const file = join(folder, 'query.graphql');
  writeFileSync(file, query);
  const caller = ['--agency', agency, '--role', role, '--purpose', purpose];
  const { status, stdout } = await policy('explain', file, ...caller, '--json');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Explanation;
}

const ticket = `{
  ticket(ticketNo: "${showcase.ticketNo}") {
    ticketNo title content reporterName reporterPhone reporterIdNumber address longitude leadAgency replyText
    handoffs { by reason at }
    trace { hops { agency heldForSeconds } }
    policeIncidents { matchedBy incident { incidentNo callerName callerPhone narrative incidentAddress dispatches { crew unit } } }
    grid { grid { gridCode households workers { name phone } } }
    marketEntities { confidence entity { uscc legalRepresentative contactPhone complaints { complainantName content } } }
    houses { house { houseCode address room ownerName leases { lesseePhone monthlyRent } maintenanceFund { balance } } }
  }
}`;
const cases =
  '{ myCases(first: 5) { nodes { ... on Ticket { ticketNo reporterPhone } ... on GridEvent { eventNo reporterPhone address } } } }';
const log = `{ disclosures(ticketNo: "${showcase.ticketNo}") { totalCount nodes { at operator reason disclosedFields } } }`;

const callers: readonly (readonly [DemoClaims, Purpose])[] = [
  [{ agency: 'hotline', role: 'OPERATOR', areas: ['350102'], purposes: ['HANDLING'] }, 'HANDLING'],
  [{ agency: 'housing', role: 'HANDLER', purposes: ['HANDLING'] }, 'HANDLING'],
  [{ agency: 'police', role: 'SYSTEM', purposes: ['DISPATCH'] }, 'DISPATCH'],
  [{ agency: 'market', role: 'SUPERVISOR', areas: ['350102'], purposes: ['SUPERVISION'] }, 'SUPERVISION'],
  [{ agency: 'grid', role: 'GRID_WORKER', grids: [showcase.gridCode], purposes: ['HANDLING'] }, 'HANDLING'],
  [{ agency: 'audit', role: 'AUDITOR', areas: ['350102'], purposes: ['AUDIT'] }, 'AUDIT'],
  [{ agency: 'fire', role: 'HANDLER', purposes: ['HANDLING'] }, 'HANDLING'],
  [{ agency: 'police', role: 'HANDLER', purposes: ['STATISTICS'] }, 'STATISTICS'],
];
const asked = callers.flatMap(([claims, purpose]) =>
  Object.entries({ ticket, cases, log }).map(
    ([what, query]) => [`${claims.agency} ${claims.role} ${purpose}`, what, query, claims, purpose] as const,
  ),
);

test.each(asked)('%s, %s: the hub explains the same', async (_who, _what, query, claims, purpose) => {
  const said = await offline(query, claims, purpose);
  const document =
    'query($query: String!) { explainAccess(query: $query) { policyVersion agency role purpose fields { coordinate pathPattern agency verdict mask conditions rules lacks purposes guards lines { rule } } behind { coordinate reasons } } }';
  const { data, errors } = await hub.ask({ claims, purpose }, document, { query });
  expect(errors).toEqual([]);
  expect((data as { explainAccess: unknown }).explainAccess).toEqual(said);
  expect(said.fields.length).toBeGreaterThan(3);
});

test.each(asked)('%s, %s: the answer keeps to it', async (_who, _what, query, claims, purpose) => {
  const said = await offline(query, claims, purpose);
  const { extensions } = await hub.ask({ claims, purpose }, query);
  const { access } = extensions as {
    access: { policyVersion: string; masked: Told[]; denied: Told[] };
  };
  expect(access.policyVersion).toBe(said.policyVersion);
  const explained = (told: Told): Explanation['fields'][number] | undefined =>
    said.fields.find((f) => f.coordinate === told.coordinate && f.pathPattern === told.pathPattern);
  for (const told of access.denied)
    expect([told, explained(told)?.verdict]).toEqual([told, expect.stringMatching(/^(?:DENY|CONDITIONAL)$/)]);
  for (const told of access.masked) {
    const field = explained(told);
    expect([told, field?.verdict]).toEqual([told, expect.stringMatching(/^(?:MASK|CONDITIONAL)$/)]);
    expect(field?.rules).toContain(told.rule);
    if (field?.verdict === 'MASK') expect(field.mask).toBe(told.mask);
  }
});

interface Told {
  readonly coordinate: string;
  readonly pathPattern: string;
  readonly mask?: string;
  readonly rule?: string;
}
