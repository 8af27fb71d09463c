import type { ObjectPlan } from '../access/plan.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { SourceRecord } from '../connector/connector.ts';
import type { Match } from './find.ts';
import type { GateRun } from './run.ts';

/**
 * What match wrappers hold: the record under `node`, how it was found, and whose it is, from where and how fresh; of that
 * only what the selection asks for.
 */
export function matchRecords(
  wrapper: ObjectPlan,
  type: string,
  node: string,
  run: GateRun,
): (match: Match) => SourceRecord {
  const asked = new Set(wrapper.reads);
  const origin = run.services.registry.entity(type);
  const agency = origin?.agency ?? null;
  const source = origin?.source ?? null;
  const timed = asked.has('fetchedAt') || asked.has('staleSince');
  return ({ item, match, told, provenance }) => {
    const { matchedBy, confidence } = match;
    const record: Record<string, unknown> = { matchedBy, confidence, agency, source, ...told, [node]: item.record };
    if (!timed) return record;
    const staleSince = provenance?.staleSince ?? null;
    // A source without a guard was asked within this request.
    record['fetchedAt'] = formatDateTime(provenance?.fetchedAt ?? run.now);
    record['staleSince'] = staleSince === null ? null : formatDateTime(staleSince);
    return record;
  };
}
