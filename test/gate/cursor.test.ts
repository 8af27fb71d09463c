import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createCursorSeal } from '../../src/gate/cursor.ts';

const secret = Buffer.alloc(32, 3);
const seal = createCursorSeal(secret);
const position = ['2026-11-05T10:12:30+08:00', '12345:2026110500000001'];

describe('a cursor', () => {
  test('opens to what was sealed, for its own list', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (list, values) => {
        expect(seal.open(list, seal.seal(list, values))).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same for the same position, in every process that has the secret', () => {
    expect(createCursorSeal(Buffer.from(secret)).seal('tickets', position)).toBe(seal.seal('tickets', position));
  });

  test('shows nothing of its position', () => {
    const cursor = seal.seal('tickets', position);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    const bytes = Buffer.from(cursor, 'base64url');
    for (const value of [...position, 'tickets', '2026', '12345']) {
      expect(cursor).not.toContain(value);
      expect(bytes.includes(value)).toBe(false);
    }
    // Neighbouring positions share no run of bytes that would tell their order.
    const next = Buffer.from(seal.seal('tickets', [position[0] ?? '', '12345:2026110500000002']), 'base64url');
    const equal = [...bytes].filter((b, i) => b === next[i]).length;
    expect(equal).toBeLessThan(bytes.length / 4);
  });

  test('is refused for another list, by another secret, cut, lengthened or changed in any byte', () => {
    const cursor = seal.seal('tickets', position);
    expect(seal.open('myCases', cursor)).toBeNull();
    expect(createCursorSeal(randomBytes(32)).open('tickets', cursor)).toBeNull();
    const bytes = Buffer.from(cursor, 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(seal.open('tickets', changed.toString('base64url'))).toBeNull();
      expect(seal.open('tickets', bytes.subarray(0, i).toString('base64url'))).toBeNull();
    }
    expect(seal.open('tickets', `${cursor}AA`)).toBeNull();
    expect(seal.open('tickets', `${cursor}=`)).toBeNull();
    expect(seal.open('tickets', ` ${cursor}`)).toBeNull();
  });

  test('is refused, never an exception, for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 40, maxLength: 3_000 })), (text) => {
        expect(seal.open('tickets', text)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
