import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/*
 * A column that the caller's class may never see is in no statement, unless a join or a condition of its plan reads it; a
 * relation that is denied is not loaded at all. (What is denied on a condition of the record is read and kept by the gate:
 * the non-interference test speaks of it.)
 */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

interface Asked {
  /** `agency.TABLE` of each statement. */
  readonly tables: ReadonlySet<string>;
  /** `agency.TABLE.COLUMN` of every column that occurs in a statement, wherever it stands. */
  readonly columns: ReadonlySet<string>;
  readonly errors: readonly string[];
}

async function asked(asker: Asker, query: string): Promise<Asked> {
  hub.takeStatements();
  const answer = await hub.ask(asker, query, { no: showcase.ticketNo });
  const tables = new Set<string>();
  const columns = new Set<string>();
  for (const { agency, sql } of hub.takeStatements()) {
    const names = [...sql.matchAll(/`([^`]+)`\.`([^`]+)`/g)];
    for (const [, table, column] of names) columns.add(`${agency}.${table}.${column}`);
    for (const [, table] of sql.matchAll(/from `([^`]+)`/g)) tables.add(`${agency}.${table}`);
  }
  return { tables, columns, errors: errorLines(answer) };
}

const inTicket = (below: string): string => `query($no: ID!) { ticket(ticketNo: $no) { ticketNo ${below} } }`;

/** Everything that the plan of this caller denies here, with the column that must not be touched. */
const deniedFields: readonly (readonly [who: keyof typeof askers, below: string, column: string])[] = [
  ['audit', 'reporterPhone', 'hotline.ticket.reporter_phone'],
  ['audit', 'reporterIdNumber', 'hotline.ticket.reporter_id_number'],
  ['audit', 'longitude', 'hotline.ticket.longitude'],
  ['audit', 'houses { house { houseCode room ownerIdNumber } }', 'housing.FW_JBXX.SH'],
  ['audit', 'houses { house { houseCode room ownerIdNumber } }', 'housing.FW_JBXX.QLRZJH'],
  ['audit', 'policeIncidents { incident { incidentNo callerPhone narrative } }', 'police.JJD.BJDH'],
  ['audit', 'policeIncidents { incident { incidentNo callerPhone narrative } }', 'police.JJD.BJNR'],
  ['audit', 'grid { grid { gridCode workers { workerNo phone } } }', 'grid.wg_member.lxdh'],
  ['grid', 'marketEntities { entity { uscc contactPhone name } }', 'market.E_BASEINFO.TEL'],
  ['grid', 'houses { house { houseCode ownerName ownerIdNumber } }', 'housing.FW_JBXX.QLRXM'],
  ['grid', 'policeIncidents { incident { incidentNo callerName callerPhone } }', 'police.JJD.BJRXM'],
  ['grid', 'result replyText unresolvedReason', 'hotline.ticket.result'],
  ['police', 'reporterIdNumber', 'hotline.ticket.reporter_id_number'],
  ['police', 'houses { house { houseCode room leases { leaseNo monthlyRent } } }', 'housing.ZL_BA.YZJ'],
  [
    'police',
    'policeIncidents { incident { incidentNo confidential } } marketEntities { entity { uscc complaints { complaintNo complainantPhone } } }',
    'market.C_COMPLAINT.TSRDH',
  ],
  [
    'housing',
    'policeIncidents { incident { incidentNo callAddress dispatches { dispatchNo crew } } }',
    'police.CJD.CJRY',
  ],
  ['housing', 'policeIncidents { incident { incidentNo callAddress } }', 'police.JJD.BJRDZ'],
  ['formerHolder', 'status reporterIdNumber', 'hotline.ticket.reporter_id_number'],
];

test.each(deniedFields)('%s asks for %s and no statement names %s', async (who, below, column) => {
  const { columns, errors } = await asked(askers[who], inTicket(below));
  expect(errors.some((e) => e.startsWith('FIELD_DENIED'))).toBe(true);
  expect(columns.size).toBeGreaterThan(0);
  expect([...columns]).not.toContain(column);
});

/** Relations that the plan denies: nobody asks their tables. */
const deniedRelations: readonly (readonly [who: keyof typeof askers, below: string, table: string])[] = [
  ['police', 'houses { house { houseCode maintenanceFund { houseCode balance account } } }', 'housing.WXZJ_ZH'],
  ['police', 'grid { grid { gridCode events { totalCount nodes { eventNo } } } }', 'grid.wg_event'],
  ['police', 'policeIncidents { incident { incidentNo involvedParties { partyNo name idNumber } } }', 'police.DSR'],
  ['grid', 'houses { house { houseCode leases { leaseNo } maintenanceFund { houseCode } } }', 'housing.ZL_BA'],
  [
    'grid',
    'marketEntities { entity { uscc complaints { complaintNo } penalties { decisionNo } } }',
    'market.C_COMPLAINT',
  ],
  [
    'grid',
    'policeIncidents { incident { incidentNo dispatches { dispatchNo } feedbacks { feedbackNo } } }',
    'police.CJD',
  ],
  ['audit', 'houses { house { houseCode maintenanceFund { balance } } }', 'housing.WXZJ_ZH'],
  ['formerHolder', 'houses { house { houseCode } } trace { heldBy }', 'housing.FW_JBXX'],
  ['formerHolder', 'policeIncidents { incident { incidentNo } }', 'police.JJD'],
  ['steward', 'handoffs { runId } policeIncidents { matchedBy }', 'hotline.handoff'],
];

test.each(deniedRelations)('%s asks for %s and %s is never asked', async (who, below, table) => {
  const { tables, errors } = await asked(askers[who], inTicket(below));
  expect(errors.length).toBeGreaterThan(0);
  expect([...tables]).not.toContain(table);
});

test('what row rules hide is not fetched either: the source is told', async () => {
  const query = inTicket(
    'policeIncidents { matchedBy } grid { grid { events { nodes { eventNo } } } } handoffs { runId }',
  );
  const told = async (asker: Asker, agency: string, column: string): Promise<boolean[]> => {
    hub.takeStatements();
    await hub.ask(asker, query, { no: showcase.ticketNo });
    const statements = hub.takeStatements().filter((s) => s.agency === agency);
    return statements.map(({ sql }) => sql.slice(sql.indexOf(' where ')).includes(`\`${column}\` in (`));
  };
  // Never a confidential incident, to nobody; of others than the police's own, diverted ones only.
  expect(await told(askers.police, 'police', 'SFBM')).toEqual([true, true, true]);
  expect(await told(askers.housing, 'police', 'FJW')).toEqual([true, true, true]);
  expect(await told(askers.grid, 'grid', 'wgbm')).toEqual([true, true]);
  expect(await told(askers.grid, 'hotline', 'grid_code')).toContain(true);
});

