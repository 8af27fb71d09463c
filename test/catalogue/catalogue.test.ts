import { describe, expect, test } from 'vitest';
import { hubItself, schemaFacts } from '../../src/access/facts.ts';
import { catalogueItems, narrow, openCatalogue, type Catalogue } from '../../src/catalogue/catalogue.ts';
import { printCatalogue } from '../../src/catalogue/print.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadHouse } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { contract, policies } from './small-catalogue.ts';

const house = contract();
const small: Catalogue = openCatalogue(house)(policies(house));
const coordinates = ({ datasets }: Catalogue): string[] =>
  datasets.flatMap((d) => d.items.map((i) => `${d.id} ${i.coordinate}`));

const handlers = [
  { agency: 'water', roles: ['HANDLER'] },
  { agency: '*', roles: ['HANDLER', 'GRID_WORKER'] },
];
const own = {
  rule: 'water/own',
  manner: 'PLAIN',
  mask: null,
  to: [{ agency: 'water', roles: ['HANDLER'] }],
  purposes: ['HANDLING', 'AUDIT'],
  law: '供水条例',
  when: 'always',
  from: null,
  until: null,
};

describe('the catalogue', () => {
  test('has each data set with its records, by provider', () => {
    expect(small.datasets.map(({ items: _, ...d }) => d)).toEqual([
      {
        id: 'fire/Inspection',
        agency: 'fire',
        type: 'Inspection',
        title: '消防检查',
        titleEn: null,
        updateFrequency: 'IRREGULAR',
        format: 'SPREADSHEET',
        records: [],
      },
      {
        id: 'water/Account',
        agency: 'water',
        type: 'Account',
        title: '用水户',
        titleEn: 'Water accounts',
        updateFrequency: 'DAILY',
        format: 'DATABASE',
        records: [
          { rule: 'water/all', to: own.to, purposes: null, when: 'always', from: null, until: null },
          {
            rule: 'water/open',
            to: handlers,
            purposes: ['HANDLING'],
            when: 'recordIs({"field":"state","is":["OPEN"]})',
            from: null,
            until: null,
          },
        ],
      },
    ]);
  });

  test('puts parts, pages, matches and added relations under the records of their owner, and lists nothing hidden', () => {
    expect(coordinates(small)).toEqual([
      'fire/Inspection Inspection.inspectionNo',
      'fire/Inspection Account.inspections',
      'fire/Inspection InspectionMatch.confidence',
      'water/Account Account.no',
      'water/Account Account.name',
      'water/Account Account.bank',
      'water/Account Account.state',
      'water/Account Account.readings',
      'water/Account AccountConnection.totalCount',
      'water/Account Reading.value',
    ]);
  });

  test('says of a field what it is and who gets it how, in the order of the policy', () => {
    expect(small.datasets[1]?.items.find((i) => i.field === 'name')).toEqual({
      agency: 'water',
      type: 'Account',
      field: 'name',
      coordinate: 'Account.name',
      name: '户名',
      description: '户名 (payer)',
      valueType: 'String',
      format: '文本',
      category: 'CONDITIONAL',
      grade: 3,
      personal: 'NAME',
      sensitive: false,
      law: null,
      conditions: [
        own,
        {
          rule: 'water/not-closed',
          manner: 'DENIED',
          mask: null,
          to: [{ agency: 'fire', roles: ['HANDLER'] }],
          purposes: ['HANDLING'],
          law: '供水条例',
          when: 'recordIs({"field":"state","is":["CLOSED"]})',
          from: null,
          until: null,
        },
        {
          rule: 'water/names',
          manner: 'MASKED',
          mask: 'name',
          to: handlers,
          purposes: ['HANDLING'],
          law: '个人信息保护法',
          when: 'exactMatch',
          from: '2026-01-01',
          until: '2026-12-31',
        },
      ],
    });
  });

  test('lists a denial only where it takes something from a line below it', () => {
    const of = (field: string): string[] =>
      small.datasets[1]?.items.find((i) => i.field === field)?.conditions.map((c) => `${c.manner} ${c.rule}`) ?? [];
    // not-closed denies them too, but to nobody whom a line below it gives them.
    expect(of('readings')).toEqual(['PLAIN water/own', 'PLAIN water/readings']);
    expect(of('bank')).toEqual([]);
    expect(of('state')).toEqual(['PLAIN water/own', 'COUNT water/numbers']);
  });

  test('writes types in words', () => {
    const types = small.datasets.flatMap((d) => d.items.map((i) => [i.field, i.valueType, i.format]));
    expect(types).toEqual([
      ['inspectionNo', 'ID!', '标识'],
      ['inspections', '[InspectionMatch!]', '列表, 记录: InspectionMatch'],
      ['confidence', 'Float', '小数'],
      ['no', 'ID!', '标识'],
      ['name', 'String', '文本'],
      ['bank', 'String', '文本'],
      ['state', 'State', '代码: 用水状态'],
      ['readings', '[Reading!]', '列表, 记录: 读数'],
      ['totalCount', 'Int', '整数'],
      ['value', 'Int', '整数'],
    ]);
  });

  test('does not depend on the order of the folders', () => {
    const sdl = house.sdl.toReversed();
    const turned = { ...house, sdl, facts: schemaFacts(sdl) };
    expect(openCatalogue(turned)(policies(house))).toEqual(small);
  });

  test('is made anew when the policies change, and only then', () => {
    const open = openCatalogue(house);
    const [before, after] = [policies(house), policies(house)];
    const first = open(before);
    expect(open(before)).toBe(first);
    expect(open(after)).not.toBe(first);
    expect(open(after)).toEqual(first);
  });

  test('can be narrowed to a provider and a type', () => {
    expect(coordinates(narrow(small, { agency: 'fire', type: 'Account' }))).toEqual([
      'fire/Inspection Account.inspections',
    ]);
    expect(coordinates(narrow(small, { type: 'Reading' }))).toEqual(['water/Account Reading.value']);
    expect(narrow(small, { agency: 'water', type: 'Inspection' }).datasets).toEqual([]);
  });

  test('as items names the data set of each', () => {
    const [item] = catalogueItems(small, { type: 'Reading' });
    expect(item?.coordinate).toBe('Reading.value');
    expect(item?.dataset).toEqual({ ...small.datasets[1], items: undefined });
  });

  test('as text', () => {
    expect(printCatalogue(narrow(small, { type: 'Account' }))).toBe(
      `catalogue of policy ${small.policyVersion}: 2 providers, 2 data sets, 6 items

fire/Inspection 消防检查, 不定期 IRREGULAR, 电子表格 SPREADSHEET
  records: none
  [1] plain: * HANDLER for HANDLING (消防法) [fire/inspections]
  Account.inspections  消防检查  列表, 记录: InspectionMatch  有条件共享 CONDITIONAL  L1  -  [1]

water/Account 用水户, 每日 DAILY, 数据库 DATABASE
  records: water HANDLER [water/all]
  records: water HANDLER; * HANDLER,GRID_WORKER for HANDLING when recordIs({"field":"state","is":["OPEN"]}) [water/open]
  [1] plain: water HANDLER for HANDLING,AUDIT (供水条例) [water/own]
  [2] denied: fire HANDLER for HANDLING when recordIs({"field":"state","is":["CLOSED"]}) (供水条例) [water/not-closed]
  [3] masked name: water HANDLER; * HANDLER,GRID_WORKER for HANDLING when exactMatch from 2026-01-01 until 2026-12-31 (个人信息保护法) [water/names]
  [4] count: audit AUDITOR for STATISTICS (统计法) [water/numbers]
  [5] plain: audit AUDITOR for AUDIT (审计法) [water/readings]
  Account.no        户号      标识              无条件共享 UNCONDITIONAL  L1  -                                    [1]
  Account.name      户名      文本              有条件共享 CONDITIONAL    L3  姓名 NAME                            [1][2][3]
  Account.bank      银行账号  文本              不予共享 NONE             L4  其他个人信息 OTHER (敏感 sensitive)  个人信息保护法
  Account.state     状态      代码: 用水状态    无条件共享 UNCONDITIONAL  L1  -                                    [1][4]
  Account.readings  抄表记录  列表, 记录: 读数  无条件共享 UNCONDITIONAL  L1  -                                    [1][5]
`,
    );
  });
});

describe('the catalogue of the repository', () => {
  test('lists every field once that is no secret of the gate, under a data set of its provider', async () => {
    const shipped = await loadHouse(projectRoot, loadConfig({}).connectors);
    const { datasets } = openCatalogue(shipped)(shipped);
    const listed = datasets.flatMap((d) => d.items);
    const open = [...shipped.facts.fields.values()].filter((f) => !f.hidden);
    expect(listed.map((i) => i.coordinate).toSorted()).toEqual(open.map((f) => f.coordinate).toSorted());
    expect(datasets.every((d) => d.items.every((i) => i.agency === d.agency))).toBe(true);
    const records = shipped.registry.connectors.flatMap((c) => c.entities.map((e) => `${c.agency}/${e.type}`));
    expect(datasets.map((d) => d.id)).toEqual(records.toSorted());
    expect(new Set(datasets.map((d) => d.agency))).not.toContain(hubItself);
    // What is not shared says why, and nobody gets it.
    expect(listed.filter((i) => i.category === 'NONE' && (i.law === null || i.conditions.length > 0))).toEqual([]);
  });
});
