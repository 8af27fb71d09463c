/** Conditions that an index and its arm of the view share word for word: SQLite uses a partial index only then. */
const signedLate = `kind = 'SIGN_FOR' AND at > sign_by`;
const withoutEvidence = `kind = 'CLOSE' AND site_visit = 1 AND evidence_count = 0`;
const unresolved = `resolved = 0 AND closed_at IS NOT NULL`;
const unsatisfied = `resolved = 1 AND satisfaction IN ('DISSATISFIED', 'VERY_DISSATISFIED')`;
/** The steps that give a ticket to an agency other than the hotline, through which agencies hand it on. */
const moves = `kind IN ('ACCEPT', 'DISPATCH', 'RETURN', 'OBJECT', 'RULE', 'REASSIGN', 'ESCALATE', 'REWORK') AND to_agency <> 'hotline'`;

/**
 * Per ticket and agency, how often it went over between the agency and another one to and fro (A to B to A to B). A visit
 * is a move to another agency than the last; it belongs to a run of four in which it stands first to last but the first.
 */
const pingPongs = `
    SELECT v.ticket_no, CASE side.n WHEN 0 THEN v.agency ELSE v.b1 END AS agency, count(*) AS times, max(v.at) AS at
      FROM (SELECT ticket_no, at, agency,
                   lag(agency) OVER visits AS b1, lag(agency, 2) OVER visits AS b2, lag(agency, 3) OVER visits AS b3,
                   lead(agency) OVER visits AS a1, lead(agency, 2) OVER visits AS a2
              FROM (SELECT ticket_no, at, run_id, to_agency AS agency,
                           lag(to_agency, 1, '') OVER (PARTITION BY ticket_no ORDER BY at, run_id) AS before
                      FROM handoff WHERE ${moves})
             WHERE agency <> before
            WINDOW visits AS (PARTITION BY ticket_no ORDER BY at, run_id)) v,
           (SELECT 0 AS n UNION ALL SELECT 1) side
     WHERE (v.agency = v.b2 AND v.b1 = v.b3) OR (v.a1 = v.b1 AND v.agency = v.b2) OR (v.a2 = v.agency AND v.a1 = v.b1)
     GROUP BY 1, 2`;

/**
 * What the database finds wrong with how tickets were handed on; a row for each ticket and agency, or for each handoff.
 * The words are those of `trace-findings.ts` and `trace-circles.ts`; a test holds the two to the same answer.
 * Findings on reports (举报) are left out: they would tell more of a report than its number, status and times.
 */
export const findingView = `
CREATE VIEW IF NOT EXISTS handoff_finding AS
SELECT 'CIRCLE:' || h.ticket_no || ':' || h.to_agency AS finding_id, 'CIRCLE' AS kind, h.ticket_no, h.to_agency AS agency,
       t.division_code, count(*) AS times, max(h.at) AS at
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE h.kind IN ('DISPATCH', 'REASSIGN', 'ESCALATE') AND h.to_agency <> 'hotline' AND coalesce(t.type, '') <> 'REPORT'
   AND EXISTS (SELECT 1 FROM handoff o WHERE o.ticket_no = h.ticket_no AND o.kind IN ('DISPATCH', 'REASSIGN', 'ESCALATE')
                AND o.to_agency NOT IN (h.to_agency, 'hotline')
                AND o.at > (SELECT min(a.at) FROM handoff a WHERE a.ticket_no = h.ticket_no AND a.to_agency = h.to_agency
                             AND a.kind IN ('DISPATCH', 'REASSIGN', 'ESCALATE'))
                AND o.at < (SELECT max(a.at) FROM handoff a WHERE a.ticket_no = h.ticket_no AND a.to_agency = h.to_agency
                             AND a.kind IN ('DISPATCH', 'REASSIGN', 'ESCALATE')))
 GROUP BY h.ticket_no, h.to_agency HAVING count(*) > 1
UNION ALL
SELECT 'REPEATED_RETURN:' || h.ticket_no, 'REPEATED_RETURN', h.ticket_no, t.lead_agency, t.division_code, count(*), max(h.at)
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE h.kind = 'RETURN' AND coalesce(t.type, '') <> 'REPORT'
 GROUP BY h.ticket_no HAVING count(*) > 1
UNION ALL
SELECT 'OVERDUE:' || t.ticket_no, 'OVERDUE', t.ticket_no, t.lead_agency, t.division_code, 1, t.due_at
  FROM ticket t
 WHERE t.due_at < strftime('%Y-%m-%dT%H:%M:%S', 'now', '+8 hours') || '+08:00' AND t.closed_at IS NULL
   AND t.status NOT IN ('CLOSED', 'ARCHIVED') AND coalesce(t.type, '') <> 'REPORT'
UNION ALL
SELECT 'PING_PONG:' || p.ticket_no || ':' || p.agency, 'PING_PONG', p.ticket_no, p.agency, t.division_code, p.times, p.at
  FROM (${pingPongs}) p JOIN ticket t ON t.ticket_no = p.ticket_no
 WHERE coalesce(t.type, '') <> 'REPORT'
UNION ALL
SELECT 'LATE_SIGNED:' || h.run_id, 'LATE_SIGNED', h.ticket_no, coalesce(h.from_agency, h.to_agency), t.division_code, 1, h.at
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${signedLate} AND coalesce(t.type, '') <> 'REPORT'
UNION ALL
SELECT 'CLOSED_WITHOUT_EVIDENCE:' || h.run_id, 'CLOSED_WITHOUT_EVIDENCE', h.ticket_no, t.lead_agency, t.division_code, 1, h.at
  FROM handoff h JOIN ticket t ON t.ticket_no = h.ticket_no
 WHERE ${withoutEvidence} AND coalesce(t.type, '') <> 'REPORT'
UNION ALL
SELECT 'CLOSED_UNRESOLVED:' || t.ticket_no, 'CLOSED_UNRESOLVED', t.ticket_no, t.lead_agency, t.division_code, 1, t.closed_at
  FROM ticket t WHERE ${unresolved} AND coalesce(t.type, '') <> 'REPORT'
UNION ALL
SELECT 'RESOLVED_UNSATISFIED:' || t.ticket_no, 'RESOLVED_UNSATISFIED', t.ticket_no, t.lead_agency, t.division_code, 1,
       coalesce(t.visited_at, t.closed_at, t.updated_at)
  FROM ticket t WHERE ${unsatisfied} AND coalesce(t.type, '') <> 'REPORT';
`;

/** An index for each kind that few rows are of: the arm of the view reads those rows and no others. */
export const findingIndexes = `
CREATE INDEX IF NOT EXISTS handoff_moves ON handoff (ticket_no, at, run_id, to_agency) WHERE ${moves};
CREATE INDEX IF NOT EXISTS handoff_signed_late ON handoff (at, run_id) WHERE ${signedLate};
CREATE INDEX IF NOT EXISTS handoff_without_evidence ON handoff (at, run_id) WHERE ${withoutEvidence};
CREATE INDEX IF NOT EXISTS ticket_unresolved ON ticket (closed_at, ticket_no) WHERE ${unresolved};
CREATE INDEX IF NOT EXISTS ticket_unsatisfied ON ticket (ticket_no) WHERE ${unsatisfied};
`;
