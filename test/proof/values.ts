import type { MaskName } from '../../src/access/mask-name.ts';
import type { PersonalKind } from '../../src/access/facts.ts';
import { unreadable, type Value, type ValueKind } from './model.ts';

/*
 * Few values of each kind, so that records share them: equal keys, equal sort values, areas within areas, texts that name
 * people and places of the same record, and pairs that a mask makes equal. The first is null, to which a failing case shrinks.
 */

const names = ['张伟', '张敏', '欧阳小敏', '欧阳建国', '李雷', 'Li Lei'];
const phones = ['13800591234', '13866661234', '13800595678', '0591-87654321', '110'];

const pools = {
  text: [null, 'k1', 'k2', 'k3', '鼓楼 "甲"', "it's 😀", '%_k1'],
  code: [null, 'OPEN', 'DONE', 'VOID', unreadable],
  flag: [null, true, false, false, unreadable],
  number: [null, 0, 1, -5, 42],
  date: [null, '2026-11-23', '2026-11-20', '2026-10-24', '2025-01-01', '2027-02-28', unreadable],
  time: [
    '2026-11-23T09:00:00+08:00',
    '2026-11-20T23:59:59+08:00',
    '2026-11-20T23:59:59+08:00',
    '2026-10-20T08:00:00+08:00',
    '2025-12-31T00:00:00+08:00',
    '2027-01-01T00:00:00+08:00',
    '2026-10-05T10:30:00+08:00',
    '2026-10-31T23:59:59+08:00',
    '2026-10-01T00:00:00+08:00',
    '2026-11-01T00:00:00+08:00',
  ],
  division: [null, '350102', '350102001', '350104', '350100', '360102', '350102001002'],
  grid: [null, 'g1', 'g2', 'g3'],
  agency: [null, 'hotline', 'water', 'fire', 'police'],
  agencies: [[], ['water'], ['fire', 'police'], ['hotline', 'water'], ['water', 'fire']],
  name: [null, ...names],
  phone: [null, ...phones],
  idNumber: [null, '11010519491231002X', '110105199003070029', '35010219880101123X', '护照E1234'],
  address: [null, '鼓楼区东街街道温泉路12号3栋501', '鼓楼区东街街道温泉路14号', '仓山区建新镇', '鼓楼区东街街道'],
  freeText: [
    null,
    '无',
    ...names.map((name, i) => `请联系${name}, 温泉路12号3栋501或14号, ${phones[i % 3] ?? ''}`),
    '张敏与李雷的电话13866661234打不通',
    '张敏与李雷的电话13800591234打不通',
    '家住温泉路12号3栋501, 与温泉路14号相邻',
    '家住东街街道 温泉路１４号, 与3-501相邻',
  ],
  other: [null, '信仰', '病史', '13800591234'],
} satisfies Readonly<Record<Exclude<ValueKind, 'key'>, readonly Value[]>>;

export function pool(kind: Exclude<ValueKind, 'key'>): readonly Value[] {
  return pools[kind];
}

export const scalarOf = {
  key: 'ID',
  text: 'String',
  code: 'String',
  flag: 'Boolean',
  number: 'Int',
  date: 'Date',
  time: 'DateTime',
  division: 'DivisionCode',
  grid: 'GridCode',
  agency: 'AgencyCode',
  agencies: '[AgencyCode!]',
  name: 'String',
  phone: 'Phone',
  idNumber: 'String',
  address: 'String',
  freeText: 'String',
  other: 'String',
} as const satisfies Readonly<Record<ValueKind, string>>;

export const personalOf: Readonly<Partial<Record<ValueKind, PersonalKind>>> = {
  name: 'NAME',
  phone: 'PHONE',
  idNumber: 'ID_NUMBER',
  address: 'ADDRESS',
  freeText: 'FREE_TEXT',
  other: 'OTHER',
};

/**
 * The masks whose result the field's scalar takes, and that are made for its kind: any other is refused with the policy.
 */
export const masksOf: Readonly<Partial<Record<ValueKind, readonly MaskName[]>>> = {
  text: ['pseudonym'],
  name: ['name', 'pseudonym'],
  phone: ['phone'],
  idNumber: ['idNumber', 'pseudonym'],
  address: ['address', 'pseudonym'],
  freeText: ['redacted'],
  other: ['pseudonym'],
};
