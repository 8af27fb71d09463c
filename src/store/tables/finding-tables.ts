import { usualPairDays } from '../pair-findings.ts';
import { keyLength, type ColumnTypes } from '../column-types.ts';

/**
 * What is wrong with how tickets were handed on, kept beside them: whoever changes a ticket or adds a handoff computes its
 * findings anew in the same transaction (`findings.ts`). So a page of them reads as many rows as it shows, however many
 * tickets there are. The view leaves out what has not come yet: an open ticket's due time.
 */
export function findingTables({ client, key, time, text, whole, real, end, lean }: ColumnTypes): readonly string[] {
  const { findingId, ticketNo, agency, code } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS ticket_finding (
  finding_id ${key(findingId)} NOT NULL PRIMARY KEY, kind ${key(code)} NOT NULL, ticket_no ${key(ticketNo)} NOT NULL,
  agency ${key(agency)}, division_code ${key(code)}, times ${whole} NOT NULL, at ${time} NOT NULL,
  grounds ${text} NOT NULL, confidence ${real} NOT NULL, settled_at ${time},
  related_ticket_no ${key(ticketNo)}, related_agency ${key(agency)}, related_division_code ${key(code)}
) ${end}`,
    // Within how many days two tickets belong together, by the kind of finding: as the hub was configured last.
    `CREATE TABLE IF NOT EXISTS finding_window (kind ${key(code)} NOT NULL PRIMARY KEY, days ${whole} NOT NULL) ${lean}`,
    `${client === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE'} INTO finding_window (kind, days)
  VALUES ${Object.entries(usualPairDays)
    .map(([kind, days]) => `('${kind}', ${days})`)
    .join(', ')}`,
    client === 'sqlite'
      ? `CREATE VIEW IF NOT EXISTS handoff_finding AS ${found} strftime('%Y-%m-%dT%H:%M:%S', 'now', '+8 hours') || '+08:00'`
      : `CREATE OR REPLACE VIEW handoff_finding AS ${found} concat(date_format(utc_timestamp() + INTERVAL 8 HOUR, '%Y-%m-%dT%H:%i:%s'), '+08:00')`,
  ];
}

const found = `SELECT finding_id, kind, ticket_no, agency, division_code, times, at, grounds, confidence,
  settled_at IS NOT NULL AS settled, settled_at, related_ticket_no, related_agency, related_division_code
  FROM ticket_finding WHERE at <`;

/** Made after a bulk load. */
export const findingIndexes = {
  finding_ticket: ['ticket_finding', 'ticket_no'],
  finding_related: ['ticket_finding', 'related_ticket_no'],
  finding_kind: ['ticket_finding', 'kind, at, finding_id'],
  finding_time: ['ticket_finding', 'at, finding_id'],
  finding_agency: ['ticket_finding', 'agency, kind, at, finding_id'],
} as const;
