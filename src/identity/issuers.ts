import { z } from 'zod';
import { agencyCode } from './claims.ts';

/** The issuer of the embedded default; `.invalid` can never be a real host (RFC 2606). */
export const demoIssuerName = 'https://demo.lianqiao.invalid';

/** Signature algorithms that an issuer can be allowed. All asymmetric: the hub holds no issuer's secret. */
export const signatureAlgorithms = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** Token types (`typ`): `at+jwt` is RFC 9068's. */
export const tokenTypes = ['at+jwt', 'JWT'] as const;
export type TokenType = (typeof tokenTypes)[number];

/** A trusted issuer, as the configuration names it. */
export const issuerConfig = z.strictObject({
  /** The exact `iss` of its tokens. */
  issuer: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 visible ASCII characters')
    .refine(
      (name) => name !== demoIssuerName,
      'the demo issuer cannot be configured: it exists only without LIANQIAO_CONFIG',
    ),
  /** Its public keys (JWKS, RFC 7517): the path of a file, an https URL, or an http URL on this machine. */
  jwks: z.string().superRefine((text, context) => {
    const location = jwksLocation(text);
    if (location.kind === 'refused') context.addIssue({ code: 'custom', message: location.why });
  }),
  /** The agencies that it may speak for. There is no wildcard. */
  agencies: z
    .array(agencyCode)
    .min(1, 'must name the agencies that the issuer may speak for, one by one; there is no wildcard'),
  /** Default ES256 and EdDSA. */
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1).default(['ES256', 'EdDSA']),
  /** Default both. */
  types: z
    .array(z.enum(tokenTypes))
    .min(1)
    .default([...tokenTypes]),
  /** Longest time from `iat` to `exp`, and from `iat` to now: 60 to 86,400 seconds, default 3,600. */
  maxTokenAgeSeconds: z.int().min(60).max(86_400).default(3600),
  /** How far the issuer's clock may be off: 0 to 300 seconds, default 5. */
  clockToleranceSeconds: z.int().min(0).max(300).default(5),
  /** The one `aud` that a token may have. */
  audience: z.string().min(1).max(256).default('lianqiao'),
});

/** A trusted issuer as the verifier takes it: a configured one, or the demo issuer made in code. */
export interface IssuerConfig {
  readonly issuer: string;
  /** A location, or the keys themselves. */
  readonly jwks: string | { readonly keys: readonly object[] };
  /** `'*'` for the demo issuer only; the verifier refuses it for any other. */
  readonly agencies: readonly string[] | '*';
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly types: readonly TokenType[];
  readonly maxTokenAgeSeconds: number;
  readonly clockToleranceSeconds: number;
  readonly audience: string;
}

export type JwksLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'refused'; readonly why: string };

/** Where a key set is read from. A relative path counts from the working directory. */
export function jwksLocation(text: string): JwksLocation {
  if (text.trim() === '') return { kind: 'refused', why: 'must be the path of a file or a URL' };
  if (!/^[A-Za-z][A-Za-z0-9+.-]+:/.test(text)) return { kind: 'file', path: text };
  if (!URL.canParse(text)) return { kind: 'refused', why: 'is not a URL' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { kind: 'refused', why: 'must hold no user name or password' };
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return { kind: 'url', url };
  return {
    kind: 'refused',
    why: 'must be https, or http on 127.0.0.1 or localhost: keys that come over an open network can be swapped',
  };
}
