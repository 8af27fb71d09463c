import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMoney, normaliseMoney } from '../../src/codes/money.ts';

describe('money', () => {
  it('is decimal text with at most two places', () => {
    const texts = [
      '0',
      '1234.50',
      '1234.5',
      '-3.50',
      '007',
      '1,234',
      '1.234',
      '.5',
      '1.',
      '1e3',
      '-0',
      '-0.00',
      '+1',
      '',
      ' 1',
      '9'.repeat(19),
    ];
    expect(texts.filter(isMoney)).toEqual(['0', '1234.50', '1234.5', '-3.50']);
  });

  it.each([
    ['1234.5', '1234.50'],
    ['1,234.50', '1234.50'],
    ['¥1,234.50元', '1234.50'],
    ['-¥3.5', '-3.50'],
    ['500万元', '5000000'],
    ['1.23456789万', null],
    ['1.2345万元', '12345'],
    ['0.5亿', '50000000'],
    ['500.000000', '500'],
    ['9007199254740993.01', '9007199254740993.01'],
    ['007', '7'],
    ['.5', '0.50'],
    ['-0.00', '0'],
    ['0.001', null],
    ['12,34', null],
    ['', null],
    ['元', null],
    ['abc', null],
    ['1e3', null],
    [0.1 + 0.2, '0.30'],
    [19.99, '19.99'],
    [-0, '0'],
    [1e14, '100000000000000'],
    [1.005, null],
    [1e15, null],
    [Number.NaN, null],
  ])('reads %s as %s', (value, amount) => {
    expect(normaliseMoney(value)).toBe(amount);
  });

  it('keeps every amount in fen exact, as text and as number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), (fen) => {
        const text = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
        const normal = fen % 100n === 0n ? String(fen / 100n) : text;
        expect([normaliseMoney(text), normaliseMoney(Number(text)), normaliseMoney(normal)]).toEqual([
          normal,
          normal,
          normal,
        ]);
      }),
    );
  });
});
