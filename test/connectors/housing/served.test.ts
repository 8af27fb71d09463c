import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, inject, test } from 'vitest';
import housing from '../../../connectors/housing/connector.ts';
import { openBoth, sameAnswers, type Both } from '../same-answers.ts';

/* The house register's GraphQL service gives what its database gives, for the loads that the gate makes. */

let both: Both;
let city: Database.Database;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-served-'));
  city = new Database(join(inject('city'), 'housing.db'), { readonly: true });
  both = await openBoth(housing, 'housing', inject('city'), folder);
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

test.each([
  [{ kind: 'always' }],
  [{ kind: 'prefix', field: 'divisionCode', prefixes: ['350102'] }],
  [{ kind: 'prefix', field: 'divisionCode', prefixes: ['350102', '350104'] }],
  [{ kind: 'not', of: { kind: 'in', field: 'dangerGrade', values: ['A'] } }],
] as const)('houses under %j', async (rows) => {
  await sameAnswers(both, 'House', {
    fields: ['houseCode', 'estate', 'room', 'address', 'dangerGrade', 'ownerName', 'ownerIdNumber', 'builtYear'],
    rows,
    keys: {
      houseCode: values('SELECT BDCDYH FROM FW_JBXX LIMIT 700'),
      standardAddress: values('SELECT DISTINCT BZDZ FROM FW_JBXX LIMIT 300'),
    },
    countBy: ['dangerGrade'],
  });
});

test('companies, one by one', async () => {
  await sameAnswers(both, 'PropertyCompany', {
    fields: ['uscc', 'name', 'contactName', 'contactPhone'],
    rows: { kind: 'always' },
    keys: { uscc: values('SELECT XYDM FROM FW_WYQY LIMIT 300') },
  });
});

test.each([
  ['LeaseRegistration', ['leaseNo', 'houseCode', 'lessorName', 'lesseePhone', 'monthlyRent', 'termFrom']],
  ['DilapidatedHouse', ['appraisalNo', 'dangerGrade', 'measure']],
])('%s of houses', async (type, fields) => {
  const table = type === 'LeaseRegistration' ? 'ZL_BA' : 'FW_WFJD';
  await sameAnswers(both, type, {
    fields,
    rows: { kind: 'always' },
    keys: {
      houseCode: [
        ...values(`SELECT BDCDYH FROM ${table} LIMIT 400`),
        ...values('SELECT BDCDYH FROM FW_JBXX LIMIT 200'),
      ],
    },
  });
});
