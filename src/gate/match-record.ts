import { formatDateTime } from '../codes/date-time.ts';
import type { SourceRecord } from '../connector/connector.ts';
import type { Match } from './find.ts';
import type { GateRun } from './run.ts';

/** What a match wrapper holds: the record under `node`, how it was found, and whose it is, from where and how fresh. */
export function matchRecord({ item, match, provenance }: Match, node: string, run: GateRun): SourceRecord {
  const { matchedBy, confidence } = match;
  const origin = run.services.registry.entity(item.type);
  const staleSince = provenance?.staleSince ?? null;
  return {
    matchedBy,
    confidence,
    agency: origin?.agency ?? null,
    source: origin?.source ?? null,
    // A source without a guard was asked within this request.
    fetchedAt: formatDateTime(provenance?.fetchedAt ?? run.now),
    staleSince: staleSince === null ? null : formatDateTime(staleSince),
    [node]: item.record,
  };
}
