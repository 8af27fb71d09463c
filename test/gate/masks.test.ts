import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MaskName } from '../../src/access/mask-name.ts';
import { applyMask } from '../../src/gate/masks.ts';
import { scalars } from '../../src/scalars/scalars.ts';

const context = { pseudonymKey: Buffer.from('a key of this test'), known: { names: ['张三'], addresses: [] } };
const mask = (name: MaskName, value: unknown) => applyMask(name, value, context);
const MASKS: readonly MaskName[] = ['phone', 'name', 'idNumber', 'address', 'pseudonym', 'redacted'];

const digits = (min: number, max = min) =>
  fc.array(fc.nat(9), { minLength: min, maxLength: max }).map((list) => list.join(''));

/** Parts of a hidden text, three characters long. */
function parts(hidden: string): string[] {
  return Array.from({ length: Math.max(0, hidden.length - 2) }, (_, i) => hidden.slice(i, i + 3));
}

describe('phone', () => {
  it.each([
    ['13812345678', '138****5678'],
    ['+86 138 1234 5678', '138****5678'],
    [13812345678, '138****5678'],
    ['0591-87654321', '0591-****4321'],
    ['(0591) 8765432', '0591-***5432'],
    ['010-87654321', '010-****4321'],
    ['12345', '*****'],
    ['110', '***'],
    ['1381234567', '***'],
    ['138****5678', '***'],
    ['call me', '***'],
  ])('%s shows as %s', (value, masked) => {
    expect(mask('phone', value)).toBe(masked);
  });

  it('shows three and four digits of a mobile, and the scalar takes the mask', () => {
    fc.assert(
      fc.property(fc.constantFrom('3', '5', '7', '8', '9'), digits(9), (second, rest) => {
        const phone = `1${second}${rest}`;
        const masked = mask('phone', phone);
        expect(masked).toBe(`${phone.slice(0, 3)}****${phone.slice(7)}`);
        expect(scalars['Phone']?.serialize(masked)).toBe(masked);
      }),
    );
  });
});

describe('name', () => {
  it.each([
    ['张三', '张*'],
    ['张小三', '张**'],
    [' 张三 ', '张*'],
    ['欧阳锋', '欧阳*'],
    ['诸葛孔明', '诸葛**'],
    ['欧阳', '欧*'],
    ['𠮷野家', '𠮷**'],
    ['阿卜杜拉·买买提', '阿*******'],
    ['John', 'J***'],
    ['John Smith', 'J*********'],
    ['张', '***'],
    ['张*', '***'],
    ['13812345678', '***'],
    [' ', '***'],
  ])('%s shows as %s', (value, masked) => {
    expect(mask('name', value)).toBe(masked);
  });
});

describe('ID number', () => {
  it.each([
    ['11010519491231002X', '110105********002X'],
    ['11010519491231002x', '110105********002X'],
    ['110105491231002', '110105*****1002'],
    ['E12345678', '***'],
    ['1101051949123100', '***'],
  ])('%s shows as %s', (value, masked) => {
    expect(mask('idNumber', value)).toBe(masked);
  });

  it('shows six and four characters, and the scalar takes the mask', () => {
    fc.assert(
      fc.property(digits(17), fc.constantFrom('0', '7', 'X'), (body, last) => {
        const masked = mask('idNumber', `${body}${last}`);
        expect(masked).toBe(`${body.slice(0, 6)}********${body.slice(14)}${last}`);
        expect(scalars['ResidentId']?.serialize(masked)).toBe(masked);
      }),
    );
  });
});

