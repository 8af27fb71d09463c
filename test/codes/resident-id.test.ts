import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDateTime } from '../../src/codes/date-time.ts';
import { isResidentId, normaliseResidentId, residentIdCheckCharacter } from '../../src/codes/resident-id.ts';

const residentId = () =>
  fc
    .tuple(
      fc.integer({ min: 110000, max: 659999 }),
      fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2026, 0, 1) }),
      fc.nat(999),
    )
    .map(([division, born, sequence]) => {
      const first17 = `${division}${formatDateTime(born).slice(0, 10).replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
      return `${first17}${residentIdCheckCharacter(first17)}`;
    });

describe('resident ID', () => {
  it('accepts the examples of GB 11643', () => {
    expect(['11010519491231002X', '440524188001010014'].map(isResidentId)).toEqual([true, true]);
  });

  it('refuses a wrong check character, small x, other lengths', () => {
    const wrong = [
      '350102198001011234',
      '11010519491231002x',
      '110105194912310',
      '11010519491231002X ',
      '',
      '11010519491231002Ⅹ',
    ];
    expect(wrong.filter(isResidentId)).toEqual([]);
  });

  it('refuses a birth date that never was, with the right check character', () => {
    for (const first17 of ['11010519490231002', '11010519491331002', '11010519000229002', '11010519490001002']) {
      expect(isResidentId(`${first17}${residentIdCheckCharacter(first17)}`)).toBe(false);
    }
  });

  it('throws on a body of the wrong shape', () => {
    expect(() => residentIdCheckCharacter('1101051949123100')).toThrow(RangeError);
  });

  it('gives the character that ISO 7064 MOD 11-2 asks for', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}$/), (first17) => {
        const last = residentIdCheckCharacter(first17);
        const values = [...first17, last].map((c) => (c === 'X' ? 10 : Number(c)));
        expect(values.reduce((sum, value, i) => sum + value * 2 ** (17 - i), 0) % 11).toBe(1);
      }),
    );
  });

  it('accepts every generated code', () => {
    fc.assert(fc.property(residentId(), (id) => isResidentId(id)));
  });

  it('refuses every change of one digit: 11 is a prime and no weight is a multiple of it', () => {
    fc.assert(
      fc.property(residentId(), fc.nat(16), fc.nat(9), (id, at, digit) => {
        fc.pre(id[at] !== String(digit));
        return !isResidentId(`${id.slice(0, at)}${digit}${id.slice(at + 1)}`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('normalised', () => {
  it.each([
    ['11010519491231002X', '11010519491231002X'],
    ['11010519491231002x', '11010519491231002X'],
    ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    [' 440524 19800101 0014', null],
    ['440524 18800101 0014', '440524188001010014'],
    ['110105491231002', '11010519491231002X'],
    ['350102198001011234', null],
    ['110105491331002', null],
    ['护照E1234', null],
    ['', null],
    ['1'.repeat(65), null],
  ])('%j is %j', (written, normal) => {
    expect(normaliseResidentId(written)).toBe(normal);
  });

  it('changes no number that is one already', () => {
    fc.assert(fc.property(residentId(), (id) => normaliseResidentId(id) === id));
  });
});
