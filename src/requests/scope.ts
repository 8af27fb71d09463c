import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { conditionForm } from '../access/policy-file.ts';

/** Conditions of an application as a policy writes them, one YAML text each: `handlesTicket`, `{ withinDays: … }`. */
export const scopeTexts = z
  .array(
    z
      .string()
      .max(500, 'may have 500 characters at most')
      .transform((text, context): unknown => {
        const read = readText(text);
        if (read !== undefined && conditionForm.safeParse(read).success) return read;
        context.addIssue(
          'must be one condition as in sharing.yaml, like handlesTicket or { withinDays: { field: …, days: 30 } }',
        );
        return z.NEVER;
      }),
  )
  .max(10, 'may hold 10 conditions at most');

/** A condition on one line, as the application is shown and as the policy would write it. */
export function scopeText(condition: unknown): string {
  return stringify(condition, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** The YAML's value as plain data, or undefined where it is none. */
function readText(text: string): unknown {
  try {
    // Through JSON: what a policy file can hold, and nothing cyclic.
    return JSON.parse(JSON.stringify(parse(text, { maxAliasCount: 0, logLevel: 'error' }))) as unknown;
  } catch {
    return undefined;
  }
}
