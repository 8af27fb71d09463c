import { Transform, type Readable } from 'node:stream';
import type { Config } from '../config/config.ts';
import { isPusher } from '../handoffs/push/who-may-push.ts';
import type { Principal } from '../identity/principal.ts';

/** How large a body may be, and the setting that says so. */
export interface BodyLimit {
  readonly limit: 'bodyBytes' | 'pushBodyBytes';
  readonly max: number;
}

/** The body is larger than its limit. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  readonly statusCode = 413;
  readonly limit: BodyLimit;
  constructor(limit: BodyLimit) {
    super('the body is too large');
    this.limit = limit;
  }
}

/** The limit of this caller's bodies: batches of tickets are larger than what all others send. */
export function bodyLimitOf(
  principal: Principal | undefined,
  { bodyBytes, pushBodyBytes }: Config['limits'],
): BodyLimit {
  return principal !== undefined && isPusher(principal) && pushBodyBytes > bodyBytes
    ? { limit: 'pushBodyBytes', max: pushBodyBytes }
    : { limit: 'bodyBytes', max: bodyBytes };
}

/**
 * The body as it comes, cut with `BodyTooLargeError` once it is larger than its limit. Throws the same for one that says
 * so beforehand (`Content-Length`), before a byte of it is read.
 */
export function boundedBody(body: Readable, contentLength: string | undefined, limit: BodyLimit): Readable {
  if (Number(contentLength) > limit.max) throw new BodyTooLargeError(limit);
  let received = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > limit.max) done(new BodyTooLargeError(limit));
      else done(null, chunk);
    },
  });
  body.on('error', (error) => bounded.destroy(error));
  return body.pipe(bounded);
}
