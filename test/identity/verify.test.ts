import { createHash, createPublicKey, createSign, createVerify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { UnauthenticatedError, type UnauthenticatedReason } from '../../src/identity/errors.ts';
import type { IssuerConfig } from '../../src/identity/issuers.ts';
import { purposes, roles } from '../../src/identity/principal.ts';
import { createVerifier } from '../../src/identity/verify.ts';
import {
  ecKey,
  edKey,
  encoded,
  goodClaims,
  goodHeader,
  hmacSigned,
  policeIssuer,
  rsaKey,
  signed,
  trusting,
  type Part,
} from './issuer-kit.ts';

const now = 1_795_000_000;
const police = ecKey('police-key-1');
const policeEd = edKey('police-key-2');
const market = ecKey('market-key-1');
const stranger = ecKey('police-key-1');
const rsa = rsaKey('rsa-key-1');
const marketIssuer = 'https://idp.market.example';

const issuers: readonly IssuerConfig[] = [
  trusting({ keys: [police.jwk, policeEd.jwk] }),
  trusting({ keys: [market.jwk] }, { issuer: marketIssuer, agencies: ['market'], types: ['JWT'] }),
  trusting(
    { keys: [rsa.jwk, { ...rsa.jwk, kid: 'rsa-e-1', e: 'AQ' }] },
    { issuer: 'https://idp.rsa.example', algorithms: ['PS256', 'RS256'] },
  ),
];

const verifier = () => createVerifier({ issuers, now: () => now * 1000 });
const verify = (token: string) => verifier().verify(`Bearer ${token}`);

const header = (changes: object = {}): Part => ({ ...goodHeader(police), ...changes });
const claims = (changes: object = {}): Part => ({ ...goodClaims(now), ...changes });
const without = (name: string): Part => {
  const rest = goodClaims(now);
  delete rest[name];
  return rest;
};
const withClaims = (changes: object): string => signed(police, header(), claims(changes));
const withHeader = (changes: object): string => signed(police, header(changes), claims());
const good = signed(police, header(), claims());
const [goodHead = '', goodPayload = '', goodSignature = ''] = good.split('.');
/** JSON text of the good claims, with more text before its end. */
const claimsAnd = (more: string): string => JSON.stringify(claims()).replace(/}$/, `,${more}}`);

async function refused(authorization: string | undefined): Promise<UnauthenticatedError> {
  const outcome = await verifier()
    .verify(authorization)
    .catch((error: unknown) => error);
  if (outcome instanceof UnauthenticatedError) return outcome;
  throw new Error(`not refused: ${inspect(outcome)}`);
}

