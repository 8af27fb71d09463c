import { z } from 'zod';
import { secretRef } from './secret.ts';
import { whole } from './common.ts';

/** An http or https address without user, query or fragment. */
export const address = z.url({ protocol: /^https?$/, abort: true }).refine((text) => {
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

const headerName = z.string().regex(/^[A-Za-z0-9-]+$/);

/** How the hub shows the source who it is. */
export const httpAuth = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('none') }),
  z.strictObject({ scheme: z.literal('bearer'), token: secretRef }),
  z.strictObject({ scheme: z.literal('basic'), user: z.string().min(1), password: secretRef }),
  z.strictObject({ scheme: z.literal('apiKey'), header: headerName, key: secretRef }),
  /** Each request is signed: see http/hmac.ts for what is signed, and in which headers. */
  z.strictObject({
    scheme: z.literal('hmac'),
    keyId: z.string().min(1),
    secret: secretRef,
    /** What the service calls the headers. */
    headers: z
      .strictObject({
        keyId: headerName.default('x-key-id'),
        timestamp: headerName.default('x-timestamp'),
        nonce: headerName.default('x-nonce'),
        signature: headerName.default('x-signature'),
      })
      .refine((names) => new Set(Object.values(names).map((n) => n.toLowerCase())).size === 4, 'four different names')
      .prefault({}),
  }),
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
