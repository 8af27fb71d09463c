import { describe, expect, test } from 'vitest';
import { idNumberDigest, personalKey, phoneDigest } from '../../src/connector/join-key.ts';

/* What agencies compare of a person: one digest for every spelling of one number, and none for what is no number. */

const secret = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

describe('a phone number', () => {
  const digest = phoneDigest(secret, '13800590517');

  test.each(['138 0059 0517', '+86 138-0059-0517', '008613800590517', '１３８００５９０５１７', '13800590517转8'])(
    'written %s is the same',
    (written) => expect(phoneDigest(secret, written)).toBe(digest),
  );

  test.each(['0591-87654321', '(0591)87654321', '+86 591 8765 4321'])(
    'of a landline written %s is the same',
    (written) => expect(phoneDigest(secret, written)).toBe(phoneDigest(secret, '059187654321')),
  );

  test.each(['', '87654321', '不详', '138005905170'])('%j is none', (written) =>
    expect(phoneDigest(secret, written)).toBeNull(),
  );
});

describe('an ID number', () => {
  test.each(['11010519491231002x', '110105 19491231 002X', '110105491231002'])('written %s is the same', (written) =>
    expect(idNumberDigest(secret, written)).toBe(idNumberDigest(secret, '11010519491231002X')),
  );

  test('with a wrong check character joins nobody', () => {
    expect(idNumberDigest(secret, '110105194912310021')).toBeNull();
  });
});

test('a digest tells nothing without the key, and kinds never meet', () => {
  expect(phoneDigest(other, '13800590517')).not.toBe(phoneDigest(secret, '13800590517'));
  expect(phoneDigest(secret, '13800590517')).toMatch(/^[\w-]{43}$/);
  expect(personalKey('phoneDigest', secret, '110105')).not.toBe(personalKey('idNumberDigest', secret, '110105'));
});