describe('a good token', () => {
  const principal = {
    subject: 'officer-6b1f07',
    issuer: policeIssuer,
    tokenId: 'token-40c9e2',
    agency: 'police',
    role: 'HANDLER',
    unit: 'gulou-station-77',
    operator: 'duty-desk-3d',
    areas: ['350102', '350102001'],
    grids: ['FZ-GL-001'],
    purposes: ['HANDLING', 'FOLLOW_UP'],
    expiresAt: now + 600,
  };

  test('gives its principal, deeply frozen', async () => {
    const found = await verify(good);
    expect(found).toEqual(principal);
    for (const part of [found, found.areas, found.grids, found.purposes]) expect(Object.isFrozen(part)).toBe(true);
  });

  test.each([
    ['lower-case scheme (RFC 9110 section 11.1)', `bearer ${good}`],
    ['upper-case scheme and two spaces', `BEARER  ${good}`],
    ['EdDSA', `Bearer ${signed(policeEd, goodHeader(policeEd, 'EdDSA'), claims())}`],
    ['typ JWT', `Bearer ${withHeader({ typ: 'JWT' })}`],
    ['aud as an array of one', `Bearer ${withClaims({ aud: ['lianqiao'] })}`],
    ['a header member that means nothing here', `Bearer ${withHeader({ x5t: 'abc' })}`],
    ['a claim that means nothing here', `Bearer ${withClaims({ scope: 'openid', nested: { a: [1] } })}`],
    ['iat within the clock tolerance', `Bearer ${withClaims({ iat: now + 5 })}`],
    ['names repeated in different objects', `Bearer ${withClaims({ x: { sub: 1 }, y: [{ sub: 2 }, { sub: 3 }] })}`],
  ])('may have %s', async (_, authorization) => {
    expect(await verifier().verify(authorization)).toEqual(principal);
  });

  test('counts to the last second of the tolerance', async () => {
    const token = withClaims({ iat: now - 604, exp: now - 4 });
    expect(await verify(token)).toEqual({ ...principal, expiresAt: now - 4 });
  });

  test('may leave out what has a default', async () => {
    const rest = goodClaims(now);
    for (const name of ['unit', 'operator', 'areas', 'grids']) delete rest[name];
    const token = signed(police, header(), rest);
    expect(await verify(token)).toEqual({ ...principal, unit: null, operator: null, areas: [], grids: [] });
  });

  test('may be at the limits of every list and text', async () => {
    const grids = Array.from({ length: 64 }, (_, i) => `g-${i}`);
    const sub = '测'.repeat(128);
    expect(await verify(withClaims({ sub, grids }))).toEqual({ ...principal, subject: sub, grids });
  });

  test.each([
    ['RS256', { key: rsa.privateKey }],
    ['PS256', { key: rsa.privateKey, padding: 6, saltLength: 32 }],
  ])('may be signed with %s where the issuer is allowed it', async (alg, key) => {
    const issuer = 'https://idp.rsa.example';
    const input = `${encoded(goodHeader(rsa, alg))}.${encoded(claims({ iss: issuer }))}`;
    const token = `${input}.${createSign('sha256').update(input).sign(key, 'base64url')}`;
    expect(await verify(token)).toEqual({ ...principal, issuer });
  });
});

const spki = police.publicKey.export({ type: 'spki', format: 'pem' });
const publicPem = typeof spki === 'string' ? spki : spki.toString();
const derSignature = createSign('sha256').update(`${goodHead}.${goodPayload}`).sign(police.privateKey, 'base64url');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** A signature of 64 bytes leaves four unused bits in its last character; with one set, a lenient decoder sees no difference. */
const strayBits = good.slice(0, -1) + (alphabet[alphabet.indexOf(good.slice(-1)) | 1] ?? '');

/** With e = 1 the "signature" of a text is its own padded digest: made here without any secret. */
function forgedForExponentOne(): string {
  const head = { alg: 'RS256', typ: 'JWT', kid: 'rsa-e-1' };
  const input = `${encoded(head)}.${encoded(claims({ iss: 'https://idp.rsa.example' }))}`;
  const digest = createHash('sha256').update(input).digest();
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
  const padded = Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.alloc(256 - 3 - info.length, 0xff),
    Buffer.from([0]),
    info,
  ]);
  return `${input}.${padded.toString('base64url')}`;
}

