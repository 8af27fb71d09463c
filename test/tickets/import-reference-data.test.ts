import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importTickets } from '../../src/tickets/import/import-tickets.ts';
import { counts, queryStore, temporaryFolder } from './import-kit.ts';

const folder = process.env['LIANQIAO_REFERENCE_DATA'];
if (folder === undefined) {
  console.warn(
    'LIANQIAO_REFERENCE_DATA is not set: the imports of the two public data sets are NOT tested in this run',
  );
}

describe.skipIf(folder === undefined)('public data sets', () => {
  test.each([
    ['hotline-messages-with-replies.csv', 'messages-with-replies.yaml', 2816],
    ['nyc311-2025-03.csv', 'nyc311.yaml', 235],
  ])('%s: each of its rows becomes a ticket, once', async (name, mapping, total) => {
    const options = {
      file: join(folder ?? '', name),
      mapping: resolve('deploy/mappings', mapping),
      dataDir: temporaryFolder(),
    };
    expect(counts(await importTickets(options))).toEqual([total, total, 0, 0, 0]);
    const rows = queryStore(options.dataDir, 'SELECT * FROM ticket ORDER BY ticket_no');
    expect(counts(await importTickets({ ...options, restart: true }))).toEqual([total, 0, 0, total, 0]);
    expect(queryStore(options.dataDir, 'SELECT * FROM ticket ORDER BY ticket_no')).toEqual(rows);
  });

  test('messages keep their area, their times and their whole texts', async () => {
    const dataDir = temporaryFolder();
    const file = join(folder ?? '', 'hotline-messages-with-replies.csv');
    await importTickets({ file, mapping: resolve('deploy/mappings/messages-with-replies.yaml'), dataDir });
    expect(
      queryStore(dataDir, "SELECT received_at, closed_at, status FROM ticket WHERE ticket_no = 'hunan-forum:2549'"),
    ).toEqual([
      {
        received_at: '2019-04-25T09:32:09+08:00',
        closed_at: expect.stringMatching(/^2019-.*\+08:00$/),
        status: 'CLOSED',
      },
    ]);
    expect(
      queryStore(
        dataDir,
        `SELECT count(*) AS n, max(length(content)) AS content, max(length(reply_text)) AS reply
         FROM ticket WHERE division_code = '430100' AND closed_at IS NOT NULL AND title IS NOT NULL`,
      ),
    ).toEqual([{ n: 2816, content: 3191, reply: 7883 }]);
  });

  test('New York keeps its clock, its agencies, its boards and its points', async () => {
    const dataDir = temporaryFolder();
    const file = join(folder ?? '', 'nyc311-2025-03.csv');
    await importTickets({ file, mapping: resolve('deploy/mappings/nyc311.yaml'), dataDir });
    expect(
      queryStore(
        dataDir,
        `SELECT received_at, closed_at, status, lead_agency, grid_code, division_code, crs, category_path, address
         FROM ticket WHERE ticket_no = 'nyc311:64446107'`,
      ),
    ).toEqual([
      {
        received_at: '2025-03-25T11:33:07+08:00',
        closed_at: '2025-03-25T12:45:11+08:00',
        status: 'CLOSED',
        lead_agency: 'nypd',
        grid_code: '18-BROOKLYN',
        division_code: null,
        crs: 'WGS84',
        category_path: '["Noise - Residential","Banging/Pounding"]',
        address: '1155 EAST   35 STREET, BROOKLYN',
      },
    ]);
    const group = (column: string): unknown =>
      Object.fromEntries(
        queryStore(dataDir, `SELECT ${column} AS k, count(*) AS n FROM ticket GROUP BY 1`).map(({ k, n }) => [
          String(k),
          n,
        ]),
      );
    expect(group('lead_agency')).toEqual({
      nypd: 79,
      hpd: 72,
      dep: 27,
      dob: 13,
      dsny: 11,
      dot: 8,
      tlc: 8,
      dohmh: 6,
      dpr: 4,
      dhs: 4,
      dcwp: 2,
      doe: 1,
    });
    expect(group('status')).toEqual({ CLOSED: 198, ACCEPTED: 19, IN_PROGRESS: 17, DISPATCHED: 1 });
    expect(group('crs')).toEqual({ WGS84: 232, null: 3 });
  });
});
