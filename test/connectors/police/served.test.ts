import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import police from '../../../connectors/police/connector.ts';
import { sameAnswers, openBoth, type Both } from '../same-answers.ts';

/* The police's service gives what their database gives: the same records, order, counts, for the loads that the gate makes. */

let both: Both;
let city: Database.Database;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-served-'));
  city = new Database(join(inject('city'), 'police.db'), { readonly: true });
  both = await openBoth(police, 'police', inject('city'), folder);
});
afterAll(async () => {
  await both.close();
  city.close();
  rmSync(folder, { recursive: true, force: true });
});

const values = (sql: string): string[] =>
  city
    .prepare(sql)
    .pluck()
    .all()
    .filter((v): v is string => typeof v === 'string');

describe('incidents', () => {
  const fields = [
    'incidentNo',
    'callTime',
    'callerPhone',
    'categoryPath',
    'state',
    'nonPolice',
    'longitude',
    'narrative',
  ];
  const rows = [
    { kind: 'always' },
    {
      kind: 'all',
      of: [
        { kind: 'in', field: 'confidential', values: [false] },
        { kind: 'in', field: 'nonPolice', values: [true] },
      ],
    },
    { kind: 'not', of: { kind: 'in', field: 'state', values: ['FINISHED', 'DIVERTED'] } },
    { kind: 'prefix', field: 'divisionCode', prefixes: ['350102'] },
    { kind: 'range', field: 'callTime', from: '2026-06-01T00:00:00+08:00', before: '2026-10-01T00:00:00+08:00' },
  ] as const;

  test.each(rows)('under $kind', async (filter) => {
    await sameAnswers(both, 'PoliceIncident', {
      fields,
      rows: filter,
      keys: {
        incidentNo: values('SELECT JJDBH FROM JJD LIMIT 700'),
        callerDigest: values('SELECT DISTINCT BJDH_ZY FROM JJD LIMIT 300'),
        standardAddress: values('SELECT DISTINCT BZDZ FROM JJD LIMIT 300'),
      },
      countBy: ['state'],
    });
  });
});

test.each([
  ['DispatchRecord', ['dispatchNo', 'incidentNo', 'unit', 'dispatchTime', 'crew']],
  ['IncidentFeedback', ['feedbackNo', 'incidentNo', 'outcome', 'content']],
  ['InvolvedParty', ['partyNo', 'name', 'idNumber', 'ethnicity']],
])('%s of incidents', async (type, fields) => {
  await sameAnswers(both, type, {
    fields,
    rows: { kind: 'always' },
    keys: { incidentNo: values('SELECT JJDBH FROM JJD LIMIT 700') },
  });
});
