import { createHmac } from 'node:crypto';

/** The headers of a delivery. */
export const deliveryHeaders = {
  eventId: 'lianqiao-event-id',
  /** Epoch seconds. */
  timestamp: 'lianqiao-timestamp',
  signature: 'lianqiao-signature',
} as const;

/**
 * The value of `Lianqiao-Signature`: `v1=` and the HMAC-SHA-256 of `TIMESTAMP.BODY` in lower-case hex, for each secret, the
 * newest first. A receiver takes a body whose timestamp is recent and of which one signature is right.
 */
export function signatureOf(timestamp: number, body: string, secrets: readonly string[]): string {
  return secrets
    .map((secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`)
    .join(',');
}
