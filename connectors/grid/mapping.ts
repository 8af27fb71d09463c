import {
  codeTable,
  compactDate,
  decimal,
  flag,
  integer,
  looseDateTime,
  phone,
  spacedDateTime,
  text,
} from '../../src/connector/codings.ts';
import { column, type Mapping } from '../../src/connector/mapping.ts';
import type { Grid, GridCell, GridEvent, GridReceipt, GridWorker, ManagedComponent } from './records.ts';

const eventStates = codeTable(
  { '1': 'REPORTED', '2': 'VERIFIED', '3': 'DISPATCHED', '4': 'HANDLING', '5': 'CLOSED' },
  'number',
);

const componentStates = codeTable({ '0': '完好', '1': '破损', '2': '丢失', '3': '废弃', '4': '移除' }, 'number');

const coordinateSystems = codeTable({ C2000: 'CGCS2000', W84: 'WGS84', GCJ: 'GCJ02' });

export const grid = {
  gridCode: column('wgbm', text),
  name: column('wgmc', text),
  divisionCode: column('sqbm', text),
  street: column('jdmc', text),
  community: column('sqmc', text),
  households: column('hs', integer),
} satisfies Mapping<Grid>;

export const gridCell = {
  cellCode: column('dywgbm', text),
  gridCode: column('wgbm', text),
  areaSquareMetres: column('mj', decimal),
} satisfies Mapping<GridCell>;

export const managedComponent = {
  componentCode: column('bjbm', text),
  cellCode: column('dywgbm', text),
  class: column('bjlb', text),
  ownerUscc: column('qsdw_xydm', text),
  state: column('bjzt', componentStates),
  surveyDate: column('pcrq', compactDate),
  longitude: column('x', decimal),
  latitude: column('y', decimal),
  crs: column('zbx', coordinateSystems),
} satisfies Mapping<ManagedComponent>;

export const gridWorker = {
  workerNo: column('ygbh', text),
  gridCode: column('wgbm', text),
  name: column('xm', text),
  phone: column('lxdh', phone),
  onDuty: column('zgzt', flag('在岗', '离岗')),
} satisfies Mapping<GridWorker>;

export const gridEvent = {
  eventNo: column('sjbh', text),
  majorClass: column('sjdl', text),
  minorClass: column('sjxl', text),
  gridCode: column('wgbm', text),
  divisionCode: column('sqbm', text),
  status: column('sjzt', eventStates),
  address: column('sjdz', text),
  description: column('sjms', text),
  reporterName: column('sbrxm', text),
  reporterPhone: column('sbrdh', phone),
  photoCount: column('zps', integer),
  reportedAt: column('sbsj', spacedDateTime),
  verifiedAt: column('hssj', looseDateTime),
  dispatchedAt: column('pqsj', looseDateTime),
  deadline: column('czsx', looseDateTime),
  closedAt: column('jasj', looseDateTime),
  updatedAt: column('gxsj', spacedDateTime),
  linkedTicketNo: column('glgdbh', text),
} satisfies Mapping<GridEvent>;

/** 来文单位, as the desk writes it. */
const givers = codeTable({ '12345': 'hotline', '110': 'police', 网格: 'grid', 市监: 'market', 住建: 'housing' });

export const gridReceipt = {
  receiptNo: column('jsbh', text),
  ticketNo: column('gdbh', text),
  caseNo: column('ajbh', text),
  from: column('lydw', givers),
  receivedAt: column('jssj', looseDateTime),
  answeredAt: column('dfsj', looseDateTime),
} satisfies Mapping<GridReceipt>;
