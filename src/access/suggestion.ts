import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean X?` where a known name is near, else the empty text. For the people who write policies, never for callers. */
export function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(name, known);
  return distance(name, near) <= Math.max(2, Math.floor(name.length / 3)) ? ` Did you mean ${near}?` : '';
}
