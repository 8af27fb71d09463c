import { codeTable, looseDate, looseDateTime, money, phone, text } from '../../src/connector/codings.ts';
import { column, type Mapping } from '../../src/connector/mapping.ts';
import type {
  AbnormalListing,
  AdministrativePenalty,
  BusinessLicense,
  ConsumerComplaint,
  MarketEntity,
  MarketReceipt,
} from './records.ts';

const states = codeTable({
  '存续（在营、开业、在册）': 'IN_BUSINESS',
  '吊销，未注销': 'REVOKED',
  注销: 'DEREGISTERED',
  迁出: 'MOVED_OUT',
});

/** 处罚种类 (行政处罚法 art. 9), by the registry's digits. */
const penaltyKinds = codeTable({
  '1': '警告',
  '2': '罚款',
  '3': '没收违法所得',
  '4': '责令停产停业',
  '5': '吊销许可证件',
});

export const marketEntity = {
  uscc: column('UNISCID', text),
  name: column('ENTNAME', text),
  registrationNo: column('REGNO', text),
  entityType: column('ENTTYPE_CN', text),
  legalRepresentative: column('NAME', text),
  contactPhone: column('TEL', phone),
  registeredCapital: column('REGCAP', money('万元')),
  establishedOn: column('ESTDATE', looseDate),
  businessScope: column('OPSCOPE', text),
  termFrom: column('OPFROM', looseDate),
  termTo: column('OPTO', looseDate),
  authority: column('REGORG_CN', text),
  status: column('REGSTATE_CN', states),
  address: column('DOM', text),
  standardAddress: column('DOM_STD', text),
  divisionCode: column('DOMDISTRICT', text),
} satisfies Mapping<MarketEntity>;

export const businessLicense = {
  licenseNo: column('LICNO', text),
  uscc: column('UNISCID', text),
  kind: column('LICNAME_CN', text),
  issuedOn: column('ISSDATE', looseDate),
  validTo: column('VALTO', looseDate),
  authority: column('LICANTH', text),
} satisfies Mapping<BusinessLicense>;

export const administrativePenalty = {
  decisionNo: column('PENDECNO', text),
  uscc: column('UNISCID', text),
  basis: column('PENBASIS', text),
  kind: column('PENTYPE', penaltyKinds),
  amount: column('PENAM', money('元')),
  decidedOn: column('PENDECISSDATE', looseDate),
  authority: column('JUDAUTH_CN', text),
} satisfies Mapping<AdministrativePenalty>;

export const abnormalListing = {
  listingNo: column('ABNID', text),
  uscc: column('UNISCID', text),
  reason: column('SPECAUSE_CN', text),
  listedOn: column('ABNTIME', looseDate),
  removedOn: column('REMDATE', looseDate),
  authority: column('DECORG_CN', text),
} satisfies Mapping<AbnormalListing>;

export const consumerComplaint = {
  complaintNo: column('TSBH', text),
  uscc: column('UNISCID', text),
  complainantName: column('TSRXM', text),
  complainantPhone: column('TSRDH', phone),
  content: column('TSNR', text),
  registeredAt: column('DJSJ', looseDateTime),
  result: column('CLJG', text),
} satisfies Mapping<ConsumerComplaint>;

/** 来文单位, as the desk writes it. */
const givers = codeTable({ '12345': 'hotline', '110': 'police', 网格: 'grid', 市监: 'market', 住建: 'housing' });

export const marketReceipt = {
  receiptNo: column('JSBH', text),
  ticketNo: column('GDBH', text),
  caseNo: column('AJBH', text),
  from: column('LYDW', givers),
  receivedAt: column('JSSJ', looseDateTime),
  answeredAt: column('DFSJ', looseDateTime),
} satisfies Mapping<MarketReceipt>;
