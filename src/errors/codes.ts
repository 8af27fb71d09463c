/**
 * Every code that an answer can carry in `errors[].extensions.code`: a closed list, explained with its way out in
 * docs/errors.md. A code never changes its meaning.
 */
export const errorCodes = [
  'UNAUTHENTICATED',
  'PURPOSE_REQUIRED',
  'PURPOSE_NOT_ALLOWED',
  'REASON_REQUIRED',
  'TICKET_REQUIRED',
  'TICKET_MISMATCH',
  'FIELD_DENIED',
  'FIELD_MASKED',
  'SOURCE_UNAVAILABLE',
  'NOT_FOUND',
  'LIMIT_EXCEEDED',
  'DEADLINE_EXCEEDED',
  'INTROSPECTION_DENIED',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_NOT_SUPPORTED',
  'ILLEGAL_TRANSITION',
  'STALE_VERSION',
  'IDEMPOTENCY_CONFLICT',
  'DUPLICATE',
  'LEDGER_UNAVAILABLE',
  'COSIGNATURE_REFUSED',
  'NOT_ACCEPTABLE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
