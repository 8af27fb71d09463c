import type { SchemaFacts } from '../access/facts.ts';

/** The agencies whose records these are: those that declare the fields without which there is none. Others add to them. */
export function ownersOf(type: string, facts: SchemaFacts): ReadonlySet<string> {
  const fields = facts.fieldsOf(type);
  const keys = fields.filter((f) => f.nonNull);
  return new Set((keys.length > 0 ? keys : fields).map((f) => f.owner));
}