test('what only a sure match opens is not even read of records that an uncertain one found', async () => {
  hub.takeStatements();
  const query = inTicket('policeIncidents { matchedBy incident { incidentNo callerName callerPhone } }');
  const answer = await hub.ask(askers.police, query, { no: showcase.ticketNo });
  const found = JSON.stringify(answer.data);
  for (const matchedBy of ['INCIDENT_NUMBER', 'CALLER_NUMBER', 'STANDARD_ADDRESS']) expect(found).toContain(matchedBy);
  const read = hub.takeStatements().flatMap(({ agency, sql }) => {
    const by = /where \(*`JJD`\.`(\w+)` in/.exec(sql)?.[1];
    return agency === 'police' ? [{ by, personal: ['BJRXM', 'BJDH'].filter((c) => sql.includes(`\`${c}\``)) }] : [];
  });
  expect(read.toSorted((a, b) => (String(a.by) < String(b.by) ? -1 : 1))).toEqual([
    { by: 'BJDH_ZY', personal: ['BJRXM', 'BJDH'] },
    { by: 'BZDZ', personal: [] },
    { by: 'JJDBH', personal: ['BJRXM', 'BJDH'] },
  ]);
});

test('of a hidden ticket nothing below is asked', async () => {
  const stranger: Asker = {
    claims: { agency: 'housing', role: 'HANDLER', purposes: ['HANDLING'] },
    purpose: 'HANDLING',
  };
  hub.takeStatements();
  const query = inTicket('handoffs { runId } grid { grid { gridCode } } houses { house { houseCode } }');
  const answer = await hub.ask(stranger, query, { no: showcase.reportTicketNo });
  expect(errorLines(answer)).toEqual(['NOT_FOUND ticket']);
  expect(hub.takeStatements().map((s) => s.agency)).toEqual(['hotline']);
});

test('a steward, who may know of no record, causes no statement', async () => {
  hub.takeStatements();
  const answer = await hub.ask(
    askers.steward,
    '{ tickets { nodes { ticketNo } } myCases { nodes { __typename } } ticketsByNo(ticketNos: ["a"]) { ticketNo } }',
  );
  expect(answer.data).toEqual({ tickets: null, myCases: { nodes: [] }, ticketsByNo: [null] });
  expect(hub.takeStatements()).toEqual([]);
});
