import { z } from 'zod';
import { codedError } from '../errors/coded-error.ts';

/** A text that somebody writes: trimmed, and not empty. `max` counts UTF-16 code units. */
export const writtenText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `may have ${max} characters at most`)
    // A lone half of a character could not be written down as it came.
    .refine((text) => !/\p{Surrogate}/u.test(text), 'must be well-formed Unicode');

/** The caller's own name for a change: the same name and input change nothing again. */
export const clientRequestId = z
  .string()
  .regex(/^[!-~]{1,100}$/, 'must have 1 to 100 visible ASCII characters, without spaces');

/** Whole numbers that a request can have. */
export const requestVersion = z.number().int().min(1, 'must be 1 or more');

/** The argument `input`. Throws `BAD_USER_INPUT`, which names the place and never the value. */
export function readInput<T>(form: z.ZodType<T>, args: Readonly<Record<string, unknown>>): T {
  const read = form.safeParse(args['input']);
  if (read.success) return read.data;
  const lines = read.error.issues.slice(0, 5).map((i) => `${['input', ...i.path.map(String)].join('.')}: ${i.message}`);
  throw codedError('BAD_USER_INPUT', lines.join('; '));
}
