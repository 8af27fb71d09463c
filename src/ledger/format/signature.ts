import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { fromBase64url, isBase64url } from './base64url.ts';

interface Algorithm {
  readonly publicBytes: number;
  readonly signatureBytes: number;
  readonly publicKey: (raw: Buffer) => KeyObject;
  readonly isGenuine: (key: KeyObject, message: Buffer, signature: Buffer) => boolean;
  readonly sign: (key: KeyObject, message: Buffer) => Buffer;
}

/** Each algorithm by the id that heads, keys and cosignatures carry. RFC 8032 for Ed25519. */
const algorithms = {
  Ed25519: {
    publicBytes: 32,
    signatureBytes: 64,
    publicKey: (raw) =>
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }),
    isGenuine: (key, message, signature) => verify(null, message, key, signature),
    sign: (key, message) => sign(null, message, key),
  },
} as const satisfies Readonly<Record<string, Algorithm>>;

export type AlgorithmId = keyof typeof algorithms;
export const algorithmIds = Object.keys(algorithms) as [AlgorithmId, ...AlgorithmId[]];

/** 43 characters, of the algorithm and the public key: it cannot name two keys. */
export type KeyId = string & { readonly __brand: 'KeyId' };

/** A public key that signatures can be checked with. */
export interface PublicKey {
  readonly id: KeyId;
  readonly alg: AlgorithmId;
  /** Base64url of the raw key; 32 bytes for Ed25519. */
  readonly public: string;
}

/** Base64url of SHA-256 over the algorithm's id, a byte 0, and the raw public key. */
export function keyIdOf(alg: AlgorithmId, publicKey: string): KeyId {
  return hash('sha256', Buffer.concat([Buffer.from(`${alg}\0`), fromBase64url(publicKey)]), 'base64url') as KeyId;
}

/** Whether the text can be a public key of this algorithm. */
export function isPublicKey(alg: AlgorithmId, text: string): boolean {
  return isBase64url(text, algorithms[alg].publicBytes);
}

/** What each signature is over begins with one of these, so that no signature can be taken for another kind. */
export const signedKinds = {
  head: 'lianqiao-ledger-head-v1\n',
  cosignature: 'lianqiao-ledger-cosignature-v1\n',
  key: 'lianqiao-ledger-key-v1\n',
} as const;
export type SignedKind = keyof typeof signedKinds;

export interface Signer extends PublicKey {
  /** The signature in base64url. */
  readonly sign: (kind: SignedKind, message: Buffer) => string;
}

/** A signer with this private key, PKCS #8 in PEM. TypeError when it is not of the algorithm. */
export function signerOf(pem: string, alg: AlgorithmId = 'Ed25519'): Signer {
  const key = createPrivateKey(pem);
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined || key.asymmetricKeyType !== alg.toLowerCase()) throw new TypeError(`Expected a key for ${alg}`);
  return {
    id: keyIdOf(alg, x),
    alg,
    public: x,
    sign: (kind, message) =>
      algorithms[alg].sign(key, Buffer.concat([Buffer.from(signedKinds[kind]), message])).toString('base64url'),
  };
}

/** Whether the key made this signature over this message. False for what is no signature. */
export function isGenuine(key: PublicKey, kind: SignedKind, message: Buffer, signature: string): boolean {
  const algorithm = algorithms[key.alg];
  if (!isBase64url(signature, algorithm.signatureBytes) || !isPublicKey(key.alg, key.public)) return false;
  try {
    const signed = Buffer.concat([Buffer.from(signedKinds[kind]), message]);
    return algorithm.isGenuine(algorithm.publicKey(fromBase64url(key.public)), signed, fromBase64url(signature));
  } catch {
    // 32 bytes that are no point of the curve.
    return false;
  }
}
