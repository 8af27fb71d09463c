import { keyLength, type ColumnTypes } from '../column-types.ts';

/**
 * Handoffs that were pushed before their tickets, each with who pushed it and with what areas: JSON text. One is taken out
 * when its ticket comes, as a handoff or as a conflict.
 */
export function heldTables({ key, text, time, serial, end }: ColumnTypes): readonly string[] {
  const { ticketNo, sourceSystem, sourceRunId, digest } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS push_held (
  seq ${serial}, ticket_no ${key(ticketNo)} NOT NULL, source_system ${key(sourceSystem)} NOT NULL,
  source_run_id ${key(sourceRunId)} NOT NULL, pusher_digest ${key(digest)} NOT NULL, pusher ${text} NOT NULL,
  handoff ${text} NOT NULL, at ${time} NOT NULL,
  UNIQUE (source_system, source_run_id, pusher_digest), UNIQUE (ticket_no, seq)
) ${end}`,
  ];
}
