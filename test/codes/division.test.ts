import { describe, expect, it } from 'vitest';
import { divisionPrefix, inDivision, isDivisionCode } from '../../src/codes/division.ts';

describe('division code', () => {
  it('has 6, 9 or 12 digits', () => {
    const codes = [
      '350000',
      '350102',
      '350102001',
      '350102001003',
      '35',
      '3501',
      '35010',
      '35010200',
      '035010',
      '35010a',
      '',
      '350102 ',
    ];
    expect(codes.filter(isDivisionCode)).toEqual(['350000', '350102', '350102001', '350102001003']);
  });

  it.each([
    ['350000', '35'],
    ['350100', '3501'],
    ['350102', '350102'],
    ['350110', '350110'],
    ['350102001', '350102001'],
    ['350102001003', '350102001003'],
    ['350102001000', '350102001'],
    ['350102000000', '350102'],
    ['350102000', '350102'],
    ['350100000000', '3501'],
    ['441900003', '441900003'],
    ['350102100', '350102100'],
    ['000000', ''],
  ])('%s starts with %s', (code, prefix) => {
    expect(divisionPrefix(code)).toBe(prefix);
  });

  it.each([
    ['350102', '350000', true],
    ['350102', '350100', true],
    ['350102', '350102', true],
    ['350102', '3501', true],
    ['350102001003', '350102000000', true],
    ['350102001003', '350102001', true],
    ['350102001003', '350102002', false],
    ['350100', '350102', false],
    ['350000', '350100', false],
    ['360102', '350000', false],
    ['351002', '350100', false],
    ['441900003', '441900', true],
  ])('%s in %s: %s', (code, area, expected) => {
    expect(inDivision(code, area)).toBe(expected);
  });

  it.each(['', '000000', '0', '3', '350', '35010', 'x', '00'])('a bad area %j holds nothing', (area) => {
    expect(inDivision('350102', area)).toBe(false);
  });

  it('a bad code lies nowhere', () => {
    expect(inDivision('35010', '350000')).toBe(false);
  });
});
