import type { RelationPlan } from '../access/plan.ts';
import type { RelationShape, SourceRecord } from '../connector/connector.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { GateRun } from './run.ts';

/** Shapes of relations whose records the parent's own record holds: nothing is loaded for them. */
export type HeldShape = Extract<RelationShape, { readonly kind: 'embedded' | 'instant' }>;

export type HeldRecords = (parent: SourceRecord) => readonly SourceRecord[];

/** How the relation's records are taken out of a parent, for this request's arguments and time. */
export function heldRecords({ call, field }: RelationPlan, shape: HeldShape, run: GateRun): HeldRecords {
  switch (shape.kind) {
    case 'embedded':
      return (parent) => listed(parent[field]);
    case 'instant': {
      const instant = String(run.argumentsOf(call)[shape.argument]);
      // Who will have it is known of nobody, however long somebody has had it.
      if (instant > formatDateTime(run.now)) return () => [];
      const holds = (record: SourceRecord): boolean => {
        const [from, until] = [record[shape.from], record[shape.until]];
        // The text order of times is time order.
        return (
          typeof from === 'string' &&
          from <= instant &&
          (until === null || (typeof until === 'string' && instant < until))
        );
      };
      return (parent) => listed(parent[shape.of]).filter(holds).slice(0, 1);
    }
  }
}

function listed(value: unknown): readonly SourceRecord[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly SourceRecord[]) : [value as SourceRecord];
}
