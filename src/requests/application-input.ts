import { z } from 'zod';
import type { Condition } from '../access/condition.ts';
import { readCondition } from '../access/condition-file.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { maskNames } from '../access/mask-name.ts';
import { predicates } from '../access/predicates.ts';
import { day } from '../access/predicates.ts';
import { codedError } from '../errors/coded-error.ts';
import { withoutSuggestion } from '../hub/documents.ts';
import { purposes, roles } from '../identity/principal.ts';
import type { ApplicationContent, GrantTerms } from './application.ts';
import { compileGrant, grantItem, typesOf } from './grant.ts';
import { clientRequestId, requestVersion, writtenText } from './read-input.ts';
import { scopeTexts } from './scope.ts';

const nullish = <T>(form: z.ZodType<T>) => form.nullish().transform((value) => value ?? null);

/** Fields, each once. */
export const requestedFields = z
  .array(z.object({ coordinate: z.string().max(200), mask: nullish(z.enum(maskNames)) }))
  .min(1, 'must name a field')
  .max(100, 'may name 100 fields at most')
  .refine((list) => new Set(list.map((f) => f.coordinate)).size === list.length, 'names a field twice; keep one');

const asked = z.object({
  fields: requestedFields,
  roles: z.array(z.enum(roles)).min(1, 'must name a role').transform(unique),
  purposes: z.array(z.enum(purposes)).min(1, 'must name a purpose').transform(unique),
  basis: writtenText(500)
    .refine((text) => text.length >= 2 && /\p{L}/u.test(text), 'must name the law')
    .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), 'must be one line, without invisible characters'),
  scenario: writtenText(2_000),
  scope: scopeTexts,
  from: nullish(day),
  until: day,
});

export const applyInput = asked.extend({ clientRequestId });
export const resubmitInput = asked.extend({ clientRequestId, applicationNo: z.string(), version: requestVersion });
export type AskedInput = z.infer<typeof asked>;

/**
 * What was asked, for each owner of the fields. Throws `BAD_USER_INPUT` and, for a field that no policy can grant,
 * `FIELD_DENIED` with its legal ground. `today` is a date, YYYY-MM-DD.
 */
export function readAsked(
  input: AskedInput,
  agency: string,
  facts: SchemaFacts,
  today: string,
): ReadonlyMap<string, ApplicationContent> {
  const { from, until, scope, basis, scenario } = input;
  if (until < today) throw bad('input.until: lies before today');
  if (input.roles.includes('STEWARD')) throw bad('input.roles: a STEWARD sees no records; name those who need them');
  checkScope(scope, input, facts);
  const byOwner = new Map<string, ApplicationContent['asked']['fields']>();
  for (const field of input.fields) {
    const owner = ownerOf(field.coordinate, agency, facts);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), field]);
  }
  return new Map(
    [...byOwner].map(([owner, fields]) => {
      const terms = { fields, scope, from, until };
      const content = { asked: terms, roles: input.roles, purposes: input.purposes, basis, scenario, decision: null };
      checkGrant(owner, agency, content, terms, facts);
      return [owner, content];
    }),
  );
}

/** Refuses terms that the owner's policy could not say. Throws `BAD_USER_INPUT`. */
export function checkGrant(
  owner: string,
  agency: string,
  content: ApplicationContent,
  terms: GrantTerms,
  facts: SchemaFacts,
): void {
  const compiled = compileGrant(owner, grantItem('asked', agency, content, terms, content.basis), facts);
  if (!('problems' in compiled)) return;
  const messages = [...new Set(compiled.problems.map((p) => withoutSuggestion(p.message)))];
  throw bad(messages.slice(0, 5).join('; '));
}

/** Who decides about the field. One that never leaves the gate looks like one that does not exist. */
function ownerOf(coordinate: string, agency: string, facts: SchemaFacts): string {
  const field = facts.fields.get(coordinate);
  if (field === undefined || field.hidden)
    throw bad('input.fields: there is no such field; the query catalogue lists them');
  if (field.category === 'NONE')
    throw codedError('FIELD_DENIED', `${coordinate} is not shared (${field.law ?? 'NONE'}); no policy can grant it`, {
      extensions: { coordinate, agency: field.owner, law: field.law },
    });
  if (field.owner === agency) throw bad(`input.fields: ${coordinate} belongs to your own agency`);
  return field.owner;
}

/** A condition may read what the catalogue lists; about the ticket, what its predicate always reads. */
export function checkScope(
  scope: readonly unknown[],
  {
    fields,
  }: {
    readonly fields: readonly { readonly coordinate: string; readonly mask: GrantTerms['fields'][number]['mask'] }[];
  },
  facts: SchemaFacts,
): void {
  const problems: string[] = [];
  const types = typesOf([...fields]);
  const check = (condition: Condition): void => {
    if (condition.kind !== 'predicate' || predicates[condition.name].about !== 'record') return;
    const reads = predicates[condition.name].reads(condition.args);
    for (const read of types.flatMap((type) => reads.map((field) => `${type}.${field}`)))
      if (facts.fields.get(read)?.hidden !== false) problems.push(`the condition reads ${read}, which does not exist`);
  };
  readCondition(scope, ['scope'], (_path, message) => void problems.push(withoutSuggestion(message)), check);
  if (problems.length > 0) throw bad(`input.scope: ${[...new Set(problems)].slice(0, 5).join('; ')}`);
}

function bad(message: string): Error {
  return codedError('BAD_USER_INPUT', message);
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
