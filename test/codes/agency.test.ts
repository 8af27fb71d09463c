import { expect, it } from 'vitest';
import { isAgencyCode } from '../../src/codes/agency.ts';

it('an agency is a small letter, then at most 31 letters and digits', () => {
  const codes = [
    'hotline',
    'providentFund',
    'a',
    `a${'1'.repeat(31)}`,
    `a${'1'.repeat(32)}`,
    'Hotline',
    '1a',
    'a-b',
    '',
    'a\n',
  ];
  expect(codes.filter(isAgencyCode)).toEqual(['hotline', 'providentFund', 'a', `a${'1'.repeat(31)}`]);
});
