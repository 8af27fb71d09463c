import type { SourceKey } from '../mapping.ts';
import type { Row } from './row-wire.ts';

/**
 * Gives rows the key that they were asked for by where theirs differs from it in blanks at its end: a column of fixed width
 * fills its values up, and its source compares without them. Keys that differ in nothing else stay apart.
 */
export function withAskedKeys(column: string, keys: readonly SourceKey[]): (row: Row) => Row {
  const exact = new Set(keys.map(String));
  let byStart: Map<string, SourceKey> | null = null;
  return (row) => {
    const value = row[column];
    if (typeof value !== 'string' || exact.has(value)) return row;
    byStart ??= new Map(keys.map((key) => [withoutBlanks(String(key)), key]));
    const asked = byStart.get(withoutBlanks(value));
    return asked === undefined ? row : { ...row, [column]: asked };
  };
}

function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return text.slice(0, end);
}
