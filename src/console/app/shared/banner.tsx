import { label, type Language } from './label.ts';
import { useWords } from './language.ts';

const pages = [
  { href: '/console', label: label('四种视角', 'Four views') },
  { href: '/explorer', label: label('查询台', 'Explorer') },
] as const;

const pagesLabel = label('页面', 'Pages');
const skip = label('跳到正文', 'Skip to the content');

interface BannerProps {
  readonly page: (typeof pages)[number]['href'];
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

/** The top of both pages: name, the way to the other page, the language. */
export function Banner({ page, language, onLanguage }: BannerProps) {
  const words = useWords();
  const next = language === 'zh' ? 'en' : 'zh';
  return (
    <header className="banner">
      <a className="skip-link" href="#main">
        {words(skip)}
      </a>
      <div className="banner-line">
        <span className="brand">
          联桥 <small lang="en">Lianqiao</small>
        </span>
        <nav aria-label={words(pagesLabel)}>
          {pages.map(({ href, label }) => (
            <a key={href} href={href} aria-current={href === page ? 'page' : undefined}>
              {words(label)}
            </a>
          ))}
        </nav>
        <button
          type="button"
          className="language"
          lang={next === 'zh' ? 'zh-CN' : 'en'}
          onClick={() => onLanguage(next)}
        >
          {next === 'zh' ? '中文' : 'English'}
        </button>
      </div>
    </header>
  );
}
