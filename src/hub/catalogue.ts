import type { SchemaFacts, ShareCategory } from '../access/facts.ts';

export interface CatalogueItem {
  readonly agency: string;
  readonly type: string;
  readonly field: string;
  readonly description: string | null;
  readonly category: ShareCategory;
  readonly grade: number;
  readonly personal: string | null;
  readonly sensitive: boolean;
  readonly law: string | null;
}

/** The fields that agencies have, by agency, type and field; fields that never leave the gate are not listed. */
export function catalogueItems(facts: SchemaFacts, agency: string | null, type: string | null): CatalogueItem[] {
  return [...facts.fields.values()]
    .filter((f) => !f.hidden && (agency === null || f.owner === agency) && (type === null || f.type === type))
    .map((f) => ({
      agency: f.owner,
      type: f.type,
      field: f.field,
      description: f.description,
      category: f.category,
      grade: f.grade,
      personal: f.personal,
      sensitive: f.sensitive,
      law: f.law,
    }));
}
