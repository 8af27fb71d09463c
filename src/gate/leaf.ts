import { holds } from '../access/condition.ts';
import { reporterSecrecy } from '../access/decide.ts';
import type { LeafPlan } from '../access/plan.ts';
import { UNREADABLE } from '../connector/mapping.ts';
import type { GateObject } from './gate-object.ts';
import { charactersOf, longestMasked } from './long-texts.ts';
import { applyMask } from './masks.ts';
import type { LeafGate } from './object-gate.ts';
import { OutcomeOf, type Outcome } from './outcome.ts';
import type { RecordBatch } from './record-batch.ts';
import type { GateRun, Item } from './run.ts';
import { verdictAt, type Verdict } from './verdict.ts';

export type FieldStatus = 'ALLOWED' | 'MASKED' | 'DENIED' | 'UNAVAILABLE' | 'EMPTY';

/** One entry of the field `access`. */
export interface FieldAccess {
  readonly field: string;
  readonly status: FieldStatus;
  readonly rule: string | null;
  /** Its value is reported as wrong and not settled yet; only ever told of a value that was given. */
  readonly disputed: boolean;
}

/**
 * Puts one value field on the batch's objects, by its verdict on each record, and tells by which it was given. An object
 * whose key may not show becomes null. `access` collects what became of the field where that was asked for.
 */
export function projectLeaf(
  { leaf, judge, about }: LeafGate,
  batch: RecordBatch,
  objects: (GateObject | null)[],
  access: FieldAccess[][] | null,
  run: GateRun,
): Outcome {
  const verdicts = batch.verdicts(judge);
  const { field, ofReporter } = leaf;
  const { items, under } = batch;
  const told = new OutcomeOf(items.length);
  // What is noted of a verdict is noted once; of reports and of all else apart.
  let noted: Map<FieldStatus | Verdict, boolean> | null = null;
  for (let i = 0; i < items.length; i++) {
    const object = objects[i];
    const item = items[i];
    if (object === null || object === undefined || item === undefined) continue;
    const judged = verdictAt(verdicts, i);
    const verdict = ofReporter === null ? judged : withSecrecy(judged, leaf, item, run);
    const stored = item.record[field];
    if (verdict.status === 'ALLOWED' && access === null && isPlainValue(stored)) {
      object[field] = stored;
      told.put(i, verdict);
      continue;
    }
    const { value, status, later } = leafValue(leaf, item, verdict, run);
    const kept = verdict.status === 'DENIED' ? 'DENIED' : status === 'UNAVAILABLE' ? 'UNAVAILABLE' : null;
    told.put(i, kept !== null || verdict.status === 'DENIED' ? null : verdict);
    // The mask shows by the verdict, not by the value: an empty field that would be masked says so too.
    const what = kept ?? (verdict.status === 'MASKED' ? verdict : null);
    const below = under?.[i] === true;
    noted ??= new Map();
    if (what !== null && noted.get(what) !== below) {
      noted.set(what, below);
      if (kept !== null) run.report.note({ status: kept, ...about }, below);
      else if (verdict.status === 'MASKED')
        run.report.note({ status: 'MASKED', ...about, mask: verdict.mask, rule: verdict.rule }, below);
    }
    if (value === null && leaf.nonNull) {
      // Without its key a record cannot be given at all.
      objects[i] = null;
      continue;
    }
    object[field] = value;
    if (later !== undefined) run.texts.add(() => (object[field] = later()));
    const rule = verdict.status === 'DENIED' || kept !== null ? null : verdict.rule;
    access?.[i]?.push({ field, status, rule, disputed: false });
  }
  return told.outcome;
}

/** A value that shows as it is stored: no list, and neither empty nor unreadable. */
function isPlainValue(stored: unknown): boolean {
  return typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean';
}

/**
 * The verdict on a person or text of a record that a ticket led to, where the ticket's reporter asked for secrecy: outside
 * the handling unit people are denied, and text is redacted, whatever a grant says.
 */
function withSecrecy(verdict: Verdict, leaf: LeafPlan, item: Item, run: GateRun): Verdict {
  if (item.ticket === null || verdict.status === 'DENIED') return verdict;
  const open = run.bound(reporterSecrecy, 'Ticket');
  if (holds(open, { record: item.ticket, ticket: item.ticket, exact: true })) return verdict;
  if (leaf.ofReporter === 'person') return { status: 'DENIED' };
  return verdict.status === 'ALLOWED' ? { status: 'MASKED', mask: 'redacted', rule: verdict.rule } : verdict;
}

interface LeafValue {
  readonly value: unknown;
  readonly status: FieldStatus;
  /** Makes the value of a long text: until then it is empty. */
  readonly later?: () => unknown;
}

function leafValue(leaf: LeafPlan, item: Item, verdict: Verdict, run: GateRun): LeafValue {
  if (verdict.status === 'DENIED') return { value: null, status: 'DENIED' };
  const stored = item.record[leaf.field];
  if (stored === UNREADABLE) return { value: null, status: 'UNAVAILABLE' };
  if (stored === null || stored === undefined) return { value: null, status: 'EMPTY' };
  if (verdict.status === 'ALLOWED')
    return { value: stored, status: Array.isArray(stored) && stored.length === 0 ? 'EMPTY' : 'ALLOWED' };
  const characters = charactersOf(stored);
  if (characters > longestMasked) return { value: null, status: 'UNAVAILABLE' };
  // A ticket's text reads the same whichever way led to it: it knows its own reporter alone.
  const reporter = item.type === 'Ticket' ? null : (item.ticket?.['reporterName'] ?? null);
  const names = [...leaf.redacts.names.map((f) => item.record[f]), reporter];
  const addresses = leaf.redacts.addresses.map((f) => item.record[f]);
  // What cannot be read cannot be taken out of the text either.
  if (verdict.mask === 'redacted' && [...names, ...addresses].includes(UNREADABLE))
    return { value: null, status: 'UNAVAILABLE' };
  const known = { names: names.flatMap(texts), addresses: addresses.flatMap(texts) };
  const context = { pseudonymKey: run.services.pseudonymSecret, known };
  const masked = (): unknown => applyMask(verdict.mask, stored, context);
  if (run.texts.mustWait(characters)) return { value: '', status: 'MASKED', later: masked };
  return { value: masked(), status: 'MASKED' };
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
