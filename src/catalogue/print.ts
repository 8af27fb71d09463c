import type { Consumer } from '../access/policy-file.ts';
import type { Catalogue, CatalogueDataset, CatalogueItem } from './catalogue.ts';
import type { RecordRule, SharingCondition } from './conditions.ts';
import { categoryLabels, personalLabels } from './field-words.ts';
import { withCode } from './label.ts';
import { sourceFormats } from './source-format.ts';
import { updateFrequencies } from './update-frequency.ts';

/** What a line gives, to whom, for what, when, until when and why, on one line. */
export function printSharing(condition: SharingCondition): string {
  const { mask, manner, law } = condition;
  return `${mask === null ? manner.toLowerCase() : `${manner.toLowerCase()} ${mask}`}: ${terms(condition)} (${law}) [${condition.rule}]`;
}

/** Which records, for whom, for what and when, on one line. */
export function printRecords(rule: RecordRule): string {
  return `${terms(rule)} [${rule.rule}]`;
}

/** The catalogue to be read: a data set after another, each with its terms numbered and a line an item. */
export function printCatalogue({ policyVersion, datasets }: Catalogue): string {
  const agencies = new Set(datasets.map((d) => d.agency)).size;
  const items = datasets.flatMap((d) => d.items).length;
  return [
    `catalogue of policy ${policyVersion}: ${count(agencies, 'provider')}, ${count(datasets.length, 'data set')}, ${count(items, 'item')}\n`,
    ...datasets.map(printDataset),
  ].join('\n');
}

function printDataset(dataset: CatalogueDataset): string {
  const { id, title, updateFrequency, format, records, items } = dataset;
  const conditions = [...new Set(items.flatMap((i) => i.conditions.map(printSharing)))];
  const rows = items.map((item) => row(item, conditions));
  const widths = rows.reduce<number[]>((w, r) => r.map((cell, i) => Math.max(w[i] ?? 0, columns(cell))), []);
  return `${[
    `${id} ${title}, ${withCode(updateFrequencies[updateFrequency], updateFrequency)}, ${withCode(sourceFormats[format], format)}`,
    ...(records.length === 0 ? ['  records: none'] : records.map((r) => `  records: ${printRecords(r)}`)),
    ...conditions.map((c, i) => `  [${i + 1}] ${c}`),
    ...rows.map((r) =>
      `  ${r.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - columns(cell))).join('  ')}`.trimEnd(),
    ),
  ].join('\n')}\n`;
}

function row(item: CatalogueItem, conditions: readonly string[]): string[] {
  const { coordinate, name, format, category, grade, personal, sensitive, law } = item;
  const terms = item.conditions.map((c) => `[${conditions.indexOf(printSharing(c)) + 1}]`).join('');
  return [
    coordinate,
    name ?? '-',
    format,
    withCode(categoryLabels[category], category),
    `L${grade}`,
    personal === null ? '-' : `${withCode(personalLabels[personal], personal)}${sensitive ? ' (敏感 sensitive)' : ''}`,
    [terms, ...(law === null ? [] : [law])].filter((t) => t !== '').join(' ') || '-',
  ];
}

function terms({ to, purposes, when, from, until }: SharingCondition | RecordRule): string {
  return [
    to.map(printConsumer).join('; '),
    ...(purposes === null ? [] : [`for ${purposes.join(',')}`]),
    ...(when === 'always' ? [] : [`when ${when}`]),
    ...(from === null ? [] : [`from ${from}`]),
    ...(until === null ? [] : [`until ${until}`]),
  ].join(' ');
}

function printConsumer({ agency, roles }: Consumer): string {
  return `${agency} ${roles.join(',')}`;
}

function count(n: number, of: string): string {
  return `${n} ${of}${n === 1 ? '' : 's'}`;
}

/** The columns of a terminal that a text takes: a Chinese character takes two. */
function columns(text: string): number {
  return [...text].reduce((n, c) => n + (/[\u1100-\u115f\u2e80-\uffef]/u.test(c) ? 2 : 1), 0);
}
