import { z } from 'zod';
import { day } from '../access/predicates.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { codedError } from '../errors/coded-error.ts';
import { checkScope, requestedFields } from './application-input.ts';
import type { Application, ApplicationContent } from './application.ts';
import type { ApplicationMove } from './application-states.ts';
import { clientRequestId, requestVersion, writtenText } from './read-input.ts';
import { scopeTexts } from './scope.ts';

export const decideInput = z.object({
  clientRequestId,
  applicationNo: z.string(),
  version: requestVersion,
  decision: z.enum(['ACCEPT', 'REFUSE']),
  reason: writtenText(2_000),
  fields: requestedFields.nullish(),
  addedScope: scopeTexts.nullish(),
  until: day.nullish(),
  law: writtenText(500)
    .refine((text) => text.length >= 2, 'must name the law')
    .nullish(),
});
export type DecideInput = z.infer<typeof decideInput>;

type Granted = NonNullable<NonNullable<ApplicationContent['decision']>['granted']>;

/** What the owner decided: the move, and what is granted. Never more than was asked. Throws `BAD_USER_INPUT`. */
export function readDecision(
  input: DecideInput,
  { content }: Pick<Application, 'content'>,
  facts: SchemaFacts,
  today: string,
): { readonly move: ApplicationMove; readonly granted: Granted | null } {
  const { asked, basis } = content;
  const fields = input.fields ?? null;
  const added = input.addedScope ?? [];
  const until = input.until ?? asked.until;
  if (input.decision === 'REFUSE') {
    if (fields !== null || added.length > 0 || input.until != null || input.law != null)
      throw bad('a refusal grants nothing; leave out fields, addedScope, until and law');
    return { move: 'REFUSE', granted: null };
  }
  for (const { coordinate, mask } of fields ?? []) {
    const of = asked.fields.find((f) => f.coordinate === coordinate);
    if (of === undefined) throw bad('input.fields: names a field that was not asked for');
    if (of.mask !== null && mask !== of.mask)
      throw bad(`input.fields: ${coordinate} was asked for under the mask ${of.mask}; give it so, or leave it out`);
  }
  if (until > asked.until) throw bad('input.until: lies after the term that was asked for');
  if (until < today) throw bad('input.until: the term is over; refuse the application, or return it');
  const granted = { fields: fields ?? asked.fields, scope: [...asked.scope, ...added], from: asked.from, until };
  checkScope(added, granted, facts);
  const whole =
    added.length === 0 &&
    until === asked.until &&
    asked.fields.every((f) => granted.fields.some((g) => g.coordinate === f.coordinate && g.mask === f.mask));
  return { move: whole ? 'ACCEPT' : 'ACCEPT_PART', granted: { ...granted, law: input.law ?? basis } };
}

function bad(message: string): Error {
  return codedError('BAD_USER_INPUT', message);
}
