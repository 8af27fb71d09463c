import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Where a secret is: an environment variable or a file. The configuration never holds one itself. */
export const secretRef = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'a secret is named, never written here: { env: NAME } or { file: PATH }' },
);

export type SecretRef = z.infer<typeof secretRef>;

/** The secret, or a file's content (a certificate), without the line's end. Throws `SecretError`, which names the place and never the value. */
export function readSecret(ref: SecretRef, env: Readonly<Record<string, string | undefined>> = process.env): string {
  if ('env' in ref) {
    const value = env[ref.env];
    if (value === undefined || value === '') throw new SecretError(`the environment variable ${ref.env} is not set`);
    return value;
  }
  let text: string;
  try {
    text = readFileSync(ref.file, 'utf8');
  } catch (error) {
    throw new SecretError(
      `the file ${ref.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    );
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new SecretError(`the file ${ref.file} is empty`);
  return value;
}

/** A secret is not where the configuration says. */
export class SecretError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretError';
  }
}
