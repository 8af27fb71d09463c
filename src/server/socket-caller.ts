import type { GraphQLError } from 'graphql';
import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import type { SubscriptionRequest } from '../hub/subscribe/subscriptions.ts';
import { unauthenticated } from '../hub/unauthenticated.ts';
import { UnauthenticatedError } from '../identity/errors.ts';
import type { Principal } from '../identity/principal.ts';
import type { Verifier } from '../identity/verify.ts';

/** What `connection_init` says: the headers of a request under other names. */
const initPayload = z.object({
  authorization: z.string().optional(),
  purpose: z.string().nullish(),
  ticket: z.string().nullish(),
  reason: z.string().nullish(),
});
export type InitPayload = z.infer<typeof initPayload>;

/** Null for one that is not of the form. */
export function readInit(payload: unknown): InitPayload | null {
  return initPayload.safeParse(payload ?? {}).data ?? null;
}

/** A timer cannot wait longer. */
const longestTimer = 2_147_483_647;

/** Who is at the other end of a connection, for as long as its token lives. */
export class SocketCaller {
  readonly #init: InitPayload;
  readonly #verifier: Verifier;
  readonly #onDead: () => void;
  readonly #life = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #principal: Principal;

  private constructor(init: InitPayload, principal: Principal, verifier: Verifier, onDead: () => void) {
    this.#init = init;
    this.#verifier = verifier;
    this.#onDead = onDead;
    this.#principal = principal;
    // Each stream listens, and is gone when it ends: many listeners are no leak.
    setMaxListeners(0, this.#life.signal);
    this.#awaitEnd();
  }

  /** `onDead` is told once the token is dead and every stream has been. Rejects with `UnauthenticatedError`. */
  static async identify(init: InitPayload, verifier: Verifier, onDead: () => void): Promise<SocketCaller> {
    return new SocketCaller(init, await verifier.verify(init.authorization), verifier, onDead);
  }

  /** The operation as the hub takes it. */
  request(
    payload: {
      readonly query: string;
      readonly operationName?: string | null | undefined;
      readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
    },
    overrun: () => void,
  ): SubscriptionRequest {
    const { purpose, ticket, reason } = this.#init;
    return {
      principal: this.#principal,
      query: payload.query,
      operationName: payload.operationName ?? null,
      variables: payload.variables ?? {},
      purpose: purpose ?? null,
      ticket: ticket ?? null,
      reason: reason ?? null,
      mayChange: true,
      identify: () => this.identify(),
      signal: this.#life.signal,
      overrun,
    };
  }

  /** The caller by its token now. Rejects with `UnauthenticatedError`, and then the connection ends. */
  async identify(): Promise<Principal> {
    try {
      this.#principal = await this.#verifier.verify(this.#init.authorization);
      return this.#principal;
    } catch (error) {
      if (error instanceof UnauthenticatedError) this.#die(unauthenticated(error));
      throw error;
    }
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Also where no event comes: the verifier says when the token is dead, since it allows for clocks that differ. */
  #awaitEnd(): void {
    const wait = Math.max(this.#principal.expiresAt * 1_000 - Date.now(), 1_000);
    this.#timer = setTimeout(
      () => {
        this.identify().then(
          () => {
            if (this.#timer !== null) this.#awaitEnd();
          },
          // It has been told.
          () => undefined,
        );
      },
      Math.min(wait, longestTimer),
    ).unref();
  }

  #die(why: GraphQLError): void {
    this.close();
    this.#life.abort(why);
    // After the streams' last words.
    setImmediate(this.#onDead);
  }
}
