import { afterAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type RunningHub } from '../kit/running-hub.ts';

/*
 * A key is never null, so that a record whose key is denied goes with it where the key is asked for. The caller is told so,
 * alike whether it is denied always or on this record; and is given the record's other fields when it asks without the key.
 */

const now = (): number => Date.parse('2026-11-23T12:00:00+08:00');
const hubs: RunningHub[] = [];
const roots: OwnRoot[] = [];
afterAll(async () => {
  for (const hub of hubs) await hub.close();
  for (const root of roots) root.remove();
});

async function withoutKey(when: string): Promise<RunningHub> {
  const own = ownRoot();
  roots.push(own);
  own.grantFirst(
    'police',
    `  - id: no-number
    to: [{ agency: housing, roles: [HANDLER] }]
    purposes: [HANDLING]
    law: 国办发〔2022〕12号
    ${when}
    deny: [PoliceIncident.incidentNo]
`,
  );
  const hub = await startHub({}, now, own.root);
  hubs.push(hub);
  return hub;
}

const asked = (fields: string): string =>
  `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo policeIncidents { matchedBy incident { ${fields} } } } }`;
const incidentsOf = (answer: Answer): readonly unknown[] =>
  (answer.data as { ticket: { policeIncidents: { incident: unknown }[] } }).ticket.policeIncidents.map(
    (m) => m.incident,
  );

test.each([
  ['always', 'when: []'],
  ['on these records', 'when: [{ recordIs: { field: nonPolice, is: [true] } }]'],
])('a key that is denied %s takes the record with it, and the caller is told', async (_, when) => {
  const hub = await withoutKey(when);
  const withKey = await hub.ask(askers.housing, asked('state incidentNo'));
  expect(incidentsOf(withKey)).toEqual([null]);
  expect(errorLines(withKey)).toEqual([
    'FIELD_DENIED PoliceIncident.incidentNo ticket.policeIncidents.*.incident.incidentNo',
  ]);
  expect(withKey.errors[0]?.message).toMatch(
    /; it is never null, so the record goes with it: leave the field out to be given the others$/,
  );
  const without = await hub.ask(askers.housing, asked('state'));
  expect(errorLines(without)).toEqual([]);
  expect(incidentsOf(without)).toEqual([{ state: expect.any(String) as string }]);
});
