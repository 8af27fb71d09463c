import { SourceError } from '../source-error.ts';

/** An answer that cannot be read as what was agreed: it `what`. */
export function malformed(agency: string, what: string): SourceError {
  return new SourceError(agency, `the ${agency} source gave an answer that ${what}`, { fault: 'MALFORMED' });
}
