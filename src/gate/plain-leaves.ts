import { UNREADABLE } from '../connector/mapping.ts';
import type { GateObject } from './gate-object.ts';
import type { PlainLeaf } from './object-gate.ts';
import { OutcomeOf, type Outcome } from './outcome.ts';
import type { RecordBatch } from './record-batch.ts';
import type { GateRun } from './run.ts';

/**
 * Puts the fields that one line of the policy gives plainly on every record, all in one pass: most fields of most answers
 * are such. It does what `projectLeaf` would for each, and puts the fields' outcomes in their places. None of them may be
 * a key.
 */
export function passPlainLeaves(
  leaves: readonly PlainLeaf[],
  { items, under }: RecordBatch,
  objects: readonly (GateObject | null)[],
  run: GateRun,
  outcomes: Outcome[],
): void {
  let unreadable = false;
  for (let i = 0; i < items.length; i++) {
    const object = objects[i];
    const record = items[i]?.record;
    if (object === null || object === undefined || record === undefined) continue;
    for (let l = 0; l < leaves.length; l++) {
      const { leaf, about } = leaves[l]!;
      const stored = record[leaf.field];
      if (stored === UNREADABLE) {
        unreadable = true;
        run.report.note({ status: 'UNAVAILABLE', ...about }, under?.[i]);
      } else if (stored !== undefined) object[leaf.field] = stored;
    }
  }
  for (const { leaf, place, verdict } of leaves) {
    outcomes[place] = verdict;
    if (!unreadable) continue;
    const told = new OutcomeOf(items.length);
    items.forEach(({ record }, i) => told.put(i, record[leaf.field] === UNREADABLE ? null : verdict));
    outcomes[place] = told.outcome;
  }
}
