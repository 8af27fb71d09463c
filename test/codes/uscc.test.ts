import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeUscc, isUscc, organisationCheckCharacter, usccCheckCharacter } from '../../src/codes/uscc.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
const characters = (count: number) =>
  fc.array(fc.constantFrom(...ALPHABET), { minLength: count, maxLength: count }).map((c) => c.join(''));
const uscc = () =>
  fc
    .tuple(characters(8), characters(8))
    .map(([registration, organisation]) => completeUscc(registration, organisation));

describe('USCC', () => {
  it('accepts the example of GB 32100', () => {
    expect(isUscc('91350100M000100Y43')).toBe(true);
    expect(completeUscc('91350100', 'M000100Y')).toBe('91350100M000100Y43');
  });

  it('refuses other shapes', () => {
    const wrong = [
      '',
      '91350100m000100y43',
      '91350100M000100Y4',
      '91350100M000100Y433',
      ' 91350100M000100Y43',
      '91350100I000100Y43',
    ];
    expect(wrong.filter(isUscc)).toEqual([]);
  });

  it('refuses a code whose organisation code has a wrong check character, even if the last one is right', () => {
    const first17 = '91350100M000100Y5';
    expect(isUscc(`${first17}${usccCheckCharacter(first17)}`)).toBe(false);
  });

  it('gives X for 10 and 0 for 11 in an organisation code', () => {
    // Sums: 2·1 = 2 gives 9; 2·6 = 12, mod 11 = 1, gives 10; 0 gives 11.
    expect(['00000001', '00000006', '00000000'].map(organisationCheckCharacter)).toEqual(['9', 'X', '0']);
  });

  it('weighs each place with a power of 3, as GB 32100 defines it', () => {
    const powers = Array.from({ length: 17 }, (_, i) => Number(3n ** BigInt(i) % 31n));
    const checks = powers.map((_, i) => usccCheckCharacter(`${'0'.repeat(i)}1${'0'.repeat(16 - i)}`));
    expect(checks).toEqual(powers.map((power) => ALPHABET[31 - power]));
    expect(usccCheckCharacter('0'.repeat(17))).toBe('0');
  });

  it('throws on a body of the wrong shape', () => {
    expect(() => usccCheckCharacter('123')).toThrow(RangeError);
    expect(() => usccCheckCharacter('I1350100M000100Y4')).toThrow(RangeError);
    expect(() => organisationCheckCharacter('M000100')).toThrow(RangeError);
    expect(() => completeUscc('9135010', 'M000100Y')).toThrow(RangeError);
  });

  it('accepts every generated code', () => {
    fc.assert(fc.property(uscc(), (code) => isUscc(code)));
  });

  it('refuses every change of one character: 31 is a prime and no weight is a multiple of it', () => {
    fc.assert(
      fc.property(uscc(), fc.nat(17), fc.constantFrom(...ALPHABET), (code, at, other) => {
        fc.pre(code[at] !== other);
        return !isUscc(`${code.slice(0, at)}${other}${code.slice(at + 1)}`);
      }),
      { numRuns: 1000 },
    );
  });
});
