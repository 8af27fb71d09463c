/** An agency's own record of a ticket that it got, as far as the gate gave it; null where the record says nothing. */
export interface Receipt {
  readonly receiptNo: string;
  /** The agency's own case number: two receipts with one number are one case. */
  readonly caseNo: string | null;
  /** Who gave it, in the agency's own words turned into a code. */
  readonly from: string | null;
  /** RFC 3339 in +08:00. */
  readonly receivedAt: string | null;
  /** When the agency answered by its own record. */
  readonly answeredAt: string | null;
}
