import { isEnumType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/access/problem.ts';
import { readDataSets } from '../../src/catalogue/data-sets.ts';
import { sourceFormats } from '../../src/catalogue/source-format.ts';
import { updateFrequencies } from '../../src/catalogue/update-frequency.ts';
import { chineseName } from '../../src/catalogue/field-words.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadContract } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { contract, fireSdl, waterSdl } from './small-catalogue.ts';

const directive = '@dataset(title: "用水户", titleEn: "Water accounts", updateFrequency: DAILY, format: DATABASE) ';

/** What is wrong with the waterworks' SDL, as it is printed. */
function refused(water: string, fire = fireSdl): string {
  const of = contract(water, fire);
  try {
    readDataSets(of);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('@dataset', () => {
  test('is asked for of a record type, with file and line, once for all that belongs to it', () => {
    expect(refused(waterSdl.replace(directive, ''))).toBe(
      'water.graphql:2: Account is no data set (Account.no stands in none); add @dataset(title: "…", updateFrequency: …, format: …) to the type',
    );
  });

  test('is asked for of a record type that others hold or lead to', () => {
    const without = fireSdl.replace(/@dataset\([^)]*\) /, '');
    const problem =
      'Inspection is no data set (Account.inspections stands in none); add @dataset(title: "…", updateFrequency: …, format: …) to the type';
    expect(refused(waterSdl, without)).toBe(`fire.graphql:10: ${problem}`);
  });

  test('is asked for of a record type that stands in another record', async () => {
    const whole = await loadContract(projectRoot, loadConfig({}).connectors);
    const sdl = whole.sdl.map((m) => ({
      ...m,
      sdl: m.sdl.replace(/(?<=type DispatchRecord)\s+@dataset\([^)]*\)/, ''),
    }));
    expect(() => readDataSets({ ...whole, sdl })).toThrow(
      /^connectors\/police\/schema\.graphql:\d+: DispatchRecord is no data set \(DispatchRecord\.dispatchNo stands in none\)/,
    );
  });

  test('is asked for of an agency that adds values of its own to another’s records', () => {
    const added = '"检查次数"\n  times: Int @share(category: CONDITIONAL) @grade(level: 1)\n  "消防检查"';
    const fire = fireSdl.replace('"消防检查"', added);
    expect(refused(waterSdl, fire)).toBe(
      'fire.graphql:1: Account is no data set (Account.times stands in none); add @dataset(title: "…", updateFrequency: …, format: …) to the type',
    );
    const own = fire.replace(
      'type Account',
      'type Account @dataset(title: "检查", updateFrequency: DAILY, format: IMAGE)',
    );
    const dataSets = readDataSets(contract(waterSdl, own));
    expect(['times', 'no'].map((f) => dataSets.get(`Account.${f}`)?.id)).toEqual(['fire/Account', 'water/Account']);
  });

  test.each([
    [
      'DAILY',
      'DAYLY',
      'the data set Account has no known update frequency; use CONTINUOUS, DAILY, WEEKLY, FORTNIGHTLY, MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY, AS_NEEDED, IRREGULAR, NOT_PLANNED. Did you mean DAILY?',
    ],
    [
      'DATABASE',
      'toString',
      'the data set Account has no known format; use DATABASE, SPREADSHEET, DOCUMENT, IMAGE, STREAM, SELF_DESCRIBED, SERVICE.',
    ],
    ['"用水户", titleEn', '" ", titleEn', 'the data set Account has no title; add title: "…"'],
  ])('with %s as %s is refused', (from, to, message) => {
    expect(refused(waterSdl.replace(`${directive}`, directive.replace(from, to)))).toBe(`water.graphql:2: ${message}`);
  });

  test('that stands twice for the same records is refused', () => {
    expect(refused(`${waterSdl}type Account ${directive}{ no: ID! @external }`)).toBe(
      'water.graphql:27: water/Account is described twice; keep one @dataset',
    );
  });

  test('has the values in the SDL that the hub knows', async () => {
    const { schema } = await loadContract(projectRoot, loadConfig({}).connectors);
    const values = (name: string): string[] => {
      const type = schema.getType(name);
      return isEnumType(type) ? type.getValues().map((v) => `${v.name} ${chineseName(v.description ?? null)}`) : [];
    };
    const known = (labels: Readonly<Record<string, { readonly zh: string }>>): string[] =>
      Object.entries(labels).map(([code, { zh }]) => `${code} ${zh}`);
    expect(values('UpdateFrequency')).toEqual(known(updateFrequencies));
    expect(values('SourceFormat')).toEqual(known(sourceFormats));
  });
});

test.each([
  ['转出时间; null while it holds the ticket', '转出时间'],
  ['警情 (接警单) — a call to 110.', '警情 (接警单)'],
  ['操作员 (or application)', '操作员'],
  ['工单编号, `SOURCE:number`', '工单编号'],
  ['举报: outside its handling unit only', '举报'],
  ['How a match was made', null],
  [null, null],
])('the name in %s is %s', (description, name) => {
  expect(chineseName(description)).toBe(name);
});
