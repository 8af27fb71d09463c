import { holds } from '../access/condition.ts';
import type { LeafPlan, ObjectPlan } from '../access/plan.ts';
import { UNREADABLE } from '../connector/mapping.ts';
import type { GateObject } from './gate-object.ts';
import { applyMask } from './masks.ts';
import type { GateRun, Item, Verdict } from './run.ts';

export type FieldStatus = 'ALLOWED' | 'MASKED' | 'DENIED' | 'UNAVAILABLE' | 'EMPTY';

/** One entry of the field `access`. */
export interface FieldAccess {
  readonly field: string;
  readonly status: FieldStatus;
  readonly rule: string | null;
  /** Its value is reported as wrong and not settled yet; only ever told of a value that was given. */
  readonly disputed: boolean;
}

/** Puts one value field on the batch's objects, by its verdict on each record. An object whose key may not show becomes null. */
export function projectLeaf(
  plan: ObjectPlan,
  leaf: LeafPlan,
  items: readonly Item[],
  objects: (GateObject | null)[],
  access: FieldAccess[][],
  run: GateRun,
): void {
  const judge = run.judge(leaf.decision, plan.type);
  const { coordinate, pathPattern } = leaf;
  const about = { coordinate, pathPattern, agency: leaf.owner };
  items.forEach((item, i) => {
    const object = objects[i];
    if (object === null || object === undefined) return;
    const verdict = leaf.ofReporter !== null ? withSecrecy(judge(item), leaf, item, run) : judge(item);
    const { value, status } = leafValue(leaf, item, verdict, run);
    const rule = verdict.status === 'DENIED' ? null : verdict.rule;
    if (verdict.status === 'DENIED') run.report.note({ status: 'DENIED', ...about });
    else if (status === 'UNAVAILABLE') run.report.note({ status, ...about });
    else run.report.disclose(coordinate, verdict);
    // The mask shows by the verdict, not by the value: an empty field that would be masked says so too.
    if (verdict.status === 'MASKED' && status !== 'UNAVAILABLE')
      run.report.note({ status: 'MASKED', ...about, mask: verdict.mask, rule: verdict.rule });
    if (value === null && leaf.nonNull) {
      // Without its key a record cannot be given at all.
      objects[i] = null;
      return;
    }
    object[leaf.field] = value;
    access[i]?.push({ field: leaf.field, status, rule: status === 'UNAVAILABLE' ? null : rule, disputed: false });
  });
}

/**
 * The verdict on a person or text of a record that a ticket led to, where the ticket's reporter asked for secrecy: outside
 * the handling unit people are denied, and text is redacted, whatever a grant says.
 */
function withSecrecy(verdict: Verdict, leaf: LeafPlan, item: Item, run: GateRun): Verdict {
  if (item.ticket === null || verdict.status === 'DENIED') return verdict;
  const open = run.bound({ kind: 'predicate', name: 'reporterNotSecret', args: undefined }, 'Ticket');
  if (holds(open, { record: item.ticket, ticket: item.ticket, exact: true })) return verdict;
  if (leaf.ofReporter === 'person') return { status: 'DENIED' };
  return verdict.status === 'ALLOWED' ? { status: 'MASKED', mask: 'redacted', rule: verdict.rule } : verdict;
}

function leafValue(
  leaf: LeafPlan,
  item: Item,
  verdict: Verdict,
  run: GateRun,
): { value: unknown; status: FieldStatus } {
  if (verdict.status === 'DENIED') return { value: null, status: 'DENIED' };
  const stored = item.record[leaf.field];
  if (stored === UNREADABLE) return { value: null, status: 'UNAVAILABLE' };
  if (stored === null || stored === undefined) return { value: null, status: 'EMPTY' };
  if (verdict.status === 'ALLOWED')
    return { value: stored, status: Array.isArray(stored) && stored.length === 0 ? 'EMPTY' : 'ALLOWED' };
  const known = [...leaf.redactNames.map((f) => item.record[f]), item.ticket?.['reporterName'] ?? null];
  // A name that cannot be read cannot be taken out of the text either.
  if (verdict.mask === 'redacted' && known.includes(UNREADABLE)) return { value: null, status: 'UNAVAILABLE' };
  const names = known.filter((n) => typeof n === 'string');
  const context = { pseudonymKey: run.services.pseudonymSecret, names };
  const masked: unknown = Array.isArray(stored)
    ? stored.map((v) => applyMask(verdict.mask, v, context))
    : applyMask(verdict.mask, stored, context);
  return { value: masked, status: 'MASKED' };
}
