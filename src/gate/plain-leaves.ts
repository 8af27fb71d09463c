import { UNREADABLE } from '../connector/mapping.ts';
import type { GateObject } from './gate-object.ts';
import type { PlainLeaf } from './object-gate.ts';
import type { GateRun, Item } from './run.ts';

/**
 * Puts the fields that one line of the policy gives plainly on every record, all in one pass: most fields of most answers
 * are such. It says and notes what `projectLeaf` would of each. None of them may be a key.
 */
export function passPlainLeaves(
  leaves: readonly PlainLeaf[],
  items: readonly Item[],
  objects: readonly (GateObject | null)[],
  run: GateRun,
): void {
  const given = leaves.map(() => false);
  for (let i = 0; i < items.length; i++) {
    const object = objects[i];
    const record = items[i]?.record;
    if (object === null || object === undefined || record === undefined) continue;
    for (let l = 0; l < leaves.length; l++) {
      const { leaf, about } = leaves[l]!;
      const stored = record[leaf.field];
      if (stored === UNREADABLE) run.report.note({ status: 'UNAVAILABLE', ...about });
      else {
        given[l] = true;
        if (stored !== undefined) object[leaf.field] = stored;
      }
    }
  }
  leaves.forEach(({ about, verdict }, l) => {
    if (given[l] === true) run.report.disclose(about.coordinate, verdict);
  });
}
