import { describe, expect, test } from 'vitest';
import {
  codeTable,
  columnList,
  compactDate,
  compactDateTime,
  decimal,
  flag,
  integer,
  looseDate,
  looseDateTime,
  money,
  phone,
  separatedList,
  spacedDateTime,
  text,
  zonedDateTime,
} from '../../src/connector/codings.ts';

const times = ['2019-12-31T23:59:59+08:00', '2026-01-02T00:00:00+08:00', '2026-11-05T10:12:30+08:00'];

describe.each([
  ['compactDateTime', compactDateTime, ['20191231235959', '20260102000000', '20261105101230']],
  ['spacedDateTime', spacedDateTime, ['2019-12-31 23:59:59', '2026-01-02 00:00:00', '2026-11-05 10:12:30']],
  ['zonedDateTime', zonedDateTime, times],
] as const)('%s', (_, coding, written) => {
  test('reads and writes, and keeps the order of time', () => {
    expect(written.map((value) => coding.read(value))).toEqual(times);
    expect(times.map((time) => coding.write?.(time))).toEqual(written);
    expect(written.toSorted()).toEqual(written);
  });

  test.each([
    '',
    '2026',
    '2026/1/2 3:04:05',
    '20261399999999',
    '2026-02-30 00:00:00',
    '2026-02-30T00:00:00+08:00',
    '2026-01-02T00:00:00Z',
  ])('does not read %j', (value) => {
    expect(() => coding.read(value)).toThrow(RangeError);
  });

  test.each(['2026-01-02', '2026-01-02T00:00:00Z', '2026-02-30T00:00:00+08:00', 5, true])(
    'does not write %j',
    (value) => {
      expect(coding.write?.(value)).toBeNull();
    },
  );
});

test('compactDate', () => {
  expect(compactDate.read('20260228')).toBe('2026-02-28');
  expect(compactDate.read(20260228)).toBe('2026-02-28');
  expect(compactDate.write?.('2026-02-28')).toBe('20260228');
  expect(compactDate.write?.('2026-02-30')).toBeNull();
  expect(() => compactDate.read('20260230')).toThrow(RangeError);
});

test('loose times are read in any form and never pushed down', () => {
  expect(looseDateTime.read('2019/4/25 9:32:09')).toBe('2019-04-25T09:32:09+08:00');
  expect(looseDateTime.read(43580)).toBe('2019-04-25T00:00:00+08:00');
  expect(looseDate.read('2019/4/5')).toBe('2019-04-05');
  expect([looseDateTime.write, looseDate.write]).toEqual([undefined, undefined]);
  expect(() => looseDate.read('2019/13/5')).toThrow(RangeError);
});

test('text, integer and decimal', () => {
  expect([text.read('a'), text.read(350102)]).toEqual(['a', '350102']);
  expect([text.write?.('a'), text.write?.(1), text.write?.(true)]).toEqual(['a', null, null]);
  expect(() => text.read(1.5)).toThrow(TypeError);
  expect(() => text.read(Buffer.from('a'))).toThrow(TypeError);
  expect([integer.read(7), integer.read('7'), integer.write?.(7), integer.write?.(7.5), integer.write?.('7')]).toEqual([
    7,
    7,
    7,
    null,
    null,
  ]);
  expect(() => integer.read('7.5')).toThrow(RangeError);
  expect([decimal.read('119.3'), decimal.read(26)]).toEqual([119.3, 26]);
  expect(() => decimal.read(' ')).toThrow(TypeError);
  expect(() => decimal.read('1e999')).toThrow(TypeError);
});

test('flag', () => {
  const yesNo = flag('Y', 'N');
  expect([yesNo.read('Y'), yesNo.read('N'), yesNo.write?.(true), yesNo.write?.(false), yesNo.write?.('Y')]).toEqual([
    true,
    false,
    'Y',
    'N',
    null,
  ]);
  expect(() => yesNo.read('y')).toThrow(RangeError);
  expect(() => flag(1, 0).read('1')).toThrow(RangeError);
});

test('a truth value is a flag under 1 and 0 alone, and never a code, a text or a number', () => {
  expect([flag(1, 0).read(true), flag(1, 0).read(false)]).toEqual([true, false]);
  for (const other of [flag('1', '0'), flag('Y', 'N'), flag(0, 1), text, integer, decimal])
    for (const truth of [true, false]) expect(() => other.read(truth)).toThrow();
  for (const codes of [
    { '0': 'SHUT', '1': 'OPEN' },
    { false: 'SHUT', true: 'OPEN' },
  ])
    for (const truth of [true, false]) expect(() => codeTable(codes).read(truth)).toThrow(RangeError);
});

test('codeTable', () => {
  const grades = codeTable({ '01': 'ONE', '02': 'TWO' });
  expect([grades.read('01'), grades.write?.('TWO'), grades.write?.('THREE')]).toEqual(['ONE', '02', null]);
  for (const unknown of ['1', '03', 'constructor', '']) expect(() => grades.read(unknown)).toThrow('not a known code');
  const states = codeTable({ '1': 'OPEN', '2': 'SHUT' }, 'number');
  expect([states.read(1), states.write?.('SHUT')]).toEqual(['OPEN', 2]);
  expect(() => codeTable({ a: 'X', b: 'X' })).toThrow(TypeError);
});

test('phone', () => {
  expect(['+86138 0059 0517', '138-0059-0517', '(0591)87654321'].map((typed) => phone.read(typed))).toEqual([
    '13800590517',
    '13800590517',
    '0591-87654321',
  ]);
  expect(phone.write).toBeUndefined();
  expect(() => phone.read('不详')).toThrow(RangeError);
});

test('money', () => {
  expect([1, 105, -250, '99'].map((fen) => money('分').read(fen))).toEqual(['0.01', '1.05', '-2.50', '0.99']);
  expect(['1234.5', 12, '0'].map((yuan) => money('元').read(yuan))).toEqual(['1234.50', '12', '0']);
  expect([500.5, '0.0001', 1_000].map((wan) => money('万元').read(wan))).toEqual(['5005000', '1', '10000000']);
  expect(() => money('分').read(1.5)).toThrow(RangeError);
  expect(() => money('元').read('1.234')).toThrow(RangeError);
});

test('lists', () => {
  const separated = separatedList('c', ';');
  expect([separated.columns, separated.read('a; b;;'), separated.read(''), separated.read(null)]).toEqual([
    ['c'],
    ['a', 'b'],
    [],
    [],
  ]);
  const columns = columnList(['x', 'y', 'z']);
  expect([columns.columns, columns.read('a', '', null), columns.read(null, null, null)]).toEqual([
    ['x', 'y', 'z'],
    ['a'],
    [],
  ]);
});
