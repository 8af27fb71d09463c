import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  dilapidatedHouse,
  house,
  housingReceipt,
  leaseRegistration,
  maintenanceFund,
  propertyCompany,
} from '../../../connectors/housing/mapping.ts';
import { showcase } from '../../../src/city/showcase.ts';
import { expectAllReadable, expectUnreadable, recordWhere } from '../../city/mapped-rows.ts';
import { seededCity, type SeededCity } from '../../city/seeded-city.ts';

let city: SeededCity;
beforeAll(async () => {
  city = await seededCity({ tickets: 1_500 });
});
afterAll(() => city.remove());

test('a house and its records in the schema’s terms', () => {
  const code = showcase.houseCode;
  expect(recordWhere(city, 'housing', 'FW_JBXX', house, 'BDCDYH = ?', code)).toEqual({
    houseCode: '350102001003GB99999F03020501',
    estate: '榕荫花园',
    building: '3幢',
    unit: '2单元',
    room: '501',
    address: '鼓楼区榕荫路12号榕荫花园3幢2单元501室',
    standardAddress: expect.stringMatching(/^福建省福州市鼓楼区鼓东街道.+榕荫路12号榕荫花园3幢2单元501室$/),
    divisionCode: '350102001003',
    floorArea: 88.45,
    innerArea: 72.53,
    structure: '混合结构',
    use: '住宅',
    builtYear: 1996,
    dangerGrade: 'C',
    ownerName: '卢秀兰',
    ownerIdNumber: expect.stringMatching(/^\d{17}[\dX]$/),
    companyUscc: showcase.uscc,
  });
  expect(recordWhere(city, 'housing', 'WXZJ_ZH', maintenanceFund, 'BDCDYH = ?', code)).toEqual({
    account: '3501990000000501',
    houseCode: code,
    balance: '18234.05',
    updatedOn: '2026-10-31',
  });
  expect(recordWhere(city, 'housing', 'ZL_BA', leaseRegistration, 'BDCDYH = ?', code)).toMatchObject({
    lessorName: '卢秀兰',
    termFrom: '2026-03-01',
    termTo: '2027-02-28',
    monthlyRent: '2800.50',
  });
  expect(recordWhere(city, 'housing', 'FW_WFJD', dilapidatedHouse, 'BDCDYH = ?', code)).toMatchObject({
    dangerGrade: 'C',
    measure: '处理使用，限期加固',
  });
  expect(recordWhere(city, 'housing', 'FW_WYQY', propertyCompany, 'XYDM = ?', showcase.uscc)).toMatchObject({
    name: '福州榕荫物业管理有限公司',
    contactPhone: '0591-87990517',
    estates: ['榕荫花园'],
  });
});

test('every field of every row can be read, and written back where it can be searched', () => {
  expectAllReadable(city, 'housing', 'FW_JBXX', house);
  expectAllReadable(city, 'housing', 'FW_WYQY', propertyCompany);
  expectAllReadable(city, 'housing', 'WXZJ_ZH', maintenanceFund);
  expectAllReadable(city, 'housing', 'ZL_BA', leaseRegistration);
  expectAllReadable(city, 'housing', 'FW_WFJD', dilapidatedHouse);
  expectAllReadable(city, 'housing', 'GD_JS', housingReceipt);
});

test('codes mean what the register says; unknown ones are unreadable', () => {
  expect([1, 2, 3, 4].map((grade) => house.dangerGrade.read(grade))).toEqual(['A', 'B', 'C', 'D']);
  expect(house.dangerGrade.write?.('D')).toBe(4);
  expect([0, 7, 123_456].map((fen) => maintenanceFund.balance.read(fen))).toEqual(['0', '0.07', '1234.56']);
  expect(propertyCompany.estates.read('左海花园、 翠湖新村、')).toEqual(['左海花园', '翠湖新村']);
  expect(propertyCompany.estates.read(null)).toEqual([]);
  expectUnreadable(house, 'dangerGrade', 5);
  expectUnreadable(house, 'structure', '9');
  expectUnreadable(house, 'use', '11');
  expectUnreadable(maintenanceFund, 'balance', 12.5);
  expectUnreadable(leaseRegistration, 'termFrom', '20261301');
  expectUnreadable(leaseRegistration, 'monthlyRent', '面议');
});
