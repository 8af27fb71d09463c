import type { SortKey, SourceRecord } from '../connector.ts';

/** Tells whether each record comes behind the one before. One without a value to sort by has no place of its own. */
export function risesIn(order: readonly SortKey[]): (record: SourceRecord) => boolean {
  const compare = inOrderOf(order);
  let last: SourceRecord | null = null;
  return (record) => {
    if (order.some(({ field }) => textOf(record[field]) === '')) return true;
    const rises = last === null || compare(last, record) <= 0;
    last = record;
    return rises;
  };
}

/** Text order by UTF-16 unit, as the gate sorts; what is no text comes last. */
export function inOrderOf(order: readonly SortKey[]): (a: SourceRecord, b: SourceRecord) => number {
  return (a, b) => {
    for (const { field, direction } of order) {
      const [x, y] = [textOf(a[field]), textOf(b[field])];
      if (x === y) continue;
      return (x < y ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
    }
    return 0;
  };
}

/** Whether it comes behind these values of the order. */
export function isAfter(record: SourceRecord, order: readonly SortKey[], after: readonly string[]): boolean {
  for (const [i, { field, direction }] of order.entries()) {
    const [x, y] = [textOf(record[field]), after[i] ?? ''];
    if (x === y) continue;
    return direction === 'ASC' ? x > y : x < y;
  }
  return false;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The record with the fields that were asked for, and no other. */
export function only(record: SourceRecord, fields: readonly string[]): SourceRecord {
  return Object.fromEntries(fields.map((field) => [field, record[field]]));
}
