const messages = {
  missing: 'No access token was sent: send the header "Authorization: Bearer TOKEN"',
  malformed: 'The access token is not a well-formed signed JWT in compact form',
  too_large: 'The access token is larger than 8 KiB',
  unknown_issuer: 'The access token names no issuer that this hub trusts',
  bad_signature:
    'The access token carries no valid signature of its issuer, made with an algorithm that is allowed to it',
  expired: 'The access token has expired: ask its issuer for a new one',
  not_yet_valid: "The access token is not valid yet: compare the issuer's clock with the hub's",
  too_old: 'The access token was issued too long ago: ask its issuer for a new one',
  wrong_audience: 'The access token is not meant for this hub alone',
  wrong_type: 'The "typ" of the access token is not one that its issuer may use',
  bad_claims: 'A claim of the access token is missing or not allowed',
  agency_not_allowed: 'The issuer of the access token may not speak for that agency',
  revoked: 'The access token has been revoked',
  key_unavailable: "The key that the access token names is not among the issuer's usable keys",
} as const;

/** Why a caller could not be identified. A closed list. */
export type UnauthenticatedReason = keyof typeof messages;

/**
 * The caller could not be identified. The message is plain words and holds no part of the token; there is no `cause`,
 * because the errors of the JWT library carry the claims.
 */
export class UnauthenticatedError extends Error {
  readonly code = 'UNAUTHENTICATED';
  readonly reason: UnauthenticatedReason;

  /** `detail` is our own text (the name of a claim and its rule), never text of the token. */
  constructor(reason: UnauthenticatedReason, detail?: string) {
    super(detail === undefined ? `${messages[reason]}.` : `${messages[reason]} (${detail}).`);
    this.name = 'UnauthenticatedError';
    this.reason = reason;
  }
}
