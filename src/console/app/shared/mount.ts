import { createElement, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';

/** Puts the page into its document. */
export function mount(page: FunctionComponent): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the document has no element with the id "root"');
  createRoot(root).render(createElement(page));
}
