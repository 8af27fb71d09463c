import type { MatchKind } from '../../src/connector/connector.ts';
import { defineConnector } from '../../src/connector/define-connector.ts';
import type { GraphqlEntity, GraphqlPaging } from '../../src/connector/graphql/declaration.ts';
import { fileDriver } from '../../src/connector/file/file-driver.ts';
import { graphqlDriver } from '../../src/connector/graphql/graphql-driver.ts';
import { sqlDriver } from '../../src/connector/sql/sql-driver.ts';
import {
  dilapidatedHouse,
  house,
  housingReceipt,
  leaseRegistration,
  maintenanceFund,
  propertyCompany,
} from './mapping.ts';

const byHouse: readonly MatchKind[] = [
  { matchedBy: 'HOUSE_CODE', confidence: 1, fuzzy: false, parent: 'houseCode', child: 'houseCode', as: 'plain' },
];

const strings = (name: string) => ({ name, type: '[String!]' }) as const;
const paged: GraphqlPaging = {
  kind: 'offset',
  offset: { name: 'offset', type: 'Int' },
  limit: { name: 'limit', type: 'Int' },
  most: 500,
  // Without it the end of a list is an empty page: one call more for each load.
  total: 'total',
};

/** What belongs to houses: a list that takes house codes. */
const ofHouses = (field: string): GraphqlEntity => ({
  list: { field, rows: ['items'], paging: paged },
  keys: { BDCDYH: { kind: 'list', argument: strings('houseCodes'), most: 500 } },
});

const register = graphqlDriver({
  House: {
    list: {
      field: 'houses',
      rows: ['nodes'],
      filters: { XZQHDM: { prefix: strings('districts') } },
      paging: { kind: 'relay', most: 500 },
    },
    keys: {
      BDCDYH: { kind: 'list', argument: strings('codes'), most: 500 },
      BZDZ: { kind: 'list', argument: strings('addresses'), most: 200 },
    },
    at: { QLRXM: ['owner', 'name'], QLRZJH: ['owner', 'idNumber'] },
  },
  PropertyCompany: {
    list: { field: 'propertyCompanies', rows: ['items'], paging: paged },
    keys: {
      XYDM: { kind: 'single', field: 'propertyCompany', argument: { name: 'uscc', type: 'String!' }, most: 200 },
    },
  },
  LeaseRegistration: ofHouses('leases'),
  DilapidatedHouse: ofHouses('appraisals'),
});

const database = sqlDriver({
  House: 'FW_JBXX',
  PropertyCompany: 'FW_WYQY',
  LeaseRegistration: 'ZL_BA',
  DilapidatedHouse: 'FW_WFJD',
});

/** The bank's nightly extract: Chinese headers, in GB18030, with its SHA-256 beside it. */
const extract = fileDriver({
  MaintenanceFund: {
    name: 'WXZJ_*.csv',
    format: { kind: 'csv', encoding: 'gb18030' },
    columns: { BDCDYH: '不动产单元号', ZJZH: '资金账号', YE_FEN: '余额（分）', GXSJ: '更新时间' },
    checksum: 'sideFile',
  },
});

const desk = graphqlDriver({
  HousingReceipt: {
    list: { field: 'ticketReceipts', rows: ['items'], paging: paged },
    keys: { GDBH: { kind: 'list', argument: strings('ticketNos'), most: 500 } },
  },
});

/** The desk's nightly register, in the same form as the bank's extract. */
const nightly = fileDriver({
  HousingReceipt: {
    name: 'GDJS_*.csv',
    format: { kind: 'csv', encoding: 'gb18030' },
    columns: {
      JSBH: '接收编号',
      GDBH: '工单编号',
      AJBH: '案号',
      LYDW: '来文单位',
      JSSJ: '接收时间',
      DFSJ: '答复时间',
    },
    joins: ['GDBH'],
    checksum: 'sideFile',
  },
});

export default defineConnector({
  agency: 'housing',
  sources: [
    {
      name: 'housing',
      entities: [
        {
          type: 'House',
          key: 'houseCode',
          order: [{ field: 'houseCode', direction: 'ASC' }],
          mapping: house,
        },
        {
          type: 'PropertyCompany',
          key: 'uscc',
          order: [{ field: 'uscc', direction: 'ASC' }],
          mapping: propertyCompany,
        },
        {
          type: 'LeaseRegistration',
          key: 'leaseNo',
          order: [{ field: 'leaseNo', direction: 'ASC' }],
          mapping: leaseRegistration,
        },
        {
          type: 'DilapidatedHouse',
          key: 'appraisalNo',
          order: [{ field: 'appraisalNo', direction: 'ASC' }],
          mapping: dilapidatedHouse,
        },
      ],
      drivers: [register, database],
    },
    {
      // The fund lies with a bank, which delivers an extract every night.
      name: 'housing-fund',
      entities: [
        {
          type: 'MaintenanceFund',
          key: 'houseCode',
          order: [{ field: 'houseCode', direction: 'ASC' }],
          mapping: maintenanceFund,
        },
      ],
      drivers: [extract, sqlDriver({ MaintenanceFund: 'WXZJ_ZH' })],
    },
    {
      // The desk that takes tickets in. Where its service may not be asked, it delivers its register every night.
      name: 'housing-receipts',
      entities: [
        {
          type: 'HousingReceipt',
          key: 'receiptNo',
          order: [{ field: 'receiptNo', direction: 'ASC' }],
          mapping: housingReceipt,
        },
      ],
      drivers: [desk, nightly, sqlDriver({ HousingReceipt: 'GD_JS' })],
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'houses',
      to: 'House',
      shape: { kind: 'matches', wrapper: 'HouseMatch', node: 'house', max: 50 },
      by: [
        ...byHouse,
        {
          matchedBy: 'STANDARD_ADDRESS',
          confidence: 0.6,
          fuzzy: true,
          parent: 'standardAddress',
          child: 'standardAddress',
          as: 'plain',
        },
      ],
    },
    {
      on: 'House',
      field: 'propertyCompany',
      to: 'PropertyCompany',
      shape: { kind: 'one' },
      by: [{ matchedBy: 'USCC', confidence: 1, fuzzy: false, parent: 'companyUscc', child: 'uscc', as: 'plain' }],
    },
    { on: 'House', field: 'maintenanceFund', to: 'MaintenanceFund', shape: { kind: 'one' }, by: byHouse },
    { on: 'House', field: 'leases', to: 'LeaseRegistration', shape: { kind: 'list', max: 50 }, by: byHouse },
    { on: 'House', field: 'dilapidation', to: 'DilapidatedHouse', shape: { kind: 'one' }, by: byHouse },
    {
      on: 'Ticket',
      field: 'housingReceipts',
      to: 'HousingReceipt',
      shape: { kind: 'list', max: 50 },
      by: [
        { matchedBy: 'TICKET_NUMBER', confidence: 1, fuzzy: false, parent: 'ticketNo', child: 'ticketNo', as: 'plain' },
      ],
    },
  ],
  receipts: { field: 'housingReceipts' },
  roots: [{ kind: 'lookup', field: 'house', type: 'House', argument: 'houseCode', binding: 'ticket' }],
  cases: [],
});
