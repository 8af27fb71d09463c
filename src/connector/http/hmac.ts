import { createHash, createHmac, randomUUID } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly body: string;
}

/** What the service calls the headers. */
export interface HmacHeaderNames {
  readonly keyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
}

/**
 * Headers of a signed request. What is signed, by HMAC-SHA-256 in lower-case hex: method, target, time (epoch seconds),
 * nonce and the SHA-256 of the body in hex, joined by line feeds. The service refuses old times and nonces that it has seen.
 */
export function hmacHeaders(
  request: SignedRequest,
  keyId: string,
  secret: string,
  names: HmacHeaderNames,
  now: number = Date.now(),
  nonce: string = randomUUID(),
): Readonly<Record<string, string>> {
  const time = String(Math.floor(now / 1_000));
  const body = createHash('sha256').update(request.body).digest('hex');
  const text = [request.method, request.target, time, nonce, body].join('\n');
  return {
    [names.keyId]: keyId,
    [names.timestamp]: time,
    [names.nonce]: nonce,
    [names.signature]: createHmac('sha256', secret).update(text).digest('hex'),
  };
}
