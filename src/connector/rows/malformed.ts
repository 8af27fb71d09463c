import { SourceError } from '../source-error.ts';

/** An answer that is not what was asked for. `what` goes on after "gave an answer that", and holds no value of it. */
export function malformed(agency: string, what: string): SourceError {
  return new SourceError(agency, `the ${agency} source gave an answer that ${what}`, { fault: 'MALFORMED' });
}
