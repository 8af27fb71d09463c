import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phoneSpellings } from '../../src/codes/number-spellings.ts';
import { firstPhone, isPhone, normalisePhone } from '../../src/codes/phone.ts';

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
    ['013800590517', '13800590517'],
    ['17951 13800590517', '13800590517'],
    ['12593013800590517', '13800590517'],
    ['17911 0591-87654321', '0591-87654321'],
    ['400-800-1234', '4008001234'],
    ['4008001234', '4008001234'],
    ['+86 400 800 1234', '4008001234'],
    ['400-800-1234-801', '4008001234'],
    ['800 810 1234', '8008101234'],
    ['０１３８００５９０５１７', '13800590517'],
    ['138 0059 0517（家）', '13800590517'],
    ['0591-87654321【办公室】', '0591-87654321'],
    ['13800590517（转801）', '13800590517'],
    ['+86 12345', '12345'],
    ['17951', '17951'],
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
    '8001234567890',
    '87650119',
    '86123456',
    '13800590517（13900590517）',
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
      '4008001234',
      '110',
      '12345',
      '059187654321',
      '0591-876543',
      '010-876543210',
      '138 1234 5678',
      '12',
      '1234567',
    ];
    expect(candidates.filter(isPhone)).toEqual([
      '13812345678',
      '0591-87654321',
      '010-8765432',
      '4008001234',
      '110',
      '12345',
    ]);
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

  it.each([
    ['87650119', '0591-87650119'],
    ['8765-0119', '0591-87650119'],
    ['87650119-801', '0591-87650119'],
    ['86123456', '0591-86123456'],
    ['17951 13800590517', '13800590517'],
    ['95588', '95588'],
    ['010-87650119', '010-87650119'],
    ['08765011', null],
  ])('reads %s of an area as %s', (written, normal) => {
    expect(normalisePhone(written, { areaCode: '0591' })).toBe(normal);
  });

  it.each([
    ['13800590517/13900590517', '13800590517'],
    ['0591-87654321、13800590517', '0591-87654321'],
    ['13800590517或0591-87654321', '13800590517'],
    ['13800590517', '13800590517'],
    ['13800590517/张三', null],
    ['13800590517//', null],
    ['110/119', null],
  ])('reads the first number of %s as %s', (written, normal) => {
    expect(firstPhone(written)).toBe(normal);
  });

  const subscriber = () =>
    fc.oneof(
      mobile(),
      landline(),
      fc.tuple(fc.constantFrom('400', '800'), digits(7)).map((p) => p.join('')),
    );

  it('reads every spelling as its own number, with and without an area code', () => {
    fc.assert(
      fc.property(subscriber(), fc.constantFrom(undefined, '0591', '010'), (phone, areaCode) => {
        const options = areaCode === undefined ? {} : { areaCode };
        const spellings = phoneSpellings(phone, areaCode);
        expect(spellings.map((s) => normalisePhone(s, options))).toEqual(spellings.map(() => phone));
        expect(new Set(spellings).size).toBe(spellings.length);
      }),
    );
  });

  it('takes no digit away that tells two subscribers apart', () => {
    const written = fc
      .tuple(
        fc.constantFrom('', '+86 ', '0086', '86', '0', '17951 ', '12593', '179510'),
        fc.array(fc.nat(9), { minLength: 7, maxLength: 13 }).map((list) => list.join('')),
        fc.constantFrom('', '（家）', '转801'),
      )
      .map((p) => p.join(''));
    fc.assert(
      fc.property(written, fc.constantFrom(undefined, '0591'), (text, areaCode) => {
        const normal = normalisePhone(text, areaCode === undefined ? {} : { areaCode });
        if (normal === null) return;
        // What is left of the digits before the subscriber's own is a prefix, and a whole one.
        const own = normal.replace('-', '');
        const dialled = text.replace(/（家）|转801/g, '').replace(/\D/g, '');
        const tail = [own, own.replace(/^0/, ''), own.replace(/^0591/, '')].find((t) => dialled.endsWith(t)) ?? '';
        expect(tail.length).toBeGreaterThanOrEqual(3);
        expect(dialled.slice(0, dialled.length - tail.length)).toMatch(
          /^(?:0|86|0086|(?:0086|86)?0|(?:179\d\d|12593|10193)0?)?$/,
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
