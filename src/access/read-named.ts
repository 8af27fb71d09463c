import { readFileSync } from 'node:fs';
import { ConfigurationError } from './problem.ts';

/** The text of a file that somebody named; `0` is standard input. Throws `ConfigurationError` where it cannot be read. */
export function readNamed(path: string | 0, shownAs: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError([{ file: shownAs, message: reasonOf(error) }]);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; check the path';
    case 'EISDIR':
      return 'is a folder; name a file in it';
    case 'EACCES':
      return 'may not be read by this user; change its rights';
    default:
      return 'cannot be read';
  }
}
