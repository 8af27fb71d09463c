import { conditionReads, type Condition } from './condition.ts';
import type { FilterValue } from '../connector/filter.ts';
import type { FieldFacts, SchemaFacts } from './facts.ts';
import { predicates } from './predicates.ts';
import { suggestion } from './suggestion.ts';

/**
 * What is wrong with one predicate of an agency's policy on records of these types. What may be asked about the ticket is
 * fixed by the predicates themselves; about the record, a condition reads its own agency's fields only.
 */
export function conditionProblems(
  condition: Condition,
  types: ReadonlySet<string>,
  agency: string,
  facts: SchemaFacts,
): string[] {
  if (condition.kind !== 'predicate') return [];
  const predicate = predicates[condition.name];
  const aboutRecord = predicate.about === 'record';
  const compared = 'values' in predicate ? predicate.values(condition.args) : [];
  return [...types].flatMap((type) => {
    const { record, ticket } = conditionReads(condition, type);
    const reads = [
      ...[...record].map((field) => [type, field] as const),
      ...[...ticket].map((field) => ['Ticket', field] as const),
    ];
    return reads.flatMap(([of, name]): string[] => {
      const field = facts.fields.get(`${of}.${name}`);
      if (field === undefined) {
        const known = facts.fieldsOf(of).map((f) => f.field);
        return [`the condition reads ${of}.${name}, which does not exist.${suggestion(name, known)}`];
      }
      if (aboutRecord && field.owner !== agency) {
        return [
          `the condition reads ${of}.${name}, which belongs to ${field.owner}; a condition reads its own agency's fields`,
        ];
      }
      const foreign = compared.flatMap((value) => foreignValue(value, field, facts));
      if (foreign.length > 0) return foreign;
      const wanted = aboutRecord && 'of' in predicate ? predicate.of : null;
      return wanted === null || (wanted.types.includes(field.of) && wanted.list === field.list)
        ? []
        : [`${condition.name} needs ${kinds(wanted)}; ${of}.${name} is ${kindOf(field)}`];
    });
  });
}

function kinds({ types, list }: { readonly types: readonly string[]; readonly list: boolean }): string {
  return types.map((of) => kindOf({ of, list })).join(' or ');
}

function kindOf({ of, list }: Pick<FieldFacts, 'of' | 'list'>): string {
  return list ? `a list of ${of}` : `${/^[AEIOU]/.test(of) ? 'an' : 'a'} ${of}`;
}

/** Why no record can have this value in the field: under `not`, such a comparison would always hold. */
function foreignValue(value: FilterValue, { coordinate, of, list }: FieldFacts, { enums }: SchemaFacts): string[] {
  if (list) return [`${coordinate} holds a list, which equals no value`];
  const known = enums.get(of);
  if (known !== undefined)
    return known.some((one) => one === value)
      ? []
      : [`${coordinate} is never ${String(value)}.${suggestion(String(value), known)}`];
  const wanted = of === 'Boolean' ? 'boolean' : of === 'Int' || of === 'Float' ? 'number' : 'string';
  return typeof value === wanted
    ? []
    : [`${coordinate} is of type ${of}, so it is never the ${typeof value} ${String(value)}`];
}
