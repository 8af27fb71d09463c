export type Language = 'zh' | 'en';

/** One thing's words in both languages. */
export type Label = Readonly<Record<Language, string>>;

export function label(zh: string, en: string): Label {
  return { zh, en };
}