describe('address', () => {
  it.each([
    ['福建省福州市鼓楼区东街街道八一七北路123号东百中心A座1203室', '福建省福州市鼓楼区东街街道'],
    ['福州市鼓楼区东街口街道3号', '福州市鼓楼区东街口街道'],
    ['福州市鼓楼区五四路118号', '福州市鼓楼区五四路'],
    ['福飞南路１２３号', '福飞南路'],
    ['福州市闽侯县上街镇大学城2号', '福州市闽侯县上街镇'],
    ['长乐区江田乡三溪村5组', '长乐区江田乡'],
    ['浦东新区世纪大道100号', '浦东新区世纪大道'],
    ['江苏省镇江市京口区中山东路1号', '江苏省镇江市京口区中山东路'],
    ['台州市路桥区银座街5号', '台州市路桥区银座街'],
    ['景德镇市昌江区瓷都大道8号', '景德镇市昌江区瓷都大道'],
    ['五一路一百二十三号', '五一路'],
    ['金山小区3号楼502室', '金山小区'],
    ['金山小区三号楼五零二室', '金山小区'],
    ['金山小区A座', '金山小区'],
    ['3号楼502室', '***'],
    ['3号楼 五一路', '***'],
    ['金山小区', '***'],
  ])('%s shows as %s', (value, masked) => {
    expect(mask('address', value)).toBe(masked);
  });

  it('shows nothing from the first number on', () => {
    const words = fc.array(
      fc.constantFrom('福州市', '鼓楼区', '东街', '街道', '五一', '路', '镇江市', '小区', '金山', '乡', ' '),
      { maxLength: 6 },
    );
    const rest = fc.array(fc.constantFrom('栋', '路', '号', '王庄', '1', '室', '街道'), { maxLength: 5 });
    fc.assert(
      fc.property(words, digits(1, 5), rest, (head, number, tail) => {
        const masked = String(mask('address', `${head.join('')}${number}${tail.join('')}`));
        expect(masked).not.toMatch(/\d/);
        expect(masked === '***' || head.join('').trim().startsWith(masked)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('pseudonym', () => {
  it('is the start of the HMAC in base32, the same for the same person', () => {
    const bits = [...createHmac('sha256', context.pseudonymKey).update('张三').digest()]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    const expected = Array.from({ length: 10 }, (_, i) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)),
    ).join('');
    expect(mask('pseudonym', '张三')).toBe(`人员-${expected}`);
    expect(mask('pseudonym', ' 张三\t')).toBe(`人员-${expected}`);
    expect(mask('pseudonym', 'Rene\u0301')).toBe(mask('pseudonym', 'Ren\u00e9'));
  });

  it('differs between people and between keys', () => {
    expect(mask('pseudonym', '李四')).not.toBe(mask('pseudonym', '张三'));
    expect(applyMask('pseudonym', '张三', { ...context, pseudonymKey: Buffer.from('another key') })).not.toBe(
      mask('pseudonym', '张三'),
    );
  });
});

describe('every mask', () => {
  it('redacts text with the names of the record', () => {
    expect(mask('redacted', '张三来电13812345678')).toBe('[姓名]来电[电话]');
  });

  it.each(MASKS)('%s leaves null and empty text, masks lists by member, and hides other shapes', (name) => {
    expect([null, undefined, ''].map((value) => mask(name, value))).toEqual([null, null, '']);
    expect(mask(name, ['13812345678', null])).toEqual([mask(name, '13812345678'), null]);
    expect(
      [{ phone: '13812345678' }, true, 1.5, Symbol('s'), 12n, new Date(0)].map((value) => mask(name, value)),
    ).toEqual(Array(6).fill('***'));
  });

  it('never throws and never gives the value back', () => {
    const value = fc
      .oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ minLength: 1 }), digits(1, 20))
      .filter((text) => !/^\**$/.test(text));
    fc.assert(
      fc.property(
        fc.constantFrom<MaskName>('phone', 'idNumber', 'name', 'pseudonym'),
        value,
        (name, text) => mask(name, text) !== text,
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(
        value.filter((text) => /\d/.test(text)),
        (text) => mask('address', text) !== text,
      ),
    );
    fc.assert(fc.property(fc.constantFrom(...MASKS), fc.anything(), (name, any) => mask(name, any) !== undefined));
  });

  it('shows no three hidden characters in a row', () => {
    // Each character occurs once and the fixed parts hold a 1, so that what is shown cannot hold a hidden part by chance.
    const distinct = (alphabet: string, length: number) =>
      fc.shuffledSubarray([...alphabet], { minLength: length, maxLength: length }).map((c) => c.join(''));
    fc.assert(
      fc.property(distinct('023456789', 9), distinct('赵钱孙李周吴郑王冯陈', 4), (number, name) => {
        for (const [masked, hidden] of [
          [mask('phone', `13${number}`), number.slice(1, 5)],
          [mask('phone', `0311-${number.slice(0, 8)}`), number.slice(0, 4)],
          [mask('idNumber', `111111${number.slice(0, 8)}1111`), number.slice(0, 8)],
          [mask('name', name), name.slice(1)],
          [mask('address', `五一路${number}号`), number],
          [mask('pseudonym', name), name],
          [mask('redacted', `电话13${number}，`), number],
        ]) {
          expect(parts(String(hidden)).filter((part) => String(masked).includes(part))).toEqual([]);
        }
      }),
    );
  });
});
