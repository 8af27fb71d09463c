/** What went wrong with a source; decides whether it is asked again and whether the breaker counts it. */
export type SourceFault =
  /** No connection, or it broke. */
  | 'UNREACHABLE'
  /** No whole answer in time. */
  | 'TIMEOUT'
  /** It asked for patience (429, 503), or our own queue for it is full. */
  | 'OVERLOADED'
  /** It answered that it failed (5xx, a database error). */
  | 'FAILED'
  /** It would not have this request (4xx, a wrong password, a column that is gone), or the load asks for too much. Says nothing of its health. */
  | 'REFUSED'
  /** Its answer cannot be used: half of it, another form, pages that loop. */
  | 'MALFORMED'
  /** It is let alone after too many failures. */
  | 'RESTING';

export interface SourceErrorOptions extends ErrorOptions {
  /** Default `FAILED`. */
  readonly fault?: SourceFault;
  /** Milliseconds after which asking again makes sense, where the source or the breaker says so. */
  readonly retryAfter?: number;
}

/** A source did not answer, or not usably. The message names the agency and holds no value of a record and no address. */
export class SourceError extends Error {
  readonly agency: string;
  readonly fault: SourceFault;
  readonly retryAfter: number | null;
  constructor(agency: string, message: string, options: SourceErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'SourceError';
    this.agency = agency;
    this.fault = options.fault ?? 'FAILED';
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** For whoever asked: the wait in whole seconds, at least 1; nothing where nobody knows it. */
export function retryHint({ retryAfter }: SourceError): { readonly retryAfterSeconds?: number } {
  return retryAfter === null ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(retryAfter / 1_000)) };
}
