import { hash } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { accessClaims, brokenRule, type AccessClaims } from './claims.ts';
import { bearerToken, takeApart, type CompactToken } from './compact-token.ts';
import { UnauthenticatedError } from './errors.ts';
import { demoIssuerName, type IssuerConfig } from './issuers.ts';
import { openKeySource, type KeySource } from './key-source.ts';
import type { Principal } from './principal.ts';
import type { KeyProblem } from './public-keys.ts';
import { TokenCache } from './token-cache.ts';

/**
 * How long a verified token is believed before its signature is verified again, in seconds. Together with the age of
 * a key set from a URL (30 s) a key that its issuer removed is dead within 60 s.
 */
export const reverifySeconds = 30;

export interface VerifierOptions {
  readonly issuers: readonly IssuerConfig[];
  /** Epoch milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Verified tokens that are kept; default 10,000, and 0 turns the cache off. */
  readonly cacheSize?: number;
  /** Told of keys and key sets that are not used, and why; each problem once until it is gone. */
  readonly onKeyProblem?: (problem: KeyProblem) => void;
}

export interface Verifier {
  /** The caller behind an `Authorization` value. Rejects with `UnauthenticatedError`. */
  verify(authorizationHeader: string | undefined): Promise<Principal>;
  /**
   * From now on no token with this `jti` counts, of whichever issuer. Kept in memory until every such token has
   * expired; the caller makes it last over restarts and on other instances.
   */
  revoke(jti: string): void;
}

interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: KeySource;
}

/** Header members that bring a key along, change what is signed, or must be understood (RFC 7515 section 4.1, RFC 7797). */
const refusedHeaders = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c', 'zip', 'enc'];

const requiredClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'agency', 'role', 'purposes'];

/** Verifies access tokens: signed JWTs (RFC 7519) of trusted issuers, each bound to the agencies it may speak for. */
export function createVerifier(options: VerifierOptions): Verifier {
  const now = options.now ?? Date.now;
  const issuers = trust(options.issuers, options.onKeyProblem ?? (() => undefined));
  const cache = new TokenCache(options.cacheSize ?? 10_000);
  const revoked = new Map<string, number>();
  const longestLifeMs = Math.max(0, ...options.issuers.map(longestLifeSeconds)) * 1000;

  const refuseRevoked = (principal: Principal): Principal => {
    if (revoked.has(principal.tokenId)) throw new UnauthenticatedError('revoked');
    return principal;
  };

  return {
    async verify(authorizationHeader) {
      const text = bearerToken(authorizationHeader);
      const digest = hash('sha256', text, 'base64url');
      const at = now();
      const cached = cache.get(digest);
      if (cached !== undefined) {
        const age = at - cached.verifiedAt;
        const alive = at < cached.deadFrom * 1000;
        if (alive && age >= 0 && age < reverifySeconds * 1000) return refuseRevoked(cached.principal);
        cache.delete(digest);
      }
      const { principal, deadFrom } = await verifyToken(takeApart(text), issuers, at);
      refuseRevoked(principal);
      cache.set(digest, { principal, verifiedAt: at, deadFrom });
      return principal;
    },

    revoke(jti) {
      const at = now();
      for (const [id, since] of revoked) if (at - since > longestLifeMs) revoked.delete(id);
      revoked.set(jti, at);
    },
  };
}

/** From the first moment that a token may be shown to the last. */
function longestLifeSeconds(issuer: IssuerConfig): number {
  return issuer.maxTokenAgeSeconds + 2 * issuer.clockToleranceSeconds + 1;
}

function trust(
  configs: readonly IssuerConfig[],
  onProblem: (problem: KeyProblem) => void,
): ReadonlyMap<string, TrustedIssuer> {
  const issuers = new Map<string, TrustedIssuer>();
  for (const config of configs) {
    if (issuers.has(config.issuer)) throw new TypeError(`the issuer ${config.issuer} is configured twice`);
    if (config.agencies.includes('*') && config.issuer !== demoIssuerName) {
      throw new TypeError(`the issuer ${config.issuer} must name the agencies that it may speak for`);
    }
    issuers.set(config.issuer, { config, keys: openKeySource(config, onProblem) });
  }
  return issuers;
}

