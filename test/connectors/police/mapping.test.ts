import { openConnector } from '../../../src/connector/open-connector.ts';
import { sqliteFile } from '../../../src/connector/sql/sqlite-file.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import connector from '../../../connectors/police/connector.ts';
import {
  dispatchRecord,
  incidentFeedback,
  involvedParty,
  policeIncident,
  policeReceipt,
} from '../../../connectors/police/mapping.ts';
import { showcase } from '../../../src/city/showcase.ts';
import { always } from '../../../src/connector/filter.ts';
import { phoneDigest } from '../../../src/connector/join-key.ts';
import { expectAllReadable, expectUnreadable, recordWhere } from '../../city/mapped-rows.ts';
import { joinSecret, seededCity, type SeededCity } from '../../city/seeded-city.ts';

let city: SeededCity;
beforeAll(async () => {
  city = await seededCity({ tickets: 1_500 });
});
afterAll(() => city.remove());

test('an incident in the schema’s terms', () => {
  const record = recordWhere(city, 'police', 'JJD', policeIncident, 'JJDBH = ?', showcase.incidents.byNumber);
  expect(record).toEqual({
    incidentNo: 'JJ20261105990000001',
    callTime: '2026-11-05T09:48:00+08:00',
    receiveTime: expect.stringMatching(/^2026-11-05T09:48:\d\d\+08:00$/),
    finishTime: expect.stringMatching(/^2026-11-05T\d\d:\d\d:\d\d\+08:00$/),
    callerName: '林晓晨',
    callerPhone: '13800590517',
    callerDigest: phoneDigest(joinSecret, '13800590517'),
    callAddress: '鼓楼区榕荫路12号榕荫花园3幢2单元501室',
    incidentAddress: '鼓楼区榕荫路12号榕荫花园3幢2单元501室',
    standardAddress: expect.stringMatching(/^福建省福州市鼓楼区鼓东街道.+社区榕荫路12号榕荫花园3幢2单元501室$/),
    narrative: '报警人林晓晨称因楼道堆物与物业保安争执，属非警务类，转12345办理',
    jurisdictionUnit: '350102001000',
    jurisdictionStation: '鼓楼区公安局鼓东派出所',
    divisionCode: '350102',
    categoryCode: '301002',
    categoryPath: ['治安', '纠纷', '邻里纠纷'],
    incidentGrade: expect.stringMatching(/^(ONE|TWO|THREE|FOUR)$/),
    state: 'DIVERTED',
    confidential: false,
    nonPolice: true,
    divertedTicketNo: showcase.ticketNo,
    longitude: expect.closeTo(119.29, 1),
    latitude: expect.closeTo(26.08, 1),
    crs: expect.stringMatching(/^(CGCS2000|WGS84|GCJ02)$/),
  });
});

test('every field of every row can be read, and written back where it can be searched', () => {
  expectAllReadable(city, 'police', 'JJD', policeIncident);
  expectAllReadable(city, 'police', 'CJD', dispatchRecord);
  expectAllReadable(city, 'police', 'FKD', incidentFeedback);
  expectAllReadable(city, 'police', 'DSR', involvedParty);
  expectAllReadable(city, 'police', 'ZWGD', policeReceipt);
});

test('unknown codes and broken values are unreadable', () => {
  expectUnreadable(policeIncident, 'confidential', '2');
  expectUnreadable(policeIncident, 'confidential', 'N');
  expectUnreadable(policeIncident, 'incidentGrade', '05');
  expectUnreadable(policeIncident, 'incidentGrade', '1');
  expectUnreadable(policeIncident, 'state', '99');
  expectUnreadable(policeIncident, 'crs', '0');
  expectUnreadable(policeIncident, 'callTime', '20261332101230');
  expectUnreadable(policeIncident, 'callTime', '2026-11-05 10:12:30');
  expectUnreadable(policeIncident, 'callerPhone', '不详');
  expectUnreadable(policeIncident, 'longitude', '东经119');
  expectUnreadable(involvedParty, 'ethnicity', '99');
  expectUnreadable(involvedParty, 'politicalStatus', '00');
});

test('codes mean what the police’s code lists say', () => {
  const read = (field: keyof typeof policeIncident, ...codes: string[]) =>
    codes.map((code) => policeIncident[field].read(code));
  expect(read('incidentGrade', '01', '02', '03', '04')).toEqual(['ONE', 'TWO', 'THREE', 'FOUR']);
  expect(read('state', '10', '20', '30', '40', '50', '60')).toEqual([
    'RECEIVED',
    'DISPATCHED',
    'HANDLING',
    'FEEDBACK',
    'FINISHED',
    'DIVERTED',
  ]);
  expect(read('confidential', '1', '0', '')).toEqual([true, false, null]);
  expect(policeIncident.callTime.write?.('2026-11-05T09:48:00+08:00')).toBe('20261105094800');
  expect(policeIncident.callTime.write?.('2026-11-05')).toBeNull();
});

test('the connector finds incidents by digest, newest first', async () => {
  const open = openConnector(connector, { dataDir: city.dataDir, settings: sqliteFile, keyChunk: 100 });
  const incidents = open.sources.get('PoliceIncident');
  const entity = connector.entities.find(({ type }) => type === 'PoliceIncident');
  const digest = phoneDigest(joinSecret, showcase.reporterPhone) ?? '';
  const found = await incidents?.loadByKeys({
    key: 'callerDigest',
    keys: ['nobody', digest],
    fields: ['incidentNo'],
    rows: always,
    order: entity?.order ?? [],
    limitPerKey: 3,
    signal: new AbortController().signal,
  });
  await open.close();
  const { incidents: joined, nearMisses } = showcase;
  expect(found?.map((list) => list.map((record) => record['incidentNo']))).toEqual([
    [],
    [joined.byNumber, nearMisses.confidential, joined.byCaller],
  ]);
});
