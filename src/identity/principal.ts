/** What a caller is in its agency. `SYSTEM` stands for the agency itself. */
export const roles = ['SYSTEM', 'OPERATOR', 'HANDLER', 'GRID_WORKER', 'SUPERVISOR', 'AUDITOR', 'STEWARD'] as const;
export type Role = (typeof roles)[number];

/** What a caller reads for. Data obtained for one purpose may serve no other (政务数据共享条例). */
export const purposes = [
  'DISPATCH',
  'HANDLING',
  'FOLLOW_UP',
  'SUPERVISION',
  'AUDIT',
  'EMERGENCY',
  'STATISTICS',
] as const;
export type Purpose = (typeof purposes)[number];

export function isPurpose(text: string): text is Purpose {
  return (purposes as readonly string[]).includes(text);
}

/** The identified caller: what its token says and its issuer may say. Deeply frozen. */
export interface Principal {
  readonly subject: string;
  readonly issuer: string;
  /** The token's `jti`: what is revoked and what the ledger writes down. */
  readonly tokenId: string;
  readonly agency: string;
  readonly role: Role;
  /** The handling unit inside the agency (经办机构). */
  readonly unit: string | null;
  /** The officer or application behind a `SYSTEM` token. */
  readonly operator: string | null;
  /** Division codes of 6, 9 or 12 digits, matched as prefixes. */
  readonly areas: readonly string[];
  readonly grids: readonly string[];
  /** The purposes that the caller may name; never empty. */
  readonly purposes: readonly Purpose[];
  /** Epoch seconds. */
  readonly expiresAt: number;
}
