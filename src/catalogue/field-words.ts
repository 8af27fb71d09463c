import type { PersonalKind, ShareCategory } from '../access/facts.ts';
import type { Label } from './label.ts';

/** 共享类别 (政务数据共享条例 art. 10). */
export const categoryLabels: Readonly<Record<ShareCategory, Label>> = {
  UNCONDITIONAL: { zh: '无条件共享', en: 'shared unconditionally' },
  CONDITIONAL: { zh: '有条件共享', en: 'shared on conditions' },
  NONE: { zh: '不予共享', en: 'not shared' },
};

/** 个人信息类别. */
export const personalLabels: Readonly<Record<PersonalKind, Label>> = {
  PHONE: { zh: '电话', en: 'telephone number' },
  NAME: { zh: '姓名', en: 'name' },
  ID_NUMBER: { zh: '证件号码', en: 'number of an identity document' },
  ADDRESS: { zh: '住址', en: 'address' },
  FREE_TEXT: { zh: '自由文本', en: 'free text' },
  OTHER: { zh: '其他个人信息', en: 'other personal information' },
};

/**
 * The Chinese name that a description begins with (`转出时间; null while it holds the ticket`), without what stands after
 * it in brackets in English; null where it begins otherwise.
 */
export function chineseName(description: string | null): string | null {
  const name = /^(.+?)(?= \([^)\p{Script=Han}]*\)|[,:;] | — |$)/u.exec(description ?? '')?.[1]?.trim();
  return name !== undefined && /\p{Script=Han}/u.test(name) ? name : null;
}
