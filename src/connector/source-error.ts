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

/** Milliseconds that a source can ask for, at most: it may be well sooner, and a caller would trust any number. */
const mostRetryAfter = 3_600_000;

export interface SourceErrorOptions extends ErrorOptions {
  /** Default `FAILED`. */
  readonly fault?: SourceFault;
  /** Milliseconds after which asking again makes sense, where the source or the breaker says so; an hour at most counts. */
  readonly retryAfter?: number;
  /** What the source itself called it: an HTTP status, an error code of the database or of the system. Never a value. */
  readonly code?: string;
}

/** A source did not answer, or not usably. The message names the agency and holds no value of a record and no address. */
export class SourceError extends Error {
  readonly agency: string;
  readonly fault: SourceFault;
  readonly retryAfter: number | null;
  readonly code: string | null;
  constructor(agency: string, message: string, options: SourceErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'SourceError';
    this.agency = agency;
    this.fault = options.fault ?? 'FAILED';
    this.retryAfter = options.retryAfter === undefined ? null : Math.min(options.retryAfter, mostRetryAfter);
    this.code = options.code ?? null;
  }

  /** The same with this wait, in milliseconds, where nobody has said one and the fault may pass by itself. */
  orRetryAfter(milliseconds: number): SourceError {
    const { agency, message, cause, fault, code } = this;
    if (this.retryAfter !== null || !mayHeal(fault)) return this;
    return new SourceError(agency, message, {
      cause,
      fault,
      retryAfter: milliseconds,
      ...(code === null ? {} : { code }),
    });
  }
}

/** Milliseconds after which a source is worth asking again, where neither it nor its breaker says. */
const presetRetryAfter = 10_000;

/** For whoever asked: the wait in whole seconds, at least 1; nothing where waiting does not help. */
export function retryHint(error: SourceError): { readonly retryAfterSeconds?: number } {
  const { retryAfter } = error.orRetryAfter(presetRetryAfter);
  return retryAfter === null ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(retryAfter / 1_000)) };
}

/** Whether the fault passes without anybody's doing: what a source refuses it goes on refusing until somebody mends it. */
function mayHeal(fault: SourceFault): boolean {
  switch (fault) {
    case 'UNREACHABLE':
    case 'TIMEOUT':
    case 'OVERLOADED':
    case 'FAILED':
    case 'MALFORMED':
    case 'RESTING':
      return true;
    case 'REFUSED':
      return false;
  }
}

/** Codes with which a source says that the hub may not read there: HTTP, MySQL and PostgreSQL. */
const noAccess: ReadonlySet<string> = new Set([
  '401',
  '403',
  '407',
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  '28000',
  '28P01',
  '42501',
]);

/** Whether the source keeps the hub out, rather than refusing this one load. */
export function isKeptOut({ fault, code }: SourceError): boolean {
  return fault === 'REFUSED' && code !== null && noAccess.has(code);
}
