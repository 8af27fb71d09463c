import { describe, expect, test } from 'vitest';
import * as codings from '../../src/connector/codings.ts';
import {
  column,
  jsonList,
  readRecord,
  UNREADABLE,
  type Coding,
  type FieldMapping,
} from '../../src/connector/mapping.ts';

const fields: Readonly<Record<string, FieldMapping>> = {
  ...Object.fromEntries(
    Object.entries({
      text: codings.text,
      integer: codings.integer,
      decimal: codings.decimal,
      phone: codings.phone,
      'localPhone of 0591': codings.localPhone('0591'),
      idNumber: codings.idNumber,
      compactDateTime: codings.compactDateTime,
      spacedDateTime: codings.spacedDateTime,
      zonedDateTime: codings.zonedDateTime,
      looseDateTime: codings.looseDateTime,
      compactDate: codings.compactDate,
      looseDate: codings.looseDate,
      'flag of texts': codings.flag('Y', 'N'),
      'flag of numbers': codings.flag(1, 0),
      'codeTable of texts': codings.codeTable({ '01': 'ONE', '02': 'TWO' }),
      'codeTable of numbers': codings.codeTable({ '1': 'ONE', '2': 'TWO' }, 'number'),
      'money in 分': codings.money('分'),
      'money in 元': codings.money('元'),
      'money in 万元': codings.money('万元'),
    } satisfies Record<string, Coding>).map(([name, coding]) => [name, column('c', coding)]),
  ),
  jsonList: jsonList('c'),
  separatedList: codings.separatedList('c', '、'),
  columnList: codings.columnList(['c', 'd', 'e']),
};

describe.each(Object.entries(fields))('%s', (name, mapping) => {
  const samples = mapping.samples ?? [];

  test('reads its samples as they say', () => {
    expect(samples.length).toBeGreaterThan(1);
    const read = samples.map(({ raw }) => {
      const row = Object.fromEntries(mapping.columns.map((c, i) => [c, raw[i]]));
      return readRecord({ field: mapping }, ['field'], row)['field'];
    });
    expect(read).toEqual(samples.map((s) => s.value));
  });

  test('has samples that cannot be read, where anything cannot', () => {
    const reads = ['text', 'separatedList', 'columnList'];
    expect(samples.some((s) => s.value === UNREADABLE)).toBe(!reads.includes(name));
  });

  test('writes what it reads, where it writes', () => {
    const { write } = mapping;
    if (write === undefined) return;
    for (const { raw, value } of samples) {
      if (value === UNREADABLE) continue;
      const written = write(value as string);
      if (typeof written === typeof raw[0]) expect(written).toBe(raw[0]);
    }
  });
});

test('every coding has samples', () => {
  const made = Object.keys(fields).map((name) => name.split(' ')[0]);
  expect(new Set(made)).toEqual(new Set([...Object.keys(codings), 'jsonList']));
});
