import type { FieldFacts, PersonalKind, ShareCategory } from '../access/facts.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import type { Policy } from '../access/policy.ts';
import { recordRules, sharingConditions, type RecordRule, type SharingCondition } from './conditions.ts';
import { readDataSets, type CatalogueContract, type DataSet } from './data-sets.ts';
import { chineseName } from './field-words.ts';
import { readValueTypes, type ValueType } from './value-type.ts';

/** 共享目录 — all that the agencies share, and on which terms (政务数据共享条例, State Council Order 809). */
export interface Catalogue {
  /** The version of the policies whose terms these are. */
  readonly policyVersion: string;
  /** By provider, then by type. */
  readonly datasets: readonly CatalogueDataset[];
}

/** A data set with what it holds. */
export interface CatalogueDataset extends DataSet {
  readonly records: readonly RecordRule[];
  /** The fields of its own type as the SDL has them, then those of its parts and relations. */
  readonly items: readonly CatalogueItem[];
}

/** 共享目录条目 — one field that an agency has. */
export interface CatalogueItem {
  readonly agency: string;
  readonly type: string;
  readonly field: string;
  /** `Type.field` */
  readonly coordinate: string;
  /** The Chinese name; null where the SDL gives none. */
  readonly name: string | null;
  readonly description: string | null;
  /** In GraphQL's notation: `[AgencyCode!]`. */
  readonly valueType: string;
  /** The same in words: `列表, 部门标识`. */
  readonly format: string;
  readonly category: ShareCategory;
  readonly grade: number;
  readonly personal: PersonalKind | null;
  readonly sensitive: boolean;
  /** The legal ground of the category. */
  readonly law: string | null;
  readonly conditions: readonly SharingCondition[];
}

/** What of the policies in force the catalogue is made from. */
export interface CataloguePolicies {
  readonly policy: Policy;
  readonly parsed: readonly ParsedPolicy[];
}

export interface CatalogueFilter {
  /** Data of this provider only; null or left out: of all. */
  readonly agency?: string | null | undefined;
  /** Fields of this type only; null or left out: of all. */
  readonly type?: string | null | undefined;
}

/**
 * Reads the contract once; the catalogue of the policies in force is then made anew only when they change. Throws
 * `ConfigurationError` where the SDL describes a data set not at all or not rightly.
 */
export function openCatalogue(contract: CatalogueContract): (policies: CataloguePolicies) => Catalogue {
  const dataSetOf = readDataSets(contract);
  const typeOf = readValueTypes(contract.sdl);
  const listed = [...contract.facts.fields.values()].flatMap((field) => {
    const dataSet = dataSetOf.get(field.coordinate);
    const type = typeOf.get(field.coordinate);
    return dataSet === undefined || type === undefined ? [] : [{ field, dataSet, type }];
  });
  const dataSets = [...new Set(listed.map((l) => l.dataSet))].toSorted((a, b) => compare(a.id, b.id));

  let last: { readonly of: Policy; readonly catalogue: Catalogue } | undefined;
  return ({ policy, parsed }) => {
    if (last?.of !== policy) {
      const datasets = dataSets.map((dataSet) => ({
        ...dataSet,
        records: recordRules(dataSet.type, parsed).filter((r) => r.rule.startsWith(`${dataSet.agency}/`)),
        items: listed
          .filter((l) => l.dataSet === dataSet)
          .toSorted((a, b) => rank(a.field, dataSet) - rank(b.field, dataSet) || compare(a.field.type, b.field.type))
          .map(({ field, type }) => item(field, type, policy)),
      }));
      last = { of: policy, catalogue: { policyVersion: policy.version, datasets } };
    }
    return last.catalogue;
  };
}

/** The catalogue narrowed to a provider, a type or both; data sets of which nothing is left are left out. */
export function narrow(catalogue: Catalogue, { agency, type }: CatalogueFilter): Catalogue {
  const datasets = catalogue.datasets
    .filter((d) => d.agency === (agency ?? d.agency))
    .map((d) => ({ ...d, items: d.items.filter((i) => i.type === (type ?? i.type)) }))
    .filter((d) => d.items.length > 0);
  return { ...catalogue, datasets };
}

/** The items of all data sets one after another, each with its data set: the answer of the root field `catalogue`. */
export function catalogueItems(
  catalogue: Catalogue,
  filter: CatalogueFilter,
): (CatalogueItem & { readonly dataset: Omit<CatalogueDataset, 'items'> })[] {
  return narrow(catalogue, filter).datasets.flatMap(({ items, ...dataset }) =>
    items.map((one) => ({ ...one, dataset })),
  );
}

function item(field: FieldFacts, { notation, words }: ValueType, policy: Policy): CatalogueItem {
  const { owner, type, coordinate, description, category, grade, personal, sensitive, law } = field;
  return {
    agency: owner,
    type,
    field: field.field,
    coordinate,
    name: chineseName(description),
    description,
    valueType: notation,
    format: words,
    category,
    grade,
    personal,
    sensitive,
    law,
    conditions: sharingConditions(coordinate, policy),
  };
}

function rank(field: FieldFacts, dataSet: DataSet): number {
  return field.type === dataSet.type ? 0 : 1;
}

/** By code point: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
