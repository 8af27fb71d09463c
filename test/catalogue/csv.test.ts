import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { openCatalogue } from '../../src/catalogue/catalogue.ts';
import { catalogueCsv } from '../../src/catalogue/csv.ts';
import { contract, policies, waterSdl } from './small-catalogue.ts';

/* For a spreadsheet: a line an item, and nothing that it would carry out. */

const rowsOf = (water: string): Record<string, string>[] => {
  const of = contract(water);
  return parse(catalogueCsv(openCatalogue(of)(policies(of)), { bom: false }), { columns: true });
};

test('has a line an item, all that the item says and its data set', () => {
  const rows = rowsOf(waterSdl);
  expect(rows).toHaveLength(10);
  expect(rows[4]).toEqual({
    '提供单位 provider': 'water',
    '数据集 data set': '用水户',
    '数据集标识 data set id': 'water/Account',
    '字段 field': 'Account.name',
    '名称 name': '户名',
    '说明 description': '户名 (payer)',
    '数据格式 format': '文本',
    '数据类型 GraphQL type': 'String',
    '来源格式 source format': '数据库 DATABASE',
    '更新周期 update frequency': '每日 DAILY',
    '共享类别 category': '有条件共享 CONDITIONAL',
    '共享条件 conditions':
      'plain: water HANDLER for HANDLING,AUDIT (供水条例) [water/own]\n' +
      'denied: fire HANDLER for HANDLING when recordIs({"field":"state","is":["CLOSED"]}) (供水条例) [water/not-closed]\n' +
      'masked name: water HANDLER; * HANDLER,GRID_WORKER for HANDLING when exactMatch from 2026-01-01 until 2026-12-31 (个人信息保护法) [water/names]',
    '记录范围 records':
      'water HANDLER [water/all]\n' +
      'water HANDLER; * HANDLER,GRID_WORKER for HANDLING when recordIs({"field":"state","is":["OPEN"]}) [water/open]',
    '数据分级 grade': '3',
    '个人信息 personal information': '姓名 NAME',
    '敏感个人信息 sensitive': '否 no',
    '依据 legal basis': '供水条例\n个人信息保护法',
  });
  expect(rows[5]).toMatchObject({
    '共享条件 conditions': '',
    '依据 legal basis': '个人信息保护法',
    '敏感个人信息 sensitive': '是 yes',
  });
});

test.each(['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\t=1'])(
  'does not let a description be a formula: %j',
  (text) => {
    const sdl = waterSdl.replace('"户号, as on the bill"', JSON.stringify(text));
    expect(rowsOf(sdl).find((r) => r['字段 field'] === 'Account.no')?.['说明 description']).toBe(`'${text}`);
  },
);

test('begins with a byte order mark on request', () => {
  const of = contract();
  const catalogue = openCatalogue(of)(policies(of));
  const [plain, marked] = [catalogueCsv(catalogue, { bom: false }), catalogueCsv(catalogue, { bom: true })];
  expect(plain.startsWith('提供单位')).toBe(true);
  expect(marked).toBe(`\ufeff${plain}`);
});
