import { conditionReads, type Condition } from './condition.ts';
import type { SchemaFacts } from './facts.ts';
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
  const aboutRecord = predicates[condition.name].about === 'record';
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
      return condition.name === 'withinDays' && field.of !== 'DateTime' && field.of !== 'Date'
        ? [`withinDays needs a DateTime or a Date; ${of}.${name} is a ${field.of}`]
        : [];
    });
  });
}
