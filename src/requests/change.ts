import type { RootCaller } from '../hub/hub-root.ts';
import { withFile, type Call, type RequestFile } from './request-file.ts';
import { checkVersion, type RequestBook, type StoredRequest } from './request-book.ts';
import { nextState, type StateMachine } from './state-machine.ts';
import { partyOf } from './who-may.ts';

interface Written {
  readonly clientRequestId: string;
}

/** A new change of this caller. */
export function callOf(field: string, input: Written, { principal, at }: RootCaller): Call {
  return { principal, field, clientRequestId: input.clientRequestId, input, at };
}

/** Which request is changed, and what becomes of it. */
export interface Change<State extends string, Move extends string, Content> {
  readonly number: string;
  readonly version: number;
  readonly sees: (request: StoredRequest<State, Content>) => boolean;
  /** What the input says about the request as it stands. Throws what keeps it from being done. */
  readonly deed: (request: StoredRequest<State, Content>) => {
    readonly move: Move;
    readonly note: string | null;
    readonly content: Content;
  };
  /** The move to check before the input is weighed: its kind, whichever move it turns out to be. */
  readonly kind: Move;
}

/**
 * Changes a request once, in one transaction: the same call again changes nothing. Null for a request that the caller may
 * not know of. Throws `STALE_VERSION`, `ILLEGAL_TRANSITION`, `IDEMPOTENCY_CONFLICT` and what the deed throws.
 */
export function changeOnce<State extends string, Move extends string, Content>(
  file: RequestFile,
  book: RequestBook<State, Move | 'SUBMIT', Content>,
  machine: StateMachine<State, Move>,
  call: Call,
  change: Change<State, Move, Content>,
): Promise<StoredRequest<State, Content> | null> {
  return withFile(() => {
    const found = book.find(change.number);
    if (found === null || !change.sees(found)) return null;
    const { principal, at } = call;
    file.once(call, () => {
      const request = book.find(change.number);
      const party = request === null ? null : partyOf(principal, request);
      if (request === null || party === null) throw new TypeError(`${change.number} has lost its parties`);
      checkVersion(request, change.version);
      nextState(machine, request.state, change.kind, party);
      const { move, note, content } = change.deed(request);
      const to = nextState(machine, request.state, move, party);
      book.move(request, { action: move, to, party, principal, at, note, content });
      return [request.number];
    });
    return book.find(change.number);
  });
}
