import { z } from 'zod';
import { secretRef } from './secret.ts';
import { whole } from './common.ts';

/** An http or https address without user, query or fragment. */
export const address = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}, 'an address has no user, password, query or fragment; credentials go under auth');

/** Certificates in PEM: of the authority that the source is checked against, and our own for mutual TLS. */
export const tlsSettings = z.strictObject({
  ca: secretRef.optional(),
  cert: secretRef.optional(),
  key: secretRef.optional(),
  /** The name that the source's certificate must have, where it is not the address's host. */
  serverName: z.string().min(1).optional(),
});

/** How the hub shows the source who it is. */
export const httpAuth = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('none') }),
  z.strictObject({ scheme: z.literal('bearer'), token: secretRef }),
  z.strictObject({ scheme: z.literal('basic'), user: z.string().min(1), password: secretRef }),
  z.strictObject({ scheme: z.literal('apiKey'), header: z.string().regex(/^[A-Za-z0-9-]+$/), key: secretRef }),
  /** Each request is signed: see http/hmac.ts for what is signed, and in which headers. */
  z.strictObject({ scheme: z.literal('hmac'), keyId: z.string().min(1), secret: secretRef }),
]);

export type HttpAuth = z.infer<typeof httpAuth>;
export type TlsSettings = z.infer<typeof tlsSettings>;

export const httpSettings = {
  url: address,
  auth: httpAuth.default({ scheme: 'none' }),
  tls: tlsSettings.optional(),
  /** Bytes of one answer, at most. */
  answerBytes: whole(1_024, 1_073_741_824, 33_554_432),
  /** Further pages of one load, at most: a service that gives a row a page is given up. */
  loadPages: whole(1, 100_000, 1_000),
} as const;