async function verifyToken(
  token: CompactToken,
  issuers: ReadonlyMap<string, TrustedIssuer>,
  at: number,
): Promise<{ principal: Principal; deadFrom: number }> {
  const { iss } = token.unverified;
  const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
  if (issuer === undefined) throw new UnauthenticatedError('unknown_issuer');
  const { config } = issuer;
  const { alg, kid } = checkHeader(token.header, config);
  const key = await issuer.keys.key(alg, kid);
  const payload = await verifySignatureAndTimes(token.text, key, config, at);
  const claims = checkClaims(payload, config);
  return { principal: principalOf(claims), deadFrom: claims.exp + config.clockToleranceSeconds };
}

function checkHeader(
  header: Readonly<Record<string, unknown>>,
  config: IssuerConfig,
): { readonly alg: string; readonly kid: string } {
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) throw new UnauthenticatedError('malformed');
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || kid === '' || kid.length > 128) {
    throw new UnauthenticatedError('malformed', 'its header needs "alg" and "kid"');
  }
  if (!config.types.some((type) => type === typ)) throw new UnauthenticatedError('wrong_type');
  if (!config.algorithms.some((allowed) => allowed === alg)) throw new UnauthenticatedError('bad_signature');
  return { alg, kid };
}

type Key = Awaited<ReturnType<KeySource['key']>>;

async function verifySignatureAndTimes(text: string, key: Key, config: IssuerConfig, at: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(text, key, {
      algorithms: [...config.algorithms],
      issuer: config.issuer,
      audience: config.audience,
      maxTokenAge: config.maxTokenAgeSeconds,
      clockTolerance: config.clockToleranceSeconds,
      requiredClaims,
      currentDate: new Date(at),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refusal(error);
    throw error;
  }
}

/** The library's errors carry the claims, so none of them goes on. */
function refusal(error: errors.JOSEError): UnauthenticatedError {
  if (error instanceof errors.JWTExpired)
    return new UnauthenticatedError(error.claim === 'iat' ? 'too_old' : 'expired');
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) {
    return new UnauthenticatedError('bad_signature');
  }
  if (!(error instanceof errors.JWTClaimValidationFailed)) return new UnauthenticatedError('malformed');
  if (error.reason !== 'check_failed')
    return new UnauthenticatedError('bad_claims', `${error.claim} is ${error.reason}`);
  switch (error.claim) {
    case 'aud':
      return new UnauthenticatedError('wrong_audience');
    case 'iat':
    case 'nbf':
      return new UnauthenticatedError('not_yet_valid');
    default:
      return new UnauthenticatedError('bad_claims');
  }
}

/** What the library leaves open: an audience of several, lives of any length, and every claim of ours. */
function checkClaims(payload: JWTPayload, config: IssuerConfig): AccessClaims {
  const parsed = accessClaims.safeParse(payload);
  if (!parsed.success) {
    const { claim, rule } = brokenRule(parsed.error);
    throw new UnauthenticatedError('bad_claims', `${claim} ${rule}`);
  }
  const claims = parsed.data;
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (audiences.length !== 1) throw new UnauthenticatedError('wrong_audience');
  if (claims.exp <= claims.iat || claims.exp - claims.iat > config.maxTokenAgeSeconds) {
    throw new UnauthenticatedError('bad_claims', `exp must follow iat by at most ${config.maxTokenAgeSeconds} seconds`);
  }
  if (config.agencies !== '*' && !config.agencies.includes(claims.agency)) {
    throw new UnauthenticatedError('agency_not_allowed');
  }
  return claims;
}

function principalOf(claims: AccessClaims): Principal {
  return Object.freeze({
    subject: claims.sub,
    issuer: claims.iss,
    tokenId: claims.jti,
    agency: claims.agency,
    role: claims.role,
    unit: claims.unit ?? null,
    operator: claims.operator ?? null,
    areas: Object.freeze(claims.areas),
    grids: Object.freeze(claims.grids),
    purposes: Object.freeze(claims.purposes),
    expiresAt: claims.exp,
  });
}
