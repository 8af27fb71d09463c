import type { GateObject } from './gate-object.ts';
import type { GivenLines } from './given-lines.ts';
import { isOneEach, outcomeAt, type Outcome } from './outcome.ts';
import type { RecordBatch } from './record-batch.ts';
import type { Told } from './report.ts';
import type { GateRun } from './run.ts';
import { mayBeReport } from './under-report.ts';
import type { GivenVerdict } from './verdict.ts';

/** Names for the ledger every record that goes on, and which of its fields were given by which lines of the policy. */
export function tellGiven(
  batch: RecordBatch,
  objects: readonly (GateObject | null)[],
  outcomes: readonly Outcome[],
  run: GateRun,
): void {
  const { gate, items, under } = batch;
  const { type, owner, key } = gate.plan;
  const groups = groupsOf(batch, objects, outcomes);
  for (const [lines, { positions, told }] of groups) {
    // What a report led to has its own owner, who learns that it was read; the report's own fields stay with it.
    run.report.give(lines, key !== null && type !== 'Ticket' && under !== null ? { ...told, open: true } : told);
    if (key === null) continue;
    const ids: string[] = [];
    for (const i of positions) {
      const record = items[i]?.record;
      const id = record?.[key];
      if (record === undefined || typeof id !== 'string') continue;
      ids.push(id);
      if (type === 'Ticket' && mayBeReport(record)) run.report.seal(id);
    }
    run.report.record(type, owner, ids, lines);
  }
}

interface Group {
  readonly positions: number[];
  readonly told: Told;
}

/** The records that go on by what each of them gave. */
function groupsOf(
  { gate, items, under }: RecordBatch,
  objects: readonly (GateObject | null)[],
  outcomes: readonly Outcome[],
): Map<GivenLines, Group> {
  const groups = new Map<GivenLines, Group>();
  const varied = outcomes.some(isOneEach);
  let lines: GivenLines | null = null;
  for (let i = 0; i < items.length; i++) {
    if (objects[i] === null) continue;
    if (lines === null || varied) lines = gate.book.lines(verdictsAt(outcomes, i));
    const below = under?.[i] === true;
    const of = groups.get(lines);
    if (of === undefined) groups.set(lines, { positions: [i], told: { open: !below, under: below } });
    else {
      of.positions.push(i);
      of.told.open ||= !below;
      of.told.under ||= below;
    }
  }
  return groups;
}

function verdictsAt(outcomes: readonly Outcome[], position: number): (GivenVerdict | null)[] {
  return outcomes.map((outcome) => outcomeAt(outcome, position));
}
