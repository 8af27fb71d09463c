import { createContext, use, useEffect, useState } from 'react';
import type { Language, Label } from './label.ts';

const remembered = 'lianqiao.language';

/** The page's language; Chinese unless the reader chose English before, or the address says `?lang=en`. */
export const LanguageContext = createContext<Language>('zh');

/** Picks the words of the page's language. */
export function useWords(): (label: Label) => string {
  const language = use(LanguageContext);
  return (label) => label[language];
}

/** The language and how to change it; the document's `lang` and title follow, and the choice is remembered. */
export function useLanguageChoice(title: Label): readonly [Language, (language: Language) => void] {
  const [language, choose] = useState<Language>(() => firstLanguage());
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = title[language];
    try {
      localStorage.setItem(remembered, language);
    } catch {
      // A browser that keeps nothing starts in Chinese the next time.
    }
  }, [language, title]);
  return [language, choose];
}

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === 'en' || asked === 'zh') return asked;
  try {
    return localStorage.getItem(remembered) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}
