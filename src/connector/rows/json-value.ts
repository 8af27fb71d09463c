import type { SourceValue } from '../mapping.ts';
import { malformed } from './malformed.ts';

/** A value of JSON in a column's place. A list is one in JSON again, as a mapping's `jsonList` reads it; an object has no meaning there. */
export function jsonValue(agency: string, value: unknown): SourceValue {
  if (typeof value === 'number') return exact(agency, value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  for (const one of value) if (typeof one === 'number') exact(agency, one);
  return JSON.stringify(value);
}

/** JavaScript rounds whole numbers beyond 2^53 as it reads them: a code of 18 digits must come as text. */
function exact(agency: string, value: number): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw malformed(agency, 'holds a number that would be rounded');
  return value;
}
