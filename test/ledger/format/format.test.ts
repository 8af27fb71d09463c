import { describe, expect, test } from 'vitest';
import { canonicalJson, readCanonicalJson } from '../../../src/ledger/format/canonical-json.ts';
import { commitmentsIn } from '../../../src/ledger/format/commitment.ts';
import { encodeEntry, entryKinds, intentOf, MAX_ENTRY_BYTES, readEnvelope } from '../../../src/ledger/format/entry.ts';
import { formatLedgerTime, isLedgerTime } from '../../../src/ledger/format/ledger-time.ts';
import { isGenuine, signerOf } from '../../../src/ledger/format/signature.ts';
import { readTrustedKeys } from '../../../src/ledger/format/trusted-keys.ts';
import { example } from '../kit/example.ts';
import { LOG, newSigner, OTHER_LOG, timeAt } from '../kit/sample-log.ts';

const facts = { at: timeAt(1), body: {}, kind: 'INTENT', log: LOG, seq: 7 } as const;

describe('entries', () => {
  test.each(entryKinds)('%s is read as it was written', (kind) => {
    const body = { text: '"},"kind":"KEY"', ...(kind === 'OUTCOME' ? { intent: 3 } : {}) };
    expect(readEnvelope(encodeEntry({ ...facts, kind, body }))).toEqual({ at: facts.at, kind, log: LOG, seq: 7 });
  });
  test.each([
    ['another version', (t: string) => t.replace('"v":1', '"v":2')],
    ['another kind', (t: string) => t.replace('INTENT', 'SECRET')],
    ['a log that is no UUID', (t: string) => t.replace(LOG, LOG.toUpperCase())],
    ['a seq with a zero before', (t: string) => t.replace('"seq":7', '"seq":07')],
    ['a seq past 2^53', (t: string) => t.replace('"seq":7', '"seq":9007199254740993')],
    ['a time of another zone', (t: string) => t.replace('+08:00', '+00:00')],
    ['a day that is none', (t: string) => t.replace('11-23T', '11-31T')],
    ['a fraction that is none', (t: string) => t.replace('.000+', '.0x0+')],
    ['a body that is no object', (t: string) => t.replace('{}', '[]')],
    ['something after', (t: string) => `${t} `],
  ])('%s is no entry', (_, change) => {
    const text = String(encodeEntry(facts));
    expect(readEnvelope(Buffer.from(text))).not.toBeNull();
    expect(readEnvelope(Buffer.from(change(text)))).toBeNull();
  });
  test('an OUTCOME names one intent before it', () => {
    const outcome = (body: Record<string, unknown>) => () => encodeEntry({ ...facts, kind: 'OUTCOME', body });
    expect(intentOf(outcome({ a: 'x"intent":9', 'x"intent': 1, intent: 6 })())).toBe(6);
    for (const body of [{}, { intent: 7 }, { intent: '6' }, { a: { intent: 6 }, intent: 6 }, { a: { intent: 6 } }])
      expect(outcome(body)).toThrow(RangeError);
  });
  test('too long a body, and a seq that is none, are refused', () => {
    expect(() => encodeEntry({ ...facts, body: { a: 'x'.repeat(MAX_ENTRY_BYTES) } })).toThrow(RangeError);
    expect(() => encodeEntry({ ...facts, seq: -1 })).toThrow(RangeError);
  });
});

test('canonical JSON: half a surrogate pair is refused, an escaped backslash before a u is not', () => {
  expect(() => canonicalJson({ a: '\ud83d' })).toThrow(TypeError);
  expect(String(canonicalJson(String.raw`\ud83d`))).toBe(String.raw`"\\ud83d"`);
  expect(readCanonicalJson(Buffer.from('{"a":1,"a":1}'))).toBeNull();
  expect(readCanonicalJson(Buffer.from([0x22, 0xff, 0x22]))).toBeNull();
  expect(readCanonicalJson(Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).toBeNull();
});

test('times keep their milliseconds, before 1970 as well', () => {
  expect(formatLedgerTime(1_795_395_600_007)).toBe('2026-11-23T09:00:00.007+08:00');
  expect(formatLedgerTime(-1)).toBe('1970-01-01T07:59:59.999+08:00');
  expect(isLedgerTime('2026-02-29T09:00:00.007+08:00')).toBe(false);
});

test('commitments are found in strings only where they begin', () => {
  const real = `hmac-sha256:${'A'.repeat(43)}`;
  expect([...(commitmentsIn(canonicalJson({ a: [real], b: `x"${real}"`, c: real })) ?? [])]).toEqual([real]);
  expect(commitmentsIn(canonicalJson({ a: `${real}A` }))).toBeNull();
});

test('a signature is of one kind', () => {
  const signer = newSigner();
  const signature = signer.sign('head', Buffer.from('a'));
  expect(isGenuine(signer, 'head', Buffer.from('a'), signature)).toBe(true);
  expect(isGenuine(signer, 'key', Buffer.from('a'), signature)).toBe(false);
  expect(isGenuine(signer, 'head', Buffer.from('a'), `${signature}=`)).toBe(false);
  expect(() => signerOf('no key')).toThrow(Error);
});

test('trusted keys say where they are wrong', () => {
  const { keys } = example();
  const [hub, police] = keys.keys;
  const bent = (change: object) => () => readTrustedKeys(JSON.stringify({ v: 1, keys: [{ ...hub, ...change }] }));
  expect(readTrustedKeys(JSON.stringify(keys))).toEqual(keys.keys);
  expect(bent({ id: police?.id })).toThrow('keys.0.id: is not the id of this key');
  expect(bent({ until: hub?.from })).toThrow('keys.0.until: must be after `from`');
  expect(bent({ public: 'short' })).toThrow('keys.0.public: must be a public key');
  const both = (...list: unknown[]) => readTrustedKeys(JSON.stringify({ v: 1, keys: list }));
  expect(() => both(hub, hub)).toThrow('has a key twice');
  expect(() => both(police, police)).toThrow('has a key twice');
  expect(() => both(hub, { ...hub, use: 'witness', log: undefined, agency: 'police' })).toThrow('has a key twice');
  expect(both(hub, { ...hub, log: OTHER_LOG })).toHaveLength(2);
  expect(() => readTrustedKeys('{')).toThrow('the file is no JSON');
});
