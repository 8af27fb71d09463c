/**
 * The codes that the hub closes WebSocket connections with, beside those of the protocol graphql-transport-ws itself. The
 * reason is a code of `errorCodes`, or of this list.
 */
export const closeCodes = {
  /** The token was not taken, or is dead by now. */
  unauthenticated: 4403,
  badRequest: 4400,
  /** Events came faster than they were read. */
  slowReceiver: 4430,
  internal: 4500,
  goingAway: 1001,
} as const;
