import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import type { Section } from './matrix.ts';

const sectionsLabel = label('分类', 'Sections');

/** The way to each section of the table. */
export function SectionNav({ sections }: { readonly sections: readonly Section[] }) {
  const words = useWords();
  return (
    <nav className="section-nav" aria-label={words(sectionsLabel)}>
      {sections.map(({ id, label }) => (
        <a key={id} href={`#section-${id}`}>
          {words(label)}
        </a>
      ))}
    </nav>
  );
}
