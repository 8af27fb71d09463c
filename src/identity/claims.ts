import { z } from 'zod';
import { isAgencyCode, reconciliationAgency } from '../codes/agency.ts';
import { isDivisionCode } from '../codes/division.ts';
import { isGridCode } from '../codes/grid.ts';
import { purposes, roles } from './principal.ts';

/** An agency's identifier. */
export const agencyCode = z
  .string()
  .refine(isAgencyCode, 'must be an agency code: a lower-case letter, then at most 31 letters or digits');

/** Who the token speaks of. */
export const subjectText = plainText(128);

/** The claims that say what a caller is and may ask for; the demo issuer and every real one obey the same rules. */
export const grantClaims = z.object({
  agency: agencyCode.refine(
    (agency) => agency !== reconciliationAgency,
    `must not be ${reconciliationAgency}, which is the hub's own`,
  ),
  role: z.enum(roles, { error: `must be one of ${roles.join(', ')}` }),
  unit: plainText(64).nullish(),
  operator: plainText(128).nullish(),
  areas: listOf(z.string().refine(isDivisionCode, 'must be a division code of 6, 9 or 12 digits'), 64).default([]),
  grids: listOf(
    z.string().refine(isGridCode, "must be a grid code of at most 32 letters, digits, '-' and '_'"),
    64,
  ).default([]),
  purposes: listOf(z.enum(purposes, { error: `must be one of ${purposes.join(', ')}` }), purposes.length).min(
    1,
    'must name at least one purpose',
  ),
});

/** Every claim that the hub reads from a token (RFC 7519 section 4, RFC 9068 section 2.2). Others are ignored. */
export const accessClaims = grantClaims.extend({
  iss: z.string(),
  sub: subjectText,
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.int('must be whole seconds'),
  iat: z.int('must be whole seconds').min(0, 'must not be negative'),
  jti: plainText(128),
});
export type AccessClaims = z.output<typeof accessClaims>;

/** The first broken rule, as `claim: rule`: made of the schema's own words, never of a claim's value. */
export function brokenRule(error: z.ZodError): { readonly claim: string; readonly rule: string } {
  const issue = error.issues[0];
  const claim = issue?.path[0];
  const rule = issue?.code === 'invalid_type' ? `must be present and of type ${issue.expected}` : issue?.message;
  return { claim: typeof claim === 'string' ? claim : 'claims', rule: rule ?? 'not allowed' };
}

/** Text for logs and the ledger: no control or direction characters, no halves of surrogate pairs. */
function plainText(max: number) {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u, 'must be plain text without control characters');
}

function listOf<T extends z.ZodType<string>>(member: T, max: number) {
  return z
    .array(member)
    .max(max, `must have at most ${max} entries`)
    .refine((list) => new Set(list).size === list.length, 'must not repeat an entry');
}
