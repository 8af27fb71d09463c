import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request as send } from 'undici';
import { readSecret, SecretError } from '../../connector/settings/secret.ts';
import type { TicketEvent } from '../ticket-event.ts';
import { deliveryHeaders, signatureOf } from './signature.ts';
import { isLoopbackHost, mayBeReached, type WebhookSettings } from './webhook-settings.ts';

/** Why an endpoint did not take an event. A closed list. */
export const deliveryFailures = [
  'UNREACHABLE',
  'TIMEOUT',
  'REDIRECTED',
  'REFUSED',
  'OVERLOADED',
  'FAILED',
  'ADDRESS_REFUSED',
  'SECRET_MISSING',
] as const;
export type DeliveryFailure = (typeof deliveryFailures)[number];

/** The endpoint did not take the event. Holds no address, header or body. */
export class DeliveryError extends Error {
  readonly failure: DeliveryFailure;
  /** Milliseconds for which the endpoint asks to be let alone. */
  readonly retryAfter: number | null;

  constructor(failure: DeliveryFailure, retryAfter: number | null = null) {
    super(`an event was not taken (${failure})`);
    this.name = 'DeliveryError';
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

export interface WebhookClient {
  /** Resolves once the endpoint has answered 2xx. Rejects with `DeliveryError`. */
  deliver(event: TicketEvent): Promise<void>;
  close(): Promise<void>;
}

/** The longest that an endpoint can ask to be let alone, in milliseconds. */
const longestRest = 3_600_000;
/** Bytes of an answer that are read so that its connection can be used again; nothing in it counts. */
const answerBytes = 65_536;

/** Posts events to one endpoint. Throws `SecretError` where its secret is missing now, so that the start says so. */
export function openWebhookClient(settings: WebhookSettings, milliseconds: number): WebhookClient {
  const { url, tls } = settings;
  secretsOf(settings);
  const agent = new Agent({
    maxResponseSize: answerBytes,
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    connect: {
      timeout: milliseconds,
      lookup: guardedLookup(isLoopbackHost(new URL(url).hostname)),
      ...(tls?.ca === undefined ? {} : { ca: readSecret(tls.ca) }),
      ...(tls?.cert === undefined ? {} : { cert: readSecret(tls.cert) }),
      ...(tls?.key === undefined ? {} : { key: readSecret(tls.key) }),
      ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
    },
  });
  return {
    async deliver({ eventId, kind, ticketNo, at }) {
      const body = JSON.stringify({ eventId, kind, ticketNo, at });
      const timestamp = Math.floor(Date.now() / 1_000);
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        [deliveryHeaders.eventId]: eventId,
        [deliveryHeaders.timestamp]: String(timestamp),
        [deliveryHeaders.signature]: signatureOf(timestamp, body, secretsOf(settings)),
      };
      const signal = AbortSignal.timeout(milliseconds);
      let status: number;
      let wait: string | string[] | undefined;
      try {
        const answer = await send(url, { dispatcher: agent, method: 'POST', headers, body, signal });
        status = answer.statusCode;
        wait = answer.headers['retry-after'];
        await answer.body.dump({ limit: answerBytes, signal });
      } catch (error) {
        throw new DeliveryError(signal.aborted ? 'TIMEOUT' : transportFailure(error));
      }
      const failure = statusFailure(status);
      if (failure !== null) throw new DeliveryError(failure, retryAfter(wait));
    },
    close: () => agent.destroy(),
  };
}

/** Read for each delivery, so that a changed one is taken up. */
function secretsOf({ secret, previousSecret }: WebhookSettings): readonly string[] {
  return [secret, ...(previousSecret === undefined ? [] : [previousSecret])].map((ref) => readSecret(ref));
}

/** A name that leads where no endpoint can be is not followed: whoever owns the name would reach into the network by us. */
function guardedLookup(loopback: boolean): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, '');
      if (!loopback && !found.every(({ address }) => mayBeReached(address)))
        return done(Object.assign(new Error('the address is not one of an endpoint'), { code: addressRefused }), '');
      const [first] = found;
      if (options.all === true || first === undefined) return done(null, found);
      done(null, first.address, first.family);
    });
  };
}

const addressRefused = 'ERR_LIANQIAO_ADDRESS';

function transportFailure(error: unknown): DeliveryFailure {
  if (error instanceof SecretError) return 'SECRET_MISSING';
  switch ((error as { code?: unknown }).code) {
    case addressRefused:
      return 'ADDRESS_REFUSED';
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'TIMEOUT';
    default:
      return 'UNREACHABLE';
  }
}

/** A redirect is not followed: where it leads nobody has allowed. */
function statusFailure(status: number): DeliveryFailure | null {
  if (status >= 200 && status < 300) return null;
  if (status < 400) return 'REDIRECTED';
  if (status === 429 || status === 503) return 'OVERLOADED';
  return status < 500 ? 'REFUSED' : 'FAILED';
}

/** Milliseconds of a `Retry-After` (RFC 9110, 10.2.3) in seconds. */
function retryAfter(text: string | string[] | undefined): number | null {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Math.min(Number(text) * 1_000, longestRest) : null;
}
