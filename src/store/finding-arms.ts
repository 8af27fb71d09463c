/** The kinds that are computed from a ticket and its handoffs alone. */
export const computedKinds = [
  'CIRCLE',
  'REPEATED_RETURN',
  'OVERDUE',
  'PING_PONG',
  'LATE_SIGNED',
  'CLOSED_WITHOUT_EVIDENCE',
  'CLOSED_UNRESOLVED',
  'RESOLVED_UNSATISFIED',
] as const;

/** What rests on the ticket and its handoffs alone goes away with what it rests on: it is sure, and never settled. */
const computed = `'[]' AS grounds, 1.0 AS confidence, NULL AS settled_at`;
const given = `('DISPATCH', 'REASSIGN', 'ESCALATE')`;
/** The steps that give a ticket to an agency other than the hotline, through which agencies hand it on. */
const moves = `kind IN ('ACCEPT', 'DISPATCH', 'RETURN', 'OBJECT', 'RULE', 'REASSIGN', 'ESCALATE', 'REWORK') AND to_agency <> 'hotline'`;
/** A report's (举报) findings would tell more of it than its number, status and times. */
const told = `coalesce(t.type, '') <> 'REPORT'`;

/**
 * What is wrong with how tickets were handed on, as one select of MySQL's and SQLite's common tongue: a row for each
 * ticket and agency, or for each handoff. The words are those of `trace-findings.ts` and `trace-circles.ts`; a test holds
 * the two to the same answer. `only` says of a column of ticket numbers which ones are looked at. An open ticket counts
 * as `OVERDUE` from its due time on: whoever reads leaves out what is not yet.
 */
export function findingsSelect(only: (column: string) => string): string {
  const circles = `
SELECT concat('CIRCLE:', h.ticket_no, ':', h.to_agency) AS finding_id, 'CIRCLE' AS kind, h.ticket_no, h.to_agency AS agency,
       t.division_code, count(*) AS times, max(h.at) AS at, ${computed}
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${only('h.ticket_no')} AND h.kind IN ${given} AND h.to_agency <> 'hotline' AND ${told}
   AND EXISTS (SELECT 1 FROM handoff o WHERE o.ticket_no = h.ticket_no AND o.kind IN ${given}
                AND o.to_agency NOT IN (h.to_agency, 'hotline')
                AND o.at > (SELECT min(a.at) FROM handoff a WHERE a.ticket_no = h.ticket_no AND a.to_agency = h.to_agency
                             AND a.kind IN ${given})
                AND o.at < (SELECT max(a.at) FROM handoff a WHERE a.ticket_no = h.ticket_no AND a.to_agency = h.to_agency
                             AND a.kind IN ${given}))
 GROUP BY h.ticket_no, h.to_agency, t.division_code HAVING count(*) > 1`;
  const returns = `
SELECT concat('REPEATED_RETURN:', h.ticket_no), 'REPEATED_RETURN', h.ticket_no, t.lead_agency, t.division_code, count(*), max(h.at), ${computed}
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${only('h.ticket_no')} AND h.kind = 'RETURN' AND ${told}
 GROUP BY h.ticket_no, t.lead_agency, t.division_code HAVING count(*) > 1`;
  const overdue = `
SELECT concat('OVERDUE:', t.ticket_no), 'OVERDUE', t.ticket_no, t.lead_agency, t.division_code, 1, t.due_at, ${computed}
  FROM ticket t
 WHERE ${only('t.ticket_no')} AND t.due_at IS NOT NULL AND t.closed_at IS NULL AND t.status NOT IN ('CLOSED', 'ARCHIVED')
   AND ${told}`;
  const lateSigned = `
SELECT concat('LATE_SIGNED:', h.run_id), 'LATE_SIGNED', h.ticket_no, coalesce(h.from_agency, h.to_agency), t.division_code, 1, h.at, ${computed}
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${only('h.ticket_no')} AND h.kind = 'SIGN_FOR' AND h.at > h.sign_by AND ${told}`;
  const withoutEvidence = `
SELECT concat('CLOSED_WITHOUT_EVIDENCE:', h.run_id), 'CLOSED_WITHOUT_EVIDENCE', h.ticket_no, t.lead_agency, t.division_code, 1, h.at, ${computed}
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${only('h.ticket_no')} AND h.kind = 'CLOSE' AND h.site_visit = 1 AND h.evidence_count = 0 AND ${told}`;
  const unresolved = `
SELECT concat('CLOSED_UNRESOLVED:', t.ticket_no), 'CLOSED_UNRESOLVED', t.ticket_no, t.lead_agency, t.division_code, 1, t.closed_at, ${computed}
  FROM ticket t WHERE ${only('t.ticket_no')} AND t.resolved = 0 AND t.closed_at IS NOT NULL AND ${told}`;
  const unsatisfied = `
SELECT concat('RESOLVED_UNSATISFIED:', t.ticket_no), 'RESOLVED_UNSATISFIED', t.ticket_no, t.lead_agency, t.division_code, 1,
       coalesce(t.visited_at, t.closed_at, t.updated_at), ${computed}
  FROM ticket t
 WHERE ${only('t.ticket_no')} AND t.resolved = 1 AND t.satisfaction IN ('DISSATISFIED', 'VERY_DISSATISFIED') AND ${told}`;
  // What is withdrawn is not told of.
  const lost = `
SELECT concat(l.kind, ':', l.ticket_no, ':', l.agency, ':', l.lost_no), l.kind, l.ticket_no, l.agency, t.division_code, 1, l.at,
       l.grounds, l.confidence, l.settled_at
  FROM lost_handoff l JOIN ticket t ON t.ticket_no = l.ticket_no
 WHERE ${only('l.ticket_no')} AND l.state <> 'WITHDRAWN' AND ${told}`;
  return [circles, returns, overdue, pingPongs(only), lateSigned, withoutEvidence, unresolved, unsatisfied, lost].join(
    '\nUNION ALL',
  );
}

