import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  abnormalListing,
  administrativePenalty,
  businessLicense,
  consumerComplaint,
  marketEntity,
  marketReceipt,
} from '../../../connectors/market/mapping.ts';
import { showcase } from '../../../src/city/showcase.ts';
import { expectAllReadable, expectUnreadable, recordWhere } from '../../city/mapped-rows.ts';
import { seededCity, type SeededCity } from '../../city/seeded-city.ts';

let city: SeededCity;
beforeAll(async () => {
  city = await seededCity({ tickets: 1_500 });
});
afterAll(() => city.remove());

test('a company and its records in the schema’s terms', () => {
  expect(recordWhere(city, 'market', 'E_BASEINFO', marketEntity, 'UNISCID = ?', showcase.uscc)).toMatchObject({
    uscc: showcase.uscc,
    name: '福州榕荫物业管理有限公司',
    entityType: '有限责任公司(自然人投资或控股)',
    legalRepresentative: '郭嘉诚',
    registeredCapital: '5005000',
    establishedOn: '2012-03-09',
    termFrom: '2012-03-09',
    termTo: '2042-03-08',
    authority: '鼓楼区市场监督管理局',
    status: 'IN_BUSINESS',
    address: '鼓楼区湖滨路5号',
    divisionCode: '350102',
  });
  const penalty = recordWhere(city, 'market', 'E_PUNISH', administrativePenalty, 'PENDECNO LIKE ?', '%99002号');
  expect(penalty).toEqual({
    decisionNo: '鼓市监罚〔2026〕99002号',
    uscc: showcase.uscc,
    basis: '《明码标价和禁止价格欺诈规定》第二十一条',
    kind: '罚款',
    amount: '3500.50',
    decidedOn: '2026-06-12',
    authority: '鼓楼区市场监督管理局',
  });
  const listing = recordWhere(city, 'market', 'E_ABNORMITY', abnormalListing, 'UNISCID = ?', showcase.uscc);
  expect(listing).toEqual({
    listingNo: 'YC999999901',
    uscc: showcase.uscc,
    reason: '未按规定期限公示年度报告',
    listedOn: '2026-07-06',
    removedOn: null,
    authority: '鼓楼区市场监督管理局',
  });
  const complaint = recordWhere(city, 'market', 'C_COMPLAINT', consumerComplaint, 'UNISCID = ?', showcase.uscc);
  expect(complaint).toMatchObject({ complainantPhone: '13500590951', registeredAt: '2026-10-28T09:32:09+08:00' });
});

test('every field of every row can be read, and written back where it can be searched', () => {
  expectAllReadable(city, 'market', 'E_BASEINFO', marketEntity);
  expectAllReadable(city, 'market', 'E_LICENCE', businessLicense);
  expectAllReadable(city, 'market', 'E_PUNISH', administrativePenalty);
  expectAllReadable(city, 'market', 'E_ABNORMITY', abnormalListing);
  expectAllReadable(city, 'market', 'C_COMPLAINT', consumerComplaint);
  expectAllReadable(city, 'market', 'C_RECEIPT', marketReceipt);
});

test('codes mean what the registry says; unknown ones are unreadable', () => {
  expect(marketReceipt.receivedAt.read('2026-11-06T01:31:00Z')).toBe('2026-11-06T09:31:00+08:00');
  expect(['12345', '住建'].map((word) => marketReceipt.from.read(word))).toEqual(['hotline', 'housing']);
  expectUnreadable(marketReceipt, 'from', '某局');
  const states = ['存续（在营、开业、在册）', '吊销，未注销', '注销', '迁出'].map((text) =>
    marketEntity.status.read(text),
  );
  expect(states).toEqual(['IN_BUSINESS', 'REVOKED', 'DEREGISTERED', 'MOVED_OUT']);
  expect(marketEntity.status.write?.('REVOKED')).toBe('吊销，未注销');
  expect([50, 0.5, '8.8888'].map((capital) => marketEntity.registeredCapital.read(capital))).toEqual([
    '500000',
    '5000',
    '88888',
  ]);
  expectUnreadable(marketEntity, 'status', '存续');
  expectUnreadable(marketEntity, 'registeredCapital', '面议');
  expectUnreadable(marketEntity, 'registeredCapital', '0.0000001');
  expectUnreadable(marketEntity, 'establishedOn', '2026/2/30');
  expectUnreadable(administrativePenalty, 'kind', '6');
  expectUnreadable(administrativePenalty, 'amount', '3500.505');
  expectUnreadable(consumerComplaint, 'registeredAt', '待定');
});
