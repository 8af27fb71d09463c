import { ConfigProvider } from 'antd';
import enUs from 'antd/locale/en_US';
import zhCn from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { Banner } from './banner.tsx';
import type { Label } from './label.ts';
import { LanguageContext, useLanguageChoice } from './language.ts';
import { look } from './look.ts';
import './look.css';

interface PageFrameProps {
  readonly page: '/console' | '/explorer';
  /** The document's title. */
  readonly title: Label;
  readonly children: ReactNode;
}

/** What both pages stand in: language, look and banner. */
export function PageFrame({ page, title, children }: PageFrameProps) {
  const [language, choose] = useLanguageChoice(title);
  return (
    <LanguageContext value={language}>
      <ConfigProvider theme={look} locale={language === 'zh' ? zhCn : enUs} button={{ autoInsertSpace: false }}>
        <Banner page={page} language={language} onLanguage={choose} />
        {children}
      </ConfigProvider>
    </LanguageContext>
  );
}
