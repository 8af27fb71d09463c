import { stringify } from 'csv-stringify/sync';
import type { Catalogue, CatalogueDataset, CatalogueItem } from './catalogue.ts';
import { categoryLabels, personalLabels } from './field-words.ts';
import { withCode } from './label.ts';
import { printRecords, printSharing } from './print.ts';
import { sourceFormats } from './source-format.ts';
import { updateFrequencies } from './update-frequency.ts';

const columns: readonly (readonly [heading: string, cell: (item: CatalogueItem, of: CatalogueDataset) => string])[] = [
  ['提供单位 provider', (i) => i.agency],
  ['数据集 data set', (_, d) => d.title],
  ['数据集标识 data set id', (_, d) => d.id],
  ['字段 field', (i) => i.coordinate],
  ['名称 name', (i) => i.name ?? ''],
  ['说明 description', (i) => i.description ?? ''],
  ['数据格式 format', (i) => i.format],
  ['数据类型 GraphQL type', (i) => i.valueType],
  ['来源格式 source format', (_, d) => withCode(sourceFormats[d.format], d.format)],
  ['更新周期 update frequency', (_, d) => withCode(updateFrequencies[d.updateFrequency], d.updateFrequency)],
  ['共享类别 category', (i) => withCode(categoryLabels[i.category], i.category)],
  ['共享条件 conditions', (i) => i.conditions.map(printSharing).join('\n')],
  ['记录范围 records', (_, d) => d.records.map(printRecords).join('\n')],
  ['数据分级 grade', (i) => String(i.grade)],
  [
    '个人信息 personal information',
    (i) => (i.personal === null ? '' : withCode(personalLabels[i.personal], i.personal)),
  ],
  ['敏感个人信息 sensitive', (i) => (i.sensitive ? '是 yes' : '否 no')],
  [
    '依据 legal basis',
    (i) => [...new Set([...(i.law === null ? [] : [i.law]), ...i.conditions.map((c) => c.law)])].join('\n'),
  ],
];

/**
 * As CSV (RFC 4180, UTF-8), a line an item. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 * `bom`: with the mark by which Excel knows UTF-8; other readers may take it for a part of the first heading.
 */
export function catalogueCsv({ datasets }: Catalogue, { bom }: { readonly bom: boolean }): string {
  return stringify(
    [
      columns.map(([heading]) => heading),
      ...datasets.flatMap((d) => d.items.map((i) => columns.map(([, cell]) => cell(i, d)))),
    ],
    { bom, escape_formulas: true },
  );
}
