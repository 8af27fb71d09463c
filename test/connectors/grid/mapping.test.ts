import { afterAll, beforeAll, expect, test } from 'vitest';
import connector from '../../../connectors/grid/connector.ts';
import {
  grid,
  gridCell,
  gridEvent,
  gridReceipt,
  gridWorker,
  managedComponent,
} from '../../../connectors/grid/mapping.ts';
import { showcase } from '../../../src/city/showcase.ts';
import { openConnector } from '../../../src/connector/open-connector.ts';
import { sqliteFile } from '../../../src/connector/sql/sqlite-file.ts';
import { matches } from '../../../src/connector/filter.ts';
import { expectAllReadable, expectUnreadable, recordWhere } from '../../city/mapped-rows.ts';
import { seededCity, type SeededCity } from '../../city/seeded-city.ts';

let city: SeededCity;
beforeAll(async () => {
  city = await seededCity({ tickets: 1_500 });
});
afterAll(() => city.remove());

test('an event in the schema’s terms', () => {
  const event = recordWhere(city, 'grid', 'wg_event', gridEvent, 'sjbh = ?', showcase.events.linked);
  expect(event).toEqual({
    eventNo: 'WG9900000001',
    majorClass: '物业管理',
    minorClass: '服务质量',
    gridCode: showcase.gridCode,
    divisionCode: '350102001003',
    status: 'CLOSED',
    address: '鼓楼区榕荫路12号',
    description: '榕荫花园楼道堆物，请到场核实',
    reporterName: '林晓晨',
    reporterPhone: '13800590517',
    photoCount: 3,
    reportedAt: '2026-11-05T14:12:00+08:00',
    verifiedAt: expect.stringMatching(/^2026-11-05T1[4-6]:\d\d:00\+08:00$/),
    dispatchedAt: expect.stringMatching(/^2026-11-05T1[4-7]:\d\d:00\+08:00$/),
    deadline: '2026-11-08T14:12:00+08:00',
    closedAt: expect.stringMatching(/^2026-11-05T1[67]:\d\d:00\+08:00$/),
    updatedAt: expect.stringMatching(/^2026-11-05T1[67]:\d\d:00\+08:00$/),
    linkedTicketNo: showcase.ticketNo,
  });
  expect(recordWhere(city, 'grid', 'wg_info', grid, 'wgbm = ?', showcase.gridCode)).toMatchObject({
    gridCode: showcase.gridCode,
    divisionCode: '350102001003',
    street: '鼓东街道',
  });
});

test('every field of every row can be read, and written back where it can be searched', () => {
  expectAllReadable(city, 'grid', 'wg_info', grid);
  expectAllReadable(city, 'grid', 'wg_cell', gridCell);
  expectAllReadable(city, 'grid', 'wg_part', managedComponent);
  expectAllReadable(city, 'grid', 'wg_member', gridWorker);
  expectAllReadable(city, 'grid', 'wg_event', gridEvent);
  expectAllReadable(city, 'grid', 'wg_receipt', gridReceipt);
});

test('codes mean what the platform says; unknown ones are unreadable', () => {
  expect([1, 2, 3, 4, 5].map((code) => gridEvent.status.read(code))).toEqual([
    'REPORTED',
    'VERIFIED',
    'DISPATCHED',
    'HANDLING',
    'CLOSED',
  ]);
  expect(gridEvent.status.write?.('CLOSED')).toBe(5);
  expect(gridEvent.status.write?.('LOST')).toBeNull();
  expect(['在岗', '离岗'].map((word) => gridWorker.onDuty.read(word))).toEqual([true, false]);
  expect(gridEvent.verifiedAt.read('2026/4/5 9:32:09')).toBe('2026-04-05T09:32:09+08:00');
  expect(gridEvent.verifiedAt.write).toBeUndefined();
  expect(gridEvent.updatedAt.write?.('2026-04-05T09:32:09+08:00')).toBe('2026-04-05 09:32:09');
  expect(gridReceipt.receivedAt.read('2026/4/5 9:32:09')).toBe('2026-04-05T09:32:09+08:00');
  expectUnreadable(gridReceipt, 'answeredAt', '明天');
  expectUnreadable(gridEvent, 'status', 6);
  expectUnreadable(gridEvent, 'status', 0);
  expectUnreadable(gridEvent, 'reportedAt', '2026/4/5 9:32:09');
  expectUnreadable(gridEvent, 'verifiedAt', '昨天');
  expectUnreadable(gridEvent, 'photoCount', '1.5');
  expectUnreadable(gridWorker, 'onDuty', '休假');
  expectUnreadable(managedComponent, 'state', 9);
  expectUnreadable(managedComponent, 'crs', 'BJ54');
  expectUnreadable(managedComponent, 'surveyDate', '20230231');
});

test('open cases are the events that are not closed, in the source as in the hub', async () => {
  const [cases] = connector.cases;
  if (cases === undefined) throw new Error('the grid lists no cases');
  const open = openConnector(connector, { dataDir: city.dataDir, settings: sqliteFile, keyChunk: 100 });
  const counted = await open.sources.get('GridEvent')?.count(cases.open, new AbortController().signal);
  await open.close();
  const states = city
    .rows('grid', 'SELECT sjzt FROM wg_event')
    .map(({ sjzt }) => ({ status: gridEvent.status.read(sjzt) }));
  expect(counted).toBe(states.filter((record) => matches(cases.open, record)).length);
  expect(counted).toBe(city.row('grid', 'SELECT count(*) AS n FROM wg_event WHERE sjzt < 5')['n']);
});
