/** A step of a ticket as the trace reads it; `null` where the record says nothing. Times are RFC 3339 in +08:00. */
export interface TraceStep {
  readonly runId: string;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The due time in force after it. */
  readonly dueAt: string | null;
  /** By when it has to be signed for; of a `SIGN_FOR`, by when it had to be made. */
  readonly signBy: string | null;
  readonly siteVisit: boolean | null;
  readonly evidenceCount: number | null;
}
