import {
  codeTable,
  compactDate,
  decimal,
  integer,
  looseDate,
  money,
  phone,
  separatedList,
  spacedDateTime,
  text,
} from '../../src/connector/codings.ts';
import { column, type Mapping } from '../../src/connector/mapping.ts';
import type {
  DilapidatedHouse,
  House,
  HousingReceipt,
  LeaseRegistration,
  MaintenanceFund,
  PropertyCompany,
} from './records.ts';

const structures = codeTable({
  '1': '钢结构',
  '2': '钢和钢筋混凝土结构',
  '3': '钢筋混凝土结构',
  '4': '混合结构',
  '5': '砖木结构',
  '6': '其他结构',
});

const uses = codeTable({ '10': '住宅', '20': '工业', '31': '商业服务', '32': '办公', '80': '其他' });

const dangerGrades = codeTable({ '1': 'A', '2': 'B', '3': 'C', '4': 'D' }, 'number');

export const house = {
  houseCode: column('BDCDYH', text),
  estate: column('XQMC', text),
  building: column('ZH', text),
  unit: column('DYH', text),
  room: column('SH', text),
  address: column('FWZL', text),
  standardAddress: column('BZDZ', text),
  divisionCode: column('XZQHDM', text),
  floorArea: column('JZMJ', decimal),
  innerArea: column('TNMJ', decimal),
  structure: column('FWJG', structures),
  use: column('FWYT', uses),
  builtYear: column('JCNF', integer),
  dangerGrade: column('WXDJ', dangerGrades),
  ownerName: column('QLRXM', text),
  ownerIdNumber: column('QLRZJH', text),
  companyUscc: column('WYXYDM', text),
} satisfies Mapping<House>;

export const propertyCompany = {
  uscc: column('XYDM', text),
  name: column('QYMC', text),
  contactName: column('LXR', text),
  contactPhone: column('LXDH', phone),
  estates: separatedList('FWXQ', '、'),
} satisfies Mapping<PropertyCompany>;

export const maintenanceFund = {
  account: column('ZJZH', text),
  houseCode: column('BDCDYH', text),
  balance: column('YE_FEN', money('分')),
  updatedOn: column('GXSJ', looseDate),
} satisfies Mapping<MaintenanceFund>;

export const leaseRegistration = {
  leaseNo: column('BABH', text),
  houseCode: column('BDCDYH', text),
  lessorName: column('CZR', text),
  lesseeName: column('CHZR', text),
  lesseePhone: column('CHZRDH', phone),
  termFrom: column('ZQQ', compactDate),
  termTo: column('ZQZ', compactDate),
  monthlyRent: column('YZJ', money('元')),
} satisfies Mapping<LeaseRegistration>;

export const dilapidatedHouse = {
  appraisalNo: column('JDBH', text),
  houseCode: column('BDCDYH', text),
  dangerGrade: column('JDDJ', dangerGrades),
  appraisedOn: column('JDRQ', compactDate),
  measure: column('CZCS', text),
} satisfies Mapping<DilapidatedHouse>;

/** 来文单位, as the desk writes it. */
const givers = codeTable({ '12345': 'hotline', '110': 'police', 网格: 'grid', 市监: 'market', 住建: 'housing' });

export const housingReceipt = {
  receiptNo: column('JSBH', text),
  ticketNo: column('GDBH', text),
  caseNo: column('AJBH', text),
  from: column('LYDW', givers),
  receivedAt: column('JSSJ', spacedDateTime),
  answeredAt: column('DFSJ', spacedDateTime),
} satisfies Mapping<HousingReceipt>;
