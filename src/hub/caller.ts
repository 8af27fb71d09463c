import { canonicalTicketNo } from '../codes/ticket-no.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Caller } from '../gate/run.ts';
import { isPurpose, purposes } from '../identity/principal.ts';
import type { HubRequest } from './hub-request.ts';

/** Who asks and for what, from token and headers. Throws `BAD_USER_INPUT` and `PURPOSE_NOT_ALLOWED`. */
export function callerOf({ principal, purpose, ticket }: HubRequest): Caller {
  if (purpose !== null && !isPurpose(purpose)) {
    throw codedError('BAD_USER_INPUT', `Lianqiao-Purpose must be one of ${purposes.join(', ')}`);
  }
  if (ticket !== null && (ticket === '' || ticket.length > 128))
    throw codedError('BAD_USER_INPUT', 'Lianqiao-Ticket must be a ticket number');
  if (purpose !== null && !principal.purposes.includes(purpose)) {
    throw codedError('PURPOSE_NOT_ALLOWED', `your token does not carry the purpose ${purpose}; ask your issuer`);
  }
  return { principal, purpose, ticketNo: ticket === null ? null : canonicalTicketNo(ticket) };
}

/** Every read outside the open catalogue names a purpose, and an emergency its reason. */
export function checkPurpose(caller: Caller, { reason }: HubRequest): void {
  if (caller.purpose === null)
    throw codedError(
      'PURPOSE_REQUIRED',
      `name what you read for in the header Lianqiao-Purpose: ${purposes.join(', ')}`,
    );
  if (caller.purpose === 'EMERGENCY' && (reason === null || !isReason(reason))) {
    throw codedError(
      'REASON_REQUIRED',
      'an emergency needs its reason in the header Lianqiao-Reason, percent-encoded: words, without control characters',
    );
  }
}

/** Somebody reviews it later: it has to say something, and nothing that does not show. */
function isReason(text: string): boolean {
  return /\p{L}/u.test(text) && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}
