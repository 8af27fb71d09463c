import type { SourceValue } from '../mapping.ts';
import { malformed } from './malformed.ts';

/** A value of JSON in a column's place: a single one, or a list of such. Objects, and lists of lists, have no meaning there. */
export function jsonValue(agency: string, value: unknown): SourceValue {
  if (!Array.isArray(value)) return isSingle(value) ? exact(agency, value) : undefined;
  return value.every(isSingle) ? value.map((one) => exact(agency, one)) : undefined;
}

type Single = string | number | boolean | null;

function isSingle(value: unknown): value is Single {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** JavaScript rounds whole numbers beyond 2^53 as it reads them: a code of 18 digits must come as text. */
function exact(agency: string, value: Single): Single {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw malformed(agency, 'holds a number that would be rounded');
  return value;
}
