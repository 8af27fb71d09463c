import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { phoneDigest } from '../../src/connector/join-key.ts';
import { secretFile } from '../../src/config/secret-file.ts';
import { askers, errorLines, openSource, storedRows } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* The reporter asked for secrecy: its name, number and ID stay with the handling unit, and so does a join by the number. */

const { confidentialTicketNo } = showcase;
const unit = 'housing-rental';
const asHandlingUnit: Asker = {
  claims: { agency: 'housing', role: 'HANDLER', unit, purposes: ['HANDLING'] },
  purpose: 'HANDLING',
};
const calls = { reporters: 'JJ20261105990000091', somebodys: 'JJ20261105990000092' };

let hub: RunningHub;
let reporter: { name: string; phone: string; id: string };
beforeAll(async () => {
  hub = await startHub();
  const [row] = storedRows<typeof reporter>(
    hub,
    'hotline',
    'SELECT reporter_name AS name, reporter_phone AS phone, reporter_id_number AS id FROM ticket WHERE ticket_no = ?',
    confidentialTicketNo,
  );
  if (row === undefined) throw new Error('the city has no confidential ticket');
  reporter = row;
  // The reporter called 110 the same day, about something non-police that was diverted: only the number joins it.
  const police = openSource(hub, 'police');
  const copy = police.prepare<[string, string | null, string, string]>(
    `INSERT INTO JJD SELECT ?, '20261105093000', JJSJ, BJJSSJ, BJRXM, BJDH, ?, BJRDZ, AFDZ, '无此地址', BJNR, GXDWDM, GXDWMC, XZQHDM,
       JQLBDM, JQLB1, JQLB2, JQLB3, JQLB4, JQDJ, JQZT, '0', '1', ?, ZDDWXZB, ZDDWYZB, ZBXDM FROM JJD WHERE JJDBH = ?`,
  );
  const digest = phoneDigest(secretFile(hub.dataDir, 'join'), reporter.phone);
  copy.run(calls.reporters, digest, 'other:1', showcase.incidents.byNumber);
  copy.run(calls.somebodys, 'nobody', 'other:2', showcase.incidents.byNumber);
  police.close();
});
afterAll(() => hub.close());

const query = `{ ticket(ticketNo: "${confidentialTicketNo}") {
  ticketNo type title content replyText reporterName reporterPhone reporterIdNumber
  handoffs { by reason } policeIncidents { matchedBy incident { incidentNo } } access { field status } } }`;

/** Everybody who sees the ticket and is not its handling unit. */
const outside: readonly (readonly [name: string, asker: Asker])[] = [
  ['housing handler of another unit', askers.housing],
  [
    'housing system without a unit',
    { claims: { agency: 'housing', role: 'SYSTEM', purposes: ['HANDLING'] }, purpose: 'HANDLING' },
  ],
  [
    'housing handler in an emergency',
    { claims: { agency: 'housing', role: 'HANDLER', purposes: ['EMERGENCY'] }, purpose: 'EMERGENCY', reason: '火灾' },
  ],
  ['grid worker', askers.grid],
  ['auditor', askers.audit],
  ['hotline operator', askers.hotlineOperator],
];

test.each(outside)('the %s learns nothing of who reported', async (_name, asker) => {
  const answer = await hub.ask(asker, query);
  const { ticket } = answer.data as { ticket: Record<string, unknown> };
  expect(ticket['ticketNo']).toBe(confidentialTicketNo);
  expect({ name: ticket['reporterName'], phone: ticket['reporterPhone'], id: ticket['reporterIdNumber'] }).toEqual({
    name: null,
    phone: null,
    id: null,
  });
  expect(errorLines(answer)).toContain('FIELD_DENIED Ticket.reporterName ticket.reporterName');
  expect(errorLines(answer)).toContain('FIELD_DENIED Ticket.reporterPhone ticket.reporterPhone');
  for (const secret of Object.values(reporter)) expect(answer.text).not.toContain(secret);
  expect(answer.text).not.toContain(reporter.name.slice(0, 1) + '*');
  expect(answer.text).not.toContain(calls.reporters);
});

test('the handling unit sees the reporter, and the join by the number', async () => {
  const { data } = await hub.ask(asHandlingUnit, query);
  const { ticket } = data as { ticket: Record<string, unknown> };
  expect(ticket).toMatchObject({
    reporterName: reporter.name,
    reporterPhone: reporter.phone,
    reporterIdNumber: null,
    policeIncidents: [{ matchedBy: 'CALLER_NUMBER', incident: { incidentNo: calls.reporters } }],
  });
  expect(JSON.stringify(ticket['content'])).not.toContain(reporter.phone);
});

test('the direct lookup of the incident goes the same way', async () => {
  const lookup = `{ policeIncident(incidentNo: "${calls.reporters}") { incidentNo } }`;
  const ticket = confidentialTicketNo;
  expect((await hub.ask({ ...asHandlingUnit, ticket }, lookup)).data).toEqual({
    policeIncident: { incidentNo: calls.reporters },
  });
  for (const [, asker] of outside) {
    const hidden = await hub.ask({ ...asker, ticket }, lookup);
    const unknown = await hub.ask({ ...asker, ticket }, lookup.replace(calls.reporters, 'JJ00000000000000000'));
    expect(hidden.text).toBe(unknown.text);
  }
});

test('outside the unit the number is not even looked up', async () => {
  hub.takeStatements();
  await hub.ask(askers.audit, query);
  expect(hub.takeStatements().filter((s) => s.sql.includes('BJDH_ZY'))).toEqual([]);
  await hub.ask(asHandlingUnit, query);
  expect(hub.takeStatements().filter((s) => s.sql.includes('BJDH_ZY'))).toHaveLength(1);
});

test('who called 110 about the matter stays unnamed as well, though the incident joins by its number', async () => {
  const hotline = openSource(hub, 'hotline');
  hotline
    .prepare('UPDATE ticket SET police_incident_no = ? WHERE ticket_no = ?')
    .run(calls.reporters, confidentialTicketNo);
  hotline.close();
  const query = `{ ticket(ticketNo: "${confidentialTicketNo}") { policeIncidents { matchedBy incident { incidentNo callerName callerPhone } } } }`;
  const unitSees = await hub.ask(asHandlingUnit, query);
  const otherUnit: Asker = { ...asHandlingUnit, claims: { ...asHandlingUnit.claims, unit: 'housing-property' } };
  const incident = { incidentNo: calls.reporters, callerName: null, callerPhone: null };
  expect((await hub.ask(otherUnit, query)).data).toEqual({
    ticket: { policeIncidents: [{ matchedBy: 'INCIDENT_NUMBER', incident }] },
  });
  const seen = unitSees.data as { ticket: { policeIncidents: { incident: { callerPhone: string } }[] } };
  expect(seen.ticket.policeIncidents[0]?.incident.callerPhone).toMatch(/^1\d\d\*{4}\d{4}$/);
});