/**
 * Per ticket and agency, how often it went over between the agency and another one to and fro (A to B to A to B). A visit
 * is a move to another agency than the last; it belongs to a run of four in which it stands first to last but the first.
 */
function pingPongs(only: (column: string) => string): string {
  return `
SELECT concat('PING_PONG:', p.ticket_no, ':', p.agency), 'PING_PONG', p.ticket_no, p.agency, t.division_code, p.times, p.at, ${computed}
  FROM (
    SELECT v.ticket_no, CASE side.n WHEN 0 THEN v.agency ELSE v.b1 END AS agency, count(*) AS times, max(v.at) AS at
      FROM (SELECT ticket_no, at, agency,
                   lag(agency) OVER visits AS b1, lag(agency, 2) OVER visits AS b2, lag(agency, 3) OVER visits AS b3,
                   lead(agency) OVER visits AS a1, lead(agency, 2) OVER visits AS a2
              FROM (SELECT ticket_no, at, run_id, to_agency AS agency,
                           coalesce(lag(to_agency) OVER (PARTITION BY ticket_no ORDER BY at, run_id), '') AS previous
                      FROM handoff WHERE ${only('ticket_no')} AND ${moves}) m
             WHERE agency <> previous
            WINDOW visits AS (PARTITION BY ticket_no ORDER BY at, run_id)) v,
           (SELECT 0 AS n UNION ALL SELECT 1) side
     WHERE (v.agency = v.b2 AND v.b1 = v.b3) OR (v.a1 = v.b1 AND v.agency = v.b2) OR (v.a2 = v.agency AND v.a1 = v.b1)
     GROUP BY v.ticket_no, CASE side.n WHEN 0 THEN v.agency ELSE v.b1 END) p
  JOIN ticket t ON t.ticket_no = p.ticket_no
 WHERE ${told}`;
}
