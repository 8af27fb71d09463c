import type { Label } from './label.ts';

/**
 * 更新周期: how often a provider brings a data set up to date, the values of `UpdateFrequency` in the SDL. They are those
 * that ISO 19115 (MD_MaintenanceFrequencyCode) and the EU's frequency list both have; "unknown" is none of them, since
 * 政务数据共享条例 wants it stated. `eu` is the code below http://publications.europa.eu/resource/authority/frequency/.
 */
export const updateFrequencies = {
  CONTINUOUS: { zh: '实时', en: 'continuously', eu: 'UPDATE_CONT' },
  DAILY: { zh: '每日', en: 'daily', eu: 'DAILY' },
  WEEKLY: { zh: '每周', en: 'weekly', eu: 'WEEKLY' },
  FORTNIGHTLY: { zh: '每两周', en: 'every two weeks', eu: 'BIWEEKLY' },
  MONTHLY: { zh: '每月', en: 'monthly', eu: 'MONTHLY' },
  QUARTERLY: { zh: '每季度', en: 'quarterly', eu: 'QUARTERLY' },
  HALF_YEARLY: { zh: '每半年', en: 'twice a year', eu: 'ANNUAL_2' },
  YEARLY: { zh: '每年', en: 'yearly', eu: 'ANNUAL' },
  AS_NEEDED: { zh: '按需', en: 'as needed', eu: 'AS_NEEDED' },
  IRREGULAR: { zh: '不定期', en: 'irregularly', eu: 'IRREG' },
  NOT_PLANNED: { zh: '不再更新', en: 'not planned', eu: 'NOT_PLANNED' },
} as const satisfies Readonly<Record<string, Label & { readonly eu: string }>>;

export type UpdateFrequency = keyof typeof updateFrequencies;

export function isUpdateFrequency(text: string): text is UpdateFrequency {
  return Object.hasOwn(updateFrequencies, text);
}
