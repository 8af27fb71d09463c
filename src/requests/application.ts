import { z } from 'zod';
import { conditionForm } from '../access/policy-file.ts';
import { maskNames } from '../access/mask-name.ts';
import { day } from '../access/predicates.ts';
import { purposes, roles } from '../identity/principal.ts';
import type { ApplicationAction, ApplicationState } from './application-states.ts';
import type { RequestBook, StoredRequest } from './request-book.ts';

/** A field and how it is given: under a mask, or plainly (null). */
const requestedField = z.object({ coordinate: z.string(), mask: z.enum(maskNames).nullable() });
export type RequestedField = z.infer<typeof requestedField>;

/** What a policy is asked to give, or was granted: to whom for what stands in the application itself. */
const terms = z.object({
  fields: z.array(requestedField).min(1),
  /** Conditions in the policy's own form; all must hold. */
  scope: z.array(conditionForm),
  from: day.nullable(),
  until: day,
});
export type GrantTerms = z.infer<typeof terms>;

const decision = z.object({
  at: z.string(),
  reason: z.string(),
  /** What the owner gives; null for a no. */
  granted: terms.extend({ law: z.string() }).nullable(),
});

export const applicationContent = z.object({
  asked: terms,
  roles: z.array(z.enum(roles)).min(1),
  purposes: z.array(z.enum(purposes)).min(1),
  basis: z.string(),
  scenario: z.string(),
  decision: decision.nullable(),
});
export type ApplicationContent = z.infer<typeof applicationContent>;
export type Application = StoredRequest<ApplicationState, ApplicationContent>;
export type ApplicationBook = RequestBook<ApplicationState, ApplicationAction, ApplicationContent>;
