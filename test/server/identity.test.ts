import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { storedRows } from '../hub/askers.ts';
import { ecKey, encoded, goodClaims, hmacSigned, policeIssuer, signed, type TestKey } from '../identity/issuer-kit.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { raw } from './raw-request.ts';

/* Hostile tokens over a real socket: 401 with a code, nothing executed, nothing of the token anywhere. */

let hub: RunningHub;
let own: TestKey;
const stranger = ecKey('stranger');
const now = Math.floor(Date.now() / 1_000);
const issuer = 'https://demo.lianqiao.invalid';

beforeAll(async () => {
  hub = await startHub();
  // The hub's own demo key, to make tokens that are wrong in one thing only.
  const jwk = JSON.parse(readFileSync(join(hub.dataDir, 'keys', 'demo-issuer.json'), 'utf8')) as { kid: string };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  own = { kid: jwk.kid, privateKey, publicKey, jwk: publicKey.export({ format: 'jwk' }) };
});
afterAll(() => hub.close());

const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...goodClaims(now),
  iss: issuer,
  purposes: ['HANDLING'],
  ...changes,
});
const without = (name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(claims()).filter(([claim]) => claim !== name));
const header = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  alg: 'ES256',
  typ: 'at+jwt',
  kid: own.kid,
  ...changes,
});
const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterPhone } }`;

const hostile: readonly (readonly [what: string, authorization: () => string | null, reason: string])[] = [
  ['no token', () => null, 'missing'],
  ['another scheme', () => 'Basic dXNlcjpwYXNz', 'malformed'],
  ['words', () => 'Bearer not-a-token', 'malformed'],
  ['two parts', () => `Bearer ${encoded(header())}.${encoded(claims())}`, 'malformed'],
  ['a token twice', () => `Bearer ${signed(own, header(), claims())} ${signed(own, header(), claims())}`, 'malformed'],
  ['9 KiB of it', () => `Bearer ${signed(own, header(), claims({ operator: 'x'.repeat(9_000) }))}`, 'too_large'],
  ['no signature', () => `Bearer ${encoded(header({ alg: 'none' }))}.${encoded(claims())}.`, 'malformed'],
  ['alg none with a signature', () => `Bearer ${signed(own, header({ alg: 'none' }), claims())}`, 'bad_signature'],
  ['expired', () => `Bearer ${signed(own, header(), claims({ iat: now - 900, exp: now - 300 }))}`, 'expired'],
  [
    'from the future',
    () => `Bearer ${signed(own, header(), claims({ iat: now + 900, exp: now + 1_500 }))}`,
    'not_yet_valid',
  ],
  ['for another audience', () => `Bearer ${signed(own, header(), claims({ aud: 'other-hub' }))}`, 'wrong_audience'],
  [
    'for two audiences',
    () => `Bearer ${signed(own, header(), claims({ aud: ['lianqiao', 'other-hub'] }))}`,
    'wrong_audience',
  ],
  [
    'of a foreign issuer',
    () => `Bearer ${signed(stranger, header({ kid: stranger.kid }), claims({ iss: policeIssuer }))}`,
    'unknown_issuer',
  ],
  ['signed by a stranger', () => `Bearer ${signed(stranger, header(), claims())}`, 'bad_signature'],
  [
    'signed with the public key as a secret',
    () => `Bearer ${hmacSigned(JSON.stringify(own.jwk), header({ alg: 'HS256' }), claims())}`,
    'bad_signature',
  ],
  ['with an unknown key', () => `Bearer ${signed(own, header({ kid: 'other' }), claims())}`, 'key_unavailable'],
  [
    'that brings its key along',
    () => `Bearer ${signed(stranger, header({ jwk: stranger.jwk }), claims())}`,
    'malformed',
  ],
  ['of another type', () => `Bearer ${signed(own, header({ typ: 'id+jwt' }), claims())}`, 'wrong_type'],
  ['without an agency', () => `Bearer ${signed(own, header(), without('agency'))}`, 'bad_claims'],
  ['without a purpose', () => `Bearer ${signed(own, header(), claims({ purposes: [] }))}`, 'bad_claims'],
  ['of an unknown role', () => `Bearer ${signed(own, header(), claims({ role: 'ADMIN' }))}`, 'bad_claims'],
  ['with an area that is every area', () => `Bearer ${signed(own, header(), claims({ areas: [''] }))}`, 'bad_claims'],
  ['that lives for years', () => `Bearer ${signed(own, header(), claims({ exp: now + 100_000_000 }))}`, 'bad_claims'],
];

test.each(hostile)('a token %s is refused', async (_what, authorization, reason) => {
  const value = authorization();
  hub.takeStatements();
  const before = storedRows(hub, 'ledger', 'SELECT disclosure_no FROM disclosure').length;
  const answer = await raw(hub, {
    body: { query },
    headers: { 'lianqiao-purpose': 'HANDLING', ...(value === null ? {} : { authorization: value }) },
  });
  expect({
    status: answer.status,
    code: answer.code,
    reason: answer.body.errors?.[0]?.extensions?.['reason'],
    data: answer.body.data,
  }).toEqual({
    status: 401,
    code: 'UNAUTHENTICATED',
    reason,
    data: undefined,
  });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(hub.takeStatements()).toEqual([]);
  expect(storedRows(hub, 'ledger', 'SELECT disclosure_no FROM disclosure')).toHaveLength(before);
  const token = value?.split(' ')[1];
  for (const part of token?.split('.').filter((p) => p.length > 8) ?? []) {
    expect(answer.text).not.toContain(part);
    expect(hub.logged()).not.toContain(part);
  }
  for (const secret of ['officer-6b1f07', 'token-40c9e2', 'duty-desk-3d'])
    expect(`${answer.text}${hub.logged()}`).not.toContain(secret);
});

test('the same claims in a good token are let in', async () => {
  const answer = await raw(hub, {
    body: { query: '{ __typename }' },
    headers: { authorization: `Bearer ${signed(own, header(), claims())}` },
  });
  expect(answer.body).toMatchObject({ data: { __typename: 'Query' } });
});

test('the caller is identified before the body is read: a broken body of a stranger is still 401', async () => {
  for (const body of ['{', '{"query": 1}', 'x'.repeat(300_000)]) expect((await raw(hub, { body })).status).toBe(401);
  expect((await raw(hub, { method: 'GET', path: '/graphql?query={__typename}' })).status).toBe(401);
});
