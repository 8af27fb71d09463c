/** Records of one type of which the same fields were given, plainly or masked. */
export interface DisclosedRecords {
  readonly type: string;
  readonly owner: string;
  readonly fields: readonly string[];
  readonly ids: readonly string[];
}

/** One answer, as the log keeps it. */
export interface Disclosure {
  /** UUID */
  readonly disclosureNo: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly issuer: string;
  readonly subject: string;
  readonly tokenId: string;
  readonly agency: string;
  readonly role: string;
  readonly unit: string | null;
  /** The token's `areas` and `grids`: what row rules and conditions compared with. */
  readonly areas: readonly string[];
  readonly grids: readonly string[];
  readonly operator: string | null;
  readonly purpose: string | null;
  /** `Lianqiao-Reason` of an emergency. */
  readonly reason: string | null;
  readonly boundTicketNo: string | null;
  /** SHA-256 of the query's text, hex. */
  readonly documentHash: string;
  readonly policyVersion: string;
  /** It tells who read a report (举报), and so who may handle it. */
  readonly sealed: boolean;
  /** Coordinates: `Type.field`. */
  readonly disclosed: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly string[];
  readonly unavailable: readonly string[];
  /** The lines of the policy that gave the disclosed and masked fields. */
  readonly given: readonly { readonly coordinate: string; readonly rule: string; readonly mask: string | null }[];
  /** The agencies whose records were given or counted. */
  readonly owners: readonly string[];
  readonly records: readonly DisclosedRecords[];
  readonly durationMs: number;
}
