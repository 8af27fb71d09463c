import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import hotline from '../../connectors/hotline/connector.ts';
import { always } from '../../src/connector/filter.ts';
import type { StatisticsDeclaration } from '../../src/connector/connector.ts';
import { openConnector, type OpenConnector } from '../../src/connector/open-connector.ts';
import { sqliteFile } from '../../src/connector/sql/sqlite-file.ts';
import { statisticsProblems } from '../../src/hub/check-statistics.ts';

/* A connector whose statistics would not hold what docs/statistics.md promises does not start. */

let open: OpenConnector;
beforeAll(() => {
  open = openConnector(hotline, { dataDir: inject('city'), settings: sqliteFile, keyChunk: 500 });
});
afterAll(() => open.close());

const base = { field: 'ticketStatistics', type: 'Ticket', time: 'receivedAt' };
const problemsOf = (...declarations: StatisticsDeclaration[]): string[] =>
  statisticsProblems(declarations, (type) => open.sources.get(type), 'connector.ts').map(
    (p) => `${p.file}: ${p.message}`,
  );
const district = { field: 'divisionCode', prefix: 6 };
const type = { field: 'type' };

describe('statistics', () => {
  test('as the hotline declares them are right', () => {
    expect(problemsOf(...(hotline.statistics ?? []))).toEqual([]);
  });

  test.each([
    [
      'a list',
      { AGENCIES: [{ field: 'coAgencies' }] },
      'AGENCIES counts by Ticket.coAgencies, which does not have one value in one column of its source',
    ],
    [
      'a list without a table of members',
      { CATEGORY: [{ field: 'categoryPath' }] },
      'CATEGORY counts by Ticket.categoryPath, which does not have one value in one column of its source',
    ],
    [
      'a field that is not mapped',
      { TRACE: [{ field: 'trace' }] },
      'TRACE counts by Ticket.trace, which does not have one value in one column of its source',
    ],
    [
      'one field in two forms',
      { DISTRICT: [district], STREET: [{ field: 'divisionCode', prefix: 9 }] },
      'Ticket.divisionCode is a dimension twice; keep one',
    ],
    [
      'a pair of what is no dimension',
      { TYPE: [type], PAIR: [type, district] },
      'PAIR pairs Ticket.divisionCode, which is no dimension of its own in this form; add it',
    ],
    [
      'a pair in another form',
      { TYPE: [type], DISTRICT: [district], PAIR: [type, { field: 'divisionCode' }] },
      'PAIR pairs Ticket.divisionCode, which is no dimension of its own in this form; add it',
    ],
    [
      'two pairs of one field',
      {
        TYPE: [type],
        DISTRICT: [district],
        STATUS: [{ field: 'status' }],
        A: [type, district],
        B: [type, { field: 'status' }],
      },
      'Ticket.type stands in two pairs; keep one',
    ],
    ['a field paired with itself', { TYPE: [type], PAIR: [type, type] }, 'Ticket.type stands in two pairs; keep one'],
  ] satisfies [string, StatisticsDeclaration['dimensions'], string][])(
    'by %s are refused',
    (_what, dimensions, message) => {
      expect(problemsOf({ ...base, dimensions })).toEqual([`connector.ts: ticketStatistics: ${message}`]);
    },
  );

  test('of one type under two roots are refused', () => {
    expect(problemsOf({ ...base, dimensions: {} }, { ...base, field: 'more', dimensions: {} })).toEqual([
      'connector.ts: more: Ticket is counted by two root fields; put their dimensions into one',
    ]);
  });

  test('a source refuses to count by a list, and traces are not counted', async () => {
    const { signal } = new AbortController();
    await expect(open.sources.get('Ticket')?.countBy(['coAgencies'], always, signal)).rejects.toThrow(
      'Ticket.coAgencies',
    );
    await expect(open.sources.get('Trace')?.countBy(['ticketNo'], always, signal)).rejects.toThrow('loaded by ticket');
  });
});
