import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPhone, normalisePhone } from '../../src/codes/phone.ts';

const digits = (min: number, max = min) =>
  fc.array(fc.nat(9), { minLength: min, maxLength: max }).map((list) => list.join(''));
const mobile = () =>
  fc.tuple(fc.constantFrom('13', '14', '15', '16', '17', '18', '19'), digits(9)).map((p) => p.join(''));
const landline = () =>
  fc.tuple(fc.constantFrom('010', '021', '0591', '0999'), digits(7, 8)).map(([area, number]) => `${area}-${number}`);

describe('phone', () => {
  it.each([
    ['13812345678', '13812345678'],
    ['138 1234 5678', '13812345678'],
    ['138-1234-5678', '13812345678'],
    ['+86 138 1234 5678', '13812345678'],
    ['+8613812345678', '13812345678'],
    ['008613812345678', '13812345678'],
    ['8613812345678', '13812345678'],
    ['１３８１２３４５６７８', '13812345678'],
    ['13812345678转801', '13812345678'],
    ['059187654321', '0591-87654321'],
    ['(0591) 8765 4321', '0591-87654321'],
    ['（０５９１）８７６５４３２１', '0591-87654321'],
    ['0591-87654321-801', '0591-87654321'],
    ['0591-8765432-8', '0591-8765432'],
    ['0591-87654321 ext. 801', '0591-87654321'],
    ['+86 591 87654321', '0591-87654321'],
    ['+86-10-87654321', '010-87654321'],
    ['01087654321', '010-87654321'],
    ['0108765432', '010-8765432'],
    ['02087654321', '020-87654321'],
    ['12345', '12345'],
    ['110', '110'],
    ['955 88', '95588'],
  ])('reads %s as %s', (written, normal) => {
    expect(normalisePhone(written)).toBe(normal);
  });

  it.each([
    '',
    '12',
    '1234567',
    '12812345678',
    '138123456789',
    '+1 202 555 0123',
    '4008001234',
    '138****5678',
    '张三',
    '0591-876',
    '13812345678/13912345678',
    '1'.repeat(100),
  ])('is no number: %s', (written) => {
    expect(normalisePhone(written)).toBeNull();
  });

  it('knows the normalised forms and no others', () => {
    const candidates = [
      '13812345678',
      '0591-87654321',
      '010-8765432',
      '110',
      '12345',
      '059187654321',
      '0591-876543',
      '010-876543210',
      '138 1234 5678',
      '12',
      '1234567',
    ];
    expect(candidates.filter(isPhone)).toEqual(['13812345678', '0591-87654321', '010-8765432', '110', '12345']);
  });

  it('leaves normalised numbers as they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(mobile(), landline(), digits(3, 6)),
        (phone) => isPhone(phone) && normalisePhone(phone) === phone,
      ),
    );
  });

  it('is idempotent on any text, and what it gives is a phone', () => {
    const written = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...'0123456789+- ()８６转'), { maxLength: 20 }).map((c) => c.join('')),
      fc
        .tuple(
          fc.constantFrom('+86', '86', '0086 ', ''),
          fc.oneof(mobile(), landline()),
          fc.constantFrom('', '-12', '转8'),
        )
        .map((p) => p.join('')),
    );
    fc.assert(
      fc.property(written, (text) => {
        const normal = normalisePhone(text);
        return normal === null || (isPhone(normal) && normalisePhone(normal) === normal);
      }),
      { numRuns: 2000 },
    );
  });
});
