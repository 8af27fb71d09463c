import { isDeepStrictEqual } from 'node:util';
import type { SourceRecord } from '../connector.ts';
import { UNREADABLE } from '../mapping.ts';

type Lists = readonly (readonly SourceRecord[])[];

/** How lists of records differ from those that were expected; empty where they are equal. Values are the kit's own, so that they can be said. */
export function listProblems(what: string, expected: Lists, actual: unknown): string[] {
  if (!Array.isArray(actual)) return [`${what}: no list of lists came`];
  if (actual.length !== expected.length)
    return [`${what}: ${actual.length} lists came for ${expected.length} keys: they are not aligned`];
  return expected.flatMap((records, i) => recordProblems(`${what}, key ${i + 1}`, records, actual[i]));
}

/** The same of one list. */
export function recordProblems(what: string, expected: readonly SourceRecord[], actual: unknown): string[] {
  if (!Array.isArray(actual)) return [`${what}: no list of records came`];
  if (actual.length !== expected.length) return [`${what}: ${actual.length} records instead of ${expected.length}`];
  return expected.flatMap((record, i) => {
    const got: unknown = actual[i];
    if (isDeepStrictEqual(got, record)) return [];
    if (typeof got !== 'object' || got === null) return [`${what}, record ${i + 1}: no record`];
    const fields = [...new Set([...Object.keys(record), ...Object.keys(got)])];
    const differing = fields.filter((f) => !isDeepStrictEqual((got as SourceRecord)[f], record[f]));
    const field = differing[0] ?? '';
    const shown = `${field} is ${showValue((got as SourceRecord)[field])} instead of ${showValue(record[field])}`;
    return [
      `${what}, record ${i + 1}: ${shown}${differing.length > 1 ? `, and ${differing.length - 1} more fields` : ''}`,
    ];
  });
}

/** A value of the kit's own, short enough to print. */
export function showValue(value: unknown): string {
  if (value === UNREADABLE) return 'unreadable';
  if (value === undefined) return 'left out';
  const text = JSON.stringify(value, (_key, v: unknown) => (v === UNREADABLE ? 'unreadable' : v)) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
