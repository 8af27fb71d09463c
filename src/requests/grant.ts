import { Document, isScalar, visit } from 'yaml';
import type { SchemaFacts } from '../access/facts.ts';
import { parsePolicy } from '../access/policy-file.ts';
import { compilePolicy, type AccessClass, type Policy } from '../access/policy.ts';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import type { ApplicationContent, GrantTerms, RequestedField } from './application.ts';

/** A grant of `sharing.yaml` as data. */
export interface GrantItem {
  readonly id: string;
  readonly [part: string]: unknown;
}

/** The grant that carries out these terms of an agency's application. */
export function grantItem(
  id: string,
  agency: string,
  { roles, purposes }: Pick<ApplicationContent, 'roles' | 'purposes'>,
  terms: GrantTerms,
  law: string,
): GrantItem {
  const plain = terms.fields.filter((f) => f.mask === null).map((f) => f.coordinate);
  const masks = new Map<string, string[]>();
  for (const { coordinate, mask } of terms.fields)
    if (mask !== null) masks.set(mask, [...(masks.get(mask) ?? []), coordinate]);
  return {
    id,
    to: [{ agency, roles }],
    purposes,
    law,
    ...(terms.from === null ? {} : { from: terms.from }),
    until: terms.until,
    ...(terms.scope.length === 0 ? {} : { when: terms.scope }),
    ...(plain.length === 0 ? {} : { plain }),
    ...(masks.size === 0 ? {} : { mask: Object.fromEntries(masks) }),
  };
}

/** The grant as an item of the list `grants`: lists of names in brackets, everything else on lines of its own. */
export function grantYaml(grant: GrantItem): string {
  // Equal lists are written out each time: an alias is hard to read.
  const document = new Document([grant], { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_key, node) => {
      if (node.items.every(isScalar)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The grant alone, by the real compiler: what it says, or what is wrong with it. */
export function compileGrant(
  owner: string,
  grant: GrantItem,
  facts: SchemaFacts,
): { readonly policy: Policy } | { readonly problems: readonly Problem[] } {
  const text = `policy: 1\nagency: ${owner}\ngrants:\n${grantYaml(grant)}`;
  try {
    return { policy: compilePolicy([parsePolicy(text, grant.id)], facts, []) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { problems: error.problems };
    throw error;
  }
}

/** The classes of callers that an application is for. */
export function classesOf(
  agency: string,
  { roles, purposes }: Pick<ApplicationContent, 'roles' | 'purposes'>,
): AccessClass[] {
  return roles.flatMap((role) => purposes.map((purpose) => ({ agency, role, purpose })));
}

/** The record types of the fields. */
export function typesOf(fields: readonly RequestedField[]): string[] {
  return [...new Set(fields.map((f) => f.coordinate.slice(0, f.coordinate.indexOf('.'))))];
}
