import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createHub } from '../../src/hub/hub.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { startHub, type Answer, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, openSource, storedRows } from './askers.ts';

/* One source down costs its own fields only, and says so. */

const open: RunningHub[] = [];
async function hub(): Promise<RunningHub> {
  const started = await startHub();
  open.push(started);
  return started;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const query = `{ ticket(ticketNo: "${showcase.ticketNo}") {
  ticketNo status result reporterPhone reporterIdNumber longitude
  policeIncidents { matchedBy incident { incidentNo } } grid { matchedBy } houses { matchedBy }
  access { field status rule } } }`;

const statusOf = (answer: Answer): Record<string, string> => {
  const { ticket } = answer.data as { ticket: { access: { field: string; status: string }[] } };
  return Object.fromEntries(ticket.access.map((a) => [a.field, a.status]));
};

/** The whole answer of the police system while the police source is down. */
function expectPoliceLost(answer: Answer, waits = true): void {
  expect(statusOf(answer)).toEqual({
    ticketNo: 'ALLOWED',
    status: 'ALLOWED',
    result: 'EMPTY',
    reporterPhone: 'MASKED',
    reporterIdNumber: 'DENIED',
    longitude: 'DENIED',
    policeIncidents: 'UNAVAILABLE',
    grid: 'ALLOWED',
    houses: 'ALLOWED',
  });
  expect(answer.data).toMatchObject({
    ticket: {
      ticketNo: showcase.ticketNo,
      policeIncidents: null,
      grid: { matchedBy: 'GRID_CODE' },
      houses: [{ matchedBy: 'HOUSE_CODE' }],
    },
  });
  expect(errorLines(answer)).toEqual([
    'FIELD_DENIED Ticket.longitude ticket.longitude',
    'SOURCE_UNAVAILABLE Ticket.policeIncidents ticket.policeIncidents',
    'FIELD_DENIED Ticket.reporterIdNumber ticket.reporterIdNumber',
  ]);
  expect(answer.errors[1]).toEqual({
    message: waits
      ? 'Ticket.policeIncidents: the police source is not available; try again later'
      : 'Ticket.policeIncidents: the police source cannot give this as it stands; waiting does not help, tell police',
    path: ['ticket', 'policeIncidents'],
    extensions: {
      code: 'SOURCE_UNAVAILABLE',
      coordinate: 'Ticket.policeIncidents',
      pathPattern: 'ticket.policeIncidents',
      agency: 'police',
      policyVersion: expect.any(String),
      ...(waits ? { retryAfterSeconds: 10 } : {}),
    },
  });
  expect(answer.extensions['access']).toMatchObject({
    unavailable: [{ coordinate: 'Ticket.policeIncidents', pathPattern: 'ticket.policeIncidents', agency: 'police' }],
  });
}

describe('five things can be told apart in one answer', () => {
  test('while the source’s file cannot be read as a database', async () => {
    const running = await hub();
    expect(statusOf(await running.ask(askers.police, query))['policeIncidents']).toBe('ALLOWED');
    const path = join(running.dataDir, 'police.db');
    writeFileSync(path, 'this was a database '.repeat(500));
    expectPoliceLost(await running.ask(askers.police, query));
    const [entry] = storedRows<{ unavailable: string }>(
      running,
      'ledger',
      'SELECT unavailable FROM disclosure ORDER BY rowid DESC LIMIT 1',
    );
    expect(JSON.parse(entry?.unavailable ?? '')).toEqual(['Ticket.policeIncidents']);
    const ready = await fetch(`${running.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ok' });
  });

  test('when a table is gone', async () => {
    const running = await hub();
    const db = openSource(running, 'police');
    db.exec('DROP TABLE JJD');
    db.close();
    // It stays gone until somebody mends it.
    expectPoliceLost(await running.ask(askers.police, query), false);
  });

  test('when another holds it', async () => {
    const running = await hub();
    const db = openSource(running, 'police');
    db.exec('BEGIN EXCLUSIVE');
    const since = performance.now();
    expectPoliceLost(await running.ask(askers.police, query));
    // SQLite waits within the process: a long wait would hold up every other caller too.
    expect(performance.now() - since).toBeLessThan(5_000);
    db.exec('ROLLBACK');
    db.close();
    expect(statusOf(await running.ask(askers.police, query))['policeIncidents']).toBe('ALLOWED');
  }, 60_000);
});

test('the tickets’ own source down: the root is lost, with the agency named', async () => {
  const running = await hub();
  truncateSync(join(running.dataDir, 'hotline.db'), 0);
  writeFileSync(join(running.dataDir, 'hotline.db'), 'gone '.repeat(4_000));
  const answer = await running.ask(
    askers.police,
    `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo } catalogue(agency: "grid", type: "Grid") { field } }`,
  );
  expect(answer.data).toMatchObject({ ticket: null, catalogue: expect.any(Array) });
  expect(answer.errors).toEqual([
    {
      message: 'ticket: the hotline source is not available; try again later',
      path: ['ticket'],
      extensions: {
        code: 'SOURCE_UNAVAILABLE',
        agency: 'hotline',
        pathPattern: 'ticket',
        retryAfterSeconds: 10,
        policyVersion: running.hub.sources.policy.version,
      },
    },
  ]);
  expect((await fetch(`${running.url}/readyz`)).status).toBe(503);
});

test('a value that cannot be read costs itself alone', async () => {
  const running = await hub();
  const db = openSource(running, 'housing');
  db.prepare('UPDATE FW_JBXX SET WXDJ = 9 WHERE BDCDYH = ?').run(showcase.houseCode);
  db.close();
  const answer = await running.ask(
    askers.housing,
    `{ ticket(ticketNo: "${showcase.ticketNo}") { houses { house { houseCode dangerGrade estate access { field status } } } } }`,
  );
  expect(answer.data).toEqual({
    ticket: {
      houses: [
        {
          house: {
            houseCode: showcase.houseCode,
            dangerGrade: null,
            estate: '榕荫花园',
            access: [
              { field: 'houseCode', status: 'ALLOWED' },
              { field: 'dangerGrade', status: 'UNAVAILABLE' },
              { field: 'estate', status: 'ALLOWED' },
            ],
          },
        },
      ],
    },
  });
  expect(errorLines(answer)).toEqual(['SOURCE_UNAVAILABLE House.dangerGrade ticket.houses.*.house.dangerGrade']);
});

describe('a hub without a source’s file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-partial-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  test('starts anyway, answers for the others, and takes the source in when it comes', async () => {
    cpSync(inject('city'), dataDir, { recursive: true });
    rmSync(join(dataDir, 'police.db'));
    const lines: string[] = [];
    const partial = await createHub({
      config: loadConfig({ LIANQIAO_DATA_DIR: dataDir }),
      root: projectRoot,
      logger: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    });
    try {
      const { areas = [], unit = null, purposes } = askers.police.claims;
      const ask = () =>
        partial.answer({
          principal: {
            subject: 's',
            issuer: 'i',
            tokenId: 't',
            agency: 'police',
            role: 'SYSTEM',
            unit,
            operator: null,
            areas,
            grids: [],
            purposes,
            expiresAt: Date.now() / 1_000 + 60,
          },
          query,
          operationName: null,
          variables: {},
          purpose: 'HANDLING',
          ticket: null,
          reason: null,
          mayChange: true,
        });
      const answer = await ask();
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer.errors));
      const { text } = { text: JSON.stringify(answer.result) };
      const body = JSON.parse(text) as { data: unknown; errors: Answer['errors']; extensions: Record<string, unknown> };
      expectPoliceLost({ status: 200, text, ...body });
      expect((await partial.health()).filter((s) => !s.ok)).toEqual([
        { agency: 'police', source: 'police', ok: false, fault: 'UNREACHABLE' },
      ]);
      cpSync(join(inject('city'), 'police.db'), join(dataDir, 'police.db'));
      const told = (): unknown[] =>
        lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => 'source' in line);
      expect(told()).toEqual([
        expect.objectContaining({ level: 40, msg: 'the source fails', source: 'police', fault: 'UNREACHABLE' }),
      ]);
      const later = await ask();
      if (later.kind !== 'result') throw new Error(JSON.stringify(later.errors));
      expect(later.result.data?.['ticket']).toMatchObject({
        policeIncidents: expect.arrayContaining([
          { matchedBy: 'INCIDENT_NUMBER', incident: { incidentNo: showcase.incidents.byNumber } },
        ]),
      });
      expect(told()[1]).toMatchObject({ level: 30, msg: 'the source answers again', source: 'police' });
      expect(lines.join('')).not.toContain(showcase.reporterPhone);
    } finally {
      await partial.close();
    }
  }, 60_000);
});
