import { importJWK, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { SignatureAlgorithm } from './issuers.ts';

/** A key, or a whole key set, that is not used. Holds public values only: fit for a log. */
export interface KeyProblem {
  readonly issuer: string;
  /** The key's `kid`; null where it has none or the whole set is meant. */
  readonly kid: string | null;
  readonly problem: string;
}

/** What the library is given of a key: the members that are needed and were checked. */
type PublicKey = z.output<typeof publicKey>;

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const shared = {
  kid: z.string().min(1).max(128),
  alg: z.string().exactOptional(),
  use: z.literal('sig').exactOptional(),
  key_ops: z
    .array(z.string())
    .refine((ops) => ops.includes('verify'))
    .exactOptional(),
};
const publicKey = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('RSA'), n: base64url, e: base64url, ...shared }),
  z.object({ kty: z.literal('EC'), crv: z.enum(['P-256', 'P-384']), x: base64url, y: base64url, ...shared }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, ...shared }),
]);
const keySet = z.object({ keys: z.array(z.unknown()).max(100) });

/** Members that only private or symmetric keys have (RFC 7518 section 6, RFC 8037 section 2). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * The keys of a JWKS (RFC 7517) that may check signatures of these algorithms. Every other key is left out and told
 * to `refuse`: private and symmetric keys, keys without a `kid` or with one that another key has too, RSA keys with a
 * modulus under 2,048 bits or an exponent under 65,537 (with e = 1 any text is its own signature), points that are
 * not on the curve, Ed25519 keys of small order, and keys for other algorithms.
 * Throws `TypeError` for what is no key set at all.
 */
export async function usablePublicKeys(
  jwks: unknown,
  algorithms: readonly SignatureAlgorithm[],
  refuse: (kid: string | null, problem: string) => void,
): Promise<JSONWebKeySet> {
  const set = keySet.safeParse(jwks);
  if (!set.success) throw new TypeError('not a JWKS with at most 100 keys');
  const kids = set.data.keys.map(kidOf);
  const keys: PublicKey[] = [];
  for (const [index, candidate] of set.data.keys.entries()) {
    const kid = kids[index] ?? null;
    const repeated = kid !== null && kids.indexOf(kid) !== kids.lastIndexOf(kid);
    const verdict = repeated ? 'several keys have this kid' : await check(candidate, algorithms);
    if (typeof verdict === 'string') refuse(kid, verdict);
    else keys.push(verdict);
  }
  return { keys };
}

function kidOf(candidate: unknown): string | null {
  const kid = z.object({ kid: shared.kid }).safeParse(candidate);
  return kid.success ? kid.data.kid : null;
}

/** The key, or why it is not used. */
async function check(candidate: unknown, algorithms: readonly SignatureAlgorithm[]): Promise<PublicKey | string> {
  if (typeof candidate !== 'object' || candidate === null) return 'not a JWK';
  if (secretMembers.some((name) => name in candidate)) return 'a private or symmetric key has no place in a JWKS';
  const parsed = publicKey.safeParse(candidate);
  if (!parsed.success) return 'not a public RSA, P-256, P-384 or Ed25519 key for signatures, with a kid';
  const key = parsed.data;
  const usable = algorithmsOf(key).filter((alg) => algorithms.includes(alg) && (key.alg ?? alg) === alg);
  const first = usable[0];
  if (first === undefined) return 'for an algorithm that this issuer may not use';
  const weakness = weaknessOf(key);
  if (weakness !== null) return weakness;
  try {
    await importJWK(key, first);
  } catch {
    return 'not a valid key of its kind';
  }
  return key;
}

function algorithmsOf(key: PublicKey): readonly SignatureAlgorithm[] {
  switch (key.kty) {
    case 'RSA':
      return ['PS256', 'RS256'];
    case 'EC':
      return key.crv === 'P-256' ? ['ES256'] : ['ES384'];
    case 'OKP':
      return ['EdDSA'];
  }
}

/** What the library would not notice. Upper bounds keep one key from costing seconds a signature. */
function weaknessOf(key: PublicKey): string | null {
  switch (key.kty) {
    case 'RSA': {
      const modulus = unsigned(key.n);
      const exponent = unsigned(key.e);
      const bits = modulus.toString(2).length;
      if (bits < 2048 || bits > 8192 || modulus % 2n === 0n)
        return 'the RSA modulus must be odd and have 2,048 to 8,192 bits';
      if (exponent < 65_537n || exponent >= 2n ** 64n || exponent % 2n === 0n) {
        return 'the RSA exponent must be odd and 65,537 or more';
      }
      return null;
    }
    case 'EC':
      return null;
    case 'OKP':
      return hasSmallOrder(Buffer.from(key.x, 'base64url')) ? 'the Ed25519 key has a small order' : null;
  }
}

function unsigned(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, 'base64url').toString('hex') || '0'}`);
}

/** p = 2^255 - 19, the field of Ed25519 (RFC 8032 section 5.1). */
const p = 2n ** 255n - 19n;
/** The y of the points of order 8, up to its sign. */
const orderEightY = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** The y of every point whose order divides 8, in all encodings that fit 255 bits. */
const smallOrderY = new Set([0n, 1n, p - 1n, p, p + 1n, orderEightY, p - orderEightY]);

/** For such a key one signature fits every eighth text or more: no secret is needed to make it. */
function hasSmallOrder(point: Buffer): boolean {
  const y = unsigned(Buffer.from(point.toReversed()).toString('base64url')) & (2n ** 255n - 1n);
  return smallOrderY.has(y);
}
