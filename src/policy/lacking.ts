import { LRUCache } from 'lru-cache';
import { decide } from '../access/decide.ts';
import type { FieldFacts, SchemaFacts } from '../access/facts.ts';
import type { AccessClass, Policy } from '../access/policy.ts';
import { purposes, type Purpose } from '../identity/principal.ts';

/** What a caller lacks to see a field that it was denied. */
export type Lacking =
  /** The policy gives the field to its agency and role for these purposes, perhaps on conditions. */
  | { readonly lacks: 'PURPOSE'; readonly purposes: readonly Purpose[] }
  /** No line gives the field to its agency and role, for whatever purpose, but one for this. */
  | { readonly lacks: 'GRANT' }
  /** The field is not shared by law (不予共享), with anybody. */
  | { readonly lacks: 'SHARING'; readonly law: string | null };

export interface LackingSources {
  readonly policy: Policy;
  readonly facts: SchemaFacts;
}

/**
 * What the class lacks on the field. It looks at no record, nor at what the policy says for the purpose that was named:
 * so it is the same whether the denial hung on a condition or not, and tells less than `explainAccess` with each purpose.
 */
export function lackingOf(field: FieldFacts, of: AccessClass, { policy }: Pick<LackingSources, 'policy'>): Lacking {
  if (field.category === 'NONE') return { lacks: 'SHARING', law: field.law };
  const others = purposes.filter((purpose) => purpose !== of.purpose && isOpen(field, { ...of, purpose }, policy));
  return others.length === 0 ? { lacks: 'GRANT' } : { lacks: 'PURPOSE', purposes: others };
}

function isOpen(field: FieldFacts, of: AccessClass, policy: Policy): boolean {
  // Where the type has row rules and none meets the class, a grant of its fields gives nothing.
  const known = policy.allRows(field.type).length === 0 || policy.rowsFor(field.type, of) !== null;
  return known && decide(field, of, policy, false).kind !== 'deny';
}

/** The same by coordinate, kept by policy version, class and coordinate. Null for what is no agency's field. */
export type LackingLookup = (coordinate: string, of: AccessClass, sources: LackingSources) => Lacking | null;

export function createLackingLookup(): LackingLookup {
  const kept = new LRUCache<string, Lacking>({ max: 10_000 });
  return (coordinate, of, sources) => {
    const field = sources.facts.fields.get(coordinate);
    if (field === undefined) return null;
    const key = `${sources.policy.version} ${of.agency} ${of.role} ${of.purpose ?? ''} ${coordinate}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const lacking = lackingOf(field, of, sources);
    kept.set(key, lacking);
    return lacking;
  };
}