const hostile: readonly (readonly [string, string | undefined, UnauthenticatedReason])[] = [
  ['no header', undefined, 'missing'],
  ['an empty header', '', 'missing'],
  ['another scheme', 'Basic dXNlcjpwYXNz', 'malformed'],
  ['the scheme alone', 'Bearer ', 'malformed'],
  ['a token without scheme', good, 'malformed'],
  ['two values joined by a comma', `Bearer ${good}, Bearer ${good}`, 'malformed'],
  ['two tokens joined by a comma', `Bearer ${good},${good}`, 'malformed'],
  ['a trailing space', `Bearer ${good} `, 'malformed'],
  ['a trailing newline', `Bearer ${good}\n`, 'malformed'],
  ['a tab after the scheme', `Bearer\t${good}`, 'malformed'],
  ['white space inside', `Bearer ${goodHead}. ${goodPayload}.${goodSignature}`, 'malformed'],
  ['padding', `Bearer ${good}==`, 'malformed'],
  ['padding inside', `Bearer ${goodHead}=.${goodPayload}.${goodSignature}`, 'malformed'],
  ['stray bits in the last character', `Bearer ${strayBits}`, 'malformed'],
  ['base64 instead of base64url', `Bearer ${goodHead}.${goodPayload}.+/${goodSignature.slice(2)}`, 'malformed'],
  ['a trailing dot', `Bearer ${good}.`, 'malformed'],
  ['a fourth part', `Bearer ${good}.AAAA`, 'malformed'],
  ['five parts, as an encrypted token has', 'Bearer AAAA.AAAA.AAAA.AAAA.AAAA', 'malformed'],
  ['two parts', `Bearer ${goodHead}.${goodPayload}`, 'malformed'],
  ['a detached payload', `Bearer ${goodHead}..${goodSignature}`, 'malformed'],
  ['an empty signature', `Bearer ${goodHead}.${goodPayload}.`, 'malformed'],
  ['a NUL at the end', `Bearer ${good}\0`, 'malformed'],
  ['8 MiB', `Bearer ${'A'.repeat(8 * 1024 * 1024)}`, 'too_large'],
  ['8 MiB with a good start', `Bearer ${good}.${'A'.repeat(8 * 1024 * 1024)}`, 'too_large'],
  ['one character more than 8 KiB', `Bearer ${'A'.repeat(8193)}`, 'too_large'],
  ['8 KiB of dots', `Bearer ${'.'.repeat(8192)}`, 'malformed'],

  ['alg none without signature', `Bearer ${encoded(header({ alg: 'none' }))}.${goodPayload}.`, 'malformed'],
  ['alg none with a signature', `Bearer ${withHeader({ alg: 'none' })}`, 'bad_signature'],
  ['alg NONE', `Bearer ${withHeader({ alg: 'NONE' })}`, 'bad_signature'],
  [
    'HS256 under the public key as PEM',
    `Bearer ${hmacSigned(publicPem, header({ alg: 'HS256' }), claims())}`,
    'bad_signature',
  ],
  [
    'HS256 under the public key as JWK',
    `Bearer ${hmacSigned(JSON.stringify(police.jwk), header({ alg: 'HS256' }), claims())}`,
    'bad_signature',
  ],
  ['an algorithm that this issuer may not use', `Bearer ${withHeader({ alg: 'ES384' })}`, 'bad_signature'],
  ['an algorithm that is not the key’s', `Bearer ${withHeader({ alg: 'EdDSA' })}`, 'key_unavailable'],
  ['alg missing', `Bearer ${signed(police, { typ: 'JWT', kid: police.kid }, claims())}`, 'malformed'],
  ['alg as a list', `Bearer ${withHeader({ alg: ['ES256'] })}`, 'malformed'],
  ['another key under the same name', `Bearer ${signed(stranger, header(), claims())}`, 'bad_signature'],
  ['a signature of zeros', `Bearer ${goodHead}.${goodPayload}.${'A'.repeat(86)}`, 'bad_signature'],
  ['a signature in DER', `Bearer ${goodHead}.${goodPayload}.${derSignature}`, 'bad_signature'],
  ['a signature of one byte', `Bearer ${goodHead}.${goodPayload}.AA`, 'bad_signature'],
  [
    'claims swapped under a signature',
    `Bearer ${goodHead}.${encoded(claims({ role: 'AUDITOR' }))}.${goodSignature}`,
    'bad_signature',
  ],
  ['kid missing', `Bearer ${signed(police, { alg: 'ES256', typ: 'JWT' }, claims())}`, 'malformed'],
  ['kid empty', `Bearer ${withHeader({ kid: '' })}`, 'malformed'],
  ['kid a number', `Bearer ${withHeader({ kid: 1 })}`, 'malformed'],
  ['kid of 129 characters', `Bearer ${withHeader({ kid: 'k'.repeat(129) })}`, 'malformed'],
  ['kid unknown', `Bearer ${withHeader({ kid: 'police-key-9' })}`, 'key_unavailable'],
  ['kid as a path', `Bearer ${withHeader({ kid: '../../dev/null' })}`, 'key_unavailable'],
  ['kid __proto__', `Bearer ${withHeader({ kid: '__proto__' })}`, 'key_unavailable'],
  [
    'another issuer’s key under its own name',
    `Bearer ${signed(market, goodHeader(market), claims())}`,
    'key_unavailable',
  ],
  ['another issuer’s key under the right name', `Bearer ${signed(market, header(), claims())}`, 'bad_signature'],
  ['an RSA key with e = 1, which signs without a secret', `Bearer ${forgedForExponentOne()}`, 'key_unavailable'],

  ['typ missing', `Bearer ${signed(police, { alg: 'ES256', kid: police.kid }, claims())}`, 'wrong_type'],
  ['typ of an ID token’s logout', `Bearer ${withHeader({ typ: 'logout+jwt' })}`, 'wrong_type'],
  ['typ in another case', `Bearer ${withHeader({ typ: 'jwt' })}`, 'wrong_type'],
  [
    'a typ that only another issuer may use',
    `Bearer ${signed(market, goodHeader(market), claims({ iss: marketIssuer, agency: 'market' }))}`,
    'wrong_type',
  ],
  ['crit', `Bearer ${withHeader({ crit: ['exp'] })}`, 'malformed'],
  ['crit empty', `Bearer ${withHeader({ crit: [] })}`, 'malformed'],
  ['b64 false', `Bearer ${withHeader({ b64: false, crit: ['b64'] })}`, 'malformed'],
  ['b64 true', `Bearer ${withHeader({ b64: true })}`, 'malformed'],
  ['zip', `Bearer ${withHeader({ zip: 'DEF' })}`, 'malformed'],
  ['its own key inside', `Bearer ${signed(stranger, header({ jwk: stranger.jwk }), claims())}`, 'malformed'],
  [
    'its own key’s address',
    `Bearer ${signed(stranger, header({ jku: 'https://evil.example/k' }), claims())}`,
    'malformed',
  ],
  ['its own certificate', `Bearer ${signed(stranger, header({ x5c: ['MIIB'] }), claims())}`, 'malformed'],
  ['its own certificate’s address', `Bearer ${withHeader({ x5u: 'https://evil.example/c' })}`, 'malformed'],
  [
    'a header member twice',
    `Bearer ${signed(police, `{"alg":"none","typ":"JWT","kid":"${police.kid}","alg":"ES256"}`, claims())}`,
    'malformed',
  ],
  ['a header that is no object', `Bearer ${signed(police, '[]', claims())}`, 'malformed'],
  ['a header that is no JSON', `Bearer ${signed(police, 'alg=ES256', claims())}`, 'malformed'],

  ['a claim twice', `Bearer ${signed(police, header(), claimsAnd('"role":"AUDITOR"'))}`, 'malformed'],
  [
    'a claim twice, once escaped',
    `Bearer ${signed(police, header(), claimsAnd('"r\\u006fle":"AUDITOR"'))}`,
    'malformed',
  ],
  ['iss twice', `Bearer ${signed(police, header(), claimsAnd(`"iss":"${marketIssuer}"`))}`, 'malformed'],
  ['a name twice deep inside', `Bearer ${signed(police, header(), claimsAnd('"x":{"a":1,"a":2}'))}`, 'malformed'],
  [
    'deep JSON',
    `Bearer ${signed(police, header(), claimsAnd(`"x":${'['.repeat(2000)}${']'.repeat(2000)}`))}`,
    'malformed',
  ],
  ['a payload that is a list', `Bearer ${signed(police, header(), JSON.stringify([claims()]))}`, 'malformed'],
  ['a payload that is a text', `Bearer ${signed(police, header(), '"claims"')}`, 'malformed'],
  ['a payload that is null', `Bearer ${signed(police, header(), 'null')}`, 'malformed'],
  ['a payload that is no JSON', `Bearer ${signed(police, header(), '{"iss":')}`, 'malformed'],
  [
    'invalid UTF-8',
    `Bearer ${signed(police, header(), Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xff]), Buffer.from('"}')]))}`,
    'malformed',
  ],
  ['a byte order mark', `Bearer ${signed(police, header(), `\ufeff${JSON.stringify(claims())}`)}`, 'malformed'],

  ['iss unknown', `Bearer ${withClaims({ iss: 'https://idp.evil.example' })}`, 'unknown_issuer'],
  ['iss with a slash more', `Bearer ${withClaims({ iss: `${policeIssuer}/` })}`, 'unknown_issuer'],
  ['iss a list', `Bearer ${withClaims({ iss: [policeIssuer] })}`, 'unknown_issuer'],
  ['iss missing', `Bearer ${signed(police, header(), without('iss'))}`, 'unknown_issuer'],
  ['iss of the demo issuer', `Bearer ${withClaims({ iss: 'https://demo.lianqiao.invalid' })}`, 'unknown_issuer'],

  ['exp past', `Bearer ${withClaims({ iat: now - 605, exp: now - 5 })}`, 'expired'],
  ['exp in the year 9999', `Bearer ${withClaims({ exp: 253_402_300_799 })}`, 'bad_claims'],
  [
    'exp 1e308',
    `Bearer ${signed(police, header(), JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e308'))}`,
    'bad_claims',
  ],
  [
    'exp beyond all numbers',
    `Bearer ${signed(police, header(), JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e999'))}`,
    'bad_claims',
  ],
  ['exp one second too far from iat', `Bearer ${withClaims({ exp: now + 3601 })}`, 'bad_claims'],
  ['exp a text', `Bearer ${withClaims({ exp: String(now + 600) })}`, 'bad_claims'],
  ['exp with a fraction', `Bearer ${withClaims({ exp: now + 600.5 })}`, 'bad_claims'],
  ['exp null', `Bearer ${withClaims({ exp: null })}`, 'bad_claims'],
  ['exp missing', `Bearer ${signed(police, header(), without('exp'))}`, 'bad_claims'],
  ['exp before iat', `Bearer ${withClaims({ iat: now + 3, exp: now + 1 })}`, 'bad_claims'],
  ['iat in the future', `Bearer ${withClaims({ iat: now + 6, exp: now + 600 })}`, 'not_yet_valid'],
  ['iat missing', `Bearer ${signed(police, header(), without('iat'))}`, 'bad_claims'],
  ['iat a text', `Bearer ${withClaims({ iat: String(now) })}`, 'bad_claims'],
  ['iat too old', `Bearer ${withClaims({ iat: now - 3606, exp: now + 60 })}`, 'too_old'],
  ['nbf in the future', `Bearer ${withClaims({ nbf: now + 60 })}`, 'not_yet_valid'],
  ['nbf a text', `Bearer ${withClaims({ nbf: 'now' })}`, 'bad_claims'],
  ['aud of another', `Bearer ${withClaims({ aud: 'payments' })}`, 'wrong_audience'],
  ['aud with another', `Bearer ${withClaims({ aud: ['lianqiao', 'payments'] })}`, 'wrong_audience'],
  ['aud named twice', `Bearer ${withClaims({ aud: ['lianqiao', 'lianqiao'] })}`, 'wrong_audience'],
  ['aud an empty list', `Bearer ${withClaims({ aud: [] })}`, 'wrong_audience'],
  ['aud in another case', `Bearer ${withClaims({ aud: 'Lianqiao' })}`, 'wrong_audience'],
  ['aud missing', `Bearer ${signed(police, header(), without('aud'))}`, 'bad_claims'],

  ['sub missing', `Bearer ${signed(police, header(), without('sub'))}`, 'bad_claims'],
  ['sub empty', `Bearer ${withClaims({ sub: '' })}`, 'bad_claims'],
  ['sub of 129 characters', `Bearer ${withClaims({ sub: 's'.repeat(129) })}`, 'bad_claims'],
  ['sub with a newline, to forge a log line', `Bearer ${withClaims({ sub: 'a\nadmin' })}`, 'bad_claims'],
  ['sub that turns the writing direction', `Bearer ${withClaims({ sub: 'a\u202eb' })}`, 'bad_claims'],
  [
    'sub with half a surrogate pair',
    `Bearer ${signed(police, header(), JSON.stringify(claims({ sub: 'a\ud800' })))}`,
    'bad_claims',
  ],
  ['jti missing', `Bearer ${signed(police, header(), without('jti'))}`, 'bad_claims'],
  ['jti a number', `Bearer ${withClaims({ jti: 7 })}`, 'bad_claims'],
  ['agency missing', `Bearer ${signed(police, header(), without('agency'))}`, 'bad_claims'],
  ['agency *', `Bearer ${withClaims({ agency: '*' })}`, 'bad_claims'],
  ['agency in capitals', `Bearer ${withClaims({ agency: 'POLICE' })}`, 'bad_claims'],
  ['agency that the issuer may not speak for', `Bearer ${withClaims({ agency: 'housing' })}`, 'agency_not_allowed'],
  ['agency that only starts alike', `Bearer ${withClaims({ agency: 'police2' })}`, 'agency_not_allowed'],
  ['role missing', `Bearer ${signed(police, header(), without('role'))}`, 'bad_claims'],
  ['role unknown', `Bearer ${withClaims({ role: 'ADMIN' })}`, 'bad_claims'],
  ['role in lower case', `Bearer ${withClaims({ role: 'handler' })}`, 'bad_claims'],
  ['role a list', `Bearer ${withClaims({ role: ['HANDLER'] })}`, 'bad_claims'],
  ['purposes missing', `Bearer ${signed(police, header(), without('purposes'))}`, 'bad_claims'],
  ['purposes empty', `Bearer ${withClaims({ purposes: [] })}`, 'bad_claims'],
  ['purposes a text', `Bearer ${withClaims({ purposes: 'HANDLING' })}`, 'bad_claims'],
  ['a purpose unknown', `Bearer ${withClaims({ purposes: ['HANDLING', 'CURIOSITY'] })}`, 'bad_claims'],
  ['a purpose twice', `Bearer ${withClaims({ purposes: ['HANDLING', 'HANDLING'] })}`, 'bad_claims'],
  ['unit of 65 characters', `Bearer ${withClaims({ unit: 'u'.repeat(65) })}`, 'bad_claims'],
  ['unit an object', `Bearer ${withClaims({ unit: { name: 'x' } })}`, 'bad_claims'],
  ['operator of 129 characters', `Bearer ${withClaims({ operator: 'o'.repeat(129) })}`, 'bad_claims'],
  ['an area empty, the prefix of everything', `Bearer ${withClaims({ areas: [''] })}`, 'bad_claims'],
  ['an area of zeros, the prefix of everything', `Bearer ${withClaims({ areas: ['000000'] })}`, 'bad_claims'],
  ['an area of five digits', `Bearer ${withClaims({ areas: ['35010'] })}`, 'bad_claims'],
  ['an area with a wildcard', `Bearer ${withClaims({ areas: ['3501%'] })}`, 'bad_claims'],
  ['an area with a newline', `Bearer ${withClaims({ areas: ['350102\n'] })}`, 'bad_claims'],
  ['an area in full-width digits', `Bearer ${withClaims({ areas: ['３５０１０２'] })}`, 'bad_claims'],
  ['an area as a number', `Bearer ${withClaims({ areas: [350102] })}`, 'bad_claims'],
  ['65 grids', `Bearer ${withClaims({ grids: Array.from({ length: 65 }, (_, i) => `g${i}`) })}`, 'bad_claims'],
  ['1,000 grids', `Bearer ${withClaims({ grids: Array.from({ length: 1000 }, (_, i) => i) })}`, 'bad_claims'],
  ['a grid with a quote', `Bearer ${withClaims({ grids: ["x' OR '1'='1"] })}`, 'bad_claims'],
];

