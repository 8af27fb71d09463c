import fc from 'fast-check';
import { withJoins } from './house.ts';
import type { WorldModel } from './model.ts';
import { policyChoices, policyOf } from './policy-arbitrary.ts';
import { callerChoices, queryChoices } from './query-arbitrary.ts';
import { recordChoices, recordsOf } from './record-arbitrary.ts';
import { schemaChoices, schemaOf } from './schema-arbitrary.ts';

export const worldChoices = fc.record({
  schema: schemaChoices,
  policies: fc.tuple(policyChoices, policyChoices, policyChoices),
  records: recordChoices,
  mercurius: fc.nat(15),
});
export type WorldChoices = typeof worldChoices extends fc.Arbitrary<infer T> ? T : never;

/** The world that the choices make: schema, an owner's policy for each agency, records. */
export function worldOf(choices: WorldChoices): WorldModel {
  const schema = schemaOf(choices.schema);
  const policies = schema.agencies.flatMap((agency, i) => {
    const own = choices.policies[i];
    return own === undefined ? [] : [policyOf(agency, own, schema)];
  });
  return withJoins({ schema, policies, records: recordsOf(choices.records, schema) });
}

/** One query, asked by several callers, with several changes of the data behind each answer. */
export const questionChoices = fc.record({
  query: queryChoices,
  callers: fc.array(callerChoices, { minLength: 3, maxLength: 3 }),
  changes: fc.array(fc.nat(1_000_000), { minLength: 8, maxLength: 8 }),
});
export type QuestionChoices = typeof questionChoices extends fc.Arbitrary<infer T> ? T : never;