describe('a hostile token is refused', () => {
  test.each(hostile)('%s', async (_, authorization, reason) => {
    const error = await refused(authorization);
    expect({ name: error.name, code: error.code, reason: error.reason }).toEqual({
      name: 'UnauthenticatedError',
      code: 'UNAUTHENTICATED',
      reason,
    });
  });

  test('and its error holds no part of it', async () => {
    for (const [name, authorization] of hostile) {
      const error = await refused(authorization);
      expect(error.cause, name).toBeUndefined();
      for (const secret of partsOf(authorization ?? '')) {
        expect(error.message.includes(secret), `${name}: ${error.message}`).toBe(false);
        if (secret.length >= 8) expect(inspect(error, { showHidden: true }).includes(secret), name).toBe(false);
      }
    }
  });

  test('whatever is wrong with it, its signature is what counts first: claims are not judged unverified', async () => {
    const error = await refused(`Bearer ${signed(stranger, header(), claims({ role: 'ADMIN', exp: 1 }))}`);
    expect(error.reason).toBe('bad_signature');
  });
});

/** Words of our own, which a message may name. */
const ownWords = new Set<string>(['JWT', ...roles, ...purposes]);

/** The token's segments, and every text and number in what they decode to. */
function partsOf(authorization: string): string[] {
  const segments = authorization
    .split(/[\s.,]+/)
    .filter((part) => part.length >= 4 && part !== 'Bearer' && part !== 'Basic');
  const texts = segments.flatMap((segment) => {
    const decoded = Buffer.from(segment, 'base64url').toString();
    return [...decoded.matchAll(/:\s*"([^"]{3,})"|(\d{5,})|\["([^"]{3,})"/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  });
  return [...segments, ...texts].filter((text) => !ownWords.has(text));
}

describe('createVerifier', () => {
  test('takes ES384 where the issuer is allowed it', async () => {
    const key = ecKey('police-key-384', 'P-384');
    const other = createVerifier({
      issuers: [trusting({ keys: [key.jwk] }, { algorithms: ['ES384'] })],
      now: () => now * 1000,
    });
    await expect(other.verify(`Bearer ${signed(key, goodHeader(key, 'ES384'), claims())}`)).resolves.toMatchObject({
      subject: 'officer-6b1f07',
    });
  });

  test('trusts nobody without issuers', async () => {
    await expect(createVerifier({ issuers: [] }).verify(`Bearer ${good}`)).rejects.toMatchObject({
      reason: 'unknown_issuer',
    });
  });

  test('takes the audience of the configuration', async () => {
    const other = createVerifier({
      issuers: [trusting({ keys: [police.jwk] }, { audience: 'lianqiao-node' })],
      now: () => now * 1000,
    });
    await expect(other.verify(`Bearer ${good}`)).rejects.toMatchObject({ reason: 'wrong_audience' });
    const token = withClaims({ aud: 'lianqiao-node' });
    await expect(other.verify(`Bearer ${token}`)).resolves.toMatchObject({ subject: 'officer-6b1f07' });
  });

  test('tells of keys that it does not use', async () => {
    const problems: unknown[] = [];
    const telling = createVerifier({
      issuers,
      now: () => now * 1000,
      onKeyProblem: (problem) => problems.push(problem),
    });
    const token = forgedForExponentOne();
    await expect(telling.verify(`Bearer ${token}`)).rejects.toMatchObject({ reason: 'key_unavailable' });
    await expect(telling.verify(`Bearer ${token}`)).rejects.toMatchObject({ reason: 'key_unavailable' });
    expect(problems).toEqual([
      {
        issuer: 'https://idp.rsa.example',
        kid: 'rsa-e-1',
        problem: 'the RSA exponent must be odd and 65,537 or more',
      },
    ]);
  });

  test('the e = 1 forgery is real: the platform accepts it', () => {
    const [head = '', payload = '', forged = ''] = forgedForExponentOne().split('.');
    const key = createPublicKey({ key: { ...rsa.jwk, e: 'AQ' }, format: 'jwk' });
    expect(createVerify('sha256').update(`${head}.${payload}`).verify(key, forged, 'base64url')).toBe(true);
  });
});
